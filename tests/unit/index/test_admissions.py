"""What a grant may see is counted once for each state, and anew once anything of it changes."""

from collections import Counter
from threading import RLock

import pytest

from comity.access.acts import Act
from comity.access.decide import Grant, authorise
from comity.access.masks import audience_of
from comity.access.people import Bureau, Officer
from comity.access.roles import role_named
from comity.index.admissions import Admissions
from comity.records.handling import Handling, Purpose, Restriction, Share

BUREAUS = {name: Bureau(name, place, "organisation") for place, name in enumerate(("EGY", "FRA", "GRC"))}
ALL, ONLY_GREECE = (
    audience_of("EGY", Handling(share=share), BUREAUS)
    for share in (Share(Restriction.ALL), Share(Restriction.ONLY, frozenset({"GRC"})))
)


def grant_of(bureau: str) -> Grant:
    """Return a grant to check."""
    officer = Officer("one", BUREAUS[bureau], role_named("officer"), door="node")
    return authorise(officer, Act.CHECK, Purpose.BORDER)


def test_changes_are_counted_by_what_the_grant_may_see() -> None:
    admissions = Admissions(RLock())
    admissions.learn({0: ALL, 1: ONLY_GREECE})
    pairs = Counter({(-1, 0): 3, (-1, 1): 5, (1, -1): 7, (0, 1): 11})
    assert admissions.count(grant_of("FRA"), pairs, 26) == 14
    assert admissions.count(grant_of("GRC"), pairs, 26) == 26
    assert admissions.counted(grant_of("FRA"), 26) == 14
    assert admissions.counted(grant_of("GRC"), 26) == 26


def test_what_was_counted_holds_for_its_position_alone() -> None:
    admissions = Admissions(RLock())
    admissions.learn({0: ALL})
    admissions.count(grant_of("FRA"), Counter({(-1, 0): 3}), 3)
    assert admissions.counted(grant_of("FRA"), 4) is None
    assert admissions.counted(grant_of("GRC"), 3) is None
    admissions.count(grant_of("FRA"), Counter({(-1, 0): 4}), 4)
    assert admissions.counted(grant_of("FRA"), 4) == 4


@pytest.mark.parametrize("are_learnt", [True, False])
def test_rules_learnt_or_forgotten_make_what_was_counted_nothing(*, are_learnt: bool) -> None:
    admissions = Admissions(RLock())
    admissions.learn({0: ALL})
    admissions.count(grant_of("FRA"), Counter({(-1, 0): 3}), 3)
    assert admissions.mask(grant_of("FRA")).tolist() == [True]
    if are_learnt:
        admissions.learn({1: ONLY_GREECE})
    else:
        admissions.forget()
    assert admissions.counted(grant_of("FRA"), 3) is None
    assert admissions.mask(grant_of("FRA")).tolist() == ([True, False] if are_learnt else [])
