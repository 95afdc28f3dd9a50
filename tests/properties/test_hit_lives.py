"""Whatever two bureaus and a clock do with a hit, in any order: its clocks never run backwards, its end is its end."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import ConflictError, MalformedError
from comity.records import hits as steps
from comity.records.hits import (
    Closing,
    HitState,
    Meeting,
    OpenedHit,
    Origin,
    Outcome,
    Priority,
    Question,
    Reason,
    Reply,
    Word,
    wakes_at,
)

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
MEETING = Meeting(Origin.CHECK, 1, "R", "person", "EGY", "FRA", "fra", None, "border", NOON)
moments = st.integers(-600, 3 * 24 * 3600).map(lambda seconds: NOON + timedelta(seconds=seconds))
asking = st.builds(Question, st.sampled_from(Priority), st.just(""), st.just("fra"), moments)
replying = st.builds(
    Reply,
    st.sampled_from(Word),
    st.just("egy"),
    st.just("EGY"),
    moments,
    st.none() | st.sampled_from(Reason),
    st.none() | moments,
)
closing = st.builds(Closing, st.sampled_from(Outcome), st.just("x"), st.sampled_from(["EGY", "FRA"]), moments)
acts = st.lists(asking | replying | closing | moments, max_size=12)


def taken(hit: OpenedHit, act: object) -> OpenedHit:
    """Return the hit after an act, the same where the act is refused or has nothing to do."""
    try:
        if isinstance(act, Question):
            return steps.ask(hit, act)
        if isinstance(act, Reply):
            return steps.reply(hit, act)
        if isinstance(act, Closing):
            return steps.close(hit, act)
    except (ConflictError, MalformedError):
        return hit
    assert isinstance(act, datetime)
    return steps.escalate(hit, act, "KEN") or steps.remind(hit, act) or hit


def history(given_acts: list[object]) -> list[OpenedHit]:
    hits = [OpenedHit("H", MEETING, NOON, NOON)]
    for act in given_acts:
        hits.append(taken(hits[-1], act))
    return hits


@settings(max_examples=500)
@given(acts)
def test_moments_never_run_backwards(given_acts: list[object]) -> None:
    hits = history(given_acts)
    assert [hit.last_at for hit in hits] == sorted(hit.last_at for hit in hits)


@settings(max_examples=500)
@given(acts)
def test_a_due_moment_never_comes_nearer(given_acts: list[object]) -> None:
    due = [hit.due_at for hit in history(given_acts) if hit.due_at is not None]
    assert due == sorted(due)


@settings(max_examples=500)
@given(acts)
def test_nothing_changes_after_the_end(given_acts: list[object]) -> None:
    hits = history(given_acts)
    ended = [hit for hit in hits if hit.state is HitState.CLOSED]
    assert all(hit == ended[0] for hit in ended)


@settings(max_examples=500)
@given(acts)
def test_an_identity_is_never_confirmed_before_the_owner_has(given_acts: list[object]) -> None:
    last = history(given_acts)[-1]
    if last.closing is not None and last.closing.outcome is Outcome.IDENTITY_CONFIRMED:
        assert last.reply is not None
        assert last.reply.word is Word.CONFIRMED


@settings(max_examples=500)
@given(acts)
def test_a_clock_wakes_exactly_when_it_has_something_to_do(given_acts: list[object]) -> None:
    last = history(given_acts)[-1]
    at = wakes_at(last)
    assert (at is None) or taken(last, at) != last


@settings(max_examples=500)
@given(acts)
def test_a_hit_that_waits_has_a_clock_until_it_was_passed_on(given_acts: list[object]) -> None:
    last = history(given_acts)[-1]
    assert (wakes_at(last) is not None) == (last.is_waiting and last.escalated_at is None)
