"""What goes into the name index, and what comes out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameEntry:
    """One name of one record.

    `audience` is the small number of the class of accounts that may see the record, `space` that of the kind of
    name (persons, vessels, titles of works), which are never searched together. `counts` says that every bureau
    may see the record: only such names teach how rare a word is, or a withheld record would shift visible scores.
    """

    record: int
    audience: int
    space: int
    text: str
    counts: bool


@dataclass(frozen=True, slots=True)
class NameCandidate:
    """A record whose name may be the one asked for, with its score: higher is nearer, not yet a probability."""

    record: int
    score: float
