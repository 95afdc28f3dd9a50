"""Names spoiled on purpose, as hands, scanners, forms and machine-readable zones spoil them. Seeded, so repeatable.

listed names in Latin letters -> one function a way to spoil -> (name as it arrives, person meant)
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence

from development_set import Asked, Listed

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SCANNED = (("o", "0"), ("i", "1"), ("rn", "m"), ("m", "rn"), ("s", "5"), ("b", "8"), ("e", "3"), ("l", "1"))
_DRAWS_MAX = 400

Spoil = Callable[[list[str], random.Random], "list[str] | None"]


def one_edit(words: list[str], chance: random.Random) -> list[str] | None:
    """Return the words with one letter of one word dropped, doubled, changed or swapped with its neighbour."""
    place = chance.randrange(len(words))
    return _with(words, place, _edited(words[place], chance)) if len(words[place]) >= 3 else None


def two_edits(words: list[str], chance: random.Random) -> list[str] | None:
    """Return the words with two edits in one word of six letters or more."""
    long = [place for place, word in enumerate(words) if len(word) >= 6]
    if not long:
        return None
    place = chance.choice(long)
    return _with(words, place, _edited(_edited(words[place], chance), chance))


def reordered(words: list[str], chance: random.Random) -> list[str] | None:
    """Return the words in another order."""
    changed = list(words)
    chance.shuffle(changed)
    return changed if changed != words else None


def joined(words: list[str], chance: random.Random) -> list[str] | None:
    """Return the words with two neighbours written as one."""
    place = chance.randrange(len(words) - 1)
    return [*words[:place], words[place] + words[place + 1], *words[place + 2 :]]


def split(words: list[str], chance: random.Random) -> list[str] | None:
    """Return the words with one of six letters or more written as two."""
    long = [place for place, word in enumerate(words) if len(word) >= 6]
    if not long:
        return None
    place = chance.choice(long)
    cut = chance.randrange(3, len(words[place]) - 2)
    return [*words[:place], words[place][:cut], words[place][cut:], *words[place + 1 :]]


def one_missing(words: list[str], chance: random.Random) -> list[str] | None:
    """Return three or more words without one of them."""
    if len(words) < 3:
        return None
    place = chance.randrange(len(words))
    return [*words[:place], *words[place + 1 :]]


def middle_missing(words: list[str], _chance: random.Random) -> list[str] | None:
    """Return the first and the last of three or more words."""
    return [words[0], words[-1]] if len(words) >= 3 else None


def initials(words: list[str], _chance: random.Random) -> list[str] | None:
    """Return three or more words with all but the first and the last shortened to a letter."""
    return [words[0], *(word[0] for word in words[1:-1]), words[-1]] if len(words) >= 3 else None


def first_initial(words: list[str], _chance: random.Random) -> list[str] | None:
    """Return the words with the first shortened to a letter."""
    return [words[0][0], *words[1:]]


def scanned(words: list[str], chance: random.Random) -> list[str] | None:
    """Return the words with one sign read as another that looks alike."""
    open_ = [
        (place, old, new) for place, word in enumerate(words) for old, new in SCANNED if old in word.lower()
    ]
    if not open_:
        return None
    place, old, new = chance.choice(open_)
    return _with(words, place, words[place].lower().replace(old, new, 1))


def cut_at(letters_count: int) -> Spoil:
    """Return the way a machine-readable zone with this many places for the name cuts it off."""

    def cut(words: list[str], _chance: random.Random) -> list[str] | None:
        zone = "<".join([words[-1] + "<", *words[:-1]]).upper()
        return (
            [word for word in zone[:letters_count].split("<") if word] if len(zone) > letters_count else None
        )

    return cut


WAYS: Mapping[str, Spoil] = {
    "one edit": one_edit,
    "two edits": two_edits,
    "reordered": reordered,
    "joined": joined,
    "split": split,
    "one word missing": one_missing,
    "middle missing": middle_missing,
    "initials inside": initials,
    "first an initial": first_initial,
    "scanner's errors": scanned,
    "cut at 39": cut_at(39),
    "cut at 31": cut_at(31),
    "cut at 30": cut_at(30),
}


def altered(listed: Sequence[Listed], wanted: int, seed: int = 20260) -> Iterator[tuple[str, list[Asked]]]:
    """Yield each way to spoil with at most `wanted` spoiled names; who bears the same whole name is meant too."""
    plain = [one for one in listed if one.script == "Latin" and one.name.replace(" ", "").isalpha()]
    bearers: dict[tuple[str, ...], set[str]] = {}
    for one in plain:
        bearers.setdefault(_bag(one.name.split()), set()).add(one.id)
    for place, (way, spoil) in enumerate(WAYS.items()):
        chance = random.Random(seed + place)
        asked: list[Asked] = []
        for _ in range(wanted * _DRAWS_MAX):
            one = chance.choice(plain)
            words = one.name.split()
            changed = spoil(words, chance) if len(words) >= 2 else None
            if changed:
                truths = frozenset(bearers[_bag(words)])
                asked.append(Asked(" ".join(changed), truths, "Latin", ("Latin", "Latin"), one.born, one.sex))
            if len(asked) == wanted:
                break
        yield way, asked


def _bag(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(word.lower() for word in words))


def _with(words: list[str], place: int, word: str) -> list[str]:
    return [*words[:place], word, *words[place + 1 :]]


def _edited(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    way = chance.choice(("drop", "add", "change", "swap"))
    if way == "drop":
        return word[:place] + word[place + 1 :]
    if way == "add":
        return word[:place] + chance.choice(LETTERS) + word[place:]
    if way == "change":
        return word[:place] + chance.choice(LETTERS) + word[place + 1 :]
    place = min(place, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
