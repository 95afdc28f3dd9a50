"""What is held on a person and is no record: for the controller, in a case.

    requests that rest on no record (drafts, submitted, refused) ┐
    standing checks · messages · who was found not to be meant   ┴ the same steps as a record, each with a receipt

    what a record said before · notes on a hit · what was proposed: see `redress_former`

A sealed message is known by its header alone. What a request in force, a hit, a proposal say stands beside their
record and goes with it: see `redress_beside`.
"""

import msgspec
from sqlalchemy import Connection

from comity.procedures.desk import Desk
from comity.procedures.redress_former import former_with, remove_former
from comity.procedures.redress_thing import Thing
from comity.records.fieldtype import Json
from comity.records.messages.message import header_from_bytes
from comity.records.notices.states import Form
from comity.registry import distinctions, holdings, messages_held, notices, watches
from comity.registry.messages_held import HeldMessage
from comity.registry.notices import HeldNotice
from comity.registry.redress import CaseRecord
from comity.registry.watches import Watch


def thing_with(connection: Connection, one: str, desk: Desk) -> Thing | None:
    """Return what is held under this identifier and is no record, or None."""
    request = notices.fetch(connection, one)
    if request is not None:
        return None if holdings.fetch_by_id(connection, one) is not None else of_request(request)
    watch = watches.watch_with(connection, one)
    if watch is not None:
        return of_watch(watch, desk)
    message = messages_held.held_with(connection, one)
    if message is not None:
        return of_message(message) if message.body else None
    return of_distinction(connection, one) or former_with(connection, one)


def of_request(held: HeldNotice) -> Thing:
    """Return a notice or diffusion that rests on no record: what waits, and what was submitted before."""
    said = held.latest.to_json()
    body = b"\0".join(part.to_bytes() for part in (held.draft, held.body) if part is not None)
    kind = "notice" if held.form is Form.NOTICE else "diffusion"
    return Thing(
        kind,
        held.id,
        held.owner,
        held.changed_at,
        held.state.value,
        held.latest.kind,
        {**said, "reference": held.reference},
        body,
        held.version,
    )


def of_watch(watch: Watch, desk: Desk) -> Thing:
    """Return a standing check, with what it asks."""
    query: dict[str, Json] = msgspec.json.decode(desk.box.open(watch.query))
    said: dict[str, Json] = {
        "query": query,
        "purpose": watch.purpose,
        "account": watch.account,
        "until": watch.until.isoformat(),
    }
    body = msgspec.json.encode(said, order="sorted")
    return Thing("watch", watch.id, watch.bureau, watch.made_at, "standing", watch.kind, said, body)


def of_message(held: HeldMessage) -> Thing:
    """Return a message: header and content; of a sealed one the header alone."""
    header = header_from_bytes(held.header)
    said: dict[str, Json] = {"thread": held.thread, **header.to_json()}
    if held.envelope is None:
        content: Json = msgspec.json.decode(held.body)
        passed: Json = None if held.forwards is None else msgspec.json.decode(held.forwards)
        said |= {"content": content, "forwarded": passed}
    state = "open" if held.envelope is None else "sealed"
    body = held.header + held.body + (held.forwards or b"")
    return Thing("message", held.public_id, held.author, held.at, state, None, said, body)


def of_distinction(connection: Connection, hit: str) -> Thing | None:
    """Return that whoever has certain papers is not whom a record means; the papers stand there as keyed marks."""
    found = distinctions.of_hit(connection, hit)
    if not found:
        return None
    first = found[0]
    agreed = None if first.agreed_at is None else first.agreed_at.isoformat()
    said: dict[str, Json] = {
        "record": first.record,
        "marks": len(found),
        "account": first.account,
        "until": first.until.isoformat(),
        "agreed_at": agreed,
    }
    body = msgspec.json.encode([said, [one.mark for one in found]], order="sorted")
    state = "noted" if agreed is None else "agreed"
    return Thing("distinction", hit, first.bureau, first.at, state, None, said, body)


def case_thing(ref: str, thing: Thing) -> CaseRecord:
    """Return a thing as a case begins with it."""
    return CaseRecord(
        case=ref,
        record=thing.id,
        number=0,
        owner=thing.owner,
        kind=thing.kind,
        is_blocked=False,
        decision=None,
        version_decided=None,
        is_done=False,
        may_disclose=None,
        digest=None,
        seq=None,
    )


def remove(connection: Connection, thing: Thing, desk: Desk) -> None:
    """Remove what a thing says from every place of the node, in the caller's transaction."""
    match thing.kind:
        case "notice" | "diffusion":
            notices.forget_requests(connection, [thing.id])
        case "watch":
            watches.end_watch(connection, thing.id, desk.clock())
        case "message":
            held = messages_held.held_with(connection, thing.id)
            assert held is not None, "it was held a moment ago, in this transaction"
            messages_held.erase(connection, held)
        case "distinction":
            distinctions.forget_hit(connection, thing.id)
        case _:
            remove_former(connection, thing)
