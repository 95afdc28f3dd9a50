"""How may one word be spelt in Latin letters? Its forms, each with the price of being meant.

    Word -> readings (with how usual they are) -> forms (with a price, 0 for the usual one), packed for kernels

A form is a spelling of a-z and 0-9. The price is in the units of `likeness`: one typing error costs one.
"""

import math
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import Final, NamedTuple, Protocol
from weakref import ReferenceType, ref

import numpy as np
from numpy.typing import NDArray

from comity.names.endings import STEM_PRICE, without_ending
from comity.names.readings import Reading, read_syllables, read_transcribed, readings_of
from comity.names.readings.choose import WORD_LETTERS_MAX
from comity.names.readings.learnt import Ask, read_learnt
from comity.names.scripts import SYLLABIC, TRANSCRIBED
from comity.names.shared_forms import SharedForms
from comity.names.sounds import (
    ALPHABET,
    SYMBOLS_MAX,
    VOWEL_MARK,
    consonants_of,
    consonants_of_all,
    letter_codes,
    write_all_sounds,
)
from comity.names.variants import variants_of

FORMS_MAX: Final = 12
HAN_FORMS_MAX: Final = 28
_HAN_LEADING: Final = 10
ASKED_FORMS_MAX: Final = 32
RESPELT_MAX: Final = 8
RESPELT_SOURCES_MAX: Final = 4
VARIANT_SOURCES_MAX: Final = 3
STEM_FORMS_MAX: Final = 2
_PRICE_MAX: Final = 0.8
_PRICE_PER_NAT: Final = 0.22
# Somali and Uzbek write x for the h of Mohamed and Hussein, Somali also for that of Ahmed, Farah and Nuh.
_SOMALI_X: Final = re.compile("x(?=[aeiou]|m)|(?<=[lr]a)x$|(?<=aa)x$|(?<=uu)x$")
_SOMALI_X_PRICE: Final = 0.3
# What Albanians (xh), Scandinavians and Dutch (sj, tsj, zj) and Hungarians (zs, dzs) write for j, sh, ch and zh.
_HISSING_OF: Final = {"xh": "j", "tsj": "ch", "sj": "sh", "zj": "zh", "dzs": "j", "zs": "zh"}
_HISSING: Final = re.compile("xh|tsj|sj|zj|dzs|zs")
_HISSING_PRICE: Final = 0.1
# What German press writes for the Turkish c, ç, ş, y and v, and for the g of Egyptians, which is j elsewhere.
_GERMAN: Final = re.compile("dsch|tsch|sch|j|w")
_TURKISH_OF: Final = {"dsch": "c", "tsch": "c", "sch": "s", "j": "y", "w": "v"}
_GERMAN_PRICE: Final = 0.25
# The h that ends a feminine name in Arabic, Persian and Hebrew is not heard: Atiyah and Atija.
_SILENT_H: Final = re.compile("(?<=[ae])h$")
_SILENT_H_PRICE: Final = 0.1
# Where there are so few consonants the index hears whether a vowel ends a word.
_END_HEARD_MAX: Final = 2
_VOWEL: Final = bytes((VOWEL_MARK,))
_HEARD_PRICE: Final = 0.35
READ_KEPT: Final = 16_384
_HELD_MAX: Final = 4_096
"""How many words are kept with their forms: those read last, and those found in a holder, which is soon asked again.

The oldest goes for each that comes: memory is level, and no search waits until thousands are forgotten at once.
"""
_ASKED_KEPT: Final = 2_048
"""Whoever asks for a word keeps it, too: the index the words of a search, a comparison those of its names."""
_HEARD_LETTERS_MIN: Final = 3
_ARTICLE_PRICE: Final = 0.2
_RESPELT_PRICE: Final = 0.1
_DEAR_PRICE: Final = 0.25
# Letters that other languages write for the same sound, where the index would hear another consonant.
_RESPELLINGS: Final = tuple(
    (price, tuple((letters, re.compile(written), instead) for letters, written, instead in respelling))
    for price, respelling in (
        (_RESPELT_PRICE, (("y", r"(?<=[aeiou])y|y(?=[aeiou])", "j"), ("v", r"v", "w"))),
        (_RESPELT_PRICE, (("j", r"j", "y"), ("w", r"w", "v"))),
        (_RESPELT_PRICE, (("kh", r"kh", "h"),)),
        (_RESPELT_PRICE, (("h", r"(?<![cgkpstz])h", "kh"),)),
        (_RESPELT_PRICE, (("g", r"g(?=[eiy])", "j"),)),
        (_RESPELT_PRICE, (("j", r"j(?=[eiy])", "g"),)),
        (_RESPELT_PRICE, (("ch", r"ch", "k"),)),
        (_RESPELT_PRICE, (("rh", r"rh", "gh"),)),
        # German and Polish write ch for kh; Hebrew has one letter for the h of Haim and the ch of Chaim.
        (_RESPELT_PRICE, (("kh", r"kh", "ch"),)),
        (_DEAR_PRICE, (("ch", r"^ch(?=[aeiou].{3})", "h"),)),
        # Greek, Spanish, Bengali and Nepali have one sound where others have two: Debi is Devi.
        (_DEAR_PRICE, (("v", r"(?<=[aeiouylr])v(?=[aeiouy])|^v", "b"),)),
        (_DEAR_PRICE, (("b", r"(?<=[aeiouylr])b(?=[aeiouy])|^b", "v"),)),
        # Thai, Lao and Khmer ph is a p with breath, which their bearers write p as often; what shows such a word
        # are its other letters.
        (_DEAR_PRICE, (("ph", r"ph(?=[aeiour])", "p"),)),
        (_DEAR_PRICE, (("p", r"^p(?=[aeiou].{3,}(?:ng|nh|[sx]ay)$)|p(?=[aeiou](?:ng|nh)$)", "ph"),)),
    )
)
# Scholars write Greek as Romans did, c for k and b for v, where c is an s to everybody else: Cyriaces, Basilice. Greek
# names have a k before e, i or y in Kyriakos, -akis and -iki.
_GREEK: Final = (
    ("c", re.compile("^c(?=yr|yp|eph|erc)|(?<=[aiou])c(?=es?$|is$)"), "k", "b", "v"),
    ("k", re.compile("^k(?=yr|yp|ef|eph|erk)|(?<=[aiou])k(?=es?$|is?$)"), "c", "v", "b"),
)
_ARTICLES: Final = ("al", "el", "ul", "ar", "as", "at", "ad", "an", "az", "ash")


