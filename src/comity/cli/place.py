"""Where a command works, and as whom: an option set that commands share."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from comity.access.acts import Act
from comity.access.people import Officer
from comity.app import Node, node_directory, open_node
from comity.procedures.noting import noting
from comity.procedures.sign_in import officer_named
from comity.records.handling import Purpose, parse_purpose


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Place:
    """Where a command works and as whom."""

    node: Annotated[Path | None, Parameter(help="The node's directory; COMITY_HOME otherwise.")] = None
    account: Annotated[str | None, Parameter(name="--as", help="The account to act as.")] = None
    purpose: Annotated[str | None, Parameter(help="The purpose of the act.")] = None
    json: Annotated[bool, Parameter(negative=(), help="JSON for machines.")] = False


HERE = Place()


@contextmanager
def acting(place: Place) -> Generator[tuple[Node, Officer, Purpose], None, None]:
    """Open the node, as the account named or the node's own for checks and lists, for the purpose."""
    with open_node(node_directory(place.node)) as node:
        officer = officer_named(place.account or node.settings.account, node.desk)
        with noting(officer, Act.CHECK, node.desk, {"purpose": place.purpose}):
            purpose = parse_purpose(place.purpose) if place.purpose else node.settings.purpose
        yield node, officer, purpose


@contextmanager
def operating(place: Place) -> Generator[tuple[Node, Officer], None, None]:
    """Open the node, as the account named or the one that runs it."""
    with open_node(node_directory(place.node)) as node:
        yield node, officer_named(place.account or node.settings.operator, node.desk)
