"""The kinds of record: each is declared whole, and its examples pass its own declaration."""

import pkgutil
import unicodedata

import pytest

from comity.errors import MalformedError
from comity.records import kinds
from comity.records.check import parse_check
from comity.records.fieldtype import Comparison, Json
from comity.records.handling import Share
from comity.records.kind import Field, Kind, parse_fields, search_terms, values
from comity.records.kinds import KINDS, kind_named
from comity.records.record import FRAME_FIELDS, parse_record

EXAMPLES = [(kind, example) for kind in KINDS.values() for example in kind.examples]
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def _leaves(fields: tuple[Field, ...]) -> list[Field]:
    return [leaf for field in fields for leaf in ([field] if field.type else _leaves(field.fields))]


def test_every_file_of_the_package_that_declares_a_kind_is_collected() -> None:
    files = {module.name for module in pkgutil.iter_modules(kinds.__path__)}
    assert files - {"parts"} == set(KINDS)


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(MalformedError, match="unknown-kind"):
        kind_named("dragon")


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_kind_keeps_off_the_words_of_the_frame(kind: Kind) -> None:
    assert not {field.name for field in kind.fields} & FRAME_FIELDS


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_searched_field_has_a_question_that_finds_it(kind: Kind) -> None:
    searched = {field.meaning for field in _leaves(kind.fields) if field.searched}
    assert searched <= {question.meaning for question in kind.questions if question.finds}


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_meaning_has_one_type_wherever_it_stands(kind: Kind) -> None:
    asked = {question.meaning: question.type for question in kind.questions}
    stated = [field for other in KINDS.values() for field in _leaves(other.fields) if field.meaning in asked]
    assert all(field.type is asked[field.meaning] for field in stated)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_question_is_answered_by_a_field_of_some_kind(kind: Kind) -> None:
    stated = {field.meaning for other in KINDS.values() for field in _leaves(other.fields)}
    assert {question.meaning for question in kind.questions} <= stated


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_the_summary_names_fields(kind: Kind) -> None:
    assert set(kind.summary) <= {field.name for field in kind.fields}


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_kind_has_three_examples(kind: Kind) -> None:
    assert len(kind.examples) >= 3


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_an_example_is_a_record_whose_canonical_form_is_settled(kind: Kind, example: dict[str, Json]) -> None:
    parsed = parse_fields(kind.fields, example)
    assert parse_fields(kind.fields, parsed) == parsed


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_an_example_can_be_found(kind: Kind, example: dict[str, Json]) -> None:
    terms = search_terms(kind, parse_fields(kind.fields, example))
    assert terms.keys or terms.names


def test_the_examples_of_persons_are_written_in_six_scripts() -> None:
    names = "".join(
        str(value.value)
        for example in KINDS["person"].examples
        for value in values(KINDS["person"].fields, parse_fields(KINDS["person"].fields, example))
        if value.field.type is not None and value.field.type.comparison is Comparison.NAME
    )
    scripts = {unicodedata.name(char).split()[0] for char in names if char.isalpha()}
    assert len(scripts) >= 6


@pytest.mark.parametrize(
    "record",
    [
        {"kind": "person", "source_id": "P1", "names": [{"name": "Ana Luz"}], "born": ["1970-02-03", "1970"]}
        | {
            "sex": "M",
            "nationalities": ["EG"],
            "documents": [{"type": "P", "issuer": "EGY", "number": "A1"}],
        },
        {"kind": "travel_document", "source_id": "D1", "type": "P", "issuer": "EGY", "number": "A1234567"}
        | {"status": "stolen", "since": "2024-05-01"},
        {"kind": "vehicle", "source_id": "V1", "vin": "1M8GDM9AXKP042788", "plate": "A 1", "country": "EGY"}
        | {"engine": "E 1", "make": "Halden", "model": "Tourer"},
        {"kind": "vehicle", "source_id": "V2", "make": "Trailer"},
    ],
)
def test_the_records_of_the_fixed_interface_are_taken(record: dict[str, Json]) -> None:
    assert parse_record(record, Share()).source_id == record["source_id"]


def test_a_document_check_by_its_zone_asks_the_number_and_weighs_the_holder() -> None:
    check = parse_check({"kind": "travel_document", "mrz": TD3})
    assert (check.keys(), check.names()) == ((("document.number", "L898902C3"),), ())


def test_a_person_and_a_stolen_passport_are_found_by_the_same_key() -> None:
    person = parse_fields(
        KINDS["person"].fields, {"names": [{"name": "Ana"}], "documents": [{"number": "a-12 345O"}]}
    )
    check = parse_check({"kind": "travel_document", "number": "A123450"})
    assert check.keys() == search_terms(KINDS["person"], person).keys
