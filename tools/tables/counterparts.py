"""Make the table of names that stand for one another from the lists written by hand beside this script.

python tools/tables/counterparts.py

What the index hears as one name anyway is left out. A word of Chinese family names that is also another's spelling
(Ng, Wong, Chan) stands for what all of them are called.
"""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import numpy as np

from comity.names.likeness import sound_distance
from comity.names.sounds import consonants_of, sound_codes

HAND = Path(__file__).parent / "hand"
TARGET = Path(__file__).parents[2] / "src" / "comity" / "names" / "data" / "counterparts.tsv"
_FACTS = (
    "# source: compiled by hand for this project from general knowledge of the languages",
    "# licence: Apache-2.0",
    "# date: 2026-11-28",
    "# made by: tools/tables/counterparts.py",
)
# Nearer than this the sounds of two spellings say by themselves that they may be one name.
_HEARD_AS_ONE = 0.5
_FAITH = ("uddin", "udin", "eddin", "eddine")


def hand_lines(name: str) -> Iterator[str]:
    """Yield the lines of a list written by hand, without remarks."""
    for line in (HAND / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def pairs() -> Iterator[tuple[str, str, str]]:
    """Yield kind, name, and the name it stands for."""
    kind, with_faith = "", False
    for line in hand_lines("counterparts"):
        if line.startswith("= "):
            kind = line[2:]
        elif line == "@din":
            with_faith = True
        else:
            names, _, others = (part.split() for part in line.partition(":"))
            if with_faith:
                others = [name + ending for name in others for ending in _FAITH]
            for one, other in ((one, other) for one in names for other in others):
                yield kind, one, other
                yield kind, other, one
    for line in hand_lines("chinese_families"):
        spellings = [spelling for spelling in line.partition(":")[2].split() if _tells(spelling)]
        for one, other in permutations(dict.fromkeys(spellings), 2):
            yield "family", one, other


def _tells(spelling: str) -> bool:
    """Whether a family name is not so short that it is near to any syllable of a given name."""
    return spelling.isalpha() and (len(spelling) > 2 or spelling in {"ng", "wu"})


def heard_as_one(one: str, other: str) -> bool:
    """Return whether the index hears two spellings as one name anyway."""
    sounds = [np.frombuffer(sound_codes(spelling), dtype=np.uint8) for spelling in (one, other)]
    near = (
        sound_distance(sounds[0], sounds[0].size, sounds[1], sounds[1].size, _HEARD_AS_ONE) <= _HEARD_AS_ONE
    )
    return near and consonants_of(one) == consonants_of(other)


def rows() -> Iterator[str]:
    """Yield a row for each kind and name: what it stands for, in the order of the lists."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind, one, other in pairs():
        if one != other and not heard_as_one(one, other):
            found.setdefault((kind, one), []).append(other)
    for (kind, name), others in sorted(found.items()):
        yield f"{kind}\t{name}\t{' '.join(dict.fromkeys(others))}"


def main() -> None:
    """Write the table."""
    TARGET.write_text("\n".join([*_FACTS, *rows()]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
