"""The rules by which words meet, by name for people and by number for kernels."""

from typing import Final

from comity.matching.names.values import Rule

RULES: Final[tuple[Rule, ...]] = (
    "same", "spelling", "transliteration", "typing-error", "initial", "nickname", "joined", "cut-off", "particle",
    "missing", "extra", "contradicts", "initial",
)  # fmt: skip
RULE_NUMBERS: Final = {rule: RULES.index(rule) for rule in RULES}
SAME, SPELLING, TRANSLITERATION, TYPING_ERROR, INITIAL, NICKNAME, JOINED, CUT_OFF, PARTICLE = range(9)
MISSING, EXTRA, CONTRADICTS = range(9, 12)
STANDS_FOR: Final = 12
"""An initial met with a word that nothing else met: a word's own spelling of one letter is `INITIAL`."""
