"""Who sees a record, and how much of it: the one rule, read from the owner's own words.

Not held and not visible are the same answer; whoever asks learns only what `may_see` returns.
"""

from comity.access.decide import Grant
from comity.records.handling import Handling, Restriction, View


def may_see(grant: Grant, owner: str, handling: Handling) -> View | None:
    """Return how much of a record the grant's bureau sees, or None where it sees nothing.

    The owner always sees its own, whole, and so does a controller in a case. Others see what the
    restriction lets them, for the purposes that the owner admits; a record with purposes is not shown to
    an act without one. A bureau to which the owner has opened the record sees it whole where it sees it at all.
    """
    bureau = grant.bureau.code
    if bureau == owner or grant.is_oversight:
        return View.FULL
    if handling.purposes and grant.purpose not in handling.purposes:
        return None
    share = handling.share
    admitted = {
        Restriction.ALL: True,
        Restriction.OWNER: False,
        Restriction.ONLY: bureau in share.bureaus,
        Restriction.EXCEPT: bureau not in share.bureaus,
    }[share.restriction]
    if not admitted:
        return None
    return View.FULL if bureau in handling.opened else handling.view


def is_open(handling: Handling) -> bool:
    """Return whether every bureau sees the record for every purpose.

    Only such records may teach anything that others meet, such as how rare a name is: what is learnt
    from a restricted record would show in answers to those who may not know of it.
    """
    return handling.share.restriction is Restriction.ALL and not handling.purposes
