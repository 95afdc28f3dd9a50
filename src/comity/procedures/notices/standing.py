"""A request as it stands before somebody: who sees it at all, on which side they are, whose hands it went through."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from sqlalchemy import Connection

from comity.access.acts import SECRETARIAT_ACTS, Act
from comity.access.decide import Grant
from comity.access.people import SECRETARIAT_REGION, Officer
from comity.errors import MalformedError, UnknownError
from comity.procedures.bureaus import place_code
from comity.procedures.desk import Desk
from comity.records.handling import Restriction, View
from comity.records.notices.content import Content, years_after
from comity.records.notices.states import Form, Move, NoticeState, Side
from comity.registry import accounts, holdings, notices
from comity.registry.events import Event
from comity.registry.notices import HeldNotice

LISTS: Mapping[Form, str] = {Form.NOTICE: "notices", Form.DIFFUSION: "diffusions"}
"""The lists under which the registry holds the records of requests in force."""

ACTS: Mapping[Move, Act] = {
    Move.AMEND: Act.NOTICE_DRAFT,
    Move.SUBMIT: Act.NOTICE_SUBMIT,
    Move.TAKE: Act.NOTICE_REVIEW,
    Move.RETURN: Act.NOTICE_REVIEW,
    Move.PUBLISH: Act.NOTICE_PUBLISH,
    Move.REFUSE: Act.NOTICE_REFUSE,
    Move.SUSPEND: Act.NOTICE_SUSPEND,
    Move.RESUME: Act.NOTICE_SUSPEND,
    Move.WITHDRAW: Act.NOTICE_WITHDRAW,
    Move.EXPIRE: Act.NOTICE_EXPIRE,
}
"""The act that each move is."""


def is_reviewer(officer: Officer) -> bool:
    """Return whether an officer reviews requests: the role, and the secretariat."""
    return officer.bureau.region == SECRETARIAT_REGION and officer.acts() >= SECRETARIAT_ACTS


def side_of(held: HeldNotice, officer: Officer) -> Side | None:
    """Return on which side of a request an officer stands, or None."""
    if is_reviewer(officer):
        return Side.REVIEWER if held.submitted_at is not None else None
    if held.owner == officer.bureau.code and Act.NOTICE_DRAFT in officer.acts():
        return Side.OWNER
    return None


def find(connection: Connection, one: str, form: Form) -> HeldNotice:
    """Return the request with this identifier; raises `UnknownError`."""
    held = notices.fetch(connection, one)
    if held is None or held.form is not form:
        raise unknown(one)
    return held


def unknown(one: str) -> UnknownError:
    """Return the error that not held and not visible share."""
    return UnknownError(what="notice", name=one[:40])


def view_of(connection: Connection, held: HeldNotice, grant: Grant, desk: Desk) -> View | None:
    """Return how much the grant's bureau sees of a request because it is in force: as much as of its record."""
    if held.since is None:
        return None
    record = holdings.fetch_by_id(connection, held.id)
    seen = None if record is None else desk.seen(grant, record)
    return None if seen is None else seen.view


def standing_terms(before: HeldNotice, after: HeldNotice) -> dict[str, object]:
    """Return what the log notes of where a request came to stand, so that it can be counted from there."""
    if before.state is after.state:
        return {}
    terms: dict[str, object] = {
        "owner": after.owner,
        "colour": after.latest.colour.code,
        "state": after.state.value,
    }
    is_new = before.since is None and after.since is not None and before.state is not NoticeState.SUSPENDED
    return {**terms, "in_force": True} if is_new else terms


def persons(connection: Connection, officer: Officer) -> frozenset[str]:
    """Return the names by which one person is known: the account, and the officer behind it where that is known.

    Two accounts of one officer are one person: four eyes need two.
    """
    return persons_behind(connection, officer.account)


def persons_behind(connection: Connection, name: str) -> frozenset[str]:
    """Return the names by which the person behind an account is known."""
    account = accounts.account_named(connection, name)
    names = {f"account:{name}"}
    if account.officer is not None:
        names.add(f"officer:{account.bureau}/{account.officer}")
        # Accounts of earlier releases may have the number of one person in other digits, or in capitals.
        with suppress(MalformedError):
            number = place_code(account.officer, "officer").casefold()
            names.add(f"officer:{account.bureau}/{number}")
    return frozenset(names)


def check_stated(content: Content, desk: Desk) -> None:
    """Raise `MalformedError` for what is not asked for so: a day that is past or too far, bureaus there are not, none.

    What a draft may say for a while, neither what is submitted nor an update of what is in force may.
    """
    until, today = content.valid_until, desk.clock().date()
    if until is not None and until <= today:
        raise MalformedError("date-past", "valid_until")
    if until is not None and until > years_after(today, content.colour.retention_years):
        raise MalformedError("too-long-valid", "valid_until")
    if content.share.bureaus - set(desk.registry.bureaus()):
        raise MalformedError("unknown-bureau", "share")
    if content.share.restriction is Restriction.OWNER:
        raise MalformedError("recipients-missing", "share")


def events_of(held: HeldNotice, what: str, officer: Officer, desk: Desk) -> list[Event]:
    """Return what the owner and, of what was submitted, the secretariat are told of a step."""
    if held.submitted_at is None:
        return _events(held, what, {held.owner} - {officer.bureau.code}, desk)
    bureaus = desk.registry.bureaus().items()
    office = {code for code, bureau in bureaus if bureau.region == SECRETARIAT_REGION}
    # Where the secretariat asks itself, as for those under sanctions, its desk and its reviewers tell each other.
    silent = set[str]() if held.owner in office else {officer.bureau.code}
    return _events(held, what, {held.owner, *office} - silent, desk)


def addressee_events(
    before: HeldNotice, after: HeldNotice, what: str, officer: Officer, desk: Desk
) -> list[Event]:
    """Return what the addressees of a diffusion are told of a step: what changes for them, not how it came about.

    One that it goes to no longer is told that it is withdrawn, whatever the step was.
    """
    if before.form is not Form.DIFFUSION or _shown(before) == _shown(after):
        return []
    office = {code for code, one in desk.registry.bureaus().items() if one.region == SECRETARIAT_REGION}
    without = {before.owner, officer.bureau.code, *office}
    old, new = (_addressees(one) - without for one in (before, after))
    if after.since is None:
        return _events(after, what, old, desk)
    gone = Move.WITHDRAW.value
    return [*_events(after, what, new, desk), *_events(after, gone, old - new, desk)]


def _shown(held: HeldNotice) -> object:
    """Return all that an addressee sees of a diffusion."""
    return None if held.since is None else (held.body, held.end, held.reviewed_at)


def _addressees(held: HeldNotice) -> frozenset[str]:
    return frozenset() if held.since is None or held.body is None else held.body.share.bureaus


def _events(held: HeldNotice, what: str, bureaus: Iterable[str], desk: Desk) -> list[Event]:
    at = desk.clock()
    return [Event(code, held.form.value, what, held.id, at) for code in sorted(bureaus)]
