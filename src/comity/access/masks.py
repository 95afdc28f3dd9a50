"""The rule on who sees a record as arithmetic: a bureau is a bit, a purpose is a bit.

An index keeps one small number a record, its audience, and asks once per grant which audiences admit
it. A property test holds this equal to `visibility.may_see`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from comity.access.decide import Grant
from comity.access.people import BUREAUS_MAX, Bureau
from comity.records.handling import Handling, Purpose, Restriction

EVERY_BUREAU = (1 << BUREAUS_MAX) - 1
_PURPOSE_BITS: Mapping[Purpose, int] = {purpose: 1 << place for place, purpose in enumerate(Purpose)}
EVERY_PURPOSE = (1 << (len(Purpose) + 1)) - 1
_NO_PURPOSE_BIT = 1 << len(Purpose)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who sees a record: its owner for anything, `bureaus` for `purposes`. Both are bit masks."""

    owner: int
    bureaus: int
    purposes: int

    def admits(self, grant: Grant) -> bool:
        """Return whether the grant's bureau sees records of this audience for its purpose."""
        bit = 1 << grant.bureau.bit
        if self.owner & bit or grant.is_oversight:
            return True
        purpose = _NO_PURPOSE_BIT if grant.purpose is None else _PURPOSE_BITS[grant.purpose]
        return bool(self.bureaus & bit and self.purposes & purpose)


def audience_of(owner: str, handling: Handling, bureaus: Mapping[str, Bureau]) -> Audience:
    """Return the audience of a record. A bureau that the node does not know is no bit at all."""
    named = 0
    for code in handling.share.bureaus:
        if code in bureaus:
            named |= 1 << bureaus[code].bit
    shared = {
        Restriction.ALL: EVERY_BUREAU,
        Restriction.OWNER: 0,
        Restriction.ONLY: named,
        Restriction.EXCEPT: EVERY_BUREAU & ~named,
    }[handling.share.restriction]
    purposes = sum(_PURPOSE_BITS[purpose] for purpose in handling.purposes) or EVERY_PURPOSE
    owner_bit = 1 << bureaus[owner].bit if owner in bureaus else 0
    return Audience(owner=owner_bit, bureaus=shared, purposes=purposes)
