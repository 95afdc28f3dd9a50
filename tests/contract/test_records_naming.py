"""A case finds records that name the person and are not about them: the same on SQLite and on PostgreSQL."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.unit.procedures.gathered import NAME, File, file
from tests.unit.procedures.offices import RED, enter, officer, published

from comity.app import CLI_ACCOUNT, open_node
from comity.cli.importing import order_of
from comity.errors import ConflictError, MalformedError
from comity.procedures import redress_find
from comity.procedures.bulk_list import import_bulk
from comity.procedures.check import run_check
from comity.procedures.clockwork import tick
from comity.procedures.mention_keys import follow_within, kept
from comity.procedures.redress_export import applicants_file
from comity.procedures.redress_owner import OwnersAnswer, answer_question, consult
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit, withdraw
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.notices import COLOURS
from comity.registry import mention_keys, packs, positions
from comity.registry.schema import NODE
from comity.sources import jsonl

NAMED: dict[str, dict[str, Json]] = {
    "vessel": {"names": [{"name": "Sea Lantern", "type": "primary"}], "imo": "9074729", "owner": NAME},
    "manager": {
        "names": [{"name": "Blue Heron", "type": "primary"}],
        "hin": "PL-ABC12345A424",
        "manager": NAME,
    },
    "aircraft": {"registration": "D-ABCD", "operator": "Фархат Даламаноглу"},
    "container": {"number": "ZZZU 100200-1", "operator": NAME},
    "organisation": {
        "names": [{"name": "Meridian Invented Ltd", "type": "primary"}],
        "managers": ["X Y", NAME],
    },
    "person": {"names": [{"name": "Selin Quillmark", "type": "primary"}], "father": "فرحات دلامان أوغلو"},
    "words": {
        "names": [{"name": "Orhan Petalwick", "type": "primary"}],
        "remarks": f"Brother of {NAME}, by his word.",
    },
    "spelling": {
        "names": [{"name": "Olga Petalwick", "type": "primary"}],
        "links": ["Мать Ферхата Даламаноглу."],
    },
    "stranger": {
        "names": [{"name": "Grey Heron", "type": "primary"}],
        "mmsi": "351234000",
        "owner": "Ferhat Somebody",
    },
}
KINDS = {"manager": "vessel", "stranger": "vessel", "words": "person", "spelling": "person"}


@pytest.fixture
def made(tmp_path: Path, registry_url: str) -> Iterator[File]:
    with file(tmp_path, registry_url) as filled:
        for name, data in NAMED.items():
            put(filled, name, data)
        yield filled


def put(made: File, name: str, data: dict[str, Json]) -> None:
    stated = {"kind": KINDS.get(name, name), "source_id": f"naming-{name}", "share": "all", **data}
    made.made[name] = submit(stated, officer(made.node, "bra-registrar"), made.node.desk).receipt.public_id


def test_each_is_found_by_the_fields_that_name_the_person(made: File) -> None:
    found = made.find()
    by = {name: (one.by, one.named_in) for name in NAMED if (one := found.get(made.made[name])) is not None}
    assert by == {
        "vessel": ("mention", ("owner",)),
        "manager": ("mention", ("manager",)),
        "aircraft": ("mention", ("operator",)),
        "container": ("mention", ("operator",)),
        "organisation": ("mention", ("managers",)),
        "person": ("mention", ("father",)),
        "words": ("words", ("remarks",)),
        "spelling": ("spelling", ("links",)),
    }


@pytest.mark.parametrize("name", ["vessel", "person", "words"])
def test_no_check_is_led_to_a_record_by_whom_it_names(made: File, name: str) -> None:
    find = made.find()
    assert made.made[name] in find
    asked = {"kind": KINDS.get(name, name), "name": NAME, "floor": 0}
    answer = run_check(asked, officer(made.node, "bra-registrar"), Purpose.INVESTIGATION, made.node.desk)
    assert made.made[name] not in {hit.record for hit in answer.hits}


def test_a_draft_that_names_the_person_is_found(made: File) -> None:
    record = {
        "kind": "person",
        "names": [{"name": "Selin Quillmark", "type": "primary"}],
        "mother": NAME,
        "sex": "F",
    }
    draft = enter(made.node, {**RED, "reference": "naming-draft", "record": record}, owner="fra")
    found = made.find()[draft.id]
    assert (found.by, found.named_in) == ("mention", ("mother",))


def test_withdrawn_and_amended_records_are_found_as_they_stand(made: File) -> None:
    desk, owner = made.node.desk, officer(made.node, "bra-registrar")
    withdraw(made.made["vessel"], None, owner, desk)
    put(made, "aircraft", {"registration": "D-ABCD", "operator": "Nobody Inparticular"})
    put(made, "stranger", {**NAMED["stranger"], "owner": NAME})
    found = made.find()
    seen = [made.made[name] in found for name in ("vessel", "aircraft", "stranger")]
    assert seen == [True, False, True]


def test_an_erased_record_leaves_no_key_and_is_found_no_more(made: File) -> None:
    one = made.made["vessel"]
    number = made.find()[one].about.number
    made.attach(one)
    made.decide(one)
    with made.node.desk.registry.read() as connection:
        assert number not in kept(connection)
    assert one not in made.find()


def test_what_is_kept_is_a_function_of_the_change_log(made: File) -> None:
    desk = made.node.desk
    withdraw(made.made["manager"], None, officer(made.node, "bra-registrar"), desk)
    put(made, "stranger", {**NAMED["stranger"], "owner": NAME})
    follow_within(desk, 60)
    with desk.registry.write() as connection:
        before = kept(connection)
        connection.execute(mention_keys.MENTION_KEYS.delete())
        positions.move(connection, positions.CHANGES_TO_MENTIONS, 0)
    follow_within(desk, 60)
    with desk.registry.read() as connection:
        assert (kept(connection), len(before) > len(NAMED) - 2) == (before, True)


def test_the_clock_follows_by_itself(made: File) -> None:
    tick(made.node.desk, None)
    with made.node.desk.registry.read() as connection:
        assert (
            positions.position(connection, positions.CHANGES_TO_MENTIONS)
            == made.node.desk.registry.position()
        )


def test_a_search_waits_until_all_changes_are_followed(made: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redress_find, "KEEP_WITHIN_S", 0.0)
    monkeypatch.setattr("comity.procedures.mention_keys.CHANGES_MAX", 2)
    with pytest.raises(ConflictError) as early:
        made.find()
    tick(made.node.desk, None)
    assert (early.value.rule, made.made["vessel"] in made.find()) == ("mentions-not-ready", True)


def test_the_applicant_is_told_only_what_a_record_says_of_them(made: File) -> None:
    one, controller, desk = made.made["vessel"], officer(made.node, "ccf"), made.node.desk
    redress_find.attach(made.case, one, controller, desk, ["owner"])
    asked = consult(made.case, one, "On what ground?", 30, controller, desk)
    answer = OwnersAnswer(made.case, one, asked.number, "A register.", may_disclose=True)
    answer_question(answer, replace(officer(made.node, "bra-registrar")), desk)
    told = applicants_file(made.case, controller, desk).to_json()["records"]
    assert [record["data"] for record in told] == [{"owner": NAME}]  # type: ignore[union-attr,index,call-overload]


def test_a_record_is_not_attached_for_a_field_that_names_nobody(made: File) -> None:
    with pytest.raises(MalformedError):
        redress_find.attach(
            made.case, made.made["vessel"], officer(made.node, "ccf"), made.node.desk, ["names"]
        )


def bulk_of_documents(made: File, path: Path) -> None:
    """Load documents in bulk, of which one says in its remarks whose it was."""
    rows = [
        {
            "kind": "travel_document",
            "source_id": f"D{place}",
            "type": "P",
            "issuer": "KEN",
            "number": f"K{place:07d}",
            "remarks": f"Taken from {NAME}." if place == 70 else "Taken from nobody.",
        }
        for place in range(100)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    order = order_of("jsonl", path, "KEN", "all", is_dry=False)
    by = officer_named(CLI_ACCOUNT, made.node.desk)
    import_bulk(jsonl.read(path), order, by, made.node.desk, lambda _one: None, lambda _done: None)


def test_a_record_that_came_in_bulk_is_found(made: File, tmp_path: Path) -> None:
    bulk_of_documents(made, tmp_path / "documents.jsonl")
    found = [one for one in made.find().values() if one.about.kind == "travel_document"]
    with made.node.desk.registry.read() as connection:
        assert packs.totals(connection)[0] == 100
    assert [(one.by, one.named_in) for one in found] == [("words", ("remarks",))]


def test_a_node_of_an_earlier_release_is_brought_up_by_itself(made: File) -> None:
    with made.node.desk.registry.write() as connection:
        connection.execute(text("DROP TABLE mention_keys"))
        connection.execute(positions.POSITIONS.delete().where(positions.POSITIONS.c.name.like("%mentions")))
        connection.execute(NODE.update().values(schema_version=3))
    with open_node(made.node.directory) as node:
        later = File(replace(node, desk=replace(node.desk, clock=made.node.desk.clock)), made.case, made.made)
        assert made.made["vessel"] in later.find()


def test_keys_of_other_readings_are_made_anew(made: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.procedures.message_keys.readings_edition", lambda: "2-before")
    follow_within(made.node.desk, 60)
    with made.node.desk.registry.write() as connection:
        connection.execute(mention_keys.MENTION_KEYS.update().values(digests=b"", places=b""))
    monkeypatch.undo()
    assert made.made["vessel"] in made.find()


OTHER = {"kind": "person", "names": [{"name": "Selin Quillmark", "type": "primary"}], "born": ["1990-01-02"]}
ACCOUNT = {"kind": "account", "iban": "GB82WEST12345698765432"}


def with_facts(reference: str) -> dict[str, Json]:
    """Return a red notice for somebody else, whose facts name the person."""
    particulars = {**RED["particulars"], "facts": f"Together with {NAME}, by night."}
    return {**RED, "reference": reference, "record": {**RED["record"], **OTHER}, "particulars": particulars}


def test_a_request_in_force_is_found_by_whom_its_facts_name(made: File) -> None:
    one = published(made.node, with_facts("facts-1")).id
    found = made.find()[one]
    assert (found.by, found.named_in, found.held is not None) == ("words", ("facts",), True)
    redress_find.attach(made.case, one, officer(made.node, "ccf"), made.node.desk, ["facts"])
    assert made.about(one).named_in == ("facts",)


def test_a_draft_is_found_by_whom_its_facts_name(made: File) -> None:
    one = enter(made.node, with_facts("facts-2"), owner="fra").id
    assert (made.find()[one].by, made.find()[one].named_in) == ("words", ("facts",))


def test_a_silver_draft_is_found_by_whoever_holds_the_asset(made: File) -> None:
    silver = {
        **COLOURS["silver"].examples[0],
        "colour": "silver",
        "reference": "silver-1",
        "record": ACCOUNT,
        "particulars": {"holder": "Ферхат Даламаноглу"},
    }
    one = enter(made.node, silver, owner="fra").id
    assert (made.find()[one].by, made.find()[one].named_in) == ("mention", ("holder",))


def test_whose_facts_name_somebody_else_is_not_found(made: File) -> None:
    said = {**with_facts("facts-3"), "particulars": {**RED["particulars"], "facts": "With Ferhat, alone."}}
    assert enter(made.node, said, owner="fra").id not in made.find()
