"""A private partner's check: a document's number, type and issuer in, `go` or `wait` out, and nothing else.

    parsed (these three alone) -> authorised -> searched as its national bureau may see -> logged -> go | wait

The hit is opened by the clockwork from the line, not here: the answer takes the same work either way, and says
nothing of what was met. The police are told: the record's owner, and the partner's national bureau.
Source of the procedure: INTERPOL's I-Checkit.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import MalformedError, RefusedError
from comity.procedures.check import find_hits
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.records.check import Check, parse_check
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.registry import audit_log

FIELDS: Final = ("type", "issuer", "number")
GO, WAIT = "go", "wait"
PURPOSES: Final = (Purpose.BORDER, Purpose.SECURITY)
"""What a private partner checks documents for. A record that its owner shows for the work of the police alone, as an
investigation, is none of its affair: the answers for one purpose and another would tell it which that is."""
AN_HOUR_MAX: Final = 20_000
"""So many acts of one account an hour, refused ones too: four times what an airline of 600 flights a day asks,
and too few to try numbers through until one waits."""


def partner_check(data: Json, officer: Officer, purpose: Purpose | None, desk: Desk) -> str:
    """Return `go`, or `wait` where the police want a second look at the document. The line is durable before.

    Raises `RefusedError`, with the rule `too-many-checks` for more than `AN_HOUR_MAX` an hour, `purpose-not-admitted`
    for a purpose that is the police's own, and `MalformedError` for anything but the three fields, each well-formed;
    logged.
    """
    asked: dict[str, Json] = {**data} if isinstance(data, dict) else {}
    stated = purpose or _usual(officer)
    grant = leave(officer, Act.PARTNER_CHECK, desk, asked, stated)
    with noting(officer, Act.PARTNER_CHECK, desk, asked):
        if stated not in PURPOSES:
            raise RefusedError(act=Act.PARTNER_CHECK.value, rule="purpose-not-admitted")
        _check_rate(officer, desk)
        check = _parsed(data)
    desk.follower.catch_up()
    hits = find_hits(check, grant, desk)
    answer = WAIT if hits else GO
    entry = entry_of(
        officer,
        Act.PARTNER_CHECK,
        desk.clock(),
        answer,
        purpose=stated,
        kind=check.kind.code,
        query=asked_terms(asked),
        hits=hits,
        opens=range(len(hits)),
    )
    desk.registry.log(entry)
    return answer


def _usual(officer: Officer) -> Purpose:
    """Return the purpose of a partner's check that states none: the first that its account may state."""
    return next((one for one in PURPOSES if not officer.purposes or one in officer.purposes), PURPOSES[0])


def _check_rate(officer: Officer, desk: Desk) -> None:
    with desk.registry.read() as connection:
        before = audit_log.nth_own_at(connection, officer.account, AN_HOUR_MAX)
    if before is not None and desk.clock() - before < timedelta(hours=1):
        raise RefusedError(act=Act.PARTNER_CHECK.value, rule="too-many-checks")


def _parsed(data: Json) -> Check:
    if not isinstance(data, Mapping):
        raise MalformedError("object-expected", "body")
    for name in data:
        if name not in FIELDS:
            raise MalformedError("unknown-field", name[:200])
    for name in FIELDS:
        if data.get(name) is None:
            raise MalformedError("field-missing", name)
    return parse_check({"kind": "travel_document", **data})
