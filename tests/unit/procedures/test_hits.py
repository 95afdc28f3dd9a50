"""Hits: opened once, told to whom they concern, asked about, answered, closed; nobody else learns of them."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.unit.procedures.hit_desk import NOON, QUERY, HitDesk, hit_desk, rule_of

from comity.access.acts import Act
from comity.errors import ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures import hits_opening
from comity.procedures.check import run_checks
from comity.procedures.duties import set_duty
from comity.procedures.entries import entry_of
from comity.procedures.events import feed
from comity.procedures.hits_clock import strike
from comity.procedures.submit import withdraw
from comity.procedures.trail import hits_on_own, own_acts
from comity.records.handling import Purpose
from comity.records.hits import HitState


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        made.enter()
        yield made


def test_a_check_that_hits_names_the_hit_it_opened(desk: HitDesk) -> None:
    one = desk.hit()
    assert desk.page(one).line.hit.meeting.bureau == "FRA"


def test_the_answer_says_with_whom_and_by_when_to_confirm(desk: HitDesk) -> None:
    answer = desk.check()
    confirm = answer.hits[0].to_json()["confirm"]
    assert confirm == {
        "with": "EGY",
        "hit": answer.hits[0].opened,
        "distinguished_at": None,
        "urgent_min": 10,
        "routine_min": 60,
        "bureau_min": 720,
    }


def test_a_check_that_misses_opens_nothing(desk: HitDesk) -> None:
    desk.check(number="Z9999999")
    assert desk.listed("egy-registrar") == []


def test_both_bureaus_are_told(desk: HitDesk) -> None:
    desk.hit()
    assert (desk.told("EGY"), desk.told("FRA")) == (["opened"], ["met"])


def test_a_bureau_that_has_nothing_to_do_with_it_is_told_nothing(desk: HitDesk) -> None:
    desk.hit()
    assert (desk.told("KEN"), desk.listed("ken-registrar")) == ([], [])


def test_ten_clicks_are_one_hit(desk: HitDesk) -> None:
    assert len({desk.hit() for _ in range(10)}) == 1


def test_ten_clicks_are_told_once(desk: HitDesk) -> None:
    for _ in range(10):
        desk.hit()
    assert desk.told("EGY") == ["opened"]


def test_a_check_after_the_hit_was_closed_opens_another(desk: HitDesk) -> None:
    one = desk.hit()
    desk.close(one, "not-pursued")
    desk.clock.pass_on(minutes=3)
    two = desk.hit()
    assert (two != one, desk.ask(two).line.hit.state) == (True, HitState.ASKED)


def test_the_owner_is_told_of_a_check_after_the_hit_was_closed(desk: HitDesk) -> None:
    desk.close(desk.hit(), "not-pursued")
    desk.clock.pass_on(minutes=3)
    desk.hit()
    assert desk.told("EGY") == ["opened", "closed", "opened"]


def test_clicks_are_counted(desk: HitDesk) -> None:
    one = [desk.hit() for _ in range(3)][-1]
    assert desk.page(one).line.hit.times_count == 3


def test_the_same_question_after_a_while_is_another_hit(desk: HitDesk) -> None:
    first = desk.hit()
    desk.clock.at += hits_opening.REPEAT_WINDOW
    within = desk.hit()
    desk.clock.pass_on(seconds=1)
    assert (first == within, first == desk.hit()) == (True, False)


def test_another_officers_check_is_another_hit(desk: HitDesk) -> None:
    assert desk.hit("fra-officer") != desk.hit("fra-registrar")


def test_the_query_s_own_identifier_makes_no_other_hit(desk: HitDesk) -> None:
    assert desk.hit(id="1") == desk.hit(id="2")


def test_a_batch_opens_a_hit_for_each_record_met(desk: HitDesk) -> None:
    desk.enter(source_id="D2", number="K7654321")
    queries = [
        {"kind": "travel_document", "number": number} for number in ("K1234567", "X0000000", "K7654321")
    ]
    answers = run_checks(queries, desk.officer("fra-officer"), Purpose.BORDER, desk.desk)
    opened = [[hit.opened for hit in answer.hits] for answer in answers]
    assert sorted(desk.listed("egy-registrar")) == sorted(str(one) for hits in opened for one in hits)


def test_what_is_found_below_the_usual_floor_is_told_to_nobody(desk: HitDesk) -> None:
    answer = desk.check(number="K1234567", issuer="FRA", type="I", floor=0)
    assert (len(answer.hits), answer.hits[0].opened, desk.told("EGY")) == (1, None, [])


def test_a_withheld_record_opens_nothing_for_whom_it_is_withheld_from(desk: HitDesk) -> None:
    desk.enter(source_id="D2", number="H1234567", share={"except": ["FRA"]})
    desk.check(number="H1234567")
    assert (desk.told("EGY"), desk.told("FRA")) == ([], [])


def test_a_line_whose_check_died_before_its_hit_was_opened_opens_it_later(desk: HitDesk) -> None:
    record = desk.enter()
    officer = desk.officer("fra-officer")
    entry = entry_of(officer, Act.CHECK, desk.clock(), "hit", purpose=Purpose.BORDER, query=QUERY)
    died = msgspec.structs.replace(entry, records=(record,), owners=("EGY",), opens=(0,))
    desk.desk.registry.log(died)
    assert (desk.listed("egy-registrar"), hits_opening.follow_log(desk.desk)) == ([], 1)
    assert len(desk.listed("egy-registrar")) == 1


def test_lines_that_open_nothing_do_not_end_the_following(
    desk: HitDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hits_opening, "LINES_MAX", 2)
    record, officer = desk.enter(), desk.officer("fra-officer")
    shown = entry_of(officer, Act.RECORD_READ, desk.clock(), "done", purpose=Purpose.BORDER)
    checked = entry_of(officer, Act.CHECK, desk.clock(), "hit", purpose=Purpose.BORDER, query=QUERY)
    checked = msgspec.structs.replace(checked, opens=(0,))
    for entry in (shown, shown, shown, checked):
        desk.desk.registry.log(msgspec.structs.replace(entry, records=(record,), owners=("EGY",)))
    assert hits_opening.follow_log(desk.desk) == 1


def test_a_check_that_hits_opens_what_others_left_before_it_and_each_once(desk: HitDesk) -> None:
    record = desk.enter()
    entry = entry_of(
        desk.officer("fra-registrar"), Act.CHECK, desk.clock(), "hit", purpose=Purpose.BORDER, query=QUERY
    )
    desk.desk.registry.log(msgspec.structs.replace(entry, records=(record,), owners=("EGY",), opens=(0,)))
    own = desk.hit("fra-officer")
    opened = desk.listed("egy-registrar")
    assert (len(opened), own in opened, desk.page(own).line.hit.times_count) == (2, True, 1)


def test_following_twice_opens_nothing_twice(desk: HitDesk) -> None:
    desk.hit()
    assert hits_opening.follow_log(desk.desk) == 0


def test_an_officer_sees_the_hits_of_its_own_checks_alone(desk: HitDesk) -> None:
    one, _other = desk.hit("fra-officer"), desk.hit("fra-registrar")
    assert desk.listed("fra-officer") == [one]


def test_a_desk_sees_the_hits_of_the_whole_bureau(desk: HitDesk) -> None:
    hits = {desk.hit("fra-officer"), desk.hit("fra-registrar")}
    assert set(desk.listed("fra-registrar")) == hits


@pytest.mark.parametrize("account", ["ken-registrar", "egy-officer", "fra-controller"])
def test_a_hit_that_concerns_others_is_unknown(desk: HitDesk, account: str) -> None:
    one = desk.hit("fra-registrar")
    with pytest.raises((UnknownError, RefusedError)):
        desk.page(one, account)


def test_only_the_bureau_that_checked_sees_what_was_asked(desk: HitDesk) -> None:
    one = desk.hit()
    seen = [desk.page(one, account).asked for account in ("fra-registrar", "egy-registrar")]
    assert (seen[0] or {}).get("number") == "K1234567"
    assert seen[1] is None


def test_only_the_bureau_that_checked_sees_whose_check_it_was(desk: HitDesk) -> None:
    one = desk.hit()
    shown = [desk.page(one, account).to_json() for account in ("fra-registrar", "egy-registrar")]
    assert [page.get("account") for page in shown] == ["fra-officer", None]


def test_reading_a_hit_tells_its_owner_who_read_the_record(desk: HitDesk) -> None:
    one = desk.hit()
    desk.clock.pass_on(seconds=1)
    desk.page(one, "fra-officer")
    newest = hits_on_own(desk.officer("egy-registrar"), 1, None, desk.desk)[0].entry
    assert (newest.act, newest.bureau) == ("hit:read", "FRA")


def test_asking_starts_the_clock(desk: HitDesk) -> None:
    one = desk.hit()
    due = [desk.ask(one, "urgent").line.hit.due_at]
    assert due == [NOON.replace(minute=10)]


@pytest.mark.parametrize(("priority", "minutes"), [("urgent", 10), ("routine", 60), ("bureau", 720)])
def test_a_priority_has_its_time(desk: HitDesk, priority: str, minutes: int) -> None:
    left = desk.ask(desk.hit(), priority).line.left
    assert left is not None
    assert left.total_seconds() == minutes * 60


def test_the_owner_is_told_of_the_question(desk: HitDesk) -> None:
    desk.ask(desk.hit())
    assert desk.told("EGY") == ["opened", "asked"]


def test_whoever_did_not_check_does_not_ask(desk: HitDesk) -> None:
    one = desk.hit()
    with pytest.raises(RefusedError):
        desk.ask(one, account="egy-registrar")


def test_an_officer_without_a_desk_does_not_answer(desk: HitDesk) -> None:
    one = desk.hit("egy-officer")
    with pytest.raises(RefusedError):
        desk.answer(one, account="egy-officer")


def test_whoever_asks_does_not_answer(desk: HitDesk) -> None:
    one = desk.hit("fra-registrar")
    with pytest.raises(RefusedError):
        desk.answer(one, account="fra-registrar")


def test_the_asker_is_told_of_the_answer(desk: HitDesk) -> None:
    one = desk.hit()
    desk.ask(one)
    desk.answer(one)
    assert desk.told("FRA") == ["met", "confirmed"]


def test_an_owner_may_answer_before_it_is_asked(desk: HitDesk) -> None:
    assert desk.answer(desk.hit()).line.hit.state is HitState.CONFIRMED


def test_two_answers_at_once_leave_the_first(desk: HitDesk) -> None:
    one = desk.hit()
    desk.answer(one)
    with pytest.raises(ConflictError) as error:
        desk.answer(one, "refused", reason="declined")
    assert (rule_of(error), desk.page(one).line.hit.state) == ("already-answered", HitState.CONFIRMED)


def test_a_stale_click_changes_nothing(desk: HitDesk) -> None:
    one = desk.hit()
    version = desk.ask(one).line.hit.version
    desk.answer(one, version=version)
    with pytest.raises(ConflictError) as error:
        desk.answer(one, "refused", reason="declined", version=version)
    assert rule_of(error) == "stale-hit"


def test_a_stale_click_is_in_the_log(desk: HitDesk) -> None:
    one = desk.hit()
    with pytest.raises(ConflictError):
        desk.answer(one, version=7)
    newest = own_acts(desk.officer("egy-registrar"), 1, None, desk.desk)[0].entry
    assert (newest.act, newest.outcome, newest.reason) == ("hit:answer", "conflict", "hit stale-hit")


def test_an_answer_after_its_time_is_taken(desk: HitDesk) -> None:
    one = desk.hit()
    desk.ask(one, "urgent")
    desk.clock.pass_on(hours=3)
    strike(desk.desk)
    assert desk.answer(one).line.hit.state is HitState.CONFIRMED


def passed_on(desk: HitDesk) -> tuple[str, int]:
    """Return a hit that the clock passed on to a second bureau, and its version as the owner saw it before."""
    set_duty({"second": "KEN"}, desk.officer("egy-registrar"), desk.desk)
    one = desk.hit()
    version = desk.ask(one, "urgent").line.hit.version
    desk.clock.pass_on(hours=3)
    strike(desk.desk)
    return one, version


def test_a_late_answer_from_a_page_that_was_opened_in_time_is_taken_at_once(desk: HitDesk) -> None:
    one, version = passed_on(desk)
    assert desk.answer(one, version=version).line.hit.state is HitState.CONFIRMED


def test_a_late_answer_is_stale_where_another_answered_meanwhile(desk: HitDesk) -> None:
    one, version = passed_on(desk)
    desk.answer(one, account="ken-registrar")
    with pytest.raises(ConflictError) as error:
        desk.answer(one, "refused", reason="declined", version=version)
    assert rule_of(error) == "stale-hit"


def test_a_page_from_before_a_promise_is_stale_though_the_hit_was_passed_on_since(desk: HitDesk) -> None:
    one = desk.hit()
    version = desk.ask(one).line.hit.version
    desk.answer(one, "later", by="2026-03-04T15:00:00Z")
    desk.clock.pass_on(hours=4)
    strike(desk.desk)
    with pytest.raises(ConflictError) as error:
        desk.answer(one, version=version)
    assert rule_of(error) == "stale-hit"


def test_a_promise_moves_the_clock(desk: HitDesk) -> None:
    one = desk.hit()
    desk.ask(one)
    page = desk.answer(one, "later", by="2026-03-04T15:00:00Z")
    assert (page.line.hit.state, page.line.hit.due_at) == (HitState.PROMISED, NOON.replace(hour=15))


@pytest.mark.parametrize("by", ["2026-03-04T11:00:00Z", "2026-05-04T12:00:00Z"])
def test_a_promise_is_of_a_moment_to_come_and_not_too_far(desk: HitDesk, by: str) -> None:
    one = desk.hit()
    desk.ask(one)
    with pytest.raises(MalformedError):
        desk.answer(one, "later", by=by)


def test_an_identity_is_confirmed_only_after_the_owner(desk: HitDesk) -> None:
    one = desk.hit()
    with pytest.raises(ConflictError) as error:
        desk.close(one, "identity-confirmed")
    desk.answer(one)
    assert (rule_of(error), desk.close(one, "identity-confirmed").line.hit.state) == (
        "not-confirmed",
        HitState.CLOSED,
    )


def test_that_it_is_another_can_be_said_at_once(desk: HitDesk) -> None:
    assert desk.close(desk.hit(), "not-identical").line.hit.state is HitState.CLOSED


def test_nothing_follows_the_end(desk: HitDesk) -> None:
    one = desk.hit()
    desk.close(one, "not-pursued")
    with pytest.raises(ConflictError) as error:
        desk.answer(one)
    assert rule_of(error) == "hit-closed"


def test_who_checks_does_not_declare_a_record_void(desk: HitDesk) -> None:
    with pytest.raises(ConflictError) as error:
        desk.close(desk.hit(), "no-longer-valid")
    assert rule_of(error) == "owner-says-so"


def test_a_void_record_is_to_be_withdrawn(desk: HitDesk) -> None:
    one = desk.hit()
    desk.answer(one, "refused", reason="no-longer-valid")
    assert desk.told("EGY") == ["opened", "withdrawal-due"]


@pytest.mark.parametrize("data", [{}, {"answer": "perhaps"}, {"answer": "refused"}, {"answer": 1}, {"x": 1}])
def test_a_malformed_answer_changes_nothing(desk: HitDesk, data: dict[str, object]) -> None:
    from comity.procedures.hits_acts import answer_hit

    one = desk.hit()
    with pytest.raises(MalformedError):
        answer_hit(one, data, desk.officer("egy-registrar"), desk.desk)
    assert desk.page(one).line.hit.version == 1


def test_an_owner_is_reminded_once_at_half_its_time(desk: HitDesk) -> None:
    desk.ask(desk.hit())
    for _ in range(9):
        desk.clock.pass_on(minutes=1)
        strike(desk.desk)
    assert desk.told("EGY") == ["opened", "asked", "reminded"]


def test_a_silent_owner_s_hit_is_passed_on(desk: HitDesk) -> None:
    set_duty({"second": "KEN"}, desk.officer("egy-registrar"), desk.desk)
    one = desk.hit()
    desk.ask(one)
    desk.clock.pass_on(minutes=10)
    strike(desk.desk)
    assert (desk.told("KEN"), desk.listed("ken-registrar", "answer")) == (["passed-on"], [one])


def test_a_second_bureau_knows_nothing_before(desk: HitDesk) -> None:
    set_duty({"second": "KEN"}, desk.officer("egy-registrar"), desk.desk)
    one = desk.hit()
    desk.ask(one)
    desk.clock.pass_on(minutes=9)
    strike(desk.desk)
    with pytest.raises(UnknownError):
        desk.page(one, "ken-registrar")


def test_a_second_bureau_that_may_not_see_the_record_learns_nothing(desk: HitDesk) -> None:
    desk.enter(share={"except": ["KEN"]})
    set_duty({"second": "KEN"}, desk.officer("egy-registrar"), desk.desk)
    desk.ask(desk.hit())
    desk.clock.pass_on(hours=1)
    strike(desk.desk)
    assert (desk.told("KEN"), desk.told("FRA")) == ([], ["met", "overdue"])


def test_the_second_bureau_answers_and_the_owner_is_told(desk: HitDesk) -> None:
    set_duty({"second": "KEN", "account": "egy-registrar"}, desk.officer("egy-registrar"), desk.desk)
    one = desk.hit()
    desk.ask(one)
    desk.clock.pass_on(minutes=11)
    strike(desk.desk)
    desk.answer(one, account="ken-registrar")
    assert (desk.told("EGY"), desk.told("FRA")) == (
        ["opened", "asked", "overdue", "confirmed"],
        ["met", "overdue", "confirmed"],
    )


def test_who_stands_in_does_not_declare_a_record_void(desk: HitDesk) -> None:
    set_duty({"second": "KEN"}, desk.officer("egy-registrar"), desk.desk)
    one = desk.hit()
    desk.ask(one)
    desk.clock.pass_on(minutes=11)
    strike(desk.desk)
    with pytest.raises(ConflictError):
        desk.answer(one, "refused", "ken-registrar", reason="no-longer-valid")


def test_a_clock_that_has_struck_does_not_strike_again(desk: HitDesk) -> None:
    desk.ask(desk.hit())
    desk.clock.pass_on(hours=1)
    assert (strike(desk.desk), strike(desk.desk)) == (1, 0)


def test_passing_on_is_in_the_log_for_the_owner(desk: HitDesk) -> None:
    desk.ask(desk.hit())
    desk.clock.pass_on(hours=1)
    strike(desk.desk)
    acts = [line.entry.act for line in hits_on_own(desk.officer("egy-registrar"), 9, None, desk.desk)]
    assert acts.count("hit:escalate") == 1


def test_a_feed_tells_a_bureau_in_order_and_goes_on(desk: HitDesk) -> None:
    one = desk.hit()
    desk.ask(one)
    egypt = desk.officer("egy-registrar")
    first = feed(None, 1, egypt, desk.desk)
    rest = feed(first.next, 9, egypt, desk.desk)
    assert [told.event.what for told in (*first.events, *rest.events)] == ["opened", "asked"]


def test_a_feed_names_nothing_of_a_record(desk: HitDesk) -> None:
    record = desk.check().hits[0].record
    shown = str(feed(None, 9, desk.officer("egy-registrar"), desk.desk).to_json())
    assert (record in shown, "K1234567" in shown) == (False, False)


def test_a_pointer_s_hit_shows_its_asker_nothing_more(desk: HitDesk) -> None:
    desk.enter(source_id="D3", number="P1234567", view="pointer")
    page = desk.page(desk.hit(number="P1234567"), "fra-officer")
    assert page.seen is not None
    assert page.seen.view.value == "pointer"


def test_a_record_withdrawn_meanwhile_shows_no_more(desk: HitDesk) -> None:

    answer = desk.check()
    withdraw(answer.hits[0].record, None, desk.officer("egy-registrar"), desk.desk)
    page = desk.page(str(answer.hits[0].opened), "fra-officer")
    assert (page.seen, page.is_held) == (None, False)
