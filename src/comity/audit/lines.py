"""How an entry stands in the store: its sealed bytes, and what is repeated beside them to be searched.

The bytes are the truth. The columns beside them are computed from them, here and nowhere else, so that an
inspection can compute them again and find one that was changed.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from comity.audit.entries import Entry, Head, clean_text
from comity.audit.merkle import leaf_hash

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
DAY_US: Final = timedelta(days=1) // _MICROSECOND
EPOCH_DAY: Final = _EPOCH.toordinal()
"""The number of the day, as `date` counts them, of which moments are counted from the beginning."""


class Line(NamedTuple):
    """A stored entry: its number, what it can be searched by, its leaf hash and its sealed bytes."""

    seq: int
    at_us: int
    account: str
    bureau: str
    act: str
    purpose: str | None
    outcome: str
    leaf: bytes
    body: bytes


Row = tuple[int, int, str, str, str, str | None, str, bytes, bytes]
"""The columns of a line, in order."""


class Shown(NamedTuple):
    """That entry `seq` showed a record, and whose it is."""

    seq: int
    record: str
    owner: str


def microseconds(at: datetime) -> int:
    """Return a moment as an entry's column holds it: exactly, which a float is not."""
    return (at - _EPOCH) // _MICROSECOND


def moment(at_us: int) -> datetime:
    """Return the moment that a column holds."""
    return _EPOCH + _MICROSECOND * at_us


def line_of(seq: int, entry: Entry | Head, body: bytes, leaf: bytes | None = None) -> Line:
    """Return the stored line of an entry whose canonical bytes are `body`; `leaf` is their hash, where it is known."""
    return Line(*row_of(seq, entry, body, leaf_hash(body) if leaf is None else leaf))


def row_of(seq: int, entry: Entry | Head, body: bytes, leaf: bytes) -> Row:
    """Return the same as a plain tuple, for a driver that takes thousands of them."""
    told = _told(entry.account, entry.bureau, entry.act, entry.purpose, entry.outcome)
    return (seq, (entry.at - _EPOCH) // _MICROSECOND, *told, leaf, body)


@lru_cache(maxsize=4096)
def _told(
    account: str, bureau: str, act: str, purpose: str | None, outcome: str
) -> tuple[str, str, str, str | None, str]:
    """Return what a line can be searched by beside its moment: of thousands of lines nearly all say the same."""
    stated = None if purpose is None else column_text(purpose)
    return column_text(account), column_text(bureau), column_text(act), stated, column_text(outcome)


def shown_in(seq: int, entry: Entry | Head) -> tuple[Shown, ...]:
    """Return one row for each record that the entry showed, each record once."""
    if not entry.records:
        return ()
    owners = {
        column_text(record): column_text(owner)
        for record, owner in zip(entry.records, entry.owners, strict=True)
    }
    return tuple(Shown(seq, record, owner) for record, owner in owners.items())


def column_text(text: str) -> str:
    """Return text as its column holds it: in NFC, without NUL, which PostgreSQL cannot store."""
    clean = text if text.isascii() else clean_text(text)
    return clean.replace("\x00", "\ufffd") if "\x00" in clean else clean
