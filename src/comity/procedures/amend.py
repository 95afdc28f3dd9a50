"""Amending a record that one has open: the version that was read must still be the one held.

parsed -> authorised -> still that version? -> accepted (stored, logged and numbered in one transaction) -> receipt
"""

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import ConflictError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.submit import OWN_LIST, Submitted, refuse_gone
from comity.records.fieldtype import Json
from comity.records.handling import Share
from comity.records.record import HeldRecord, State, parse_record
from comity.registry import holdings
from comity.registry.holdings import Submission
from comity.registry.registry import Handed


def amend(public_id: str, version: int, data: dict[str, Json], officer: Officer, desk: Desk) -> Submitted:
    """Amend one of the bureau's own records, handed in by itself, to what `data` states.

    All of these after logging: `UnknownError` for a record that is not the bureau's own; `ConflictError`
    `stale-version` where another version is held by now, `not-active` where the record is withdrawn,
    suspended or purged, `of-a-list` where a list brought it (a newer list amends it); what `submit` raises.
    """
    asked: dict[str, Json] = {"record": public_id, "version": version}
    leave(officer, Act.RECORD_SUBMIT, desk, asked)
    with noting(officer, Act.RECORD_SUBMIT, desk, asked), desk.registry.entering() as connection:
        held = _amendable(holdings.fetch_by_id(connection, public_id), public_id, version, officer)
        # Who amends what a record says leaves it open to those whom it was opened to, unless they say otherwise.
        opened: list[Json] = [*sorted(held.record.handling.opened)]
        stated: dict[str, Json] = {
            "opened": opened,
            **data,
            "source_id": held.record.source_id,
            "notice": held.record.notice,
        }
        record = parse_record(stated, Share())
        submission = Submission(officer.bureau.code, OWN_LIST, "own", record)
        receipt = desk.registry.accept(connection, Handed([submission], officer.account, desk.clock()))[0]
        refuse_gone(receipt, Act.RECORD_SUBMIT)
        told: dict[str, Json] = {"record": receipt.public_id, "version": receipt.version}
        entry = entry_of(
            officer, Act.RECORD_SUBMIT, desk.clock(), receipt.what, kind=record.kind.code, query=told
        )
        desk.registry.append(connection, entry)
    return Submitted(receipt, record.doubts())


def _amendable(held: HeldRecord | None, public_id: str, version: int, officer: Officer) -> HeldRecord:
    if held is None or held.owner != officer.bureau.code:
        raise UnknownError(what="record", name=public_id[:40])
    if held.state is not State.ACTIVE:
        raise ConflictError(what="record", rule="not-active")
    if held.list_name != OWN_LIST:
        raise ConflictError(what="record", rule="of-a-list")
    if held.version != version:
        raise ConflictError(what="record", rule="stale-version")
    return held
