"""How may one word be spelt in Latin letters? Its forms, each with the price of being meant.

    Word -> readings (with how usual they are) -> forms (with a price, 0 for the usual one), packed for kernels

A form is a spelling of a-z and 0-9. The price is in the units of `likeness`: one typing error costs one.
"""

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comity.names.readings import read_transcribed, readings_of
from comity.names.readings.learnt import read_learnt
from comity.names.scripts import TRANSCRIBED
from comity.names.sounds import ALPHABET, SYMBOLS_MAX, consonants_of, letter_codes, sound_codes
from comity.names.variants import variants_of

FORMS_MAX: Final = 12
HAN_FORMS_MAX: Final = 20
ASKED_FORMS_MAX: Final = 32
RESPELT_MAX: Final = 8
RESPELT_SOURCES_MAX: Final = 4
VARIANT_SOURCES_MAX: Final = 3
_PRICE_MAX: Final = 0.8
_PRICE_PER_NAT: Final = 0.22
# Somali and Uzbek write x for the h of Mohamed and Hussein.
_SOMALI_X: Final = re.compile("x(?=[aeiou])")
_SOMALI_X_PRICE: Final = 0.3
_HEARD_PRICE: Final = 0.35
_HEARD_LETTERS_MIN: Final = 3
_ARTICLE_PRICE: Final = 0.2
_RESPELT_PRICE: Final = 0.1
# Letters that other languages write for the same sound, where the index would hear another consonant.
_RESPELLINGS: Final = (
    ((r"(?<=[aeiou])y|y(?=[aeiou])", "j"), (r"v", "w")),
    ((r"j", "y"), (r"w", "v")),
    ((r"kh", "h"),),
    ((r"(?<![cgkpstz])h", "kh"),),
    ((r"g(?=[eiy])", "j"),),
    ((r"j(?=[eiy])", "g"),),
    ((r"ch", "k"),),
)
_ARTICLES: Final = ("al", "el", "ul", "ar", "as", "at", "ad", "an", "az", "ash")


@dataclass(frozen=True, slots=True)
class Form:
    """One Latin spelling of a word, the price of being meant, and the rule that reads it so."""

    text: str
    price: float
    rule: str


@dataclass(frozen=True, slots=True)
class PackedForms:
    """The forms of one word as arrays: letters and sounds row by row, their lengths, prices."""

    letters: NDArray[np.uint8]
    letters_count: NDArray[np.int32]
    sounds: NDArray[np.uint8]
    sounds_count: NDArray[np.int32]
    prices: NDArray[np.float32]


@lru_cache(maxsize=131_072)
def forms_of(word: str, script: str) -> tuple[Form, ...]:
    """Return the Latin spellings of a folded word, the usual one first, at most a dozen.

    A word of digits is its own form. A word that nobody can read has no form at all.
    """
    if word.isascii() and not word.isalpha():
        plain = "".join(letter for letter in word if letter in ALPHABET)
        return (Form(plain[:SYMBOLS_MAX], 0.0, "same"),) if plain else ()
    readings = read_transcribed(word) if script == TRANSCRIBED else readings_of(word)
    if not readings:
        return ()
    top = max(reading.weight for reading in readings) or 1.0
    prices: dict[str, Form] = {}
    for reading in readings:
        price = min(_PRICE_MAX, -_PRICE_PER_NAT * math.log(max(reading.weight / top, 1e-6)))
        _offer(prices, Form(reading.text[:SYMBOLS_MAX], price, reading.rule))
    if script == "latin":
        for form in tuple(prices.values()):
            _offer(prices, _without_article(form))
        if _SOMALI_X.search(readings[0].text):
            _offer(prices, Form(_SOMALI_X.sub("h", readings[0].text), _SOMALI_X_PRICE, "latin"))
        heard = _heard(readings[0].text)
        if heard and all(consonants_of(heard.text) != consonants_of(text) for text in prices):
            _offer(prices, heard)
    # A word in Han characters may be in five languages, each with its readings.
    limit = HAN_FORMS_MAX if script == "han" else FORMS_MAX
    return tuple(sorted(prices.values(), key=lambda form: (form.price, form.text))[:limit])


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


@lru_cache(maxsize=131_072)
def asked_forms(word: str, script: str) -> tuple[Form, ...]:
    """Return the forms of a word asked for: its own spellings, then short forms and counterparts.

    Only the asking side is widened so: it is enough that one of two names knows the other.
    """
    forms = forms_of(word, script)
    wider = [*forms, *_respelt(forms)]
    known = {form.text for form in wider}
    for form in forms[:VARIANT_SOURCES_MAX]:
        for text, price in variants_of(form.text):
            if text not in known and len(wider) < ASKED_FORMS_MAX:
                known.add(text)
                wider.append(Form(text, form.price + price, "nickname"))
    return tuple(wider)


def _respelt(forms: tuple[Form, ...]) -> list[Form]:
    """Return the likeliest forms as other languages spell them, where the index would not hear them as one.

    Yanovsky is written Janowski, Hasan is Khasan, Jerry is Gerry: one sound, other letters.
    """
    heard = {consonants_of(form.text) for form in forms}
    found: list[Form] = []
    for form in forms[:RESPELT_SOURCES_MAX]:
        for respelling in _RESPELLINGS:
            text = form.text
            for written, instead in respelling:
                text = re.sub(written, instead, text)
            if text == form.text:
                continue
            classes = consonants_of(text)
            if classes not in heard and len(found) < RESPELT_MAX:
                heard.add(classes)
                found.append(Form(text[:SYMBOLS_MAX], form.price + _RESPELT_PRICE, "respelt"))
    return found


def pack(forms: tuple[Form, ...]) -> PackedForms:
    """Return forms as arrays for the kernels; forms without a letter count as none."""
    letters = np.zeros((len(forms), SYMBOLS_MAX), dtype=np.uint8)
    sounds = np.zeros((len(forms), SYMBOLS_MAX), dtype=np.uint8)
    letters_count = np.zeros(len(forms), dtype=np.int32)
    sounds_count = np.zeros(len(forms), dtype=np.int32)
    for place, form in enumerate(forms):
        codes = letter_codes(form.text)
        letters[place, : len(codes)] = np.frombuffer(codes, dtype=np.uint8)
        letters_count[place] = len(codes)
        codes = sound_codes(form.text)
        sounds[place, : len(codes)] = np.frombuffer(codes, dtype=np.uint8)
        sounds_count[place] = len(codes)
    prices = np.array([form.price for form in forms], dtype=np.float32)
    return PackedForms(letters, letters_count, sounds, sounds_count, prices)
