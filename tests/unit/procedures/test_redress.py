"""Redress: opened, found, blocked, consulted, decided, erased; the applicant's identity stays apart."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.unit.procedures.bureaus import PERSON, bureaus, enter, officer

from comity.access.roles import role_named
from comity.app import Node
from comity.errors import ComityError, ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures import redress, redress_decide, redress_find, redress_owner
from comity.procedures.check import run_check
from comity.procedures.import_list import ImportOrder, import_list
from comity.procedures.redress import Request
from comity.procedures.redress_export import applicants_file
from comity.procedures.redress_owner import OwnersAnswer
from comity.procedures.retention_run import run_retention
from comity.procedures.submit import submit, withdraw
from comity.procedures.upkeep import examine
from comity.records.handling import Purpose, Share
from comity.registry import accounts, audit_log
from comity.registry.accounts import Account
from comity.registry.imports import ImportRun
from comity.registry.schema import METADATA
from comity.sources.rows import SourceRow

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
NAME = "Abdelaziz Testmansour"
QUERY = {"kind": "person", "name": NAME, "born": "1971-04-09"}
PASSPORT = {
    "kind": "travel_document",
    "source_id": "D1",
    "type": "P",
    "issuer": "EGY",
    "number": "A7654321",
    "status": "stolen",
}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with bureaus(tmp_path) as node:
        with node.desk.registry.write() as connection:
            accounts.add_account(connection, Account("ccf", "XPO", role_named("controller")), START)
        yield replace(node, desk=replace(node.desk, clock=lambda: START))


@pytest.fixture
def ref(node: Node) -> str:
    return opened(node)


def opened(node: Node, kind: str = "deletion") -> str:
    asked = Request(kind, {"name": "Zuzanna Applicantova", "contact": "a lawyer"}, "Please erase it.")
    return redress.open_case(asked, officer(node, "ccf"), node.desk).ref


def found(node: Node, ref: str, query: object = QUERY) -> list[str]:
    return [one.about.record for one in redress_find.find(ref, query, officer(node, "ccf"), node.desk)]


def in_case(node: Node, ref: str, record: str) -> None:
    redress_find.attach(ref, record, officer(node, "ccf"), node.desk)


def decide(node: Node, ref: str, record: str, decision: str) -> None:
    redress_decide.decide(ref, record, decision, "for these reasons", officer(node, "ccf"), node.desk)


def hits(node: Node, who: str = "fra-officer") -> list[str]:
    answer = run_check({"kind": "person", "name": NAME}, officer(node, who), Purpose.BORDER, node.desk)
    return [hit.record for hit in answer.hits]


@pytest.mark.parametrize(
    ("kind", "due"),
    [("access", date(2026, 7, 1)), ("correction", date(2026, 12, 1)), ("deletion", date(2026, 12, 1))],
)
def test_a_case_has_four_months_for_access_and_nine_for_the_rest(node: Node, kind: str, due: date) -> None:
    opened(node, kind)
    assert redress.list_cases(officer(node, "ccf"), node.desk).cases[0].case.due_on == due


def test_the_applicant_is_named_nowhere_in_the_tables(node: Node, ref: str) -> None:
    assert tables_with(node, "Applicantova") == []


def test_whom_was_searched_for_is_named_nowhere_in_the_log(node: Node, ref: str) -> None:
    found(node, ref, {"kind": "person", "name": "Zuzanna Applicantova"})
    assert tables_with(node, "Applicantova") == []


def tables_with(node: Node, word: str) -> list[str]:
    with node.desk.registry.read() as connection:
        return [
            table.name
            for table in METADATA.sorted_tables
            if any(word in repr(row) for row in connection.execute(text(f"SELECT * FROM {table.name}")).all())
        ]


@pytest.mark.parametrize(
    "handling",
    [
        {"share": "owner"},
        {"share": {"only": ["KEN"]}, "view": "pointer"},
        {"share": "all", "purposes": ["wanted"]},
    ],
)
def test_what_is_held_is_found_whatever_its_owner_says_of_sharing(
    node: Node, ref: str, handling: dict[str, object]
) -> None:
    record = enter(node, **handling)
    assert found(node, ref) == [record]


def test_a_withdrawn_record_that_is_still_held_is_found(node: Node, ref: str) -> None:
    record = enter(node)
    withdraw(record, None, officer(node, "egy-registrar"), node.desk)
    assert found(node, ref) == [record]


def test_a_stolen_passport_of_the_person_is_found_by_its_number(node: Node, ref: str) -> None:
    made = submit({**PASSPORT, "share": "owner"}, officer(node, "egy-registrar"), node.desk).receipt
    query = {"kind": "travel_document", "number": "A7654321"}
    assert found(node, ref, query) == [made.public_id]


def test_owners_learn_that_the_controller_met_their_record(node: Node, ref: str) -> None:
    record = enter(node)
    found(node, ref)
    with node.desk.registry.read() as connection:
        lines = audit_log.entries_on(connection, record, 10)
    assert [(line.entry.act, line.entry.account) for line in lines] == [("redress:handle", "ccf")]


@pytest.mark.parametrize("who", ["egy-registrar", "egy-officer", "fra-controller", "operator"])
def test_nobody_but_the_secretariat_s_controller_handles_cases(node: Node, who: str) -> None:
    with pytest.raises(RefusedError):
        redress.list_cases(officer(node, who), node.desk)


def test_a_controller_does_not_check(node: Node) -> None:
    with pytest.raises(RefusedError):
        hits(node, "ccf")


@pytest.fixture
def record(node: Node, ref: str) -> str:
    record = enter(node)
    in_case(node, ref, record)
    return record


def block(node: Node, ref: str, record: str) -> None:
    redress_owner.block(ref, record, officer(node, "ccf"), node.desk)


def test_a_blocked_record_answers_nobody(node: Node, ref: str, record: str) -> None:
    block(node, ref, record)
    assert (hits(node), hits(node, "egy-officer")) == ([], [])


def test_new_words_of_the_owner_do_not_lift_a_block(node: Node, ref: str, record: str) -> None:
    block(node, ref, record)
    enter(node, notice="red")
    assert hits(node) == []


def test_a_record_found_compliant_answers_again(node: Node, ref: str, record: str) -> None:
    block(node, ref, record)
    decide(node, ref, record, "compliant")
    assert hits(node) == [record]


def test_a_record_that_two_cases_block_waits_for_both(node: Node, ref: str, record: str) -> None:
    other = opened(node)
    in_case(node, other, record)
    block(node, ref, record)
    block(node, other, record)
    decide(node, ref, record, "compliant")
    assert hits(node) == []


def test_a_record_to_be_corrected_is_settled_once_its_owner_has_amended_it(
    node: Node, ref: str, record: str
) -> None:
    block(node, ref, record)
    decide(node, ref, record, "correct")
    with pytest.raises(ConflictError):
        redress_decide.settle(ref, record, officer(node, "ccf"), node.desk)
    enter(node, born=["1971-04-10"])
    redress_decide.settle(ref, record, officer(node, "ccf"), node.desk)
    assert hits(node) == [record]


def test_a_decision_is_made_once(node: Node, ref: str, record: str) -> None:
    decide(node, ref, record, "compliant")
    with pytest.raises(ConflictError):
        decide(node, ref, record, "erase")


def test_a_decision_has_reasons(node: Node, ref: str, record: str) -> None:
    with pytest.raises(MalformedError):
        redress_decide.decide(ref, record, "erase", " ", officer(node, "ccf"), node.desk)


def test_an_erased_record_stands_in_no_table(node: Node, ref: str, record: str) -> None:
    decide(node, ref, record, "erase")
    assert [name for name in tables_with(node, "Testmansour") if name != "audit_entries"] == []


def test_an_erased_record_stands_in_no_file(node: Node, ref: str, record: str) -> None:
    node.desk.follower.catch_up()
    node.desk.index.save()
    decide(node, ref, record, "erase")
    held = [
        one.name
        for one in node.directory.rglob("*")
        if one.is_file() and b"testmansour" in one.read_bytes().lower()
    ]
    assert held == []


def test_the_node_holds_together_after_an_erasure(node: Node, ref: str, record: str) -> None:
    decide(node, ref, record, "erase")
    assert examine(node.desk) == []


@pytest.mark.parametrize(
    "again",
    [
        {},
        {"notice": "red"},
        {"source_id": "P2"},
        {"source_id": "P3", "names": [{"name": "Somebody Else", "type": "primary"}]},
        {
            "source_id": "P4",
            "documents": [],
            "names": [{"name": "ABDELAZIZ  TESTMANSOUR", "type": "primary"}],
        },
    ],
    ids=["as-it-was", "amended", "another-identifier", "same-document", "same-name-and-birth"],
)
def test_an_erased_record_does_not_come_back(
    node: Node, ref: str, record: str, again: dict[str, object]
) -> None:
    decide(node, ref, record, "erase")
    with pytest.raises(RefusedError) as refused:
        enter(node, **again)
    assert refused.value.rule == "erased-by-decision"


def test_a_namesake_born_on_another_day_is_taken(node: Node, ref: str, record: str) -> None:
    decide(node, ref, record, "erase")
    enter(node, source_id="P9", born=["1990-01-01"], documents=[])
    assert len(hits(node)) == 1


def test_an_import_does_not_bring_an_erased_record_back(node: Node, ref: str, record: str) -> None:
    decide(node, ref, record, "erase")
    rejects = []
    run = ImportRun("run", "jsonl", "EGY", "list", "list.jsonl")
    import_list(
        iter([SourceRow(1, dict(PERSON), None, dict(PERSON))]),
        ImportOrder(run, Share()),
        officer(node, "egy-registrar"),
        node.desk,
        rejects.append,
        lambda _done: None,
    )
    assert [one.code for one in rejects] == ["erased-by-decision"]


def test_while_a_case_runs_nothing_is_purged(node: Node, ref: str) -> None:
    record = enter(node, retain_until="2026-04-01")
    in_case(node, ref, record)
    block(node, ref, record)
    late = replace(node.desk, clock=lambda: datetime(2026, 9, 1, tzinfo=UTC))
    later = replace(node.desk, clock=lambda: datetime(2026, 11, 1, tzinfo=UTC))
    run_retention(officer(node, "operator"), late)
    assert run_retention(officer(node, "operator"), later).counts["purged"] == 0


def asked(node: Node, ref: str, record: str) -> None:
    redress_owner.consult(ref, record, "On what ground?", 30, officer(node, "ccf"), node.desk)


def answered(node: Node, ref: str, record: str, *, may: bool, who: str = "egy-registrar") -> None:
    given = OwnersAnswer(ref, record, 1, "A warrant of 2025.", may_disclose=may)
    redress_owner.answer_question(given, officer(node, who), node.desk)


def test_the_owner_is_asked_without_being_told_who_applied(node: Node, ref: str, record: str) -> None:
    asked(node, ref, record)
    seen = redress_owner.questions(officer(node, "egy-registrar"), node.desk)
    assert [(one.words, "Applicantova" in repr(one.to_json())) for one in seen] == [
        ("On what ground?", False)
    ]


def test_another_bureau_is_asked_nothing(node: Node, ref: str, record: str) -> None:
    asked(node, ref, record)
    assert redress_owner.questions(officer(node, "fra-registrar"), node.desk) == []


def test_another_bureau_cannot_answer(node: Node, ref: str, record: str) -> None:
    asked(node, ref, record)
    with pytest.raises(UnknownError):
        answered(node, ref, record, may=True, who="fra-registrar")


def test_a_question_is_answered_once(node: Node, ref: str, record: str) -> None:
    asked(node, ref, record)
    answered(node, ref, record, may=True)
    with pytest.raises(ConflictError):
        answered(node, ref, record, may=False)


def given_to_the_applicant(node: Node, ref: str) -> dict[str, object]:
    return applicants_file(ref, officer(node, "ccf"), node.desk).to_json()


def test_an_applicant_is_told_of_what_may_be_told(node: Node, ref: str, record: str) -> None:
    asked(node, ref, record)
    answered(node, ref, record, may=True)
    assert NAME in repr(given_to_the_applicant(node, ref)["records"])


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_record_that_may_not_be_told_of_leaves_no_trace(node: Node, ref: str, *, is_answered: bool) -> None:
    before = given_to_the_applicant(node, ref)
    record = enter(node)
    in_case(node, ref, record)
    asked(node, ref, record)
    if is_answered:
        answered(node, ref, record, may=False)
    assert given_to_the_applicant(node, ref) == before


def test_a_case_is_closed_when_every_record_is_decided_on(node: Node, ref: str, record: str) -> None:
    with pytest.raises(ConflictError):
        redress.close(ref, officer(node, "ccf"), node.desk)
    decide(node, ref, record, "compliant")
    redress.close(ref, officer(node, "ccf"), node.desk)
    assert redress.list_cases(officer(node, "ccf"), node.desk).cases[0].case.state == "closed"


def test_nothing_is_done_in_a_closed_case(node: Node, ref: str) -> None:
    redress.close(ref, officer(node, "ccf"), node.desk)
    record = enter(node)
    with pytest.raises(ConflictError):
        in_case(node, ref, record)


def test_every_step_leaves_one_line(node: Node) -> None:
    before = size(node)
    ref = opened(node)
    record = enter(node)
    in_case(node, ref, record)
    block(node, ref, record)
    asked(node, ref, record)
    answered(node, ref, record, may=False)
    decide(node, ref, record, "erase")
    redress.close(ref, officer(node, "ccf"), node.desk)
    assert size(node) - before == 8


@pytest.mark.parametrize("name", ["", "R-2026-00000000"])
def test_a_step_that_fails_leaves_one_line(node: Node, name: str) -> None:
    before = size(node)
    with pytest.raises(ComityError):
        block(node, name, "A" * 20)
    assert size(node) - before == 1


def size(node: Node) -> int:
    node.desk.registry.settle()
    with node.desk.registry.read() as connection:
        return connection.execute(text("SELECT size FROM audit_tip")).scalar_one()


def test_withdrawing_and_entering_it_again_does_not_lift_a_block(node: Node, ref: str, record: str) -> None:
    block(node, ref, record)
    withdraw(record, None, officer(node, "egy-registrar"), node.desk)
    enter(node, born=["1971-04-10"])
    assert (hits(node), hits(node, "egy-officer")) == ([], [])
    decide(node, ref, record, "compliant")
    assert hits(node) == [record]


def test_a_record_that_was_withdrawn_before_it_was_blocked_does_not_come_back(
    node: Node, ref: str, record: str
) -> None:
    withdraw(record, None, officer(node, "egy-registrar"), node.desk)
    block(node, ref, record)
    enter(node)
    assert hits(node) == []


def elsewhere(node: Node, **record: object) -> str:
    return submit({**record, "share": "owner"}, officer(node, "egy-registrar"), node.desk).receipt.public_id


ELSEWHERE = [
    {"kind": "account", "source_id": "A1", "iban": "GB82WEST12345698765432", "holders": [NAME]},
    {"kind": "artwork", "source_id": "W1", "title": "A vase", "maker": "عبد العزيز تستمنصور"},
    {"kind": "organisation", "source_id": "O1", "names": [{"name": NAME, "type": "primary"}]},
]


@pytest.mark.parametrize("record", ELSEWHERE, ids=lambda record: record["kind"])
def test_a_person_is_found_where_another_kind_names_it(
    node: Node, ref: str, record: dict[str, object]
) -> None:
    held = elsewhere(node, **record)
    assert found(node, ref) == [held]


def test_a_withdrawn_account_of_the_person_is_found(node: Node, ref: str) -> None:
    record = elsewhere(node, **ELSEWHERE[0])
    withdraw(record, None, officer(node, "egy-registrar"), node.desk)
    assert found(node, ref) == [record]


def test_somebody_else_s_account_is_not_found(node: Node, ref: str) -> None:
    elsewhere(node, **{**ELSEWHERE[0], "holders": ["Ruslana Otherova"]})
    assert found(node, ref) == []


def test_cases_are_listed_by_pages_each_once(node: Node) -> None:
    refs = {opened(node, kind) for kind in ("access", "deletion", "access")}
    first = redress.list_cases(officer(node, "ccf"), node.desk, 2)
    second = redress.list_cases(officer(node, "ccf"), node.desk, 2, first.next)
    listed = [one.case.ref for page in (first, second) for one in page.cases]
    assert (len(listed), {*listed}, second.next) == (3, refs, None)


def test_closed_cases_come_after_the_open_ones_over_pages(node: Node) -> None:
    closed, open_ = opened(node, "access"), opened(node, "deletion")
    redress.close(closed, officer(node, "ccf"), node.desk)
    first = redress.list_cases(officer(node, "ccf"), node.desk, 1)
    second = redress.list_cases(officer(node, "ccf"), node.desk, 1, first.next)
    assert [one.case.ref for page in (first, second) for one in page.cases] == [open_, closed]


@pytest.mark.parametrize("limit", [0, 201])
def test_a_page_of_cases_has_a_length(node: Node, limit: int) -> None:
    with pytest.raises(MalformedError, match="out-of-range"):
        redress.list_cases(officer(node, "ccf"), node.desk, limit)


def test_cases_do_not_go_on_from_what_is_none(node: Node, ref: str) -> None:
    with pytest.raises(UnknownError):
        redress.list_cases(officer(node, "ccf"), node.desk, 2, "R-2026-00000000")
