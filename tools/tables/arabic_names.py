"""Make the table of names in Arabic script and their usual spellings from the list written by hand beside this script.

python tools/tables/arabic_names.py
"""

from pathlib import Path

from comity.names.readings.arabic import fold_arabic

HAND = Path(__file__).parent / "hand" / "arabic_names.txt"
TARGET = Path(__file__).parents[2] / "src" / "comity" / "names" / "data" / "arabic_names.tsv"
_FACTS = (
    "# source: compiled by hand for this project from general knowledge of the languages",
    "# licence: Apache-2.0",
    "# date: 2026-11-26",
    "# made by: tools/tables/arabic_names.py",
)
# Many write no hamza, and Persian and everyday Arabic no dots on the ending of women's names.
_PLAIN = (str.maketrans("أإآ", "ااا"), str.maketrans("ة", "ه"), str.maketrans("أإآة", "اااه"))


def rows() -> list[str]:
    """Return a row for each way a name is written: the name, then its spellings."""
    found: dict[str, list[str]] = {}
    for line in HAND.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, _, spellings = line.partition(":")
        written = fold_arabic(name)
        for way in dict.fromkeys([written, *(written.translate(plain) for plain in _PLAIN)]):
            found.setdefault(way, []).extend(spellings.split())
    return [f"{way}\t{' '.join(dict.fromkeys(found[way]))}" for way in sorted(found)]


def main() -> None:
    """Write the table."""
    TARGET.write_text("\n".join([*_FACTS, *rows()]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