class Form(NamedTuple):
    """One Latin spelling of a word, the price of being meant, and the rule that reads it so."""

    text: str
    price: float
    rule: str


@dataclass(frozen=True, slots=True)
class PackedForms:
    """The forms of one word as arrays: letters and sounds end to end, where each form's begin, prices."""

    letters: NDArray[np.uint8]
    letter_bounds: NDArray[np.int32]
    sounds: NDArray[np.uint8]
    sound_bounds: NDArray[np.int32]
    prices: NDArray[np.float32]


class FormsHolder(Protocol):
    """Where the forms of words lie that were read before, by these very readings."""

    def forms_held(self, word: str, script: str) -> tuple[Form, ...] | None:
        """Return the forms of a word, the same that reading it would give, None where they do not lie here."""
        ...

    def all_forms_held(self, words: Sequence[tuple[str, str]]) -> list[tuple[Form, ...] | None]:
        """Return the same of some words, each with its script."""
        ...


_Known = OrderedDict[tuple[str, str], tuple[Form, ...]]
_read: _Known = OrderedDict()
_held: _Known = OrderedDict()
_holders: tuple[ReferenceType[FormsHolder], ...] = ()
_shared: SharedForms | None = None


def take_forms_from(holder: FormsHolder) -> None:
    """Look there, too, before a word is read, for as long as somebody else keeps the holder."""
    global _holders  # noqa: PLW0603  # replaced whole, so that threads may go through it meanwhile
    _holders = (*(known for known in _holders if known() is not None), ref(holder))


