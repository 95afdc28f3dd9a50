"""Audit entries for the acts of officers: who, for whom, why, what was asked, what was shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from comity.access.acts import Act
from comity.access.people import Officer
from comity.audit.entries import Door, Entry, new_nonce
from comity.records.check import Hit
from comity.records.fieldtype import Json
from comity.records.handling import Purpose

DOORS: Mapping[str, Door] = {"cli": "cli", "http": "http", "console": "console", "node": "node"}
TERM_CHARS_MAX = 2000
TERMS_MAX = 50


def entry_of(  # noqa: PLR0913 - an audit entry is this wide, and every caller names what it gives
    officer: Officer,
    act: Act,
    at: datetime,
    outcome: str,
    *,
    purpose: Purpose | None = None,
    kind: str | None = None,
    query: Mapping[str, object] | None = None,
    hits: Sequence[Hit] = (),
    reason: str | None = None,
    on_behalf_of: str | None = None,
    opens: Sequence[int] = (),
) -> Entry:
    """Return the entry for an act of an officer; `opens` are the places of the hits that are to be opened."""
    return Entry(
        at=at,
        act=act.value,
        account=officer.account,
        bureau=officer.bureau.code,
        unit=officer.unit,
        purpose=None if purpose is None else purpose.value,
        kind=kind,
        query=query or {},
        outcome=outcome,
        records=tuple(hit.record for hit in hits),
        owners=tuple(hit.owner for hit in hits),
        on_behalf_of=on_behalf_of,
        reason=reason,
        door=DOORS[officer.door],
        nonce=new_nonce(),
        opens=tuple(opens),
    )


def asked_terms(data: Json) -> dict[str, object]:
    """Return what was asked, as it was asked, within bounds; malformed queries are logged too."""
    if not isinstance(data, dict):
        return {"malformed": str(type(data).__name__)}
    terms: dict[str, object] = {}
    for name, value in list(data.items())[:TERMS_MAX]:
        terms[name[:200]] = value if isinstance(value, bool | int) and abs(value) < 2**53 else _text(value)
    return terms


def _text(value: Json) -> str | None:
    return None if value is None else str(value)[:TERM_CHARS_MAX]
