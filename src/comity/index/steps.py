"""What a process has followed beyond the segments that it stands on, step by step: it can stand on newer ones then."""

from collections.abc import Sequence
from dataclasses import dataclass

from comity.index.changes import IndexChange
from comity.index.delta import Entry
from comity.index.exact import Pairs
from comity.index.runs import Runs


@dataclass(frozen=True, slots=True)
class Step:
    """What one call brought: changes, records as they are now, records that are gone."""

    changes: Sequence[IndexChange]
    entries: Sequence[Entry]
    gone: Sequence[int]

    @property
    def first(self) -> int:
        """The number of its first change."""
        return self.changes[0].number

    @property
    def last(self) -> int:
        """The number of its last change."""
        return self.changes[-1].number


@dataclass(frozen=True, slots=True)
class BlockStep:
    """A block of new records, hashed."""

    first: int
    count: int
    audience: int
    pairs: Pairs
    runs: Runs

    @property
    def last(self) -> int:
        """The number of its last change."""
        return self.first + self.count - 1


def going_on(steps: Sequence[Step | BlockStep], position: int) -> list[Step | BlockStep]:
    """Return those of these steps, in their order, that go on from a position without a gap.

    Segments may be behind those that a process began from: another has made the index anew as it had followed it.
    What lies between is then followed anew, and all that came after.
    """
    found: list[Step | BlockStep] = []
    for step in steps:
        if step.last <= position:
            continue
        if step.first > position + 1:
            break
        found.append(step)
        position = step.last
    return found
