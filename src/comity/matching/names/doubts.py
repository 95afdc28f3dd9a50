"""What speaks against two words that are spelt alike? A price beside that of their spelling.

Spelling alone is too kind where a difference tells people apart: Maria and Mario, two fathers' names with one
ending, Jr and Sr, a given name that shares no character with the other.
"""

from collections import Counter
from typing import Final

from comity.names.likeness import FAR
from comity.names.parts import Word
from comity.names.scripts import TRANSCRIBED

OTHER_CHARACTERS_PRICE: Final = 0.4
_CHARACTERS_PRICE: Final = 3.0
_WHOLE_NAME_LETTERS_MIN: Final = 3
_SHORT_LETTERS_MAX: Final = 6
_OTHER_SEX_PRICE: Final = 1.6
_ENDING_A_PRICE: Final = 0.8
_OTHER_BEGINNING_PRICE: Final = 0.9
_TWO_LETTERS_PRICE: Final = 0.8
_HAN: Final = frozenset({"han", TRANSCRIBED})
_SUFFIXES: Final = {"junior": "jr", "jnr": "jr", "senior": "sr", "snr": "sr"}


def suffix_meant(text: str) -> str:
    """Return a generational suffix in its short form: Junior and Jr say the same."""
    return _SUFFIXES.get(text, text)


def price_of_doubt(one: Word, other: Word, price: float) -> float:
    """Return what is added to the price of two words' spellings, `FAR` where they cannot be one.

    The price is that of their spelling, in typing errors.
    """
    if one.text == other.text:
        return 0.0
    if "suffix" in {one.role, other.role}:
        # Father and son bear one name: here the suffix is all there is to tell them apart.
        return 0.0 if suffix_meant(one.text) == suffix_meant(other.text) else FAR
    if one.role == other.role == "patronymic":
        # All patronymics end alike, so that what differs is the father's whole name.
        return price
    if one.script in _HAN and other.script in _HAN:
        return _other_characters(one, other)
    if one.script == other.script == "latin" and price > 0:
        return _other_letters(one.text, other.text)
    return 0.0


def _other_characters(one: Word, other: Word) -> float:
    """Return the price of other characters: of a whole name, the more of them differ the more it is."""
    price = OTHER_CHARACTERS_PRICE if one.script == other.script == "han" else 0.0
    longer = max(len(one.text), len(other.text))
    if min(len(one.text), len(other.text)) < _WHOLE_NAME_LETTERS_MIN:
        return price
    shared = sum((Counter(one.text) & Counter(other.text)).values())
    return price + _CHARACTERS_PRICE * max(0.0, 1 - shared / longer - 0.25)


def _other_letters(one: str, other: str) -> float:
    """Return the price of the letters that tell short names of one script apart."""
    if min(len(one), len(other)) > _SHORT_LETTERS_MAX:
        return 0.0
    if len(one) == len(other) == 2:
        return _TWO_LETTERS_PRICE
    price = 0.0
    if {one[-1], other[-1]} == {"a", "o"}:
        price += _OTHER_SEX_PRICE
    elif (one[-1] == "a") != (other[-1] == "a") and abs(len(one) - len(other)) == 1:
        price += _ENDING_A_PRICE
    if {one[0], other[0]} in ({"a", "o"}, {"a", "u"}):
        price += _OTHER_BEGINNING_PRICE
    return price
