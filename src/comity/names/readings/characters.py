"""The hand-made table of Han characters: which form is which, and how names read them in each language."""

from functools import lru_cache

from comity.names.readings.tables import table_rows

Readings = dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def character_forms() -> dict[int, str]:
    """Return the traditional and Japanese characters with the simplified ones they are folded to."""
    rows = (row.split("\t") for row in table_rows("characters.tsv"))
    return {ord(old): new for kind, old, new in rows if kind == "form"}


@lru_cache(maxsize=16)
def character_readings(kind: str) -> Readings:
    """Return the readings of one kind ("cantonese", "given-part" ...) by folded character or word."""
    found: Readings = {}
    for row in table_rows("characters.tsv"):
        row_kind, characters, readings = row.split("\t")
        if row_kind == kind:
            folded = fold_han(characters)
            found[folded] = tuple(dict.fromkeys((*found.get(folded, ()), *readings.split())))
    return found


def fold_han(word: str) -> str:
    """Return the word's Han characters in simplified form, repetition marks written out.

    >>> fold_han("佐々木")
    '佐佐木'
    """
    kept = ""
    for letter in word.translate(character_forms()):
        if letter == "々" and kept:
            kept += kept[-1]
        elif "㐀" <= letter <= "鿿" or letter >= "\U00020000":
            kept += letter
    return kept
