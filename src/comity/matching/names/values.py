"""What comparing two names takes and gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

NameType = Literal["primary", "alias", "weak", "maiden", "original"]
Rule = Literal[
    "same", "spelling", "transliteration", "typing-error", "initial", "nickname", "joined", "cut-off", "particle",
    "missing", "extra", "contradicts",
]  # fmt: skip


class Rarity(Protocol):
    """What knows how rare a word is among all names held."""

    def idf(self, word: str) -> float:
        """Return the rarity of a word, in natural-log units: 0 where everybody bears it."""
        ...

    def idf_all(self, words: Sequence[str]) -> list[float]:
        """Return the same of some words."""
        return [self.idf(word) for word in words]


@dataclass(frozen=True, slots=True)
class RecordName:
    """One name of a record, as entered, and what kind of name it is."""

    text: str
    type: str = "primary"


@dataclass(frozen=True, slots=True)
class WordAgreement:
    """How one word of the query met one of the record: by which rule, how rare it is, what it weighs.

    `record` is None where nothing met it; `query` is empty for a word that only the record has.
    """

    query: str
    record: str | None
    rule: Rule
    rarity: float
    weight: float


@dataclass(frozen=True, slots=True)
class NameComparison:
    """How a query met a record's names: log-likelihood ratio, score 0 to 1 on the name alone, and why."""

    weight: float
    score: float
    record_name: str
    words: tuple[WordAgreement, ...]
