"""Records meet checks that were made before them, and each other; never those who may not know."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.unit.procedures.hit_desk import PASSPORT, QUERY, HitDesk, hit_desk

from comity.app import CLI_ACCOUNT
from comity.cli.importing import order_of
from comity.errors import MalformedError, RefusedError, UnknownError
from comity.procedures import alerts, waiting_checks, watches
from comity.procedures.bulk_list import import_bulk
from comity.procedures.check import run_check
from comity.procedures.clockwork import tick
from comity.procedures.duties import read_duty, set_duty
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit, withdraw
from comity.records.handling import Purpose
from comity.registry.earlier import EARLIER
from comity.registry.watches import SOUGHT, WATCHES
from comity.sources import reader_named

PERSON = {
    "kind": "person",
    "source_id": "P1",
    "names": [{"name": "Сергей Викторович Лозинцев", "type": "primary"}],
    "born": ["1983-11-19"],
    "share": "all",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        yield made


def enter(desk: HitDesk, record: dict[str, object], owner: str = "egy") -> str:
    one = submit(record, desk.officer(f"{owner}-registrar"), desk.desk).receipt.public_id
    tick(desk.desk, None)
    return one


def asked(desk: HitDesk, query: dict[str, object], account: str = "fra-officer") -> None:
    run_check(query, desk.officer(account), Purpose.BORDER, desk.desk)
    tick(desk.desk, None)
    desk.clock.pass_on(hours=5)


def watch(desk: HitDesk, query: dict[str, object], account: str = "fra-registrar") -> str:
    return watches.set_watch(query, desk.officer(account), Purpose.LOCATE, desk.desk).watch.id


Waiting = Callable[[HitDesk, dict[str, object], str], object]


def test_a_record_meets_an_earlier_check(desk: HitDesk) -> None:
    asked(desk, QUERY)
    enter(desk, {**PASSPORT})
    assert (desk.told("EGY"), desk.told("FRA")) == (["opened"], ["met"])


def test_the_hit_tells_when_the_earlier_check_was_made(desk: HitDesk) -> None:
    asked(desk, QUERY)
    enter(desk, {**PASSPORT})
    hit = desk.page(desk.listed("egy-registrar")[0]).line.hit
    assert (hit.meeting.origin, hit.opened_at - hit.meeting.met_at) == (
        "recent",
        desk.clock() - hit.meeting.met_at,
    )


def test_a_person_is_met_under_another_spelling(desk: HitDesk) -> None:
    asked(desk, {"kind": "person", "name": "Sergei Lozintsev", "born": "1983-11-19"})
    enter(desk, PERSON)
    assert desk.told("FRA") == ["met"]


def test_another_person_is_not_met(desk: HitDesk) -> None:
    asked(desk, {"kind": "person", "name": "Viktor Sergeev", "born": "1950-01-01"})
    enter(desk, PERSON)
    assert desk.told("FRA") == []


@pytest.mark.parametrize(
    "hiding", [{"share": "owner"}, {"share": {"except": ["FRA"]}}, {"purposes": ["wanted"]}]
)
def test_a_record_withheld_from_who_checked_alarms_nobody(desk: HitDesk, hiding: dict[str, object]) -> None:
    asked(desk, QUERY)
    enter(desk, {**PASSPORT, **hiding})
    assert (desk.told("EGY"), desk.told("FRA")) == ([], [])


def load(desk: HitDesk, path: Path, share: str = "all") -> None:
    """Load a list of Kenya's in bulk, of which the two hundredth record is Egypt's passport."""
    rows = [{**PASSPORT, "source_id": f"B{n}", "number": f"K{1234368 + n}"} for n in range(400)]
    for row in rows:
        del row["share"]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    order = order_of("jsonl", path, "KEN", share, is_dry=False)
    rows_read = reader_named("jsonl", "")(path)
    officer = officer_named(CLI_ACCOUNT, desk.desk)
    tally = import_bulk(rows_read, order, officer, desk.desk, lambda _one: None, lambda _done: None)
    assert tally.entered == 400
    tick(desk.desk, None)


def test_a_record_that_came_in_bulk_meets_an_earlier_check(desk: HitDesk, tmp_path: Path) -> None:
    asked(desk, QUERY)
    load(desk, tmp_path / "list.jsonl")
    assert (desk.told("KEN"), desk.told("FRA")) == (["opened"], ["met"])


def test_a_record_that_came_in_bulk_withheld_alarms_nobody(desk: HitDesk, tmp_path: Path) -> None:
    asked(desk, QUERY)
    load(desk, tmp_path / "list.jsonl", share="owner")
    assert (desk.told("KEN"), desk.told("FRA")) == ([], [])


def test_what_comes_after_a_load_in_bulk_meets_an_earlier_check(desk: HitDesk, tmp_path: Path) -> None:
    asked(desk, {"kind": "person", "name": "Sergei Lozintsev", "born": "1983-11-19"})
    load(desk, tmp_path / "list.jsonl")
    enter(desk, PERSON)
    assert desk.told("FRA") == ["met"]


def test_a_record_that_came_in_bulk_meets_the_same_of_another_bureau(desk: HitDesk, tmp_path: Path) -> None:
    enter(desk, {**PASSPORT})
    load(desk, tmp_path / "list.jsonl")
    assert (desk.told("EGY"), desk.told("KEN")) == (["opened"], ["met"])


@pytest.mark.parametrize("at_once", [3, 200])
def test_many_that_meet_are_told_some_at_a_time_and_none_is_left_out(
    desk: HitDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(alerts, "CHANGES_MAX", at_once)
    registrar = desk.officer("egy-registrar")
    for place in range(20):
        record = {**PASSPORT, "source_id": f"E{place}", "number": f"K{1234368 + 17 * place}"}
        submit(record, registrar, desk.desk)
    for _ in range(15):
        tick(desk.desk, None)
    load(desk, tmp_path / "list.jsonl")
    for _ in range(15):
        tick(desk.desk, None)
    assert (desk.told("EGY").count("opened"), desk.told("KEN").count("met")) == (20, 20)


def test_a_record_that_comes_again_alarms_nobody_anew(desk: HitDesk) -> None:
    asked(desk, QUERY)
    enter(desk, {**PASSPORT})
    desk.clock.pass_on(hours=1)
    enter(desk, {**PASSPORT, "remarks": "seen again"})
    assert desk.told("FRA") == ["met"]


def test_what_the_check_itself_met_is_not_met_again(desk: HitDesk) -> None:
    enter(desk, {**PASSPORT})
    asked(desk, QUERY)
    enter(desk, {**PASSPORT, "remarks": "amended"})
    assert desk.told("FRA") == ["met"]


def test_a_check_waits_no_longer_than_its_days(desk: HitDesk) -> None:
    asked(desk, QUERY)
    desk.clock.pass_on(days=3)
    tick(desk.desk, None)
    enter(desk, {**PASSPORT})
    assert desk.told("FRA") == []


def test_what_has_waited_is_forgotten(desk: HitDesk) -> None:
    asked(desk, QUERY)
    waiting = [waiting_runs(desk)]
    desk.clock.pass_on(days=4)
    tick(desk.desk, None)
    assert (*waiting, waiting_runs(desk)) == (1, 0)


def waiting_runs(desk: HitDesk) -> int:
    with desk.desk.registry.read() as connection:
        return len(connection.execute(EARLIER.select()).all())


def test_a_check_meets_nothing_on_its_last_day_once_its_hour_has_come(desk: HitDesk) -> None:
    asked(desk, QUERY)
    desk.clock.pass_on(hours=3 * 24 - 4)
    tick(desk.desk, None)
    enter(desk, {**PASSPORT})
    assert (waiting_runs(desk), desk.told("FRA")) == (1, [])


def test_checks_already_made_wait_no_longer_where_their_bureau_takes_its_days_back(desk: HitDesk) -> None:
    asked(desk, QUERY)
    set_days(desk, days={"border": 0})
    enter(desk, {**PASSPORT})
    assert desk.told("FRA") == []


def test_many_checks_are_gathered_some_at_a_time_and_none_is_left_out(
    desk: HitDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_checks, "LINES_MAX", 3)
    monkeypatch.setattr(waiting_checks, "GATHER_WITHIN_S", 0.0)
    for place in range(20):
        run_check(
            {**QUERY, "number": f"K{1234567 + place}"}, desk.officer("fra-officer"), Purpose.BORDER, desk.desk
        )
    for _ in range(10):
        tick(desk.desk, None)
    for place in range(20):
        enter(desk, {**PASSPORT, "source_id": f"E{place}", "number": f"K{1234567 + place}"})
    assert desk.told("FRA").count("met") == 20


def test_a_bureau_s_checks_wait_only_where_it_says_so(desk: HitDesk) -> None:
    set_duty({"days": {"border": 0}}, desk.officer("fra-registrar"), desk.desk)
    asked(desk, QUERY)
    enter(desk, {**PASSPORT})
    assert desk.told("FRA") == []


def set_days(desk: HitDesk, **stated: object) -> None:
    set_duty(stated, desk.officer("fra-registrar"), desk.desk)


@pytest.mark.parametrize(("days", "told"), [({"travel_document": 10}, ["met"]), ({"person": 10}, [])])
def test_a_kind_s_days_go_before_its_purpose_s(desk: HitDesk, days: dict[str, int], told: list[str]) -> None:
    set_days(desk, kinds=days)
    asked(desk, QUERY)
    desk.clock.pass_on(days=8)
    tick(desk.desk, None)
    enter(desk, {**PASSPORT})
    assert desk.told("FRA") == told


def test_a_kind_without_days_meets_nothing(desk: HitDesk) -> None:
    set_days(desk, kinds={"travel_document": 0})
    asked(desk, QUERY)
    enter(desk, {**PASSPORT})
    assert desk.told("FRA") == []


def test_a_purpose_without_days_has_none_for_any_kind(desk: HitDesk) -> None:
    set_days(desk, days={"border": 0}, kinds={"travel_document": 10})
    asked(desk, QUERY)
    enter(desk, {**PASSPORT})
    assert desk.told("FRA") == []


def test_days_by_kind_are_kept_beside_those_by_purpose(desk: HitDesk) -> None:
    set_days(desk, days={"border": 5}, kinds={"person": 10})
    page = read_duty(desk.officer("fra-registrar"), desk.desk)
    assert (page.days["border"], page.duty.kinds) == (5, {"person": 10})


def test_days_of_an_unknown_kind_are_refused(desk: HitDesk) -> None:
    with pytest.raises(MalformedError) as error:
        set_days(desk, kinds={"spaceship": 3})
    assert (error.value.code, error.value.field) == ("unknown-kind", "kinds")


def test_a_standing_check_meets_what_comes(desk: HitDesk) -> None:
    watch(desk, {**QUERY, "days": 30})
    desk.clock.pass_on(days=20)
    enter(desk, {**PASSPORT})
    assert (desk.told("EGY"), desk.told("FRA")) == (["opened"], ["met"])


def test_a_standing_check_meets_a_record_once(desk: HitDesk) -> None:
    watch(desk, dict(QUERY))
    enter(desk, {**PASSPORT})
    enter(desk, {**PASSPORT, "remarks": "amended"})
    assert desk.told("FRA") == ["met"]


def gone(desk: HitDesk, record: str) -> None:
    withdraw(record, None, desk.officer("egy-registrar"), desk.desk)


def withheld(desk: HitDesk, _record: str) -> None:
    enter(desk, {**PASSPORT, "share": {"except": ["FRA"]}})


def amended(desk: HitDesk, _record: str) -> None:
    enter(desk, {**PASSPORT, "status": "lost"})


@pytest.mark.parametrize(
    ("way", "is_closed", "told"),
    [
        (gone, True, ["met", "met"]),
        (withheld, True, ["met", "met"]),
        (amended, True, ["met"]),
        (gone, False, ["met", "unseen", "seen-again"]),
    ],
)
def test_a_standing_check_meets_anew_what_was_gone_and_comes_back(
    desk: HitDesk, way: Callable[[HitDesk, str], None], is_closed: bool, told: list[str]
) -> None:
    watch(desk, QUERY)
    record = enter(desk, {**PASSPORT})
    if is_closed:
        desk.close(desk.listed("fra-registrar")[0], "not-pursued", account="fra-registrar")
    for step in (way, lambda desk, _record: enter(desk, {**PASSPORT})):
        desk.clock.pass_on(days=1)
        step(desk, record)
        tick(desk.desk, None)
    assert desk.told("FRA") == told


def test_a_standing_check_that_was_ended_meets_nothing(desk: HitDesk) -> None:
    one = watch(desk, dict(QUERY))
    watches.end_watch(one, desk.officer("fra-registrar"), desk.desk)
    enter(desk, {**PASSPORT})
    assert desk.told("FRA") == []


@pytest.mark.parametrize(("hours", "told"), [(23, ["met"]), (24, []), (72, [])])
def test_a_standing_check_meets_nothing_that_comes_after_its_end(
    desk: HitDesk, hours: int, told: list[str]
) -> None:
    watch(desk, {**QUERY, "days": 1})
    desk.clock.pass_on(hours=hours)
    enter(desk, {**PASSPORT})
    assert desk.told("FRA") == told


def test_a_standing_check_meets_what_came_before_its_end_though_the_clock_ran_later(desk: HitDesk) -> None:
    watch(desk, {**QUERY, "days": 1})
    submit(PASSPORT, desk.officer("egy-registrar"), desk.desk)
    desk.clock.pass_on(hours=72)
    tick(desk.desk, None)
    assert desk.told("FRA") == ["met"]


@pytest.mark.parametrize("waiting", [watch, asked])
def test_what_one_bureau_waits_for_crowds_out_no_other(
    desk: HitDesk, monkeypatch: pytest.MonkeyPatch, waiting: Waiting
) -> None:
    monkeypatch.setattr(alerts, "MET_MAX", 2)
    waiting(desk, QUERY, "fra-registrar")
    for _ in range(8):
        desk.clock.pass_on(seconds=1)
        watch(desk, QUERY, "ken-registrar")
    enter(desk, {**PASSPORT})
    assert (desk.told("FRA"), desk.told("KEN")) == (["met"], ["met", "met"])


def test_nothing_that_stands_can_be_read_in_its_table(desk: HitDesk) -> None:
    watch(desk, dict(QUERY))
    with desk.desk.registry.read() as connection:
        rows = [str(connection.execute(table.select()).all()) for table in (WATCHES, SOUGHT)]
    assert [row for row in rows if "K1234567" in row] == []


def test_another_bureau_neither_sees_nor_ends_a_standing_check(desk: HitDesk) -> None:
    one = watch(desk, dict(QUERY))
    egypt = desk.officer("egy-registrar")
    assert watches.list_watches(egypt, desk.desk) == []
    with pytest.raises(UnknownError):
        watches.end_watch(one, egypt, desk.desk)


def test_the_same_standing_check_set_twice_in_one_instant_stands_twice(desk: HitDesk) -> None:
    made = [watch(desk, QUERY) for _ in range(3)]
    watches.end_watch(made[0], desk.officer("fra-registrar"), desk.desk)
    made.append(watch(desk, QUERY))
    listed = watches.list_watches(desk.officer("fra-registrar"), desk.desk)
    assert (len({*made}), {one.watch.id for one in listed}) == (4, {*made[1:]})


def test_a_standing_check_states_its_purpose(desk: HitDesk) -> None:
    with pytest.raises(RefusedError):
        watches.set_watch(dict(QUERY), desk.officer("fra-registrar"), None, desk.desk)


@pytest.mark.parametrize("extra", [{"days": 0}, {"days": 366}, {"days": "9"}, {"number": ""}, {"x": 1}])
def test_a_malformed_standing_check_is_refused(desk: HitDesk, extra: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        watch(desk, {**QUERY, **extra})


def test_two_bureaus_that_hold_the_same_are_told(desk: HitDesk) -> None:
    enter(desk, PERSON)
    enter(desk, {**PERSON, "source_id": "K1"}, "ken")
    assert (desk.told("EGY"), desk.told("KEN")) == (["opened"], ["met"])


def test_they_met_when_the_second_record_came(desk: HitDesk) -> None:
    enter(desk, PERSON)
    desk.clock.pass_on(days=3)
    enter(desk, {**PERSON, "source_id": "K1"}, "ken")
    shown = desk.page(desk.listed("egy-registrar")[0]).to_json()
    assert (shown["origin"], shown["met_at"]) == ("same", desk.clock().isoformat())


def test_they_are_told_once(desk: HitDesk) -> None:
    enter(desk, PERSON)
    enter(desk, {**PERSON, "source_id": "K1"}, "ken")
    enter(desk, {**PERSON, "born_note": "by its own word"})
    assert (desk.told("EGY"), desk.told("KEN")) == (["opened"], ["met"])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"share": "owner"}, {}),
        ({}, {"share": "owner"}),
        ({"purposes": ["border"]}, {}),
        ({}, {"share": {"only": ["FRA"]}}),
    ],
)
def test_they_are_never_told_where_one_withholds(
    desk: HitDesk, first: dict[str, object], second: dict[str, object]
) -> None:
    enter(desk, {**PERSON, **first})
    enter(desk, {**PERSON, "source_id": "K1", **second}, "ken")
    assert (desk.told("EGY"), desk.told("KEN")) == ([], [])


def test_two_records_of_the_same_that_come_together_are_told_once(desk: HitDesk) -> None:
    for owner in ("egy", "ken"):
        submit({**PERSON, "source_id": owner}, desk.officer(f"{owner}-registrar"), desk.desk)
    tick(desk.desk, None)
    tick(desk.desk, None)
    assert sorted(desk.told(bureau) for bureau in ("EGY", "KEN")) == [["met"], ["opened"]]
