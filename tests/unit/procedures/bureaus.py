"""A node with a registrar, an officer and a controller in some bureaus, and short ways to act as them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.copies import copy_node

from comity.access.people import Officer
from comity.app import SECRETARIAT, Node, open_node
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit

CODES = ("EGY", "FRA", "KEN")
ROLES = ("registrar", "officer", "controller")
PEOPLE = (
    *((f"{code.lower()}-{role}", code, role) for code in CODES for role in ROLES),
    ("files-controller", SECRETARIAT, "controller"),
)
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
    copy_node(directory / "node", PEOPLE, registry)
    with open_node(directory / "node") as node:
        yield node


def officer(node: Node, name: str) -> Officer:
    return officer_named(name, node.desk)


def enter(node: Node, owner: str = "EGY", **fields: object) -> str:
    """Enter the person, or amend it, with these fields; returns its public id."""
    registrar = officer(node, f"{owner.lower()}-registrar")
    return submit({**PERSON, **fields}, registrar, node.desk).receipt.public_id
