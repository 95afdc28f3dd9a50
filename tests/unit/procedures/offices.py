"""A node with bureaus that draft notices, and reviewers of the secretariat; short ways to move requests."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select
from tests.copies import copy_node

from comity.access.people import Officer
from comity.access.roles import role_named
from comity.app import SECRETARIAT, Node, open_node
from comity.procedures.check import run_check
from comity.procedures.notices.drafting import draft
from comity.procedures.notices.moving import move
from comity.procedures.sign_in import officer_named
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.notices import COLOURS
from comity.records.notices.states import Form
from comity.registry import accounts
from comity.registry.accounts import Account
from comity.registry.notices import HeldNotice
from comity.registry.schema import AUDIT

BUREAUS = ("EGY", "FRA", "KEN", "BRA")
REVIEWERS = ("reviewer-1", "reviewer-2")
PEOPLE = (
    *((f"{code.lower()}-{role}", code, role) for code in BUREAUS for role in ("registrar", "officer")),
    *((name, SECRETARIAT, "reviewer") for name in REVIEWERS),
)
RED: Mapping[str, Json] = {**COLOURS["red"].examples[0], "colour": "red"}
YELLOW: Mapping[str, Json] = {**COLOURS["yellow"].examples[0], "colour": "yellow"}


@contextmanager
def offices(directory: Path, registry: str | None = None) -> Iterator[Node]:
    copy_node(directory / "node", PEOPLE, registry)
    with open_node(directory / "node") as node:
        yield node


def add_account(node: Node, name: str, bureau: str, role: str, number: str | None = None) -> None:
    with node.desk.registry.write() as connection:
        unit = None
        if number is not None:
            unit = "U1"
            if unit not in accounts.units_of(connection, bureau):
                accounts.add_unit(connection, bureau, unit)
            if number not in accounts.officers_of(connection, bureau):
                accounts.add_officer(connection, bureau, number, unit)
        account = Account(name, bureau, role_named(role), unit, number)
        accounts.add_account(connection, account, node.desk.clock())


def officer(node: Node, name: str) -> Officer:
    return officer_named(name, node.desk)


def checklist(colour: str) -> dict[str, Json]:
    return dict.fromkeys(COLOURS[colour].questions(), "yes")


def enter(
    node: Node, content: Mapping[str, Json] = RED, form: Form = Form.NOTICE, owner: str = "egy"
) -> HeldNotice:
    return draft(dict(content), form, officer(node, f"{owner}-registrar"), node.desk)


def step(node: Node, held: HeldNotice, name: str, by: str, **asked: Json) -> HeldNotice:
    """Make a move on a request as it was last seen."""
    data: dict[str, Json] = {"move": name, "version": held.version, **asked}
    return move(held.id, held.form, data, officer(node, by), node.desk)


def published(
    node: Node, content: Mapping[str, Json] = RED, form: Form = Form.NOTICE, owner: str = "egy"
) -> HeldNotice:
    held = enter(node, content, form, owner)
    held = step(node, held, "submit", f"{owner}-registrar")
    held = step(node, held, "take", "reviewer-1")
    colour = str(content["colour"])
    return step(node, held, "publish", "reviewer-1", checklist=checklist(colour), reasons="Weighed.")


def refused(node: Node, content: Mapping[str, Json] = RED, form: Form = Form.NOTICE) -> HeldNotice:
    held = step(node, enter(node, content, form), "submit", "egy-registrar")
    held = step(node, held, "take", "reviewer-1")
    rules: list[Json] = ["RPD 83(2)(b)(v)"]
    return step(node, held, "refuse", "reviewer-1", reasons="No warrant.", rules=rules)


def found(node: Node, name: str, by: str = "ken-officer", purpose: Purpose = Purpose.BORDER) -> list[str]:
    """Return the records that an officer's check of a person finds."""
    answer = run_check({"kind": "person", "name": name}, officer(node, by), purpose, node.desk)
    return [hit.record for hit in answer.hits]


def lines(node: Node) -> int:
    """Return how many lines the audit log has."""
    with node.desk.registry.read() as connection:
        return connection.execute(select(func.count()).select_from(AUDIT.entries)).scalar_one()
