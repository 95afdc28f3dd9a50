"""Number plates: one key for every alphabet that a plate is drawn in or typed in.

A plate is not unique in time and says nothing without its country; the country is compared apart.

- Cyrillic and Greek series use only letters that look Latin (Russia, Ukraine, Belarus, Bulgaria, Serbia,
  Greece ...): folded by `identifier`. Letters outside that set are kept (Kazakhstan's and Mongolia's own).
- Arabic letters are folded to the Latin letters that Saudi plates print beside them, so that either line
  of the plate finds the record; the Arabic plates of other countries pass the same fold on both sides.
- Hanzi, kana, hangul, Thai and other letters stay what they are. Digits of any script are digits.
- Where the place of a hyphen tells two German plates apart (B-MW 123, BM-W 123), the key does not:
  how they meet (`spacing`) says so.
"""

from comity.records.fieldtype import Comparison, FieldType, Json
from comity.records.types.identifier import CONFUSED, folding, parse_identifier

PLATE_MAX = 24

# The seventeen letters of Saudi plates with their Latin counterparts, and letters that differ from one
# of them by dots or shape only in other alphabets of Arabic script.
ARABIC = dict(zip("ابحدرسصطعقكلمنهوى", "ABJDRSXTEGKLZNHUV", strict=True))
ARABIC_KIN = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ي": "ى", "ی": "ى", "ک": "ك", "ة": "ه", "ہ": "ه"}
ARABIC_FOLDS = ARABIC | {char: ARABIC[kin] for char, kin in ARABIC_KIN.items()}
TATWEEL = "ـ"

_ARABIC_TABLE = str.maketrans({**ARABIC_FOLDS, TATWEEL: ""})
_fold = folding(CONFUSED)


def parse_plate(value: Json, field: str) -> Json:
    """Return a plate as entered, in upper case. Raises `MalformedError` as `parse_identifier` does."""
    return parse_identifier(value, field, PLATE_MAX)


def plate_key(value: Json) -> str:
    """Return the form under which a plate is found.

    >>> plate_key("к 123 мо 77"), plate_key("K123MO77"), plate_key("ا ب ح ١٢٣٤")
    ('K123M077', 'K123M077', 'ABJ1234')
    """
    text = str(value)
    return _fold(text) if text.isascii() else _fold(text.translate(_ARABIC_TABLE))


PLATE = FieldType("plate", Comparison.IDENTIFIER, parse_plate, plate_key)
