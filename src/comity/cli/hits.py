"""`comity hits, duty, address`: the hits of a bureau, who stands in for it, where it is told of events."""

from typing import Annotated

from cyclopts import App, Parameter
from rich.markup import escape
from rich.table import Table

from comity.cli.place import HERE, Place, acting, operating
from comity.cli.show import OUT, show_json, show_pairs, show_rows, show_secret
from comity.cli.speaking import said, speaker_here
from comity.errors import MalformedError
from comity.procedures import addresses
from comity.procedures.distinctions import agree_distinction, undo_distinction
from comity.procedures.duties import duty_before, read_duty, set_duty
from comity.procedures.events import feed as read_feed
from comity.procedures.hits import HitLine, HitPage, HitsAsked, list_hits, read_hit
from comity.procedures.hits_acts import answer_hit, ask_confirmation, close_hit
from comity.records.fieldtype import Json
from comity.records.kinds import KINDS

HITS = App(
    name="hits", help="The hits of the account's bureau: see them, ask, answer, say what came of them."
)
DUTY = App(name="duty", help="Who answers when the account's bureau is silent.")
ADDRESS = App(name="address", help="Where bureaus are told of events outside the console.")


@HITS.command(name="list")
def list_(
    *,
    box: str = "all",
    limit: int = 50,
    after: str | None = None,
    record: str | None = None,
    place: Place = HERE,
) -> None:
    """List hits: those to `answer`, `told` of, `ours`, `closed` or all."""
    with acting(place) as (node, officer, _purpose):
        page = list_hits(HitsAsked(box, limit, after, record), officer, node.desk)
    if place.json:
        show_json(page.to_json())
        return
    speaker = speaker_here()
    names = ("hit", "opened_at", "kind", "owner", "bureau", "state", "due_at")
    table = Table(*(escape(speaker.label(name)) for name in names), box=None, pad_edge=True)
    for line in page.lines:
        table.add_row(*(escape(cell) for cell in _cells(line)))
    OUT.print(table)
    if page.next is not None:
        OUT.print(f"{escape(said('More'))}: --after {page.next}")


def _cells(line: HitLine) -> tuple[str, ...]:
    hit, meeting, speaker = line.hit, line.hit.meeting, speaker_here()
    due = hit.due_at.isoformat(timespec="seconds") if hit.is_waiting and hit.due_at is not None else "-"
    state = speaker.value("hit_state", hit.state.value)
    opened = hit.opened_at.isoformat(timespec="seconds")
    return hit.id, opened, speaker.kind(meeting.kind), meeting.owner, meeting.bureau, state, due


@HITS.command
def show(hit: str, *, place: Place = HERE) -> None:
    """Show one hit: who met what and when, what was asked and answered, what came of it."""
    with acting(place) as (node, officer, _purpose):
        page = read_hit(hit, officer, node.desk)
    _show(page, place)


@HITS.command
def ask(hit: str, *, priority: str, note: str | None = None, place: Place = HERE) -> None:
    """Ask the owner to confirm: urgent (10 minutes), routine (1 hour) or bureau (12 hours)."""
    with acting(place) as (node, officer, _purpose):
        page = ask_confirmation(hit, {"priority": priority, "note": note}, officer, node.desk)
    _show(page, place)


@HITS.command
def answer(
    hit: str,
    word: str,
    *,
    reason: str | None = None,
    by: str | None = None,
    note: str | None = None,
    place: Place = HERE,
) -> None:
    """Answer for the record: confirmed, refused with --reason, or later with --by."""
    data: dict[str, Json] = {"answer": word, "note": note}
    data |= {name: value for name, value in (("reason", reason), ("by", by)) if value is not None}
    with acting(place) as (node, officer, _purpose):
        page = answer_hit(hit, data, officer, node.desk)
    _show(page, place)


@HITS.command
def close(
    hit: str,
    outcome: str,
    *,
    distinguish: Annotated[bool, Parameter(negative=())] = False,
    note: str | None = None,
    place: Place = HERE,
) -> None:
    """Say what came of a hit: identity-confirmed, not-identical, no-longer-valid or not-pursued."""
    data: dict[str, Json] = {"outcome": outcome, "note": note, "distinguish": distinguish}
    with acting(place) as (node, officer, _purpose):
        page = close_hit(hit, data, officer, node.desk)
    _show(page, place)


@HITS.command
def agree(hit: str, *, place: Place = HERE) -> None:
    """Agree, as the owner, that whoever was checked is another: no bureau stops them for this record again."""
    with acting(place) as (node, officer, _purpose):
        page = agree_distinction(hit, officer, node.desk)
    _show(page, place)


