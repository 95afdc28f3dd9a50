"""The one decision: may this officer do this act, for this purpose? Its answer is a Grant.

    officer + act + purpose -> authorise -> Grant | RefusedError

A search needs a Grant, and nothing else in the house makes one.
"""

from dataclasses import InitVar, dataclass

from comity.access.acts import OPEN_ACTS, OVERSIGHT_ACTS, SECRETARIAT_ACTS, Act
from comity.access.people import SECRETARIAT_REGION, Bureau, Officer
from comity.errors import RefusedError
from comity.records.handling import Purpose

_SEAL = object()


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave for one act: who, for which bureau, which act, for what purpose. Made by `authorise` alone."""

    officer: Officer
    act: Act
    purpose: Purpose | None
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        """Refuse every maker but `authorise`."""
        assert seal is _SEAL, "only authorise makes grants"

    @property
    def bureau(self) -> Bureau:
        """The bureau for which the act is done."""
        return self.officer.bureau

    @property
    def is_oversight(self) -> bool:
        """Whether it is for a controller's case, in which no owner's restriction holds."""
        return self.act in OVERSIGHT_ACTS


def authorise(officer: Officer, act: Act, purpose: Purpose | None = None) -> Grant:
    """Return the grant for this act; raises `RefusedError` naming the rule that refuses it.

    Rules: `act-not-in-role`, `secretariat-only`, `purpose-missing` (an act on police data states its purpose),
    `purpose-not-admitted` (the account is bound to other purposes).
    """
    if act not in OPEN_ACTS and act not in officer.acts():
        raise RefusedError(act=act.value, rule="act-not-in-role")
    if act in SECRETARIAT_ACTS and officer.bureau.region != SECRETARIAT_REGION:
        raise RefusedError(act=act.value, rule="secretariat-only")
    if purpose is None and act in {Act.CHECK, Act.RECORD_READ}:
        raise RefusedError(act=act.value, rule="purpose-missing")
    if purpose is not None and officer.purposes and purpose not in officer.purposes:
        raise RefusedError(act=act.value, rule="purpose-not-admitted")
    return Grant(officer, act, purpose, _SEAL)
