"""Make the table of Han characters and their readings from the lists written by hand beside this script.

python tools/tables/characters.py
"""

from collections.abc import Iterator
from pathlib import Path

HAND = Path(__file__).parent / "hand"
TARGET = Path(__file__).parents[2] / "src" / "comity" / "names" / "data" / "characters.tsv"
_FACTS = (
    "# source: compiled by hand for this project from general knowledge of the languages",
    "# licence: Apache-2.0",
    "# date: 2026-11-26",
    "# made by: tools/tables/characters.py",
)
_JAPANESE = {
    "family-part": "japanese_family_parts",
    "given-part": "japanese_given_parts",
    "family": "japanese_families",
    "given": "japanese_givens",
}
_TRANSCRIBED = {"transcribed": "transcribed", "foreign": "foreign"}
_CHINESE = {"cantonese": "cantonese", "southern": "southern", "korean": "korean"}


def hand_lines(name: str) -> list[str]:
    """Return the lines of a list written by hand, without its opening remark."""
    lines = (HAND / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def form_rows() -> Iterator[str]:
    """Yield each character that is folded, with the simplified one it is folded to."""
    lines = hand_lines("forms")
    forms = {
        old: new
        for olds, news in zip(lines[::2], lines[1::2], strict=True)
        for old, new in zip(olds, news, strict=True)
        if old != new
    }
    for old in sorted(forms):
        yield f"form\t{old}\t{forms[old]}"


def reading_rows() -> Iterator[str]:
    """Yield kind, characters and readings, the most usual reading first, each entry once."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind, name in (_JAPANESE | _TRANSCRIBED).items():
        for entry in ";".join(hand_lines(name)).split(";"):
            characters, *readings = entry.split()
            found.setdefault((kind, characters), []).extend(readings)
    for kind, name in _CHINESE.items():
        for line in hand_lines(name):
            readings_text, _, characters = line.partition(":")
            whole = len(characters.strip()) == 2 and kind == "korean" and len(readings_text) == 2
            for character in [characters.strip()] if whole else characters.strip():
                found.setdefault((kind, character), []).extend(readings_text.split())
    for (kind, characters), readings in sorted(found.items()):
        yield f"{kind}\t{characters}\t{' '.join(dict.fromkeys(readings))}"


def main() -> None:
    """Write the table."""
    TARGET.write_text("\n".join([*_FACTS, *form_rows(), *reading_rows()]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
