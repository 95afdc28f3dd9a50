"""Tables read through mapping files, on invented rows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.errors import MalformedError
from comity.records.handling import Share
from comity.records.record import Record, parse_record
from comity.sources import csv_mapped, reader_named
from comity.sources.mapping import read_mapping, shipped_mappings
from comity.sources.rows import SourceRow

MAPPING = """
kind = "person"
source_id = ["id"]
constants = { notice = "yellow", "listing.authority" = "Invented" }

[[field]]
to = "names.name"
from = ["first", "last"]
beside = { type = "primary" }

[[field]]
to = "names.name"
from = "aka"
split = ["|"]
as = "aliases"
beside = { type = "alias" }
unknown = ["none"]

[[field]]
to = "born"
from = "born"
as = "date"
formats = ["%m/%d/%y"]

[[field]]
to = "listing.date"
from = "listed"
as = "date"

[[field]]
to = "nationalities"
from = "nations"
split = [","]
as = "country"

[[field]]
to = "sex"
from = "sex"
values = { "1" = "M", "2" = "F" }

[[field]]
to = "height"
from = "height"
suffix = " in"

[[field]]
to = "marks"
from = "story"
as = "html"

[[field]]
to = "documents.number"
from = "papers"
pattern = "No ([A-Z0-9]+)"
beside = { type = "P" }
"""
HEADER = "id,first,last,aka,born,listed,nations,sex,height,story,papers\n"
ROW = (
    'a1,Goran,VELIMIROVSKY,none|The Tern,1/25/72,8 Oct.1967,"Bulgarian, Narnian",1,70,'
    "<p>A &amp; B</p>,old No X12 and No Y34\n"
)

Read = Callable[..., list[SourceRow]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads rows of a table through a mapping."""

    def through(rows: str, mapping: str = MAPPING, header: str = HEADER) -> list[SourceRow]:
        (tmp_path / "map.toml").write_text(mapping, "utf-8")
        (tmp_path / "table.csv").write_text(header + rows, "utf-8")
        return list(reader_named("csv", str(tmp_path / "map.toml"))(tmp_path / "table.csv"))

    return through


@pytest.fixture
def record(read: Read) -> Record:
    return parse_record(read(ROW)[0].data, Share())


def test_columns_are_joined_and_aliases_told_apart(record: Record) -> None:
    assert record.data["names"] == [
        {"name": "Goran VELIMIROVSKY", "type": "primary"},
        {"name": "The Tern", "type": "alias"},
    ]


def test_a_date_is_read_in_its_format(record: Record) -> None:
    assert record.data["born"] == ["1972-01-25"]


def test_a_constant_and_a_column_make_one_listing(record: Record) -> None:
    assert record.data["listing"] == [{"authority": "Invented", "date": "1967-10-08"}]


def test_words_are_looked_up_in_their_table(record: Record) -> None:
    assert record.data["sex"] == "M"


def test_a_unit_is_put_behind(record: Record) -> None:
    assert record.data["height"] == 178


def test_marks_of_html_are_left_out(record: Record) -> None:
    assert record.data["marks"] == "A & B"


def test_a_pattern_takes_what_it_groups(record: Record) -> None:
    assert record.data["documents"] == [{"type": "P", "number": "X12"}, {"type": "P", "number": "Y34"}]


def test_a_constant_of_the_frame_stays_in_the_frame(record: Record) -> None:
    assert record.notice == "yellow"


def test_what_a_field_refuses_goes_to_the_remarks(record: Record) -> None:
    assert record.data["remarks"] == "nations: Narnian"


def test_rows_under_one_identifier_are_told_apart(read: Read) -> None:
    assert [(row.data or {})["source_id"] for row in read(ROW + ROW)] == ["a1", "a1#2"]


def test_a_row_without_identifier_is_told(read: Read) -> None:
    error = read(ROW.replace("a1", "", 1))[0].error
    assert error is not None
    assert error.field == "source_id"


def test_without_an_identifying_column_a_row_is_known_by_its_content(read: Read) -> None:
    mapping = MAPPING.replace('["id"]', "[]")
    ids = [(row.data or {})["source_id"] for row in read(ROW + ROW.replace("a1", "a2"), mapping)]
    assert len({*ids}) == len(ids)


def test_a_column_may_tell_the_kind(read: Read) -> None:
    mapping = """
kind = { column = "what", values = { P = "person", O = "organisation" } }
source_id = ["id"]
[[field]]
to = "names.name"
from = "name"
"""
    rows = read("1,P,Goran\n2,O,Halcyon\n3,X,None\n", mapping, "id,what,name\n")
    assert [row.error.field if row.error else (row.data or {})["kind"] for row in rows] == [
        "person",
        "organisation",
        "kind",
    ]


def test_a_table_without_its_identifying_column_is_refused(read: Read) -> None:
    with pytest.raises(MalformedError, match="list-form"):
        read("1,2\n", header="a,b\n")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("kind = [", "mapping-form"),
        (MAPPING.replace('"person"', '"unicorn"'), "mapping-kind"),
        (MAPPING.replace('to = "sex"', 'to = "horn"'), "mapping-field"),
        (MAPPING.replace('to = "sex"', 'to = "names"'), "mapping-field"),
        (MAPPING.replace('as = "html"', 'as = "magic"'), "mapping-reading"),
        (MAPPING.replace("No ([A-Z0-9]+)", "No ("), "mapping-pattern"),
        (MAPPING.replace('to = "sex"', 'too = "sex"'), "mapping-form"),
    ],
)
def test_a_wrong_mapping_is_refused_by_its_fault(read: Read, wrong: str, code: str) -> None:
    with pytest.raises(MalformedError) as refused:
        read(ROW, wrong)
    assert refused.value.code == code


def test_a_table_needs_a_mapping() -> None:
    with pytest.raises(MalformedError, match="mapping-missing"):
        reader_named("csv")


def test_other_sources_take_no_mapping() -> None:
    with pytest.raises(MalformedError, match="mapping-unneeded"):
        reader_named("un", "fbi_wanted")


def test_an_unknown_mapping_is_told() -> None:
    with pytest.raises(MalformedError, match="mapping-unknown"):
        read_mapping("no-such-mapping")


@pytest.mark.parametrize("name", shipped_mappings())
def test_every_shipped_mapping_is_sound(name: str) -> None:
    assert read_mapping(name).targets


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(content=st.binary(max_size=200), cells=st.lists(st.text(max_size=40), max_size=12))
def test_any_bytes_give_rows_or_a_clear_refusal(content: bytes, cells: list[str], tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(MAPPING, "utf-8")
    quoted = ",".join('"' + cell.replace('"', "'") + '"' for cell in cells).encode("utf-8", "replace")
    (tmp_path / "any.csv").write_bytes(HEADER.encode() + quoted + b"\n" + content)
    rows, fields = [], {"file"}
    try:
        rows = list(csv_mapped.read(tmp_path / "any.csv", read_mapping(str(tmp_path / "map.toml"))))
    except MalformedError as error:
        fields = {error.field}
    assert fields == {"file"}
    assert all((row.data is None) == (row.error is not None) for row in rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(content=st.text(max_size=300))
def test_any_mapping_is_read_or_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(content, "utf-8", errors="replace")
    with pytest.raises(MalformedError):
        read_mapping(str(tmp_path / "map.toml"))
