"""A node with a registrar, an officer and a controller in some bureaus, and short ways to act as them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comity.access.people import Officer
from comity.access.roles import role_named
from comity.app import Node, init_node, open_node
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.registry import accounts
from comity.registry.accounts import Account

CODES = ("EGY", "FRA", "KEN")
ROLES = ("registrar", "officer", "controller")
PERSON = {
    "kind": "person",
    "source_id": "P1",
    "names": [{"name": "Abdelaziz Testmansour", "type": "primary"}],
    "born": ["1971-04-09"],
    "documents": [{"type": "P", "issuer": "EGY", "number": "A7654321"}],
    "notice": "blue",
    "share": "all",
}


@contextmanager
def bureaus(directory: Path, registry: str | None = None) -> Iterator[Node]:
    init_node(directory / "node", "Test", registry)
    with open_node(directory / "node") as node:
        for code in CODES:
            for role in ROLES:
                with node.desk.registry.write() as connection:
                    account = Account(f"{code.lower()}-{role}", code, role_named(role))
                    accounts.add_account(connection, account, node.desk.clock())
        yield node


def officer(node: Node, name: str) -> Officer:
    return officer_named(name, node.desk)


def enter(node: Node, owner: str = "EGY", **fields: object) -> str:
    """Enter the person, or amend it, with these fields; returns its public id."""
    registrar = officer(node, f"{owner.lower()}-registrar")
    return submit({**PERSON, **fields}, registrar, node.desk).receipt.public_id
