"""The node's own hand, for what a clock does: it acts for a bureau, by the bureau's own leave and no more."""

from typing import Final

from comity.access.acts import Act
from comity.access.decide import Grant, authorise
from comity.access.people import Bureau, Officer
from comity.access.roles import role_named
from comity.records.handling import Purpose

NODE_ACCOUNT: Final = "(node)"
"""No account can be named so."""


def node_officer(bureau: Bureau, unit: str | None = None) -> Officer:
    """Return the node acting for a bureau."""
    return Officer(NODE_ACCOUNT, bureau, role_named("system"), unit, door="node")


def bureau_grant(bureau: Bureau, purpose: Purpose | None) -> Grant:
    """Return what any account of a bureau could see by a check for this purpose; no account is asked."""
    return authorise(node_officer(bureau), Act.CHECK, purpose or Purpose.INVESTIGATION)
