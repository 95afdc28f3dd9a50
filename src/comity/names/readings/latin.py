"""Latin words with marks, as people write them without: ü as u and ue, ø as o and oe, ł as l.

The two-letter forms are those of ICAO Doc 9303 part 3 (Ä AE, Å AA, Ö OE, Ø OE, Ü UE, Þ TH, ß SS); the others
are what keyboards, airlines and newspapers make of the letter.
"""

import unicodedata

from anyascii import anyascii

from comity.names.readings.reading import Choice, Reading, best_paths, ranked

_LETTERS: dict[str, tuple[Choice, ...]] = {
    "ä": (("a", 1.0), ("ae", 0.6)),
    "å": (("a", 1.0), ("aa", 0.5), ("o", 0.1)),
    "æ": (("ae", 1.0), ("e", 0.3), ("a", 0.2)),
    "ö": (("o", 1.0), ("oe", 0.6)),
    "ø": (("o", 1.0), ("oe", 0.6)),
    "œ": (("oe", 1.0), ("o", 0.2)),
    "ő": (("o", 1.0), ("oe", 0.2)),
    "ü": (("u", 1.0), ("ue", 0.6)),
    "ű": (("u", 1.0), ("ue", 0.2)),
    "ß": (("ss", 1.0), ("s", 0.2)),
    "þ": (("th", 1.0),),
    "ð": (("d", 1.0), ("dh", 0.2), ("th", 0.2)),
    "đ": (("d", 1.0), ("dj", 0.5)),
    "ł": (("l", 1.0),),
    "ı": (("i", 1.0), ("y", 0.1)),
    "ə": (("a", 1.0), ("e", 0.8)),
    "ş": (("s", 0.8), ("sh", 1.0)),
    "ș": (("s", 1.0), ("sh", 0.5)),
    "š": (("s", 1.0), ("sh", 0.6)),
    "ŝ": (("s", 1.0), ("sh", 0.5)),
    "ç": (("c", 1.0), ("ch", 0.6), ("s", 0.1)),
    "č": (("c", 1.0), ("ch", 0.6)),
    "ć": (("c", 1.0), ("ch", 0.3)),
    "ž": (("z", 1.0), ("zh", 0.5)),
    "ř": (("r", 1.0), ("rz", 0.1)),
    "ţ": (("t", 1.0), ("ts", 0.4)),
    "ț": (("t", 1.0), ("ts", 0.4)),
    "ğ": (("g", 1.0), ("gh", 0.2), ("", 0.1)),
    "ģ": (("g", 1.0),),
    "ġ": (("g", 0.7), ("gh", 1.0)),
    "ñ": (("n", 1.0), ("ny", 0.1)),
    "ŋ": (("ng", 1.0), ("n", 0.5)),
    "ŭ": (("u", 1.0), ("oo", 0.1), ("eu", 0.1)),
    "ŏ": (("o", 1.0), ("eo", 0.2)),
    "ā": (("a", 1.0), ("aa", 0.2)),
    "ī": (("i", 1.0), ("ee", 0.2)),
    "ū": (("u", 1.0), ("oo", 0.2), ("uu", 0.1), ("ou", 0.1)),
    "ō": (("o", 1.0), ("ou", 0.4), ("oh", 0.2), ("oo", 0.2)),
    "ḫ": (("kh", 1.0), ("h", 0.5)),
    "ḥ": (("h", 1.0),),
    "ẖ": (("kh", 1.0), ("h", 0.5)),
    "ḡ": (("gh", 1.0), ("g", 0.5)),
    "ḏ": (("dh", 1.0), ("d", 0.4)),
    "ṯ": (("th", 1.0), ("t", 0.4)),
    "ẓ": (("z", 1.0), ("dh", 0.2)),
}
# Letters that Turkic languages and Kurdish write: where they stand, c is heard as j.
_TURKIC = frozenset("əğışêîû")
_TURKIC_C: tuple[Choice, ...] = (("c", 1.0), ("j", 0.6))


def plain(text: str) -> str:
    """Return `text` in the letters a to z: marks dropped, what has no plain letter by anyascii's table.

    >>> plain("Łódź")
    'lodz'
    """
    if text.isascii():
        return text.lower() if text.isalpha() else "".join(filter(str.isalpha, text.lower()))
    bare = "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    )
    if not bare.isascii():
        bare = anyascii(bare)
    return "".join(letter for letter in bare.lower() if "a" <= letter <= "z")


def read_latin(word: str) -> tuple[Reading, ...]:
    """Return `word` without its marks, and with the letters people put in their place."""
    if word.isascii():
        text = plain(word)
        return (Reading(text, 1.0, "latin"),) if text else ()
    composed = unicodedata.normalize("NFC", word)
    c_choices = (("c", 1.0),) if _TURKIC.isdisjoint(composed) else _TURKIC_C
    places = [
        c_choices if letter == "c" else _LETTERS.get(letter) or ((plain(letter), 1.0),) for letter in composed
    ]
    return ranked(Reading(text, weight, "latin-marks") for text, weight in best_paths(places, 6))
