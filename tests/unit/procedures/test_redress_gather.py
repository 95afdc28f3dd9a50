"""What a case gathers beside records, withholds while it runs, and erases with a receipt."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text
from tests.unit.procedures.gathered import MESSAGE, NAME, START, File, file
from tests.unit.procedures.offices import RED, YELLOW, checklist, enter, officer, published, step

from comity.errors import ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures import redress, redress_owner
from comity.procedures.clockwork import tick
from comity.procedures.messages.keeping import fetch_file, keep_file
from comity.procedures.messages.passing_on import forward
from comity.procedures.messages.reading import inbox, read_message
from comity.procedures.messages.sending import send
from comity.procedures.messages.shown import ShownMessage
from comity.procedures.redress_export import applicants_file
from comity.procedures.redress_owner import OwnersAnswer
from comity.procedures.retention import prove_purge, verify_purge
from comity.procedures.watches import list_watches
from comity.registry import audit_log, notices
from comity.registry.schema import METADATA

THINGS = ("draft", "refused", "diffusion", "watch", "phrase", "words", "reference", "sealed")
ERASED = ("draft", "refused", "diffusion", "watch", "words", "sealed")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[File]:
    with file(tmp_path) as filled:
        yield filled


def read(made: File, one: str, who: str = "fra-registrar") -> ShownMessage:
    return read_message(made.made[one], officer(made.node, who), made.node.desk)


def tables_with(made: File, word: str) -> set[str]:
    made.node.desk.registry.settle()
    with made.node.desk.registry.read() as connection:
        return {
            table.name
            for table in METADATA.sorted_tables
            if any(word in repr(row) for row in connection.execute(text(f"SELECT * FROM {table.name}")).all())
        }


@pytest.mark.parametrize("name", THINGS)
def test_it_is_found_by_name_and_birth(made: File, name: str) -> None:
    assert made.made[name] in made.find()


def test_each_is_found_in_its_own_way(made: File) -> None:
    found = made.find()
    ways = {name: found[made.made[name]].by for name in ("phrase", "words", "reference", "sealed", "watch")}
    assert ways == {
        "phrase": "likeness",
        "words": "words",
        "reference": "reference",
        "sealed": "thread",
        "watch": "likeness",
    }


def test_a_message_is_found_by_a_number_in_its_words(made: File) -> None:
    query = {"kind": "travel_document", "number": "B45671230"}
    assert made.made["number"] in made.find(**query, name=None, born=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Ищем Ферхата Даламаноглу в порту.",
        "نبحث عن فرحات دلامان أوغلو",
        "Nous cherchons Ferhad Dalaman-Oglu.",
        "ΖΗΤΕΙΤΑΙ Ο ΦΕΡΧΑΤ ΔΑΛΑΜΑΝΟΓΛΟΥ",
    ],
)
def test_a_message_is_found_whatever_the_spelling_and_script_of_the_name(made: File, text: str) -> None:
    said = {**MESSAGE, "subject": "A file", "text": text}
    sent = send(said, officer(made.node, "egy-registrar"), made.node.desk)
    assert made.find()[sent.message].by == "spelling"


def test_a_message_about_somebody_else_is_not_found(made: File) -> None:
    assert made.made["stranger"] not in made.find()


def test_a_sealed_message_is_known_by_its_header_alone(made: File) -> None:
    thing = made.find()[made.made["sealed"]].thing
    assert (thing.state, "content" in thing.said, thing.said["to"]) == ("sealed", False, ["FRA"])


def test_a_request_in_force_is_reached_by_its_record_alone(made: File) -> None:
    assert [one for one in made.find() if one == made.made["record"]] == [made.made["record"]]


def test_what_stands_beside_a_record_is_shown_with_it(made: File) -> None:
    made.attach(made.made["record"])
    beside = made.about(made.made["record"]).beside
    hits = {one.id: one.meeting.bureau for one in beside.hits}  # Brazil's is of its standing check
    assert (beside.notice.state, sorted(hits.values()), hits[made.made["hit"]]) == (
        "published",
        ["BRA", "KEN"],
        "KEN",
    )
    assert [one.id for one in beside.requests] == [made.made["proposal"]]


def test_who_read_a_message_is_shown(made: File) -> None:
    read(made, "words")
    made.attach(made.made["words"])
    assert [one.bureau for one in made.about(made.made["words"]).readers if one.read_at] == ["FRA"]


def test_what_was_found_is_in_the_log_and_not_whom_was_looked_for(made: File) -> None:
    made.find()
    with made.node.desk.registry.read() as connection:
        line = audit_log.own_entries(connection, "ccf", 1)[0].entry
    assert (made.made["words"] in line.query["things"], NAME in repr(line)) == (True, False)


def test_who_was_found_not_to_be_meant_is_found_by_the_papers(made: File) -> None:
    hit = made.distinguish("Z9999999")
    found = made.find(document="Z9999999")
    assert found[hit].about.kind == "distinction"


@pytest.mark.parametrize("name", ERASED)
def test_each_is_erased_with_a_receipt_that_verifies(made: File, name: str) -> None:
    one = made.made[name]
    made.attach(one)
    made.decide(one)
    proof = prove_purge(one, officer(made.node, "ccf"), made.node.desk)
    entry = verify_purge(msgspec.json.encode(proof.to_json()), made.node.desk.registry.signer.verifier)
    digest = made.about(one).standing.digest
    assert (entry.query["record"], entry.query["digest"]) == (one, digest.hex())


def test_what_was_erased_is_found_no_more(made: File) -> None:
    for one in made.find():
        made.attach(one)
        made.decide(one)
    assert made.find() == {}


def test_nothing_of_the_person_is_left_but_in_the_log_what_was_asked(made: File) -> None:
    for one in {**made.find(), **made.find(kind="travel_document", name=None, born=None, number="B45671230")}:
        made.attach(one)
        made.decide(one)
    assert tables_with(made, "Dalamanoglu") <= {"audit_entries"}


def test_the_receipt_of_a_record_says_what_went_with_it(made: File) -> None:
    made.attach(made.made["record"])
    made.decide(made.made["record"])
    with made.node.desk.registry.read() as connection:
        line = audit_log.entries_on(connection, made.made["record"], 1)[0].entry
    assert line.query["with"] == {"notice": 1, "hits": 2, "requests": 1}


@pytest.mark.parametrize("name", ["record", "draft"])
def test_a_request_that_was_erased_does_not_come_back(made: File, name: str) -> None:
    one = made.made[name]
    made.attach(one)
    made.decide(one)
    owner = "egy" if name == "record" else "fra"
    content = RED if name == "record" else {**RED, "reference": "draft-1"}
    with pytest.raises(RefusedError) as refused:
        published(made.node, content, owner=owner)
    assert refused.value.rule == "erased-by-decision"


def test_a_blocked_request_is_not_published(made: File) -> None:
    one = made.made["draft"]
    made.attach(one)
    made.block(one)
    with made.node.desk.registry.read() as connection:
        held = notices.fetch(connection, one)
    held = step(made.node, held, "submit", "fra-registrar")
    held = step(made.node, held, "take", "reviewer-1")
    with pytest.raises(ConflictError, match="blocked-by-case"):
        step(made.node, held, "publish", "reviewer-1", checklist=checklist("red"), reasons="Weighed.")


def test_a_blocked_diffusion_is_not_sent(made: File) -> None:
    one = made.made["diffusion"]
    made.attach(one)
    made.block(one)
    with made.node.desk.registry.read() as connection:
        held = notices.fetch(connection, one)
    with pytest.raises(ConflictError, match="blocked-by-case"):
        step(made.node, held, "submit", "bra-registrar")


def test_a_request_that_came_into_force_is_its_record_from_then_on(made: File) -> None:
    one = enter(made.node, {**RED, "reference": "late"}, owner="ken").id
    made.attach(one)
    with made.node.desk.registry.read() as connection:
        held = notices.fetch(connection, one)
    held = step(made.node, held, "submit", "ken-registrar")
    held = step(made.node, held, "take", "reviewer-1")
    step(made.node, held, "publish", "reviewer-1", checklist=checklist("red"), reasons="Weighed.")
    shown = made.about(one)
    made.decide(one)
    assert (shown.standing.is_record, shown.held.public_id, made.about(one).held) == (True, one, None)


def test_a_blocked_standing_check_meets_nothing_and_meets_again_once_it_is_lifted(made: File) -> None:
    one = made.made["watch"]
    made.attach(one)
    made.block(one)

    def alerts() -> int:
        tick(made.node.desk, None)
        with made.node.desk.registry.read() as connection:
            lines = audit_log.entries_about(connection, "EGY", 100, None)
        return sum(line.entry.act == "alert:meet" and line.entry.bureau == "BRA" for line in lines)

    before = alerts()
    published(made.node, {**RED, "reference": "second"})
    blocked = alerts()
    made.decide(one, "compliant")
    published(made.node, {**RED, "reference": "third"})
    assert (blocked - before, alerts() - before) == (0, 1)


def test_a_blocked_message_is_withheld_from_both_sides(made: File) -> None:
    one = made.made["words"]
    made.attach(one)
    made.block(one)
    seen = [read(made, "words", who) for who in ("fra-registrar", "egy-registrar")]
    assert [(shown.content, shown.withheld) for shown in seen] == [(None, "blocked")] * 2


def test_a_blocked_message_has_no_subject_in_the_inbox(made: File) -> None:
    made.attach(made.made["words"])
    made.block(made.made["words"])
    lines = inbox("all", 50, None, officer(made.node, "fra-registrar"), made.node.desk).lines
    assert [one.line.subject for one in lines if one.line.message == made.made["words"]] == [None]


def test_a_message_that_is_lifted_is_read_again(made: File) -> None:
    made.attach(made.made["words"])
    made.block(made.made["words"])
    made.decide(made.made["words"], "not-concerned")
    assert read(made, "words").content.subject == "A file"


def test_a_withheld_message_is_not_passed_on(made: File) -> None:
    made.attach(made.made["words"])
    made.block(made.made["words"])
    with pytest.raises(RefusedError, match="withheld-by-case"):
        forward(made.made["words"], {"to": ["KEN"]}, officer(made.node, "fra-registrar"), made.node.desk)


def test_the_files_of_an_erased_message_are_gone(made: File) -> None:
    egypt = officer(made.node, "egy-registrar")
    kept = keep_file("plan.pdf", b"%PDF of Dalamanoglu", egypt, made.node.desk)
    said = {"to": ["FRA"], "purpose": "investigation", "subject": "Him", "text": NAME}
    attached = [{"name": kept.name, "digest": kept.digest}]
    sent = send({**said, "attachments": attached}, egypt, made.node.desk).message
    made.attach(sent)
    made.block(sent)
    with pytest.raises(UnknownError):
        fetch_file(sent, 0, officer(made.node, "fra-registrar"), made.node.desk)
    made.decide(sent)
    assert "attachments" not in tables_with(made, "%PDF of Dalamanoglu")


def test_an_erased_message_leaves_its_header_and_says_why(made: File) -> None:
    made.attach(made.made["words"])
    made.decide(made.made["words"])
    shown = read(made, "words")
    assert (shown.content, shown.withheld, shown.boxed.author) == (None, "erased", "EGY")


def test_an_erased_standing_check_stands_no_more(made: File) -> None:
    made.attach(made.made["watch"])
    made.decide(made.made["watch"])
    assert list_watches(officer(made.node, "bra-registrar"), made.node.desk) == []


def test_a_distinction_blocks_nobody_and_can_be_erased(made: File) -> None:
    hit = made.distinguish("Z9999999")
    made.attach(hit)
    with pytest.raises(ConflictError, match="nothing-to-block"):
        made.block(hit)
    made.decide(hit)
    assert hit not in made.find(document="Z9999999")


@pytest.mark.parametrize("name", ["watch", "words"])
def test_what_its_owner_cannot_amend_is_not_to_be_corrected(made: File, name: str) -> None:
    made.attach(made.made[name])
    with pytest.raises(MalformedError, match="never-corrected"):
        made.decide(made.made[name], "correct")


def test_the_owner_of_a_draft_is_asked_and_what_it_answers_holds(made: File) -> None:
    one, ccf, france = made.made["draft"], officer(made.node, "ccf"), officer(made.node, "fra-registrar")
    made.attach(one)
    redress_owner.consult(made.case, one, "On what ground?", 30, ccf, made.node.desk)
    asked = redress_owner.questions(france, made.node.desk)
    told = applicants_file(made.case, ccf, made.node.desk).records
    redress_owner.answer_question(
        OwnersAnswer(made.case, one, 1, "None.", may_disclose=True), france, made.node.desk
    )
    now_told = applicants_file(made.case, ccf, made.node.desk).to_json()["records"]
    assert ([line.kind for line in asked], told, len(now_told)) == (["notice"], (), 1)


def test_a_case_closes_when_all_of_it_is_decided(made: File) -> None:
    for name in ("draft", "words"):
        made.attach(made.made[name])
    made.decide(made.made["draft"])
    with pytest.raises(ConflictError, match="undecided"):
        redress.close(made.case, officer(made.node, "ccf"), made.node.desk)
    made.decide(made.made["words"], "compliant")
    redress.close(made.case, officer(made.node, "ccf"), made.node.desk)


def test_a_request_on_another_person_is_not_found(made: File) -> None:
    other = enter(made.node, YELLOW, owner="ken").id
    assert other not in made.find()


def test_an_unknown_thing_is_not_attached(made: File) -> None:
    with pytest.raises(UnknownError):
        made.attach("X" * 20)


def test_a_standing_check_that_ended_meanwhile_leaves_nothing_to_erase(made: File) -> None:
    made.attach(made.made["watch"])
    later = replace(made.node.desk, clock=lambda: START + timedelta(days=40))
    tick(later, None)
    with pytest.raises(ConflictError, match="purged"):
        made.decide(made.made["watch"])


def test_each_act_on_what_is_no_record_leaves_exactly_one_line(made: File) -> None:
    def lines() -> int:
        made.node.desk.registry.settle()
        with made.node.desk.registry.read() as connection:
            return audit_log.size(connection)

    one, counts = made.made["words"], [lines()]
    for act in (made.find, lambda: made.attach(one), lambda: made.block(one), lambda: made.decide(one)):
        act()
        counts.append(lines())
    with pytest.raises(ConflictError):
        made.decide(one)
    counts.append(lines())
    assert [after - before for before, after in pairwise(counts)] == [1, 1, 1, 1, 1]


def test_the_words_that_restrict_a_message_are_searched_and_erased_too(made: File) -> None:
    said = {"to": ["FRA"], "purpose": "investigation", "subject": "A file", "text": "See above."}
    restricted = {**said, "handling_code": "H3", "handling_note": f"Not to be shown to {NAME}"}
    sent = send(restricted, officer(made.node, "egy-registrar"), made.node.desk).message
    assert made.find()[sent].by == "words"
    made.attach(sent)
    made.decide(sent)
    shown = read_message(sent, officer(made.node, "fra-registrar"), made.node.desk)
    assert (shown.header.handling_code, shown.header.handling_note) == ("H3", "–")
