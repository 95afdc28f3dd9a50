"""Drafting a request, and amending it.

asked -> authorised -> parsed -> stored with its step and audit line -> as it now stands

What is missing is told to whoever drafts it; a draft may be saved, and even submitted, without.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.notices.standing import (
    LISTS,
    check_stated,
    events_of,
    find,
    persons,
    persons_behind,
    side_of,
    unknown,
)
from comity.procedures.notices.subjects import keys_of, make_ready
from comity.procedures.noting import noting
from comity.records.fieldtype import Json
from comity.records.notices.content import Content, parse_content, parse_reference
from comity.records.notices.states import Form, Move, NoticeState, Side, way
from comity.registry import events, notices
from comity.registry.holdings import Submission
from comity.registry.notices import HeldNotice, Step


def draft(data: Json, form: Form, officer: Officer, desk: Desk) -> HeldNotice:
    """Enter a request of the officer's own bureau, as a draft that nobody else sees.

    Raises, after logging, `RefusedError`, `MalformedError`, and `ConflictError` `reference-taken`.
    """
    asked = terms_of(data, form)
    leave(officer, Act.NOTICE_DRAFT, desk, asked)
    with noting(officer, Act.NOTICE_DRAFT, desk, asked):
        content = parse_content(data, form)
        stated = data.get("reference") if isinstance(data, dict) else None
        reference = parse_reference(stated, secrets.token_hex(8))
        owner, at = officer.bureau.code, desk.clock()
        record = content.to_record(reference)
        one = desk.registry.public_id(Submission(owner, LISTS[form], "own", record))
        standing = {"notice": one, "owner": owner, "state": NoticeState.DRAFT.value}
        entry = entry_of(
            officer, Act.NOTICE_DRAFT, at, "done", kind=content.kind, query={**asked, **standing}
        )
        with desk.registry.acting(entry) as connection:
            held = HeldNotice(
                id=one,
                form=form,
                owner=owner,
                reference=reference,
                state=NoticeState.DRAFT,
                version=1,
                draft=content,
                body=None,
                is_held=False,
                hands=tuple(sorted(persons(connection, officer))),
                reviewer=None,
                changed_at=at,
                submitted_at=None,
                reviewed_at=None,
                refused_at=None,
                since=None,
                end=None,
            )
            step = Step(1, "draft", NoticeState.DRAFT, at, officer.account, owner)
            notices.add(connection, held, step)
    return held


def amend(one: str, form: Form, version: int | None, data: Json, officer: Officer, desk: Desk) -> HeldNotice:
    """Amend a draft, a refused request, which becomes a draft again, or propose an update of one in force.

    `version` must be the one that was read. Raises, after logging, as `draft`, and `UnknownError`;
    `ConflictError` `notice-moved-on` and `not-in-that-state`: nothing is lost, nothing is changed.
    """
    asked = {**terms_of(data, form), "notice": one, "version": version}
    leave(officer, Act.NOTICE_DRAFT, desk, asked)
    with noting(officer, Act.NOTICE_DRAFT, desk, asked):
        if version is None:
            raise MalformedError("field-missing", "version")
        content = parse_content(data, form)
        with desk.registry.read() as connection:
            before = notices.fetch(connection, one)
        # Of one's own alone: what is made of another bureau's would tell, by the time that takes, that it is there.
        if before is not None and side_of(before, officer) is Side.OWNER and _is_update(before):
            make_ready(content.kind, content.record)
        at = desk.clock()
        entry = entry_of(officer, Act.NOTICE_DRAFT, at, "amended", kind=content.kind, query=asked)
        with desk.registry.acting(entry) as connection:
            held = find(connection, one, form)
            if side_of(held, officer) is not Side.OWNER:
                raise unknown(one)
            if held.version != version:
                raise ConflictError(what="notice", rule="notice-moved-on")
            return _amended(connection, held, content, officer, desk)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a record is to say of some fields, None where it is to say nothing, and the account that proposed it."""

    changes: Mapping[str, Json]
    account: str


def amend_subject(
    connection: Connection, one: str, correction: Correction, officer: Officer, desk: Desk
) -> None:
    """Propose an update of what is in force: what comes of a proposal is reviewed as all that a notice says is.

    In the caller's transaction, which logs it. Neither who accepts it nor who proposed it reviews it. Raises
    `MalformedError`, `UnknownError`, and `ConflictError`: `not-in-that-state`, and `stale-proposal` where an update
    that waits says something else of a field already.
    """
    held = notices.fetch(connection, one)
    if held is None or side_of(held, officer) is not Side.OWNER:
        raise unknown(one)
    changes, latest = correction.changes, held.latest
    in_force = latest if held.body is None else held.body
    if any(latest.record.get(name) != in_force.record.get(name) for name in changes):
        raise ConflictError(what="proposal", rule="stale-proposal")
    held = replace(held, hands=tuple(sorted({*held.hands, *persons_behind(connection, correction.account)})))
    stated = {**latest.record, **changes}
    record: dict[str, Json] = {name: value for name, value in stated.items() if value is not None}
    content = parse_content({**latest.to_json(), "record": {"kind": latest.kind, **record}}, held.form)
    _amended(connection, held, content, officer, desk)


def _amended(
    connection: Connection, held: HeldNotice, content: Content, officer: Officer, desk: Desk
) -> HeldNotice:
    leads, at = way(held.state, Move.AMEND), desk.clock()
    if leads is None:
        raise ConflictError(what="notice", rule="not-in-that-state")
    _keep_subject(held, content)
    is_update = _is_update(held)
    if is_update:
        check_stated(content, desk)
    changed = replace(
        held,
        state=leads.after,
        version=held.version + 1,
        draft=content,
        hands=tuple(sorted({*held.hands, *persons(connection, officer)})),
        reviewer=None,
        changed_at=at,
        submitted_at=at if is_update else held.submitted_at,
    )
    step = Step(changed.version, "amend", leads.after, at, officer.account, held.owner)
    notices.change(connection, changed, step)
    if is_update:
        notices.add_keys(connection, held.id, keys_of(content))
        events.tell(connection, events_of(changed, "amend", officer, desk))
    return changed


def _is_update(held: HeldNotice) -> bool:
    """Return whether an amendment is an update of what is in force, which waits to be reviewed."""
    leads = way(held.state, Move.AMEND)
    return leads is not None and leads.after in {NoticeState.UPDATED, NoticeState.SUSPENDED}


def terms_of(data: Json, form: Form) -> dict[str, Json]:
    """Return what the log keeps of a draft: which form, colour and reference, not what it says of a person."""
    stated: Mapping[str, Json] = data if isinstance(data, dict) else {}
    return {"form": form.value, "colour": stated.get("colour"), "reference": stated.get("reference")}


def _keep_subject(held: HeldNotice, content: Content) -> None:
    """Raise `MalformedError` where the content is of another colour or kind: its identifier rests on them."""
    if (content.colour.code, content.kind) != (held.latest.colour.code, held.latest.kind):
        raise MalformedError("colour-fixed", "colour")
