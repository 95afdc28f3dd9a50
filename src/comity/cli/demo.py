"""A throw-away node: seven bureaus of five regions, invented records of every kind, some checks shown.

Nothing in it is real: the records are the examples of the kinds' declarations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from comity.access.people import Officer
from comity.access.roles import role_named
from comity.app import Node, init_node
from comity.cli.show import OUT, show_answer, show_secret
from comity.procedures import people
from comity.procedures.check import run_check
from comity.procedures.people import Credentials
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.kinds import KINDS
from comity.registry import accounts
from comity.registry.accounts import Account

BUREAUS = ("FRA", "EGY", "BRA", "JPN", "KEN", "CAN", "IND")
WITHHELD: Mapping[str, Json] = {
    "kind": "travel_document",
    "source_id": "demo-withheld",
    "type": "P",
    "issuer": "EGY",
    "number": "W7654321",
    "status": "stolen",
    "share": {"except": ["FRA"]},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A check of the demonstration: what it shows, as which bureau's officer, what is asked."""

    what: str
    bureau: str
    query: Mapping[str, Json]


def fill(directory: Path) -> None:
    """Create the node's directory as `comity init` does."""
    init_node(directory, "Demonstration")


def people_of(node: Node) -> list[Credentials]:
    """Open a registrar and an officer in each bureau; return their random secrets."""
    made: list[Credentials] = []
    for bureau in BUREAUS:
        for role in ("registrar", "officer"):
            name = f"{bureau.lower()}-{role}"
            account, secrets = people.with_secrets(Account(name, bureau, role_named(role)), node.desk)
            with node.desk.registry.write() as connection:
                accounts.add_account(connection, account, node.desk.clock())
            made.append(secrets)
    return made


def enter_records(node: Node) -> int:
    """Enter the examples of every kind, shared out among the bureaus, and one withheld record."""
    records = [
        {"share": "all", **example, "kind": kind.code, "source_id": f"demo-{kind.code}-{place}"}
        for kind in KINDS.values()
        for place, example in enumerate(kind.examples)
    ]
    for place, record in enumerate(records):
        submit(record, _registrar(BUREAUS[place % len(BUREAUS)], node), node.desk)
    submit(dict(WITHHELD), _registrar("EGY", node), node.desk)
    return len(records) + 1


def _registrar(bureau: str, node: Node) -> Officer:
    return replace(officer_named(f"{bureau.lower()}-registrar", node.desk), door="cli")


def show_checks(node: Node) -> None:
    """Show a hit with its explanation, a miss, a withheld record that looks like a miss, a malformed number."""
    for shown in _checks():
        officer = officer_named(f"{shown.bureau.lower()}-officer", node.desk)
        OUT.rule(f"{shown.what} - an officer of {shown.bureau}")
        OUT.print(", ".join(f"{name}: {value}" for name, value in shown.query.items()), markup=False)
        show_answer(run_check(dict(shown.query), officer, Purpose.BORDER, node.desk))


def _checks() -> Sequence[Shown]:
    person = KINDS["person"].examples[0]
    names = person["names"]
    assert isinstance(names, list)
    first = names[0]
    assert isinstance(first, dict)
    withheld = {name: WITHHELD[name] for name in ("kind", "type", "issuer", "number")}
    return (
        Shown("a hit", "FRA", {"kind": "person", "name": first["name"], "limit": 3}),
        Shown("a miss", "FRA", {"kind": "person", "name": "Quillon Ashdownbury"}),
        Shown("the owner finds its record", "EGY", withheld),
        Shown("withheld: the same answer as a miss", "FRA", withheld),
        Shown("a malformed number", "FRA", {**withheld, "number": "***"}),
    )


def show_people(made: Sequence[Credentials], node: Node) -> None:
    """Print the demonstration's accounts with their random secrets, and one API key."""
    OUT.rule("accounts, random for this node alone")
    for one in made:
        OUT.print(
            f"{one.account}  passphrase {one.passphrase.reveal()}  code secret {one.code_secret.reveal()}"
        )
    key = people.new_key(officer_named("fra-officer", node.desk), node.desk, days=1)
    show_secret("API key of fra-officer, for one day", key)
