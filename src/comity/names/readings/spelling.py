"""The normal form of Latin spelling habits: vowels are kept, ways of writing one sound are joined."""

import re
from functools import lru_cache

HABITS = (
    ("tsch", "ch"),
    ("tch", "ch"),
    ("shch", "sh"),
    ("sch", "sh"),
    ("dzh", "j"),
    ("dj", "j"),
    ("zh", "j"),
    ("ph", "f"),
    ("ck", "k"),
    ("kh", "h"),
    ("gh", "g"),
    ("th", "t"),
    ("dh", "d"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("ie", "i"),
    ("ij", "i"),
    ("iy", "i"),
    ("yi", "i"),
    ("ei", "ai"),
    ("ey", "ai"),
    ("ay", "ai"),
    ("w", "v"),
    ("y", "i"),
    ("q", "k"),
    ("x", "ks"),
    ("tz", "ts"),
    ("ae", "e"),
    ("oe", "o"),
    ("ue", "u"),
)
"""Letters that write one sound, and how it is written here; the longest that stand in a word count."""
_HABIT_OF = dict(HABITS)
_HABIT = re.compile("|".join(sorted(_HABIT_OF, key=len, reverse=True)))
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 12)
def spellings(latin: str) -> str:
    """Return the normal form of a Latin word: one writing for each sound, letters never doubled."""
    return _DOUBLED.sub(r"\1", _HABIT.sub(lambda found: _HABIT_OF[found.group()], latin))
