"""One person has one service number, whichever keyboard has typed it: four eyes know people by nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.procedures.offices import add_account, officer, offices

from comity.access.roles import role_named
from comity.app import Node
from comity.errors import ConflictError, MalformedError
from comity.procedures import bureaus, people
from comity.procedures.notices.standing import persons_behind
from comity.procedures.people import Credentials
from comity.registry import accounts
from comity.registry.accounts import Account

WAYS = ("٤٧١١-a", "۴۷۱۱-a", "４７１１-a", "4711\u200b-a", "\u202e4711-a", " 4711-a ", "4711-A")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with offices(tmp_path) as node:
        add_account(node, "egy-chief", "EGY", "administrator")
        yield node


def opened(node: Node, name: str, number: str, unit: str = "port") -> Credentials:
    account = Account(name, "EGY", role_named("registrar"), unit, number)
    return people.open_account(account, officer(node, "egy-chief"), node.desk)


@pytest.mark.parametrize("typed", WAYS)
def test_a_number_typed_otherwise_is_the_same_officer_s(node: Node, typed: str) -> None:
    opened(node, "one", "4711-a")
    assert opened(node, "two", typed).beside == ("one",)


@pytest.mark.parametrize("typed", WAYS)
def test_accounts_of_one_officer_are_one_person(node: Node, typed: str) -> None:
    add_account(node, "one", "EGY", "registrar", "4711-a")
    # As an earlier release took it.
    add_account(node, "two", "EGY", "registrar", typed)
    with node.desk.registry.read() as connection:
        one, two = (persons_behind(connection, name) for name in ("one", "two"))
    assert not one.isdisjoint(two)


@pytest.mark.parametrize("typed", ["", "a b", "x" * 41, "<b>", "٤٧/١١"])
def test_what_is_no_number_opens_no_account(node: Node, typed: str) -> None:
    with pytest.raises(MalformedError, match="place-code field=officer"):
        opened(node, "one", typed)


def test_what_is_no_unit_opens_no_account(node: Node) -> None:
    with pytest.raises(MalformedError, match="place-code field=unit"):
        opened(node, "one", "4711", unit="the port")


@pytest.mark.parametrize("typed", WAYS)
def test_an_officer_is_added_once(node: Node, typed: str) -> None:
    chief = officer(node, "egy-chief")
    bureaus.add_unit("port", chief, node.desk)
    bureaus.add_officer("4711-a", "port", chief, node.desk)
    with pytest.raises(ConflictError, match="name-taken"):
        bureaus.add_officer(typed, "PORT", chief, node.desk)


def test_a_unit_typed_in_capitals_is_the_one_that_is_there(node: Node) -> None:
    opened(node, "one", "1", unit="port")
    opened(node, "two", "2", unit="PORT")
    with node.desk.registry.read() as connection:
        assert accounts.units_of(connection, "EGY") == ["port"]
