"""Bureaus, and the officers who act for them."""

from dataclasses import dataclass, field

from comity.access.acts import OVERSIGHT_ACTS, Act
from comity.access.roles import Role
from comity.records.handling import Purpose

BUREAUS_MAX = 1024
"""The most bureaus of one node: each is a bit of a restriction mask."""

SECRETARIAT_REGION = "secretariat"
"""The region of the general secretariat: no country's, its controller and its reviewers serve everybody."""


@dataclass(frozen=True, slots=True)
class Bureau:
    """A bureau, the owner of records. `bit` is its place in masks, given once and never used again."""

    code: str
    bit: int
    region: str


@dataclass(frozen=True, slots=True)
class Officer:
    """An account as it acts now: for which bureau, in which role, for which purposes, by which scope.

    `scope` narrows the role's acts for one credential, such as an API key; None leaves them whole.
    Empty `purposes` means that the account may state any purpose.
    """

    account: str
    bureau: Bureau
    role: Role
    unit: str | None = None
    purposes: frozenset[Purpose] = frozenset()
    scope: frozenset[Act] | None = None
    door: str = field(default="cli")

    def acts(self) -> frozenset[Act]:
        """Return the acts that this officer may do with this credential.

        Acts in which no owner's restriction holds are the secretariat's alone, whatever the role says.
        """
        acts = self.role.acts if self.scope is None else self.role.acts & self.scope
        return acts if self.bureau.region == SECRETARIAT_REGION else acts - OVERSIGHT_ACTS
