"""Accounts, bureaus, units: who may make them, and what the log says of it, done or not."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.copies import copy_node

from comity.access.credentials import code_at
from comity.access.people import Officer
from comity.access.roles import role_named
from comity.app import open_node
from comity.audit.entries import Entry, decode
from comity.errors import ComityError, ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures import bureaus, people
from comity.procedures.desk import Desk
from comity.procedures.sign_in import officer_named, sign_in
from comity.procedures.statistics import statistics
from comity.records.handling import Handling, Restriction, Share
from comity.records.kinds import KINDS
from comity.records.record import parse_record
from comity.registry import accounts
from comity.registry.accounts import Account
from comity.registry.holdings import Submission
from comity.registry.registry import Handed
from comity.registry.schema import AUDIT

NOON = dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    directory: Path = tmp_path_factory.mktemp("accounts") / "node"
    copy_node(directory)
    with open_node(directory) as node:
        with node.desk.registry.write() as connection:
            for name, bureau, role in (
                ("egy-admin", "EGY", "administrator"),
                ("egy-one", "EGY", "registrar"),
                ("fra-one", "FRA", "registrar"),
                ("runner", "XPO", "operator"),
            ):
                accounts.add_account(connection, Account(name, bureau, role_named(role)), NOON)
        yield replace(node.desk, clock=lambda: NOON)


@pytest.fixture
def chief(desk: Desk) -> Officer:
    return officer_named("egy-admin", desk)


@pytest.fixture
def runner(desk: Desk) -> Officer:
    return officer_named("runner", desk)


def log(desk: Desk) -> list[Entry]:
    with desk.registry.read() as connection:
        rows = connection.execute(select(AUDIT.entries.c.body).order_by(AUDIT.entries.c.seq)).scalars()
        return [decode(body) for body in rows]


def last(desk: Desk) -> tuple[str, str, str | None]:
    entry = log(desk)[-1]
    return entry.act, entry.outcome, entry.reason


def failing(act: Callable[[], object]) -> type[ComityError] | None:
    try:
        act()
    except ComityError as error:
        return type(error)
    return None


def numbered(desk: Desk, chief: Officer, number: str) -> str:
    """Return the number of an officer who is there."""
    with desk.registry.write() as connection:
        if "quay" not in accounts.units_of(connection, "EGY"):
            accounts.add_unit(connection, "EGY", "quay")
    bureaus.add_officer(number, "quay", chief, desk)
    return number


def opened(desk: Desk, by: Officer, name: str, role: str, number: str | None) -> people.Credentials:
    unit = None if number is None else "quay"
    return people.open_account(Account(name, "EGY", role_named(role), unit, number), by, desk)


def test_who_opens_an_account_is_told_of_the_same_officer_s_others(chief: Officer, desk: Desk) -> None:
    number = numbered(desk, chief, "81")
    first = opened(desk, chief, "egy-first", "registrar", number)
    second = opened(desk, chief, "egy-second", "officer", number)
    assert (first.beside, second.beside) == ((), ("egy-first",))


def test_a_closed_account_of_the_same_officer_is_not_told(chief: Officer, desk: Desk) -> None:
    number = numbered(desk, chief, "82")
    opened(desk, chief, "egy-old", "registrar", number)
    people.close_account("egy-old", chief, desk)
    assert opened(desk, chief, "egy-new", "registrar", number).beside == ()


def test_an_account_that_its_manager_does_not_see_is_not_told(chief: Officer, desk: Desk) -> None:
    number = numbered(desk, chief, "83")
    with desk.registry.write() as connection:
        other = Account("egy-admin-too", "EGY", role_named("administrator"), "quay", number)
        accounts.add_account(connection, other, NOON)
    assert opened(desk, chief, "egy-below", "registrar", number).beside == ()


@pytest.mark.parametrize(
    ("role", "is_numbered", "is_apart"),
    [("registrar", False, True), ("registrar", True, False), ("partner", False, False)],
)
def test_who_opens_an_account_is_told_where_four_eyes_cannot_know_whose_it_is(
    chief: Officer, desk: Desk, role: str, *, is_numbered: bool, is_apart: bool
) -> None:
    number = numbered(desk, chief, f"84-{role}") if is_numbered else None
    assert opened(desk, chief, f"egy-{role}-{is_numbered}".lower(), role, number).is_apart is is_apart


def test_opening_an_account_of_ones_own_rank_is_logged(chief: Officer, desk: Desk) -> None:
    failing(lambda: people.open_account(Account("x", "EGY", role_named("administrator")), chief, desk))
    assert last(desk) == ("account:manage", "refused", "rank")


def test_opening_an_account_of_another_bureau_is_logged(chief: Officer, desk: Desk) -> None:
    failing(lambda: people.open_account(Account("x", "FRA", role_named("officer")), chief, desk))
    assert last(desk) == ("account:manage", "refused", "other-bureau")


def test_a_taken_name_is_logged(chief: Officer, desk: Desk) -> None:
    failing(lambda: people.open_account(Account("fra-one", "EGY", role_named("officer")), chief, desk))
    assert last(desk) == ("account:manage", "conflict", "account name-taken")


@pytest.mark.parametrize("name", ["", "-", "Ana", "two words", "a" * 81, "a\x00"])
def test_a_name_that_is_no_name_is_refused(chief: Officer, desk: Desk, name: str) -> None:
    with pytest.raises(MalformedError):
        people.open_account(Account(name, "EGY", role_named("officer")), chief, desk)


@pytest.mark.parametrize("act", [people.reset_account, people.close_account])
def test_an_account_of_another_bureau_is_as_unknown_as_none(
    chief: Officer, desk: Desk, act: Callable[[str, Officer, Desk], object]
) -> None:
    assert failing(lambda: act("fra-one", chief, desk)) is failing(lambda: act("nobody", chief, desk))


@pytest.mark.parametrize("name", ["fra-one", "nobody", "a\x00b"])
def test_managing_an_account_that_is_unknown_is_logged(chief: Officer, desk: Desk, name: str) -> None:
    failing(lambda: people.close_account(name, chief, desk))
    assert last(desk) == ("account:manage", "unknown", "unknown")


def test_an_administrator_does_not_reset_themselves(chief: Officer, desk: Desk) -> None:
    with pytest.raises(RefusedError):
        people.reset_account("egy-admin", chief, desk)


def test_a_reset_gives_secrets_that_open(chief: Officer, desk: Desk) -> None:
    people.open_account(Account("egy-two", "EGY", role_named("officer")), chief, desk)
    shown = people.reset_account("egy-two", chief, desk)
    code = _code(shown.code_secret.reveal())
    assert sign_in("egy-two", shown.passphrase.reveal(), code, desk).officer.account == "egy-two"


def _code(secret: str) -> str:
    return code_at(secret, NOON.timestamp())


def test_a_closed_account_does_not_act(chief: Officer, desk: Desk) -> None:
    people.open_account(Account("egy-three", "EGY", role_named("officer")), chief, desk)
    people.close_account("egy-three", chief, desk)
    with pytest.raises(ComityError):
        officer_named("egy-three", desk)


def test_who_runs_the_node_appoints_an_administrator_of_any_bureau(runner: Officer, desk: Desk) -> None:
    people.open_account(Account("ken-admin", "KEN", role_named("administrator")), runner, desk)
    assert officer_named("ken-admin", desk).bureau.code == "KEN"


@pytest.mark.parametrize("role", ["officer", "registrar", "controller", "operator", "desk", "system"])
def test_who_runs_the_node_appoints_nobody_else(runner: Officer, desk: Desk, role: str) -> None:
    with pytest.raises(RefusedError):
        people.open_account(Account("other", "KEN", role_named(role)), runner, desk)


def test_a_registrar_manages_nobody(desk: Desk) -> None:
    failing(lambda: people.close_account("egy-one", officer_named("egy-one", desk), desk))
    assert last(desk) == ("account:manage", "refused", "act-not-in-role")


def test_an_administrator_lists_the_lower_ranks_of_their_bureau(chief: Officer, desk: Desk) -> None:
    names = {account.name for account in people.managed_accounts(None, chief, desk)}
    assert "egy-one" in names
    assert not names & {"egy-admin", "fra-one"}


def test_an_administrator_does_not_list_another_bureau(chief: Officer, desk: Desk) -> None:
    with pytest.raises(RefusedError):
        people.managed_accounts("FRA", chief, desk)


def test_a_key_that_is_not_made_is_logged(chief: Officer, desk: Desk) -> None:
    failing(lambda: people.new_key(chief, desk, ["check:make"]))
    assert last(desk) == ("session:open", "invalid", "act-not-in-role acts")


def test_a_key_of_another_is_not_revoked_and_that_is_logged(chief: Officer, desk: Desk) -> None:
    people.new_key(officer_named("egy-one", desk), desk)
    one = people.own_keys(officer_named("egy-one", desk), desk)[0].id
    failing(lambda: people.end_key(one, chief, desk))
    assert last(desk) == ("session:close", "invalid", "unknown-key key")


def test_a_bureau_joins_with_a_bit_of_its_own(runner: Officer, desk: Desk) -> None:
    made = bureaus.add_bureau("UNO", "organisation", runner, desk)
    assert [bureau for bureau in desk.registry.bureaus().values() if bureau.bit == made.bit] == [made]


@pytest.mark.parametrize(("code", "region"), [("EGY", "europe"), ("??", "europe"), ("UNP", "the moon")])
def test_a_bureau_that_cannot_join_is_logged(runner: Officer, desk: Desk, code: str, region: str) -> None:
    before = len(log(desk))
    assert failing(lambda: bureaus.add_bureau(code, region, runner, desk)) in {ConflictError, MalformedError}
    assert len(log(desk)) == before + 1


def test_an_administrator_adds_no_bureau(chief: Officer, desk: Desk) -> None:
    with pytest.raises(RefusedError):
        bureaus.add_bureau("UNP", "organisation", chief, desk)


def test_a_rule_that_names_a_bureau_before_it_joins_holds_for_it(runner: Officer, desk: Desk) -> None:
    share = Share(Restriction.EXCEPT, frozenset({"EUE"}))
    with desk.registry.write() as connection:
        example = {**KINDS["vehicle"].examples[0], "kind": "vehicle", "source_id": "early"}
        record = replace(parse_record(example, share, default_id="none"), handling=Handling(share=share))
        desk.registry.accept(connection, Handed([Submission("EGY", "own", "own", record)], "egy-one", NOON))
    desk.follower.catch_up()
    bureaus.add_bureau("EUE", "organisation", runner, desk)
    with desk.registry.write() as connection:
        accounts.add_account(connection, Account("eue-one", "EUE", role_named("registrar")), NOON)
    assert statistics(officer_named("eue-one", desk), None, desk)["records"] == 0


def test_a_unit_is_added_once(chief: Officer, desk: Desk) -> None:
    bureaus.add_unit("border-1", chief, desk)
    with pytest.raises(ConflictError):
        bureaus.add_unit("border-1", chief, desk)


def test_an_officer_joins_a_unit(chief: Officer, desk: Desk) -> None:
    bureaus.add_unit("port", chief, desk)
    bureaus.add_officer("4711", "port", chief, desk)
    assert bureaus.officers(chief, desk)["4711"] == "port"


def test_an_officer_does_not_join_a_unit_that_is_not_there(chief: Officer, desk: Desk) -> None:
    with pytest.raises(UnknownError):
        bureaus.add_officer("4712", "nowhere", chief, desk)


@pytest.mark.parametrize("name", ["egy-one", "nobody", "my-passphrase-typed-here", "\ud800", "a\x00b"])
def test_a_sign_in_that_fails_is_logged(desk: Desk, name: str) -> None:
    before = len(log(desk))
    failing(lambda: sign_in(name, "wrong", "000000", desk))
    assert [entry.outcome for entry in log(desk)[before:]] == ["refused"]


def test_what_was_typed_as_an_unknown_name_is_not_in_the_log(desk: Desk) -> None:
    failing(lambda: sign_in("a-secret-typed-in-the-wrong-place", "wrong", "000000", desk))
    assert "secret" not in str(log(desk)[-1])


def test_the_same_unknown_name_leaves_the_same_mark(desk: Desk) -> None:
    for _ in range(2):
        failing(lambda: sign_in("ghost", "wrong", "000000", desk))
    first, second = log(desk)[-2:]
    assert first.query == second.query


def test_two_at_once_with_one_code_leave_one_session_and_one_refusal(chief: Officer, desk: Desk) -> None:
    shown = people.open_account(Account("egy-race", "EGY", role_named("officer")), chief, desk)
    given = (shown.passphrase.reveal(), _code(shown.code_secret.reveal()))
    before = len(log(desk))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: failing(lambda: sign_in("egy-race", *given, desk)), range(2)))
    assert sorted(entry.outcome for entry in log(desk)[before:]) == ["done", "refused"]