def share_forms(shared: SharedForms | None) -> None:
    """Let processes forked from this one know what words asked for any of them has read."""
    global _shared  # noqa: PLW0603  # set once, before anybody is forked
    _shared = shared


def forms_of(word: str, script: str) -> tuple[Form, ...]:
    """Return the Latin spellings of a folded word, the usual one first, at most a dozen.

    A word of digits is its own form. A word that nobody can read has no form at all.
    """
    key = word, script
    forms = _read.get(key)
    if forms is None:
        forms = _held.get(key)
    if forms is None:
        forms = _from_another_process(word, script) or _from_holders(word, script)
        if forms is None:
            return forms_read(word, script)
        _keep(_held, key, forms, _HELD_MAX)
    return forms


def look_ahead(words: Iterable[tuple[str, str]]) -> None:
    """Look up at once what holders know of some words, for which `forms_of` is asked next; nothing is read."""
    new = [key for key in words if key not in _read and key not in _held]
    for known in _holders:
        holder = known()
        if holder is None or not new:
            continue
        found = holder.all_forms_held(new)
        for key, forms in zip(new, found, strict=True):
            if forms is not None:
                _keep(_held, key, forms, _HELD_MAX)
        new = [key for key, forms in zip(new, found, strict=True) if forms is None]


def _keep(known: _Known, key: tuple[str, str], forms: tuple[Form, ...], most: int) -> None:
    known[key] = forms
    if len(known) > most:
        known.popitem(last=False)


def usual_form(word: str, script: str) -> tuple[Form, ...]:
    """Return the first of a word's forms alone, as a tuple of one or none."""
    if script == "latin" and word.isascii() and word.isalpha():
        # It is its own usual spelling: how else it is heard need not be asked.
        return (Form(word[:SYMBOLS_MAX], 0.0, script),)
    return forms_of(word, script)[:1]


def _from_another_process(word: str, script: str) -> tuple[Form, ...] | None:
    rows = _shared.find(word, script) if _shared else None
    return None if rows is None else tuple([Form(*row) for row in rows])


def _from_holders(word: str, script: str) -> tuple[Form, ...] | None:
    for known in _holders:
        holder = known()
        forms = holder.forms_held(word, script) if holder else None
        if forms is not None:
            return forms
    return None


def forms_read(word: str, script: str) -> tuple[Form, ...]:
    """Return the same, read here whatever others hold: what is written down must not be copied from there."""
    forms = _read.get((word, script))
    if forms is None:
        forms = _forms(word, script)
        _keep(_read, (word, script), forms, READ_KEPT)
    return forms


def is_read(word: str, script: str) -> bool:
    """Return whether the forms of a word are still known from having been read."""
    return (word, script) in _read


def _forms(word: str, script: str) -> tuple[Form, ...]:
    if word.isascii() and not word.isalpha():
        plain = "".join(letter for letter in word if letter in ALPHABET)
        return (Form(plain[:SYMBOLS_MAX], 0.0, "same"),) if plain else ()
    if script == "latin" and word.isascii():
        # Most words: plain letters are their own reading.
        text = word[:WORD_LETTERS_MAX].lower()
        own = Form(text[:SYMBOLS_MAX], 0.0, script)
        return _with_latin({own.text: own}, text)
    readings = _readings(word, script)
    if not readings:
        return ()
    top = max([weight for _, weight, _ in readings]) or 1.0
    prices: dict[str, Form] = {}
    for reading, weight, rule in readings:
        price = min(_PRICE_MAX, -_PRICE_PER_NAT * math.log(max(weight / top, 1e-6))) if weight != top else 0.0
        text = reading[:SYMBOLS_MAX]
        if text and (text not in prices or prices[text].price > price):
            prices[text] = Form(text, price, rule)
    if script == "latin":
        return _with_latin(prices, readings[0].text)
    if len(prices) == 1:
        return tuple(prices.values())
    ordered = sorted(prices.values(), key=_price_and_text)
    # A word in Han characters may be in five languages, each with its readings.
    return _heard_apart(ordered) if script == "han" else tuple(ordered[:FORMS_MAX])


