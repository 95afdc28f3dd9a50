"""The hand-made table of Han characters: which form is which, and how names read them in each language."""

from functools import lru_cache

from comity.names.readings.tables import table_rows

Readings = dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def _rows_by_kind() -> dict[str, list[tuple[str, str]]]:
    rows: dict[str, list[tuple[str, str]]] = {}
    for row in table_rows("characters.tsv"):
        kind, characters, readings = row.split("\t")
        rows.setdefault(kind, []).append((characters, readings))
    return rows


@lru_cache(maxsize=1)
def character_forms() -> dict[int, str]:
    """Return the traditional and Japanese characters with the simplified ones they are folded to."""
    return {ord(old): new for old, new in _rows_by_kind()["form"]}


@lru_cache(maxsize=16)
def character_readings(kind: str) -> Readings:
    """Return the readings of one kind ("cantonese", "given-part" ...) by folded character or word."""
    found: Readings = {}
    for characters, readings in _rows_by_kind().get(kind, ()):
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
