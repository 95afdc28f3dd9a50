"""What the index is told: numbered changes, records as they are to be found, blocks of new records."""

from collections.abc import Sequence
from dataclasses import dataclass

from comity.records.kind import Terms


@dataclass(frozen=True, slots=True)
class IndexChange:
    """One numbered change as the index follows it: the record's audience before and after."""

    number: int
    record: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Indexed:
    """A record as it is to be found from now on; `terms` is None where it is not to be found any more."""

    record: int
    audience: int
    terms: Terms | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class NewBlock:
    """New records with neighbouring numbers and one audience, entered by as many neighbouring changes.

    `columns` are (meaning, keys), one key for each record, place by place. Such records bear no names.
    """

    first_change: int
    first_record: int
    count: int
    audience: int
    columns: tuple[tuple[str, Sequence[str]], ...]
