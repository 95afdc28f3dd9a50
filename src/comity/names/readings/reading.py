"""One way a word is written in Latin letters, and how a handful of ways is ranked."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

READINGS_MAX = 12
"""The most readings a word is given: beyond this, extra spellings flood an index and find no one new."""


class Reading(NamedTuple):
    """A word in the letters a to z, how usual that spelling is (0 to 1), and the rule that made it."""

    text: str
    weight: float
    rule: str


def ranked(readings: Iterable[Reading], limit: int = READINGS_MAX) -> tuple[Reading, ...]:
    """Return the readings most usual first, each text once, at most `limit` of them.

    Of two readings with one text the more usual is kept; among equals the order given is kept.
    """
    best: dict[str, Reading] = {}
    for reading in readings:
        text, weight, _ = reading
        known = best.get(text)
        if text and (known is None or weight > known[1]):
            best[text] = reading
    return tuple(sorted(best.values(), key=_weight, reverse=True)[:limit])


_weight = itemgetter(1)


Choice = tuple[str, float]
"""A piece of a spelling and how usual it is among the choices at its place."""


def best_paths(places: Iterable[Sequence[Choice]], limit: int = READINGS_MAX) -> list[Choice]:
    """Return the `limit` most usual ways through `places`, one choice at each, joined, best first.

    Weights multiply, so a choice of weight 1.0 costs nothing. Time grows with the number of places
    times `limit`, never with the number of combinations.

    >>> best_paths([[("m", 1.0)], [("u", 1.0), ("ue", 0.5)]])
    [('mu', 1.0), ('mue', 0.5)]
    """
    paths: list[Choice] = [("", 1.0)]
    for choices in places:
        if len(choices) == 1:
            piece, weight = choices[0]
            paths = [(text + piece, total * weight) for text, total in paths]
            continue
        grown: dict[str, float] = {}
        for text, total in paths:
            for piece, weight in choices:
                longer = text + piece
                if grown.get(longer, 0.0) < total * weight:
                    grown[longer] = total * weight
        paths = sorted(grown.items(), key=_best_first)[:limit]
    return paths


def _best_first(path: Choice) -> tuple[float, str]:
    return -path[1], path[0]


def choices(text: str) -> tuple[Choice, ...]:
    """Return choices written compactly: pieces parted by blanks, a weight after a colon, - for silence.

    >>> choices("v w:0.6 -:0.1")
    (('v', 1.0), ('w', 0.6), ('', 0.1))
    """
    found = []
    for entry in text.split():
        piece, _, weight = entry.partition(":")
        found.append(("" if piece == "-" else piece, float(weight or 1.0)))
    return tuple(found)


def choice_table(text: str) -> dict[str, tuple[Choice, ...]]:
    """Return a table of choices, entries parted by commas: the letters, then their choices.

    >>> choice_table("व v w:0.6, श sh")["श"]
    (('sh', 1.0),)
    """
    table = {}
    for entry in text.split(","):
        letters, _, rest = entry.strip().partition(" ")
        table[letters] = choices(rest)
    return table
