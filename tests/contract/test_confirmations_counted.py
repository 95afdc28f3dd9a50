"""The picture of confirmations and notices: counted once, in their time, for those alone who may see the record."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select
from tests.unit.procedures.hit_desk import QUERY, HitDesk, hit_desk
from tests.unit.procedures.offices import YELLOW, add_account, enter, offices, published, refused, step

from comity.app import CLI_ACCOUNT, SECRETARIAT, Node
from comity.cli.importing import order_of
from comity.procedures.bulk_list import import_bulk
from comity.procedures.distinctions import agree_distinction
from comity.procedures.picture import Picture, PictureRequest, count_the_log, picture
from comity.procedures.sign_in import officer_named
from comity.records.notices.states import Form
from comity.registry import tallies
from comity.sources import jsonl

ENOUGH = 5


@pytest.fixture
def hits(tmp_path: Path, registry_place: str) -> Iterator[HitDesk]:
    with hit_desk(tmp_path, registry_place) as made:
        for code in ("EGY", "FRA", "KEN"):
            add_account(made.node, f"{code.lower()}-official", code, "official")
        yield made


@pytest.fixture
def notices(tmp_path: Path, registry_place: str) -> Iterator[Node]:
    with offices(tmp_path, registry_place) as node:
        for code in ("EGY", "KEN", SECRETARIAT):
            add_account(node, f"{code.lower()}-official", code, "official")
        yield node


def seen(node: Node, who: str, **asked: str) -> Picture:
    return picture(PictureRequest(**asked), None, officer_named(who, node.desk), node.desk)


def figures(node: Node, who: str, chart: str, **asked: str) -> dict[str, int]:
    return {one.code: one.count for one in seen(node, who, **asked).charts[chart] if one.count}


def asked_and_answered(hits: HitDesk, minutes: Sequence[float], **handling: object) -> list[str]:
    """Let France meet as many records of Egypt, ask about them, and be answered after so many minutes."""
    made: list[str] = []
    for place, wait in enumerate(minutes):
        number = f"L{place:07d}"
        hits.enter(source_id=f"L{place}", number=number, **handling)
        made.append(hits.hit(number=number))
        hits.ask(made[-1])
        hits.clock.pass_on(minutes=wait)
        hits.answer(made[-1])
    return made


def test_what_is_asked_and_answered_is_counted(hits: HitDesk) -> None:
    asked_and_answered(hits, [1] * ENOUGH)
    assert figures(hits.node, "ken-official", "confirmations") == {"asked": 5, "answered": 5}


@pytest.mark.parametrize(("measure", "country"), [("asked", "FRA"), ("answered", "EGY")])
def test_each_side_is_counted_where_it_lies(hits: HitDesk, measure: str, country: str) -> None:
    asked_and_answered(hits, [1] * ENOUGH)
    assert figures(hits.node, "ken-official", "countries", measure=measure) == {country: 5}


def test_answers_are_told_by_their_words(hits: HitDesk) -> None:
    asked_and_answered(hits, [1] * ENOUGH)
    assert figures(hits.node, "ken-official", "answers") == {"confirmed": 5}


def test_that_somebody_is_another_is_no_question(hits: HitDesk) -> None:
    hits.enter()
    for place in range(ENOUGH):
        one = hits.hit(name=f"Traveller {place}", born=f"1980-01-0{place + 1}")
        hits.close(one, "not-identical", distinguish=True)
        agree_distinction(one, hits.officer("egy-registrar"), hits.desk)
    assert figures(hits.node, "egy-official", "confirmations") == {}


def test_what_came_of_hits_is_told(hits: HitDesk) -> None:
    for one in asked_and_answered(hits, [1] * ENOUGH):
        hits.close(one, "identity-confirmed")
    assert figures(hits.node, "ken-official", "outcomes") == {"identity-confirmed": 5}


def test_a_refusal_that_ends_a_hit_is_an_outcome(hits: HitDesk) -> None:
    hits.enter()
    one = hits.hit()
    hits.ask(one)
    hits.answer(one, "refused", reason="not-identical")
    assert figures(hits.node, "egy-official", "outcomes") == {"not-identical": 1}


def test_times_are_told_against_their_clock(hits: HitDesk) -> None:
    asked_and_answered(hits, [1, 2, 3, 4, 9.99, 10, 30])
    (told,) = seen(hits.node, "ken-official").responses
    assert (told.priority.value, told.count, told.within) == ("urgent", 7, 5)


def test_the_median_and_the_ninth_tenth_are_told_to_three_percent(hits: HitDesk) -> None:
    asked_and_answered(hits, [1, 2, 3, 4, 5, 6, 7, 8, 20, 90])
    (told,) = seen(hits.node, "ken-official").responses
    minutes = [one.total_seconds() / 60 for one in (told.median, told.nine_of_ten)]
    assert minutes == pytest.approx([5, 20], rel=0.03)


def test_a_promise_in_time_is_an_answer_and_the_last_word_is_no_second_one(hits: HitDesk) -> None:
    hits.enter()
    one = hits.hit()
    hits.ask(one)
    hits.answer(one, "later", by=hits.clock.at.replace(hour=20).isoformat())
    hits.clock.pass_on(hours=3)
    hits.answer(one)
    (told,) = seen(hits.node, "egy-official").responses
    assert (told.count, told.within) == (1, 1)


def test_few_answers_of_another_bureau_are_left_out_of_every_time(hits: HitDesk) -> None:
    asked_and_answered(hits, [1] * (ENOUGH - 1))
    assert seen(hits.node, "ken-official").responses == ()


def test_their_own_bureau_is_told_of_few(hits: HitDesk) -> None:
    asked_and_answered(hits, [1])
    assert seen(hits.node, "egy-official").responses[0].count == 1


@pytest.mark.parametrize("measure", ["hits", "asked", "answered"])
def test_a_withheld_record_changes_nothing_that_others_are_told(hits: HitDesk, measure: str) -> None:
    before = seen(hits.node, "ken-official", measure=measure)
    for one in asked_and_answered(hits, [1] * 9, share={"only": ["FRA"]}):
        hits.close(one, "identity-confirmed")
    assert seen(hits.node, "ken-official", measure=measure) == before


def test_the_parties_are_told_of_a_record_withheld_from_others(hits: HitDesk) -> None:
    asked_and_answered(hits, [1] * ENOUGH, share={"only": ["FRA"]})
    assert figures(hits.node, "fra-official", "confirmations") == {"asked": 5, "answered": 5}


def test_confirmations_are_narrowed_by_database(hits: HitDesk) -> None:
    asked_and_answered(hits, [1] * ENOUGH)
    assert figures(hits.node, "ken-official", "confirmations", kind="vehicle") == {}


def test_counting_confirmations_anew_gives_the_same(hits: HitDesk) -> None:
    asked_and_answered(hits, [1, 30])

    def rows() -> list[str]:
        count_the_log(hits.desk)
        with hits.desk.registry.read() as connection:
            return sorted(repr(row) for table in tallies.TABLES for row in connection.execute(select(table)))

    counted = rows()
    with hits.desk.registry.write() as connection:
        tallies.forget(connection)
    assert rows() == counted


def test_a_record_loaded_in_bulk_is_counted_where_it_is_met(hits: HitDesk, tmp_path: Path) -> None:
    stated = {**QUERY, "number": "B7654321", "source_id": "B1", "status": "stolen", "share": "all"}
    path = tmp_path / "list.jsonl"
    path.write_bytes(msgspec.json.encode(stated))
    order = order_of("jsonl", path, "EGY", "all", is_dry=False)
    officer = officer_named(CLI_ACCOUNT, hits.desk)
    import_bulk(jsonl.read(path), order, officer, hits.desk, lambda _reject: None, lambda _done: None)
    for _ in range(ENOUGH):
        hits.check(number="B7654321")
    assert figures(hits.node, "ken-official", "countries", measure="hits") == {"FRA": 5}


def test_notices_in_force_are_told_by_colour(notices: Node) -> None:
    for place in range(ENOUGH):
        published(notices, {**YELLOW, "reference": f"Y{place}"})
    assert figures(notices, "ken-official", "colours") == {"yellow": 5}


def test_where_notices_stand_is_told_by_month_colour_and_state(notices: Node) -> None:
    for place in range(ENOUGH):
        published(notices, {**YELLOW, "reference": f"Y{place}"})
    told = seen(notices, "ken-official").notices
    assert [(one.colour, one.state, one.count) for one in told] == [("yellow", "published", 5)]


def test_how_a_notice_came_about_is_told_to_its_owner(notices: Node) -> None:
    published(notices, YELLOW)
    told = {one.state for one in seen(notices, "egy-official").notices}
    assert told == {"draft", "submitted", "in_review", "published"}


def test_the_secretariat_is_told_of_what_was_handed_in(notices: Node) -> None:
    for place in range(ENOUGH):
        refused(notices, {**YELLOW, "reference": f"Y{place}"})
    told = {one.state: one.count for one in seen(notices, f"{SECRETARIAT.lower()}-official").notices}
    assert told == {"submitted": 5, "in_review": 5, "refused": 5}


@pytest.mark.parametrize("form", list(Form))
def test_notices_withheld_change_nothing_that_others_are_told(notices: Node, form: Form) -> None:
    before = seen(notices, "ken-official", measure="notices")
    share = {"except": ["KEN"]} if form is Form.NOTICE else {"only": ["FRA", "BRA"]}
    for place in range(ENOUGH + 1):
        held = published(
            notices, {**YELLOW, "reference": f"Y{place}", "share": share, "is_public": False}, form
        )
        step(notices, held, "withdraw", "egy-registrar")
        step(notices, enter(notices, {**YELLOW, "reference": f"Z{place}"}), "submit", "egy-registrar")
    assert seen(notices, "ken-official", measure="notices") == before
