"""The sound skeleton: what is left of a Latin spelling when vowels and spelling habits are taken out.

It joins spellings that no table lists, at the price of joining strangers too: a key to candidates, never a
verdict.
"""

import re
from functools import lru_cache

# Longest first: a regular expression takes the first that fits.
_SOUNDS = (
    ("dzh", "j"),
    ("dsch", "j"),
    ("tsch", "c"),
    ("shch", "c"),
    ("schtsch", "c"),
    ("chtch", "c"),
    ("sch", "c"),
    ("tch", "c"),
    ("tsh", "c"),
    ("cz", "c"),
    ("sz", "c"),
    ("ch", "c"),
    ("sh", "c"),
    ("zh", "j"),
    ("dj", "j"),
    ("dg", "j"),
    ("kh", "h"),
    ("gh", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("dh", "t"),
    ("bh", "p"),
    ("ck", "k"),
    ("ts", "s"),
    ("tz", "s"),
    ("cs", "c"),
    ("qu", "k"),
    ("x", "ks"),
    ("rz", "j"),
    ("ce", "s"),
    ("ci", "s"),
    ("cy", "s"),
    ("ge", "j"),
    ("gi", "j"),
    ("b", "p"),
    ("p", "p"),
    ("f", "f"),
    ("v", "f"),
    ("w", "f"),
    ("d", "t"),
    ("t", "t"),
    ("k", "k"),
    ("g", "g"),
    ("q", "k"),
    ("c", "k"),
    ("s", "s"),
    ("z", "s"),
    ("j", "j"),
    ("l", "l"),
    ("r", "r"),
    ("m", "m"),
    ("n", "n"),
    ("h", "h"),
)
_SOUND_OF = dict(_SOUNDS)
_SOUND = re.compile("|".join(sorted(_SOUND_OF, key=len, reverse=True)) + "|.")


@lru_cache(maxsize=1 << 17)
def skeleton(latin: str) -> str:
    """Return the consonant skeleton of a Latin word, one letter a sound class."""
    return "".join(_SOUND_OF.get(found, "") for found in _SOUND.findall(latin)).replace("g", "k")
