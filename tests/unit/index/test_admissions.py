"""What a grant may see is counted change by change, and comes out as if all were counted at once."""

from threading import RLock
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from comity.access.acts import Act
from comity.access.decide import Grant, authorise
from comity.access.masks import audience_of
from comity.access.people import Bureau, Officer
from comity.access.roles import role_named
from comity.index import admissions as admissions_module
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


def counted(admissions: Admissions) -> list[int]:
    return [admissions.count(grant_of(bureau)) for bureau in BUREAUS]


def test_changes_are_counted_by_what_the_grant_may_see() -> None:
    admissions = Admissions(RLock())
    admissions.learn({0: ALL, 1: ONLY_GREECE})
    admissions.begin({(-1, 0): 3, (-1, 1): 5, (1, -1): 7, (0, 1): 11})
    assert counted(admissions) == [26, 14, 26]
    assert counted(admissions) == [26, 14, 26]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.integers(-1, 1), st.integers(-1, 1), st.integers(1, 3)),
        st.sampled_from(["count", "begin", "learn", "forget"]),
    ),
    max_size=40,
)


@given(STEPS, st.integers(1, 5))
def test_each_change_is_counted_once_however_seldom_anybody_asks(
    steps: list[tuple[int, int, int] | str], most: int
) -> None:
    with patch.object(admissions_module, "STEPS_MAX", most):
        admissions = Admissions(RLock())
        admissions.learn({0: ALL, 1: ONLY_GREECE})
        for step in steps:
            if isinstance(step, tuple):
                admissions.passed(*step)
            elif step == "begin":
                admissions.begin(dict(admissions.pairs))
            elif step == "learn":
                admissions.learn({2: ALL})
            elif step == "forget":
                admissions.forget()
                admissions.learn({0: ALL, 1: ONLY_GREECE})
            else:
                admissions.count(grant_of("FRA"))
        fresh = Admissions(RLock())
        fresh.learn({0: ALL, 1: ONLY_GREECE})
        fresh.begin(dict(admissions.pairs))
        assert counted(admissions) == counted(fresh)


def test_a_mask_grows_with_the_rules_and_is_made_anew_where_one_is_learnt_again() -> None:
    admissions, fra, grc = Admissions(RLock()), grant_of("FRA"), grant_of("GRC")
    admissions.learn({0: ALL})
    assert (admissions.mask(fra).tolist(), admissions.mask(grc).tolist()) == ([True], [True])
    admissions.learn({1: ONLY_GREECE, 3: ALL})
    # Nobody sees what no rule is known of.
    assert admissions.mask(fra).tolist() == [True, False, False, True]
    assert admissions.mask(grc).tolist() == [True, True, False, True]
    admissions.learn({2: ALL})
    assert admissions.mask(fra).tolist() == [True, False, True, True]
    admissions.learn({1: ALL})
    assert admissions.mask(fra).tolist() == [True, True, True, True]
    admissions.forget()
    assert (admissions.mask(fra).tolist(), admissions.highest) == ([], -1)
