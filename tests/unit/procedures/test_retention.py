"""Retention: asked ahead, suspended on the day, purged with proof; the owner may keep or let go."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.unit.procedures.bureaus import bureaus, enter, officer

from comity.app import Node
from comity.errors import ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures import retention
from comity.procedures.check import run_check
from comity.procedures.desk import Desk
from comity.procedures.retention import Answer, answer, open_questions, prove_purge, verify_purge
from comity.procedures.retention_run import RunReport, run_retention
from comity.procedures.submit import read_record, submit, withdraw
from comity.records.handling import Purpose
from comity.registry import audit_log
from comity.registry.schema import METADATA

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
END = date(2026, 12, 1)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with bureaus(tmp_path) as node:
        yield replace(node, desk=replace(node.desk, clock=lambda: START))


def on(node: Node, day: date) -> Desk:
    """Return the node's desk on a day, at noon."""
    return replace(node.desk, clock=lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def run(node: Node, day: date) -> RunReport:
    return run_retention(officer(node, "operator"), on(node, day))


def hits(node: Node, day: date, who: str = "fra-officer") -> list[str]:
    query = {"kind": "person", "name": "Abdelaziz Testmansour"}
    found = run_check(query, officer(node, who), Purpose.BORDER, on(node, day)).hits
    return [hit.record for hit in found]


def keep(
    node: Node, record: str, day: date, until: str = "2028-01-01", who: str = "egy-registrar"
) -> date | None:
    return answer(Answer(record, "keep", "the case goes on", until), officer(node, who), on(node, day))


def let_go(node: Node, record: str, day: date) -> None:
    answer(Answer(record, "let-go", "arrested"), officer(node, "egy-registrar"), on(node, day))


@pytest.fixture
def record(node: Node) -> str:
    return enter(node, retain_until=END.isoformat())


def test_the_owner_is_asked_six_months_ahead(node: Node, record: str) -> None:
    assert (run(node, date(2026, 5, 31)).counts["asked"], run(node, date(2026, 6, 1)).counts["asked"]) == (
        0,
        1,
    )


def test_the_owner_is_asked_once(node: Node, record: str) -> None:
    run(node, date(2026, 6, 1))
    assert run(node, date(2026, 6, 2)).counts["asked"] == 0


def test_the_owner_is_reminded_three_times(node: Node, record: str) -> None:
    run(node, date(2026, 6, 1))
    days = [date(2026, 6, 2) + timedelta(days=one) for one in range(0, 183, 5)]
    assert sum(run(node, day).counts["reminded"] for day in days if day < END) == 3


def test_a_second_run_of_a_day_does_nothing(node: Node, record: str) -> None:
    run(node, date(2026, 6, 1))
    assert run(node, date(2026, 6, 1)).is_new is False


def test_a_question_is_listed_for_its_owner(node: Node, record: str) -> None:
    run(node, date(2026, 6, 1))
    found = open_questions(50, None, officer(node, "egy-registrar"), on(node, date(2026, 6, 2)))
    assert [(one.term.record, one.term.ends_on, one.days_left) for one in found.questions] == [
        (record, END, 182)
    ]


def test_no_question_is_listed_for_others(node: Node, record: str) -> None:
    run(node, date(2026, 6, 1))
    assert open_questions(50, None, officer(node, "ken-registrar"), on(node, END)).questions == ()


def test_a_record_answers_until_the_day_before_its_end(node: Node, record: str) -> None:
    assert hits(node, END - timedelta(days=1)) == [record]


def test_a_record_answers_nobody_from_its_end_on_before_any_run(node: Node, record: str) -> None:
    assert hits(node, END) == []


def test_not_even_a_check_of_its_owner_finds_it(node: Node, record: str) -> None:
    assert hits(node, END, "egy-officer") == []


def test_its_owner_still_reads_it(node: Node, record: str) -> None:
    run(node, END)
    seen = read_record(record, officer(node, "egy-registrar"), Purpose.BORDER, on(node, END))
    assert seen.held.state == "suspended"


def test_others_read_it_no_more(node: Node, record: str) -> None:
    with pytest.raises(UnknownError):
        read_record(record, officer(node, "fra-officer"), Purpose.BORDER, on(node, END))


def test_a_record_without_a_date_ends_with_the_period_of_its_kind(node: Node) -> None:
    enter(node)
    entered = node.desk.clock().date()
    end = entered.replace(year=entered.year + 5)
    assert (hits(node, end - timedelta(days=1)) != [], hits(node, end)) == (True, [])


def test_an_owner_s_date_cannot_lengthen_the_period(node: Node) -> None:
    enter(node, retain_until="2090-01-01")
    entered = node.desk.clock().date()
    assert hits(node, entered.replace(year=entered.year + 5)) == []


def test_a_kept_record_answers_beyond_its_end(node: Node, record: str) -> None:
    run(node, date(2026, 6, 1))
    keep(node, record, date(2026, 6, 2))
    run(node, END)
    assert hits(node, END) == [record]


def test_a_kept_record_answers_beyond_the_period_of_its_kind(node: Node) -> None:
    record = enter(node)
    entered = node.desk.clock().date()
    end = entered.replace(year=entered.year + 5)
    run(node, end - timedelta(days=100))
    keep(node, record, end - timedelta(days=50), (end + timedelta(days=365)).isoformat())
    assert hits(node, end + timedelta(days=300)) == [record]


def test_a_kept_record_is_asked_about_again(node: Node, record: str) -> None:
    run(node, date(2026, 6, 1))
    keep(node, record, date(2026, 6, 2))
    assert run(node, date(2027, 7, 1)).counts["asked"] == 1


def test_a_suspended_record_may_be_kept_within_the_grace(node: Node, record: str) -> None:
    run(node, END)
    keep(node, record, END + timedelta(days=3))
    assert hits(node, END + timedelta(days=3)) == [record]


@pytest.mark.parametrize(
    ("until", "code"),
    [("2026-06-02", "date-past"), ("2040-01-01", "beyond-period"), ("soon", "date-form"), ("", "text-empty")],
)
def test_a_new_date_lies_ahead_and_within_the_period(node: Node, record: str, until: str, code: str) -> None:
    run(node, date(2026, 6, 1))
    with pytest.raises(MalformedError) as refused:
        keep(node, record, date(2026, 6, 2), until)
    assert refused.value.code == code


def test_a_record_is_kept_for_a_reason(node: Node, record: str) -> None:
    run(node, date(2026, 6, 1))
    with pytest.raises(MalformedError):
        answer(Answer(record, "keep", " ", "2028-01-01"), officer(node, "egy-registrar"), on(node, END))


def test_an_answer_before_the_question_is_told_so(node: Node, record: str) -> None:
    with pytest.raises(ConflictError):
        keep(node, record, date(2026, 4, 1))


def test_a_second_answer_is_told_so(node: Node, record: str) -> None:
    run(node, date(2026, 6, 1))
    keep(node, record, date(2026, 6, 2))
    with pytest.raises(ConflictError):
        let_go(node, record, date(2026, 6, 2))


def test_nobody_else_answers_for_the_owner(node: Node, record: str) -> None:
    run(node, date(2026, 6, 1))
    with pytest.raises(UnknownError):
        keep(node, record, date(2026, 6, 2), who="ken-registrar")


def test_what_is_let_go_answers_nobody_at_once(node: Node, record: str) -> None:
    run(node, date(2026, 6, 1))
    let_go(node, record, date(2026, 6, 2))
    assert hits(node, date(2026, 6, 2)) == []


def test_what_is_let_go_is_purged_by_the_next_run(node: Node, record: str) -> None:
    run(node, date(2026, 6, 1))
    let_go(node, record, date(2026, 6, 2))
    assert run(node, date(2026, 6, 3)).counts["purged"] == 1


def purged(node: Node) -> None:
    run(node, END)
    run(node, END + timedelta(days=30))


def test_an_unanswered_record_is_purged_after_the_grace(node: Node, record: str) -> None:
    run(node, END)
    reports = [run(node, END + timedelta(days=days)) for days in (29, 30)]
    assert [one.counts["purged"] for one in reports] == [0, 1]


def test_a_record_found_late_is_suspended_first_and_has_its_grace(node: Node, record: str) -> None:
    late = END + timedelta(days=400)
    reports = [run(node, late + timedelta(days=days)) for days in (0, 1, 30)]
    assert [(one.counts["suspended"], one.counts["purged"]) for one in reports] == [(1, 0), (0, 0), (0, 1)]


def test_a_withdrawn_record_is_purged_without_a_question(node: Node, record: str) -> None:
    withdraw(record, None, officer(node, "egy-registrar"), node.desk)
    counts = run(node, END + timedelta(days=30)).counts
    assert (counts["asked"], counts["purged"]) == (0, 1)


def test_of_a_purged_record_nothing_is_held(node: Node, record: str) -> None:
    purged(node)
    with pytest.raises(UnknownError):
        read_record(record, officer(node, "egy-registrar"), Purpose.BORDER, on(node, END))


def test_no_table_holds_a_word_of_a_purged_record(node: Node, record: str) -> None:
    enter(node, retain_until=END.isoformat(), notice="red")
    purged(node)
    assert tables_with(node, "Testmansour", but={"audit_entries"}) == []


def tables_with(node: Node, word: str, but: set[str]) -> list[str]:
    found = []
    with node.desk.registry.read() as connection:
        for table in METADATA.sorted_tables:
            rows = connection.execute(text(f"SELECT * FROM {table.name}")).all()
            if table.name not in but and any(word.encode() in repr(row).encode() for row in rows):
                found.append(str(table.name))
    return found


def test_no_file_of_the_node_holds_a_word_of_a_purged_record(node: Node, record: str) -> None:
    node.desk.follower.catch_up()
    node.desk.index.save()
    purged(node)
    words = (b"testmansour", b"A7654321")
    holding = [
        path.name
        for path in node.directory.rglob("*")
        if path.is_file() and any(word.lower() in path.read_bytes().lower() for word in words)
    ]
    assert holding == []


def test_the_owner_has_a_receipt(node: Node, record: str) -> None:
    purged(node)
    stones = retention.receipts(officer(node, "egy-registrar"), on(node, END))
    assert [(one.record, one.why) for one in stones] == [(record, "unanswered")]


def test_others_have_no_receipt(node: Node, record: str) -> None:
    purged(node)
    assert retention.receipts(officer(node, "ken-registrar"), on(node, END)) == []


def proof(node: Node, record: str, who: str = "egy-controller") -> bytes:
    return json.dumps(prove_purge(record, officer(node, who), on(node, END)).to_json()).encode()


def test_the_proof_of_a_purge_holds_without_the_node(node: Node, record: str) -> None:
    purged(node)
    entry = verify_purge(proof(node, record), node.desk.registry.signer.verifier)
    assert (entry.outcome, entry.records) == ("purged", (record,))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("digest", "00" * 32),
        ("why", "erased"),
        ("owner", "KEN"),
        ("kind", "vehicle"),
        ("purged_at", "2020-01-01T00:00:00+00:00"),
    ],
)
def test_a_proof_with_another_receipt_does_not_hold(node: Node, record: str, name: str, said: str) -> None:
    purged(node)
    forged = json.loads(proof(node, record))
    forged["receipt"][name] = said
    with pytest.raises(Exception, match="audit-inclusion"):
        verify_purge(json.dumps(forged).encode(), node.desk.registry.signer.verifier)


