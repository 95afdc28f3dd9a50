"""Whatever bureaus do with a hit through the procedures, in any order and by anybody: one act, one line of the log."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.properties.lives import lines_of
from tests.unit.procedures.hit_desk import HitDesk, hit_desk

from comity.errors import ComityError
from comity.procedures import hits_acts
from comity.procedures.hits import HitsAsked, list_hits

WHO = ("fra-officer", "fra-registrar", "egy-registrar", "egy-officer", "ken-registrar", "operator")
ACTS = (
    *(("ask", {"priority": priority}) for priority in ("urgent", "bureau", "never")),
    *(("answer", {"answer": answer}) for answer in ("confirmed", "later", "no")),
    *(("answer", {"answer": "refused", "reason": reason}) for reason in ("declined", "not-identical")),
    *(("close", {"outcome": outcome}) for outcome in ("identity-confirmed", "not-identical", "not-pursued")),
    ("close", {"outcome": "not-identical", "distinguish": True}),
    ("close", {"version": 1, "outcome": "not-pursued"}),
    ("read", {}),
    ("list", {}),
)
NUMBERS = (f"L{number:07}" for number in count())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HitDesk]:
    with hit_desk(tmp_path_factory.mktemp("lines")) as made:
        yield made


def done(desk: HitDesk, one: str, act: tuple[str, dict[str, object]], who: str) -> None:
    name, data = act
    officer = desk.officer(who)
    if name == "read":
        desk.page(one, who)
    elif name == "list":
        list_hits(HitsAsked("all", 10), officer, desk.desk)
    else:
        step = {
            "ask": hits_acts.ask_confirmation,
            "answer": hits_acts.answer_hit,
            "close": hits_acts.close_hit,
        }[name]
        step(one, dict(data), officer, desk.desk)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_acts=st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(WHO)), max_size=12))
def test_every_act_done_or_refused_leaves_exactly_one_line(
    desk: HitDesk, given_acts: list[tuple[tuple[str, dict[str, object]], str]]
) -> None:
    number = next(NUMBERS)
    desk.enter(source_id=number, number=number)
    one = desk.hit(number=number)
    left: list[int] = []
    for act, who in given_acts:
        before = lines_of(desk.desk)
        with suppress(ComityError):
            done(desk, one, act, who)
        left.append(lines_of(desk.desk) - before)
    assert left == [1] * len(given_acts)
