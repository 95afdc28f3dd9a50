"""Asking leave for an act: a refusal is logged before it is raised."""

from comity.access.acts import Act
from comity.access.decide import Grant, authorise
from comity.access.people import Officer
from comity.errors import RefusedError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.records.fieldtype import Json
from comity.records.handling import Purpose


def leave(officer: Officer, act: Act, desk: Desk, asked: Json, purpose: Purpose | None = None) -> Grant:
    """Return the grant for an act; raises `RefusedError` after logging what was asked."""
    try:
        return authorise(officer, act, purpose)
    except RefusedError as error:
        desk.registry.log(
            entry_of(officer, act, desk.clock(), "refused", query=asked_terms(asked), reason=error.rule)
        )
        raise
