"""`comity proposal, access`: what owners are asked about their records, and what they answer."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.markup import escape

from comity.access.people import Officer
from comity.cli.place import HERE, Place, acting
from comity.cli.show import OUT, show_json, show_pairs, show_rows
from comity.cli.speaking import said, speaker_here
from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.owners import access as accesses
from comity.procedures.owners import proposals
from comity.procedures.owners.asking import ListOrder, RequestList, ShownRequest
from comity.records.fieldtype import Json
from comity.records.kinds import KINDS

PROPOSAL = App(name="proposal", help="Corrections and additions, proposed to the owners of records.")
ACCESS = App(name="access", help="Requests to see whole what an owner shows in part.")

LISTED = ("made_at", "due_at", "state", "bureau", "owner", "record", "kind")
MANY = frozenset(field.name for kind in KINDS.values() for field in kind.fields if field.many)
"""Fields that hold several values; a name means the same in every kind."""

Values = Annotated[tuple[str, ...], Parameter(negative=())]
Act = Callable[[str, Officer, Desk], ShownRequest]


@PROPOSAL.command(name="list")
def list_proposals(
    *,
    side: str = "in",
    state: str = "open",
    limit: int = 50,
    before: str | None = None,
    place: Place = HERE,
) -> None:
    """List the proposals made to the account's bureau, or with --side out its own."""
    with acting(place) as (node, officer, _purpose):
        found = proposals.list_proposals(ListOrder(side, state, limit, before), officer, node.desk)
    _show_list(found, [proposals.proposal_json(one) for one in found.requests], "proposals", place)


@PROPOSAL.command(name="show")
def show_proposal(proposal: str, *, place: Place = HERE) -> None:
    """Show a proposal: what the record says now, what it is to say, and why."""
    _show_proposal(_acted(proposal, proposals.read_proposal, place), place)


@PROPOSAL.command
def make(
    record: str,
    *,
    version: int,
    because: str,
    change: Values = (),
    add: Values = (),
    place: Place = HERE,
) -> None:
    """Propose changes of a record to its owner: --change says what a field is to say, --add what its list lacks."""
    changes: list[Json] = [*_changes(change, "new"), *_changes(add, "add")]
    data: dict[str, Json] = {"record": record, "version": version, "changes": changes, "reason": because}
    with acting(place) as (node, officer, purpose):
        made = proposals.propose(data, officer, purpose, node.desk)
    _show_proposal(made, place)


@PROPOSAL.command(name="accept")
def accept_proposal(
    proposal: str, *, version: int | None = None, because: str | None = None, place: Place = HERE
) -> None:
    """Accept a proposal, which amends the record at once; with --version, only if it is still as you read it."""
    decision = _decision(because, version, is_accepted=True)
    _show_proposal(_decided(proposal, decision, proposals.decide_proposal, place), place)


@PROPOSAL.command(name="refuse")
def refuse_proposal(proposal: str, *, because: str, place: Place = HERE) -> None:
    """Refuse a proposal, for a reason that its author reads."""
    decision = _decision(because, None, is_accepted=False)
    _show_proposal(_decided(proposal, decision, proposals.decide_proposal, place), place)


@PROPOSAL.command(name="withdraw")
def withdraw_proposal(proposal: str, *, place: Place = HERE) -> None:
    """Withdraw an open proposal of the account's own bureau."""
    _show_proposal(_acted(proposal, proposals.withdraw_proposal, place), place)


@ACCESS.command(name="list")
def list_access(
    *,
    side: str = "in",
    state: str = "open",
    limit: int = 50,
    before: str | None = None,
    place: Place = HERE,
) -> None:
    """List the requests for access to the bureau's records, or with --side out its own."""
    with acting(place) as (node, officer, _purpose):
        found = accesses.list_access(ListOrder(side, state, limit, before), officer, node.desk)
    _show_list(found, [one.to_json() for one in found.requests], "requests", place)


@ACCESS.command(name="show")
def show_access(access: str, *, place: Place = HERE) -> None:
    """Show a request for access."""
    _show_access(_acted(access, accesses.read_access, place), place)


@ACCESS.command
def ask(record: str, *, because: str, place: Place = HERE) -> None:
    """Ask the owner of a record that is seen in part to open it to the account's bureau."""
    data: dict[str, Json] = {"record": record, "reason": because}
    with acting(place) as (node, officer, purpose):
        made = accesses.ask_access(data, officer, purpose, node.desk)
    _show_access(made, place)


