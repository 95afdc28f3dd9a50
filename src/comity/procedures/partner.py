"""A private partner's check: a document's number, type and issuer in, `go` or `wait` out, and nothing else.

    parsed (these three alone) -> authorised -> searched as its national bureau may see -> logged -> go | wait

The hit is opened by the clockwork from the line, not here: the answer takes the same work either way, and says
nothing of what was met. The police are told: the record's owner, and the partner's national bureau.
Source of the procedure: INTERPOL's I-Checkit.
"""

from collections.abc import Mapping
from typing import Final

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import MalformedError
from comity.procedures.check import find_hits
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.records.check import Check, parse_check
from comity.records.fieldtype import Json
from comity.records.handling import Purpose

FIELDS: Final = ("type", "issuer", "number")
GO, WAIT = "go", "wait"


def partner_check(data: Json, officer: Officer, purpose: Purpose | None, desk: Desk) -> str:
    """Return `go`, or `wait` where the police want a second look at the document. The line is durable before.

    Raises `RefusedError`, and `MalformedError` for anything but the three fields, each well-formed; logged.
    """
    asked: dict[str, Json] = {**data} if isinstance(data, dict) else {}
    stated = purpose or Purpose.BORDER
    grant = leave(officer, Act.PARTNER_CHECK, desk, asked, stated)
    with noting(officer, Act.PARTNER_CHECK, desk, asked):
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