def _with_latin(prices: dict[str, Form], text: str) -> tuple[Form, ...]:
    """Return the spellings of a word in Latin letters, with what else it may be."""
    _offer_latin(prices, text)
    if len(prices) == 1:
        return tuple(prices.values())
    return tuple(sorted(prices.values(), key=_price_and_text)[:FORMS_MAX])


def _readings(word: str, script: str) -> tuple[Reading, ...]:
    if script in SYLLABIC:
        return read_syllables(word, script)
    return read_transcribed(word) if script == TRANSCRIBED else readings_of(word)


_price_and_text = itemgetter(1, 0)


def _heard_apart(forms: list[Form]) -> tuple[Form, ...]:
    """Return the usual forms, then of the others those that the index hears apart before those that it does not.

    A given name in Japanese has a hundred readings: Kazuyoshi leads to Kazuyasu, and nothing but its own to Kazutoshi.
    """
    if len(forms) <= HAN_FORMS_MAX:
        return tuple(forms)
    heard: set[bytes] = set()
    apart: list[Form] = []
    others: list[Form] = []
    for place, (form, consonants) in enumerate(
        zip(forms, consonants_of_all([form.text for form in forms]), strict=True)
    ):
        (apart if place < _HAN_LEADING or consonants not in heard else others).append(form)
        heard.add(consonants)
    return tuple(sorted([*apart, *others][:HAN_FORMS_MAX], key=_price_and_text))


def _offer_latin(prices: dict[str, Form], text: str) -> None:
    """Offer what else a word in Latin letters may be: without its article, with another x, as it is heard."""
    for form in tuple(prices.values()):
        if form.text.startswith(_ARTICLES):
            _offer(prices, _without_article(form))
    if "x" in text and _SOMALI_X.search(text):
        _offer(prices, Form(_SOMALI_X.sub("h", text), _SOMALI_X_PRICE, "latin"))
    if _HISSING.search(text):
        written = _HISSING.sub(lambda found: _HISSING_OF[found.group()], text)
        _offer(prices, Form(written, _HISSING_PRICE, "latin"))
    if "dsch" in text or "tsch" in text:
        written = _GERMAN.sub(lambda found: _TURKISH_OF[found.group()], text)
        _offer(prices, Form(written, _GERMAN_PRICE, "latin"))
        if "dsch" in text:
            _offer(prices, Form(text.replace("dsch", "g"), _GERMAN_PRICE, "latin"))
    if text.endswith("h") and _SILENT_H.search(text) and _is_heard_to_its_end(text):
        _offer(prices, Form(text[:-1], _SILENT_H_PRICE, "latin"))
    heard = _heard(text)
    if heard and heard.text not in prices and _sounds_new(heard.text, prices):
        _offer(prices, heard)


def _is_heard_to_its_end(text: str) -> bool:
    consonants = consonants_of(text)
    return len(consonants) - consonants.startswith(_VOWEL) <= _END_HEARD_MAX


def _sounds_new(text: str, others: Iterable[str]) -> bool:
    first, *rest = consonants_of_all([text, *others])
    return first not in rest


def ask_heard(word: str) -> tuple[Ask, ...]:
    """Return what the forms of a word in plain Latin letters will ask of the learnt table."""
    return (
        (("heard", word, 1),) if len(word) >= _HEARD_LETTERS_MIN and word.isascii() and word.isalpha() else ()
    )


def _heard(text: str) -> Form | None:
    """Return a Latin word as it sounds, whatever language spells it: "favro" for Favreau, "huan" for Juan."""
    if len(text) < _HEARD_LETTERS_MIN:
        return None
    sounds = read_learnt("heard", text, 1)
    return Form(sounds[0].text[:SYMBOLS_MAX], _HEARD_PRICE, "heard") if sounds else None


def _offer(prices: dict[str, Form], form: Form | None) -> None:
    if form and form.text and (form.text not in prices or prices[form.text].price > form.price):
        prices[form.text] = form