@HITS.command(name="stop-again")
def stop_again(hit: str, *, place: Place = HERE) -> None:
    """Let whoever was found to be another in a hit be stopped again for its record, by every bureau."""
    with acting(place) as (node, officer, _purpose):
        page = undo_distinction(hit, officer, node.desk)
    _show(page, place)


@HITS.command
def feed(*, after: str | None = None, limit: int = 50, place: Place = HERE) -> None:
    """Show what the account's bureau was told, in order."""
    with acting(place) as (node, officer, _purpose):
        found = read_feed(after, limit, officer, node.desk).to_json()
    if place.json:
        show_json(found)
        return
    events = found["events"]
    assert isinstance(events, list), "a feed is a list of events"
    show_rows([one for one in events if isinstance(one, dict)], as_json=False)


def _show(page: HitPage, place: Place) -> None:
    shown = page.to_json()
    if place.json:
        show_json(shown)
    else:
        show_pairs({name: value for name, value in shown.items() if value is not None})


@DUTY.command(name="show")
def show_duty(place: Place = HERE) -> None:
    """Show who answers when the account's bureau is silent, and how long its checks meet newer records."""
    with acting(place) as (node, officer, _purpose):
        page = read_duty(officer, node.desk)
    show_json(page.to_json()) if place.json else show_pairs(page.to_json())


@DUTY.command(name="set")
def set_(
    *,
    account: str | None = None,
    second: str | None = None,
    contact: str | None = None,
    days: Annotated[list[str] | None, Parameter(negative=())] = None,
    place: Place = HERE,
) -> None:
    """Set the delegate on duty, the bureau that stands in, how to reach the desk, and days: --days border=3.

    What is not named stays as it is; an empty word, as in --days border=, takes it back.
    """
    named = {"account": account, "second": second, "contact": contact}
    with acting(place) as (node, officer, _purpose):
        seen = duty_before(officer, node.desk)
        before = seen.duty
        held = {"account": before.account, "second": before.second, "contact": before.contact or None}
        data: dict[str, Json] = {
            name: held[name] if given is None else given or None for name, given in named.items()
        }
        by_purpose: dict[str, Json] = {**before.days}
        by_kind: dict[str, Json] = {**before.kinds}
        for one in days or ():
            name, count = _days_named(one)
            counts = by_kind if name in KINDS else by_purpose
            counts.pop(name, None)
            if count is not None:
                counts[name] = count
        page = set_duty({**data, "days": by_purpose, "kinds": by_kind}, officer, node.desk, seen.mark)
    show_json(page.to_json()) if place.json else show_pairs(page.to_json())


def _days_named(text: str) -> tuple[str, int | None]:
    """Return the purpose or kind that `border=3` names and its days, None for `border=`; raises `MalformedError`."""
    name, equals, count = text.partition("=")
    if not equals or (count and not count.isdecimal()):
        raise MalformedError("number-expected", "days")
    return name, int(count) if count else None


@ADDRESS.command(name="set")
def set_address(channel: str, target: str, *, place: Place = HERE) -> None:
    """Ask that the account's bureau be told of events: by `webhook` or `email`. The operator allows it."""
    with operating(place) as (node, officer):
        made, secret = addresses.ask_address(channel, target, officer, node.desk)
    shown: dict[str, Json] = {"address": made.id, "state": made.state}
    if place.json:
        show_json({**shown, "secret": None if secret is None else secret.reveal()})
        return
    show_pairs(shown)
    if secret is not None:
        show_secret(said("Secret that signs, shown this once"), secret)


@ADDRESS.command(name="list")
def list_addresses(place: Place = HERE) -> None:
    """List the addresses of the account's bureau, or all where the account runs the node."""
    with operating(place) as (node, officer):
        found = addresses.list_addresses(officer, node.desk)
    show_rows([one.to_json() for one in found], as_json=place.json)


@ADDRESS.command(name="allow")
def allow_address(address: str, *, place: Place = HERE) -> None:
    """Let events go to an address that a bureau asked for."""
    with operating(place) as (node, officer):
        addresses.allow_address(address, officer, node.desk)
    show_pairs({"address": address, "state": "allowed"})


@ADDRESS.command(name="close")
def close_address(address: str, *, place: Place = HERE) -> None:
    """Let nothing more go to an address."""
    with operating(place) as (node, officer):
        addresses.close_address(address, officer, node.desk)
    show_pairs({"address": address, "state": "closed"})