def test_another_bureau_s_controller_has_no_proof(node: Node, record: str) -> None:
    purged(node)
    with pytest.raises(UnknownError):
        proof(node, record, "fra-controller")


def test_the_same_words_are_not_taken_again(node: Node, record: str) -> None:
    purged(node)
    with pytest.raises(RefusedError) as refused:
        enter(node, retain_until=END.isoformat())
    assert refused.value.rule == "purged-unchanged"


def test_a_record_may_be_entered_anew_with_a_new_date(node: Node, record: str) -> None:
    purged(node)
    later = on(node, END + timedelta(days=40))
    stated = {
        "kind": "person",
        "source_id": "P1",
        "names": [{"name": "Abdelaziz Testmansour", "type": "primary"}],
        "share": "all",
        "retain_until": "2029-01-01",
    }
    again = submit(stated, officer(node, "egy-registrar"), later).receipt
    assert (again.public_id, hits(node, date(2027, 2, 1))) == (record, [record])


def test_the_registry_holds_together_after_a_purge(node: Node, record: str) -> None:
    from comity.procedures.upkeep import examine

    purged(node)
    assert examine(node.desk) == []


def test_every_step_of_a_record_leaves_one_line(node: Node, record: str) -> None:
    run(node, date(2026, 6, 1))
    run(node, date(2026, 9, 15))
    purged(node)
    with node.desk.registry.read() as connection:
        lines = audit_log.entries_on(connection, record, 50)
    assert [line.entry.outcome for line in reversed(lines)] == ["asked", "reminded", "suspended", "purged"]


def test_an_officer_does_not_run_the_clock(node: Node) -> None:
    with pytest.raises(RefusedError):
        run_retention(officer(node, "egy-registrar"), node.desk)