def _without_article(form: Form) -> Form | None:
    """Return "huthi" for "alhuthi": the Arabic article is written on, apart, or not at all."""
    for article in _ARTICLES:
        stem = form.text[len(article) :]
        if not form.text.startswith(article) or len(stem) < 4:
            continue
        if article in {"al", "el", "ul"} or stem.startswith(article[1:]):
            return Form(stem, form.price + _ARTICLE_PRICE, "article")
    return None


@lru_cache(maxsize=_ASKED_KEPT)
def asked_forms(word: str, script: str) -> tuple[Form, ...]:
    """Return the forms of a word asked for: its own spellings, then short forms and counterparts.

    Only the asking side is widened so: it is enough that one of two names knows the other.
    """
    forms = forms_of(word, script)
    if _shared and is_read(word, script):
        # Words asked for alone: what another process knows must not tell what is held.
        _shared.keep(word, script, forms)
    return widened(word, script, forms)


def widened(word: str, script: str, forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """Return the forms of a word and how else it may be asked for, as `asked_forms` does."""
    # Kernels have room for so many and do not look.
    wider = [*forms, *_respelt(forms)][:ASKED_FORMS_MAX]
    known = {form.text for form in wider}
    for form in _stems(word) if script == "latin" else ():
        if form.text not in known:
            known.add(form.text)
            wider.append(form)
    for form in forms[:VARIANT_SOURCES_MAX]:
        for text, price in variants_of(form.text):
            if text not in known and len(wider) < ASKED_FORMS_MAX:
                known.add(text)
                wider.append(Form(text, form.price + price, "nickname"))
    return tuple(wider)


def _stems(word: str) -> list[Form]:
    """Return the likeliest spellings of a word without the ending that another language's grammar gave it."""
    stem = without_ending(word)
    if stem is None:
        return []
    return [
        Form(reading.text[:SYMBOLS_MAX], STEM_PRICE, "respelt")
        for reading in readings_of(stem)[:STEM_FORMS_MAX]
    ]


def _respelt(forms: tuple[Form, ...]) -> list[Form]:
    """Return the likeliest forms as other languages spell them, where the index would not hear them as one.

    Yanovsky is written Janowski, Hasan is Khasan, Jerry is Gerry: one sound, other letters.
    """
    tried = [
        (text, form.price + price)
        for form in forms[:RESPELT_SOURCES_MAX]
        for text, price in _respellings(form.text)
    ]
    if not tried:
        return []
    consonants = consonants_of_all([*(form.text for form in forms), *(text for text, _ in tried)])
    heard = set(consonants[: len(forms)])
    found: list[Form] = []
    for (text, price), classes in zip(tried, consonants[len(forms) :], strict=True):
        if classes not in heard and len(found) < RESPELT_MAX:
            heard.add(classes)
            found.append(Form(text[:SYMBOLS_MAX], price, "respelt"))
    return found


def _respellings(spelling: str) -> Iterator[tuple[str, float]]:
    """Yield the spelling as other languages write it, with the price; the letters say beforehand whether it may be."""
    for price, respelling in _RESPELLINGS:
        text = spelling
        for letters, written, instead in respelling:
            if letters in text:
                text = written.sub(instead, text)
        if text != spelling:
            yield text, price
    for letter, greek, instead, labial, other in _GREEK:
        if letter in spelling and greek.search(spelling):
            yield greek.sub(instead, spelling).replace(labial, other), _DEAR_PRICE


def pack(forms: Sequence[Form]) -> PackedForms:
    """Return forms as arrays for the kernels; forms without a letter count as none."""
    codes = [letter_codes(form.text) for form in forms]
    letters = np.frombuffer(b"".join(codes), dtype=np.uint8)
    bounds = np.array(list(accumulate(map(len, codes), initial=0)), dtype=np.int32)
    sounds, sound_bounds = write_all_sounds(letters, bounds)
    prices = np.array([form.price for form in forms], dtype=np.float32)
    return PackedForms(letters, bounds, sounds, sound_bounds, prices)
