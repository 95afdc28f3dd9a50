"""How may one word be spelt in Latin letters? Its forms, each with the price of being meant.

    Word -> readings (with how usual they are) -> forms (with a price, 0 for the usual one), packed for kernels

A form is a spelling of a-z and 0-9. The price is in the units of `likeness`: one typing error costs one.
"""

import math
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import Final, NamedTuple, Protocol
from weakref import ReferenceType, ref

import numpy as np
from numpy.typing import NDArray

from comity.compiled import direct
from comity.names import sheets
from comity.names.endings import STEM_PRICE, without_ending
from comity.names.readings import Reading, read_syllables, read_transcribed, readings_of
from comity.names.readings.choose import WORD_LETTERS_MAX
from comity.names.readings.learnt import Ask, is_searched_ahead, read_learnt, sound_table
from comity.names.scripts import SYLLABIC, TRANSCRIBED
from comity.names.shared_forms import SharedForms
from comity.names.sheets import HEARD_LETTERS_MIN, HEARD_PRICE, Rows, latin_rows, respelt_rows
from comity.names.sounds import (
    ALPHABET,
    SYMBOLS_MAX,
    all_letter_codes,
    consonants_of_all,
    letter_codes,
    letters_of,
    write_all_sounds,
)
from comity.names.variants import variants_of

FORMS_MAX: Final = sheets.FORMS_MAX
ASKED_FORMS_MAX: Final = sheets.ASKED_FORMS_MAX
RESPELT_MAX: Final = sheets.RESPELT_MAX
HAN_FORMS_MAX: Final = 28
_HAN_LEADING: Final = 10
VARIANT_SOURCES_MAX: Final = 3
STEM_FORMS_MAX: Final = 2
_PRICE_MAX: Final = 0.8
_PRICE_PER_NAT: Final = 0.22
HEARD: Final = "heard"
"""The learnt table of how words in Latin letters sound, whatever language spells them."""
_MAY_BE_OTHERWISE: Final = re.compile("x|sj|zj|zs|[dt]sch|^[aeu]l|^a[rstdnz]|[ae]h$")
"""Without these no word in Latin letters has another form than as it is heard: no article, no rule, no silent h."""
READ_KEPT: Final = 16_384
_HELD_MAX: Final = 4_096
"""How many words are kept with their forms: those read last, and those found in a holder, which is soon asked again.

The oldest goes for each that comes: memory is level, and no search waits until thousands are forgotten at once.
"""
_ASKED_KEPT: Final = 2_048
"""Whoever asks for a word keeps it, too: the index the words of a search, a comparison those of its names."""


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


def take_read(word: str, script: str, forms: tuple[Form, ...]) -> None:
    """Keep the forms of a word that compiled code has read, as `forms_read` would, and let other processes know them.

    Only words asked for may be taken in: what another process knows must not tell what is held.
    """
    _keep(_read, (word, script), forms, READ_KEPT)
    if _shared:
        _shared.keep(word, script, forms)


def needs_stem(word: str, script: str) -> bool:
    """Return whether a word asked for may be without an ending that another language's grammar gave it."""
    return script == "latin" and (word[-1:] == "s" or not word.isascii()) and without_ending(word) is not None


def is_plain(word: str, script: str) -> bool:
    """Return whether compiled code reads a word: in plain Latin letters, and the learnt table has not counted it whole."""
    return (
        script == "latin"
        and word.isascii()
        and word.isalpha()
        and word not in sound_table(HEARD).words
        and not is_searched_ahead((HEARD, word, 1))
    )


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
    given = [*prices.values()]
    heard = _heard(text)
    if len(given) == 1 and given[0].text == text and not _MAY_BE_OTHERWISE.search(text):
        # Most words: what is left is to hear them, which needs no sheet.
        if heard in {"", text} or len(set(consonants_of_all((heard, text)))) == 1:
            return (given[0],)
        return given[0], Form(heard, HEARD_PRICE, HEARD)
    letters, costs, rules, rows = _latin_kernel()(
        *_in_codes(given), _codes(text), np.frombuffer(letter_codes(heard), dtype=np.uint8)
    )
    return tuple(
        [
            Form(spelling, price, RULES[rule] if rule else given[row].rule)
            for spelling, price, rule, row in zip(
                letters_of(letters.tobytes()).split(" "),
                costs.tolist(),
                rules.tolist(),
                rows.tolist(),
                strict=False,
            )
        ]
    )


@lru_cache(maxsize=1)
def _latin_kernel() -> Callable[..., Rows]:
    return direct(latin_rows)


@lru_cache(maxsize=1)
def _respelt_kernel() -> Callable[..., Rows]:
    return direct(respelt_rows)


RULES: Final = ("latin", "article", "latin", "heard", "respelt")
"""What the rules of a sheet's rows are called, in their order; that of a given spelling is its own."""


def _in_codes(forms: Sequence[Form]) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Return spellings in codes, a zero after each, and their prices."""
    codes = b"".join([all_letter_codes(text) + b"\0" for text, _, _ in forms])
    return np.frombuffer(codes, dtype=np.uint8), np.array([price for _, price, _ in forms], dtype=np.float64)


def _codes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(all_letter_codes(text), dtype=np.uint8)


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


def ask_heard(word: str) -> tuple[Ask, ...]:
    """Return what the forms of a word in plain Latin letters will ask of the learnt table."""
    return ((HEARD, word, 1),) if len(word) >= HEARD_LETTERS_MIN and word.isascii() and word.isalpha() else ()


def _heard(text: str) -> str:
    """Return a Latin word as it sounds, whatever language spells it: "favro" for Favreau, "huan" for Juan."""
    if len(text) < HEARD_LETTERS_MIN:
        return ""
    sounds = read_learnt(HEARD, text, 1)
    return sounds[0].text[:SYMBOLS_MAX] if sounds else ""


@lru_cache(maxsize=_ASKED_KEPT)
def asked_forms(word: str, script: str) -> tuple[Form, ...]:
    """Return the forms of a word asked for: its own spellings, then short forms and counterparts.

    Only the asking side is widened so: it is enough that one of two names knows the other.
    """
    return widened(word, script, own_forms_asked(word, script))


def own_forms_asked(word: str, script: str) -> tuple[Form, ...]:
    """Return what `forms_of` does of a word asked for; other processes know it then."""
    forms = forms_of(word, script)
    if _shared and is_read(word, script):
        # Words asked for alone: what another process knows must not tell what is held.
        _shared.keep(word, script, forms)
    return forms


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
    """Return the likeliest forms as other languages spell them, where the index would not hear them as one."""
    if not forms:
        return []
    letters, prices, _, _ = _respelt_kernel()(*_in_codes(forms))
    if not prices.size:
        return []
    return [
        Form(text, price, "respelt")
        for text, price in zip(letters_of(letters.tobytes()).split(" "), prices.tolist(), strict=False)
    ]


def pack(forms: Sequence[Form]) -> PackedForms:
    """Return forms as arrays for the kernels; forms without a letter count as none."""
    codes = [letter_codes(form.text) for form in forms]
    letters = np.frombuffer(b"".join(codes), dtype=np.uint8)
    bounds = np.array(list(accumulate(map(len, codes), initial=0)), dtype=np.int32)
    sounds, sound_bounds = write_all_sounds(letters, bounds)
    prices = np.array([form.price for form in forms], dtype=np.float32)
    return PackedForms(letters, bounds, sounds, sound_bounds, prices)
