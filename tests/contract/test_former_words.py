"""A case finds what is said no more and what stands beside records of others: the same on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text
from tests.contract.test_records_naming import bulk_of_documents
from tests.unit.procedures.gathered import NAME, File, file
from tests.unit.procedures.offices import officer

from comity.app import open_node
from comity.errors import ConflictError, UnknownError
from comity.procedures import redress, redress_find
from comity.procedures.check import run_check
from comity.procedures.clockwork import tick
from comity.procedures.hits import read_hit
from comity.procedures.hits_acts import ask_confirmation
from comity.procedures.owners.proposals import decide_proposal, propose, read_proposal
from comity.procedures.passage_keys import follow_within
from comity.procedures.records_page import read_page
from comity.procedures.redress_export import applicants_file
from comity.procedures.redress_owner import OwnersAnswer, answer_question, consult
from comity.procedures.retention import prove_purge, verify_purge
from comity.procedures.submit import submit, withdraw
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.registry import holdings, packs, passages, positions
from comity.registry.schema import NODE, VERSIONS

OTHER: dict[str, Json] = {
    "kind": "person",
    "source_id": "other",
    "share": "all",
    "names": [{"name": "Selin Quillmark", "type": "primary"}],
}
ALIAS: dict[str, Json] = {"name": NAME, "type": "alias"}
VESSEL: dict[str, Json] = {
    "kind": "vessel",
    "source_id": "ship",
    "share": "all",
    "imo": "9074729",
    "names": [{"name": "Sea Lantern", "type": "primary"}],
}


@pytest.fixture
def made(tmp_path: Path, registry_place: str) -> Iterator[File]:
    with file(tmp_path, registry_place) as filled:
        yield filled


def put(made: File, data: dict[str, Json]) -> str:
    return submit(data, officer(made.node, "bra-registrar"), made.node.desk).receipt.public_id


def amended(made: File) -> str:
    """Return a record of somebody else that named the person by an alias, and does no more."""
    put(made, {**OTHER, "names": [*OTHER["names"], ALIAS]})  # type: ignore[misc]
    return put(made, OTHER)


def noted(made: File) -> str:
    """Return a hit on a record of somebody else, whose note names the person."""
    put(made, OTHER)
    asked = {"kind": "person", "name": "Selin Quillmark"}
    answer = run_check(asked, officer(made.node, "ken-officer"), Purpose.BORDER, made.node.desk)
    tick(made.node.desk, None)
    (one,) = [str(hit.opened) for hit in answer.hits if hit.opened]
    said: dict[str, Json] = {"priority": "routine", "note": f"She travels with {NAME}."}
    ask_confirmation(one, said, officer(made.node, "ken-registrar"), made.node.desk)
    return one


def proposed(made: File) -> str:
    """Return a proposal on a record of somebody else, whose words name the person in another script."""
    record = put(made, OTHER)
    said: Json = {
        "record": record,
        "version": 1,
        "reason": "Seen with Ферхат Даламаноглу.",
        "changes": [{"field": "marks", "new": "A scar"}],
    }
    return propose(said, officer(made.node, "ken-registrar"), Purpose.BORDER, made.node.desk).request.id


def test_an_alias_that_was_removed_is_found(made: File) -> None:
    record = amended(made)
    one = made.find()[f"{record}.2"]
    assert one.thing is not None
    said = one.thing.said["versions"]
    assert (one.by, one.score > 0.5, one.about.owner, one.about.kind) == ("likeness", True, "BRA", "former")
    assert [version["data"]["names"][1]["name"] for version in said] == [NAME]  # type: ignore[index,union-attr,call-overload]


def test_an_alias_in_another_script_is_found(made: File) -> None:
    put(made, {**OTHER, "names": [*OTHER["names"], {"name": "Ферхат Даламаноглу", "type": "alias"}]})  # type: ignore[misc]
    record = put(made, OTHER)
    assert f"{record}.2" in made.find()


def test_a_number_that_was_removed_is_found_by_it(made: File) -> None:
    paper: Json = {"type": "P", "issuer": "TUR", "number": "X7654321"}
    put(made, {**OTHER, "documents": [paper]})
    one = f"{put(made, OTHER)}.2"
    found = redress_find.find(
        made.case, {"kind": "person", "document": "X7654321"}, officer(made.node, "ccf"), made.node.desk
    )
    assert one in {met.about.record for met in found}


def test_a_former_owner_of_a_vessel_is_found_by_the_field(made: File) -> None:
    put(made, {**VESSEL, "owner": NAME})
    record = put(made, VESSEL)
    one = made.find()[f"{record}.2"]
    assert (one.by, one.named_in) == ("mention", ("owner",))


def test_what_the_record_still_says_is_no_thing_of_its_own(made: File) -> None:
    named: dict[str, Json] = {**VESSEL, "owner": NAME}
    one = put(made, named)
    put(made, {**named, "flag": "KEN"})
    found = made.find()
    assert (one in found, f"{one}.2" in found) == (True, False)


def test_a_stranger_is_not_found(made: File) -> None:
    amended(made)
    found = made.find(name="Ferhat Somebodyelse")
    assert not any(one.about.kind == "former" for one in found.values())


def test_what_was_withdrawn_unchanged_is_kept_by_no_key(made: File) -> None:
    one = put(made, {**OTHER, "names": [*OTHER["names"], ALIAS]})  # type: ignore[misc]
    withdraw(one, None, officer(made.node, "bra-registrar"), made.node.desk)
    follow_within(made.node.desk, 60)
    with made.node.desk.registry.read() as connection:
        kept = passages.after(connection, 0, 1000)
    assert [passage for passage in kept.values() if passage.one == one] == []


def test_a_former_version_is_erased_with_a_receipt_and_its_record_stays(made: File) -> None:
    record = amended(made)
    one, desk = f"{record}.2", made.node.desk
    assert one in made.find()
    made.attach(one)
    made.decide(one)
    about = made.about(one)
    proof = prove_purge(one, officer(made.node, "ccf"), desk)
    entry = verify_purge(msgspec.json.encode(proof.to_json()), desk.registry.signer.verifier)
    with desk.registry.read() as connection:
        bodies = connection.execute(VERSIONS.select()).all()
    assert (about.standing.decision, about.thing, str(entry.query["record"])) == ("erase", None, one)
    assert not any(b"Dalamanoglu" in row.body and b"Quillmark" in row.body for row in bodies)
    assert (one in made.find(), desk.registry.record_with(record) is not None) == (False, True)


def test_the_owner_still_reads_the_history_of_which_a_version_was_erased(made: File) -> None:
    record = amended(made)
    made.attach(f"{record}.2")
    made.decide(f"{record}.2")
    page = read_page(record, officer(made.node, "bra-registrar"), Purpose.BORDER, made.node.desk)
    assert [version.number for version in page.versions] == [2, 1]


def test_an_erased_version_leaves_no_key(made: File) -> None:
    record = amended(made)
    made.find()
    made.attach(f"{record}.2")
    made.decide(f"{record}.2")
    with made.node.desk.registry.read() as connection:
        kept = passages.after(connection, 0, 1000)
        placed = {
            block.first + place for block in passages.blocks(connection) for place in block.places.tolist()
        }
    left = {number for number, passage in kept.items() if passage.what != passages.GONE}
    assert (record in {passage.one for passage in kept.values()}, placed <= left) == (False, True)


def test_a_version_made_later_is_found_after_an_earlier_one_was_erased(made: File) -> None:
    record = amended(made)
    made.attach(f"{record}.2")
    made.decide(f"{record}.2")
    put(made, {**OTHER, "names": [*OTHER["names"], ALIAS]})  # type: ignore[misc]
    put(made, OTHER)
    found = made.find()[f"{record}.4"]
    assert found.thing is not None
    assert [version["version"] for version in found.thing.said["versions"]] == [3]  # type: ignore[index,union-attr,call-overload]


def test_a_blocked_version_is_read_by_nobody_while_the_case_runs(made: File) -> None:
    record = amended(made)
    made.attach(f"{record}.2")
    made.block(f"{record}.2")
    pages = [
        read_page(record, officer(made.node, who), Purpose.BORDER, made.node.desk).versions_json()
        for who in ("bra-registrar", "ken-officer")
    ]
    blocked = [NAME in str(page) for page in pages]
    made.decide(f"{record}.2", "compliant")
    page = read_page(record, officer(made.node, "bra-registrar"), Purpose.BORDER, made.node.desk)
    assert (blocked, NAME in str(page.versions_json())) == ([False, False], True)


def test_a_purged_record_leaves_no_passage(made: File) -> None:
    record = amended(made)
    made.find()
    made.attach(record)
    made.decide(record)
    with made.node.desk.registry.read() as connection:
        assert record not in {one.one for one in passages.after(connection, 0, 1000).values()}


def test_a_note_on_a_hit_is_found_and_blocked_for_both_bureaus(made: File) -> None:
    hit = noted(made)
    one = made.find()[f"{hit}.n"]
    made.attach(f"{hit}.n")
    made.block(f"{hit}.n")
    readers = [officer(made.node, who) for who in ("bra-registrar", "ken-registrar")]
    notes = [read_hit(hit, reader, made.node.desk).to_json()["question"] for reader in readers]
    assert (one.by, one.about.owner, one.about.kind) == ("words", "KEN", "note")
    assert [note["note"] for note in notes] == ["", ""]  # type: ignore[index,call-overload]


def test_an_erased_note_is_gone_and_its_hit_goes_on(made: File) -> None:
    hit = noted(made)
    made.attach(f"{hit}.n")
    made.decide(f"{hit}.n")
    shown = read_hit(hit, officer(made.node, "ken-registrar"), made.node.desk).to_json()
    assert (shown["state"], shown["question"]["note"], f"{hit}.n" in made.find()) == ("asked", "", False)  # type: ignore[index,call-overload]


def test_a_note_on_a_record_about_the_person_goes_with_the_record(made: File) -> None:
    said: dict[str, Json] = {"priority": "routine", "note": f"It is {NAME}."}
    ask_confirmation(made.made["hit"], said, officer(made.node, "ken-registrar"), made.node.desk)
    found = made.find()
    assert not any(one.about.kind in {"note", "proposal"} for one in found.values())


def test_a_proposal_is_found_and_is_not_accepted_while_a_case_blocks_it(made: File) -> None:
    one, desk, owner = proposed(made), made.node.desk, officer(made.node, "bra-registrar")
    assert (made.find()[one].by, made.find()[one].about.kind) == ("spelling", "proposal")
    made.attach(one)
    made.block(one)
    with pytest.raises(ConflictError) as refused:
        decide_proposal(one, {"accept": True}, owner, desk)
    shown = read_proposal(one, owner, desk)
    assert (refused.value.rule, shown.request.reason, {**shown.said}) == ("blocked-by-case", "", {})


def test_an_erased_proposal_is_gone(made: File) -> None:
    one = proposed(made)
    made.attach(one)
    made.decide(one)
    shown = read_proposal(one, officer(made.node, "ken-registrar"), made.node.desk)
    assert (shown.request.state, shown.request.reason, one in made.find()) == ("withdrawn", "", False)


def told_of(made: File, one: str, owner: str = "bra-registrar") -> list[Json]:
    """Return what an applicant of that name is given of a thing whose owner agrees to it."""
    controller, desk = officer(made.node, "ccf"), made.node.desk
    asked_for = redress.Request("access", {"name": "Dalamanoglu, Ferhat"}, "What do you hold?")
    case = redress.open_case(asked_for, controller, desk).ref
    replace(made, case=case).attach(one)
    asked = consult(case, one, "On what ground?", 30, controller, desk)
    answer = OwnersAnswer(case, one, asked.number, "A register.", may_disclose=True)
    answer_question(answer, officer(made.node, owner), desk)
    return applicants_file(case, controller, desk).to_json()["records"]  # type: ignore[return-value]


def test_the_applicant_is_told_the_words_and_not_whose_record_it_was(made: File) -> None:
    record = amended(made)
    told = str(told_of(made, f"{record}.2"))
    assert (NAME in told, record in told, "other" in told) == (True, False, False)


def test_the_applicant_is_told_nothing_of_whom_the_record_was_about(made: File) -> None:
    own: dict[str, Json] = {"born": ["1950-01-02"], "father": "Ilker Quillmark", "remarks": f"With {NAME}."}
    put(made, {**OTHER, **own, "names": [*OTHER["names"], ALIAS]})  # type: ignore[misc]
    (told,) = told_of(made, f"{put(made, OTHER)}.2")
    (version,) = told["data"]["versions"]  # type: ignore[index,call-overload]
    assert version["data"] == {"names": [{"name": NAME}], "remarks": f"With {NAME}."}  # type: ignore[index,call-overload]


def test_the_applicant_is_told_nothing_of_what_was_proposed_on_whom_the_record_is_about(made: File) -> None:
    (told,) = told_of(made, proposed(made), "ken-registrar")
    reason = "Seen with Ферхат Даламаноглу."
    assert told["data"] == {"said": {"changes": []}, "reason": reason, "answer": None}  # type: ignore[index,call-overload]


def test_the_case_shows_who_met_the_record_that_said_it(made: File) -> None:
    record = amended(made)
    run_check(
        {"kind": "person", "name": "Selin Quillmark"},
        officer(made.node, "ken-officer"),
        Purpose.BORDER,
        made.node.desk,
    )
    made.attach(f"{record}.2")
    assert "ken-officer" in {entry.account for entry in made.about(f"{record}.2").met}


def test_a_node_of_an_earlier_release_is_brought_up_by_itself(made: File) -> None:
    proposal, record, hit = proposed(made), amended(made), noted(made)
    with made.node.desk.registry.write() as connection:
        connection.execute(text("DROP TABLE passages"))
        connection.execute(text("DROP TABLE passage_keys"))
        connection.execute(positions.POSITIONS.delete().where(positions.POSITIONS.c.name.like("%passages%")))
        connection.execute(NODE.update().values(schema_version=4))
    with open_node(made.node.directory) as node:
        later = File(replace(node, desk=replace(node.desk, clock=made.node.desk.clock)), made.case, made.made)
        assert {f"{record}.3", f"{hit}.n", proposal} <= {*later.find()}


def test_keys_are_made_in_pieces_that_go_on_where_the_last_stopped(
    made: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, hit = amended(made), noted(made)
    with made.node.desk.registry.write() as connection:
        connection.execute(passages.PASSAGES.delete())
        passages.drop_keys(connection)
        connection.execute(positions.POSITIONS.delete().where(positions.POSITIONS.c.name.like("%passages%")))
    monkeypatch.setattr("comity.procedures.passage_keys.CHANGES_MAX", 1)
    monkeypatch.setattr("comity.procedures.passage_keys.PASSAGES_MAX", 1)
    monkeypatch.setattr(redress_find, "KEEP_WITHIN_S", 0.0)
    with pytest.raises(ConflictError):
        made.find()
    counts = []
    while not (part := follow_within(made.node.desk, 0.0)).is_all:
        counts.append(part.count)
    assert (counts == sorted(counts), {f"{record}.2", f"{hit}.n"} <= {*made.find()}) == (True, True)


def test_keys_of_other_readings_are_made_anew(made: File, monkeypatch: pytest.MonkeyPatch) -> None:
    record = amended(made)
    monkeypatch.setattr("comity.procedures.message_keys.readings_edition", lambda: "2-before")
    follow_within(made.node.desk, 60)
    with made.node.desk.registry.write() as connection:
        connection.execute(passages.PASSAGE_KEYS.update().values(digests=b"", places=b""))
    monkeypatch.undo()
    assert f"{record}.2" in made.find()


def test_a_version_that_came_in_bulk_is_erased_from_its_pack(made: File, tmp_path: Path) -> None:
    bulk_of_documents(made, tmp_path / "documents.jsonl")
    desk = made.node.desk
    (one,) = [met for met in made.find().values() if met.about.kind == "travel_document"]
    assert one.held is not None
    data = {**one.held.record.data, "remarks": "Taken from nobody."}
    with desk.registry.write() as connection:
        record = replace(one.held.record, data=data)
        holdings.restate(connection, one.about.record, record, "ken-registrar", desk.clock())
    former = f"{one.about.record}.2"
    found = former in made.find()
    made.attach(former)
    made.decide(former)
    with desk.registry.read() as connection:
        (pack,) = packs.all_after(connection, 0, 1)
        said = [str(pack.columns.record(place).data) for place in range(pack.count)]
    assert (found, [text for text in said if "Dalamanoglu" in text], former in made.find()) == (
        True,
        [],
        False,
    )


@pytest.mark.parametrize("signs", ["", "0", "02", "3", "ZZZ", "a", "n", "1" * 5000, "\u0662", "-1", "2 "])
def test_what_a_record_said_before_has_one_identifier(made: File, signs: str) -> None:
    record = amended(made)
    with pytest.raises(UnknownError):
        made.attach(f"{record}.{signs}")