@ACCESS.command(name="accept")
def accept_access(
    access: str, *, version: int | None = None, because: str | None = None, place: Place = HERE
) -> None:
    """Open a record to the bureau that asked; with --version, only if it is still as you read it."""
    decision = _decision(because, version, is_accepted=True)
    _show_access(_decided(access, decision, accesses.decide_access, place), place)


@ACCESS.command(name="refuse")
def refuse_access(access: str, *, because: str, place: Place = HERE) -> None:
    """Refuse a request for access, for a reason that its author reads."""
    decision = _decision(because, None, is_accepted=False)
    _show_access(_decided(access, decision, accesses.decide_access, place), place)


@ACCESS.command(name="end")
def end_access(access: str, *, because: str, place: Place = HERE) -> None:
    """Take back access that the account's bureau has given, for a reason that the other bureau reads."""
    with acting(place) as (node, officer, _purpose):
        ended = accesses.end_access(access, {"reason": because}, officer, node.desk)
    _show_access(ended, place)


@ACCESS.command(name="withdraw")
def withdraw_access(access: str, *, place: Place = HERE) -> None:
    """Withdraw an open request of the account's own bureau."""
    _show_access(_acted(access, accesses.withdraw_access, place), place)


def _acted(one: str, act: Act, place: Place) -> ShownRequest:
    with acting(place) as (node, officer, _purpose):
        return act(one, officer, node.desk)


def _decided(
    one: str, decision: Json, decide: Callable[[str, Json, Officer, Desk], ShownRequest], place: Place
) -> ShownRequest:
    with acting(place) as (node, officer, _purpose):
        return decide(one, decision, officer, node.desk)


def _decision(because: str | None, version: int | None, *, is_accepted: bool) -> Json:
    return {"accept": is_accepted, "reason": because, "version": version}


def _changes(stated: tuple[str, ...], name: str) -> Iterator[Json]:
    """Yield the changes that FIELD=VALUE states; values of one field stand together, nothing removes it."""
    fields: dict[str, list[Json]] = {}
    for one in stated:
        field, mark, text = one.partition("=")
        if not mark:
            raise MalformedError("value-missing", "change" if name == "new" else name)
        fields.setdefault(field, []).extend([] if not text else [_value(text)])
    for field, values in fields.items():
        if field in MANY or len(values) > 1:
            yield {"field": field, name: list(values)}
        else:
            yield {"field": field, name: values[0] if values else None}


def _value(text: str) -> Json:
    """Return a value as typed: a group of fields is JSON, everything else stands for itself."""
    if not text.startswith("{"):
        return text
    try:
        decoded: Json = msgspec.json.decode(text)
    except msgspec.DecodeError:
        raise MalformedError("json-form", "change") from None
    return decoded


def _show_list(found: RequestList, shown: list[dict[str, Json]], name: str, place: Place) -> None:
    if place.json:
        show_json({name: [*shown], "next": found.next})
        return
    names = (found.what, *LISTED)
    show_rows([{name: _spoken(name, one[name]) for name in names} for one in shown], as_json=False)
    if found.next is not None:
        OUT.print(f"{escape(said('More'))}: --before {found.next}")


def _show_proposal(shown: ShownRequest, place: Place) -> None:
    told = proposals.proposal_json(shown)
    if place.json:
        show_json(told)
        return
    changes = told.pop("changes")
    _show_pairs(told)
    rows: list[dict[str, Json]] = [
        {
            "field": speaker_here().field(str(told["kind"]), str(one["field"])),
            "before": _text(one["now"]),
            "after": f"+ {_text(one['add'])}" if "add" in one else _text(one["new"]),
        }
        for one in (changes if isinstance(changes, list) else [])
        if isinstance(one, dict)
    ]
    show_rows(rows, as_json=False)


def _show_access(shown: ShownRequest, place: Place) -> None:
    told = shown.to_json()
    if place.json:
        show_json(told)
        return
    _show_pairs(told)


def _show_pairs(told: Mapping[str, Json]) -> None:
    show_pairs({name: _spoken(name, value) for name, value in told.items() if value is not None})


def _spoken(name: str, value: Json) -> Json:
    # The states of requests have words of their own: the same code means something else of a record.
    if name == "state":
        return speaker_here().value("asked_state", value)
    return "" if value is None else value


def _text(value: Json) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
