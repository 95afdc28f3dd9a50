"""Reading INTERPOL's notices and the Security Council's list, on invented miniatures."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.errors import MalformedError
from comity.records.handling import Share
from comity.records.record import Record, parse_record
from comity.sources import interpol, un

NOTICE = {
    "entity_id": "2031/00001",
    "forename": "OTTOLINE",
    "name": "VERHAEGEN",
    "date_of_birth": "1971/04/09",
    "nationalities": ["BE"],
    "sex_id": "F",
    "height": 1.66,
    "weight": 0,
    "arrest_warrants": [{"issuing_country_id": "BE", "charge": "Vol", "charge_translation": "Theft"}],
}
LIST = """<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>GORAN</FIRST_NAME>
<SECOND_NAME>VELIMIROVSKY</SECOND_NAME><NAME_ORIGINAL_SCRIPT>Горан Велимировский</NAME_ORIGINAL_SCRIPT>
<REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER><NATIONALITY><VALUE>Bulgaria</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>The Tern</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1970</FROM_YEAR><TO_YEAR>1972</TO_YEAR>
</INDIVIDUAL_DATE_OF_BIRTH><INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT>
<NUMBER>Q1234567</NUMBER><ISSUING_COUNTRY>Bulgaria</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT></INDIVIDUAL></INDIVIDUALS>
<ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>HALCYON TRUST</FIRST_NAME></ENTITY></ENTITIES></CONSOLIDATED_LIST>"""


def write(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "list"
    path.write_text(content, "utf-8")
    return path


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(NOTICE),
        json.dumps([NOTICE]),
        json.dumps({"total": 1, "_embedded": {"notices": [NOTICE]}}),
        json.dumps(NOTICE) + "\n" + json.dumps(NOTICE),
    ],
    ids=["one", "array", "envelope", "lines"],
)
def test_a_notice_reads_in_every_form(tmp_path: Path, content: str) -> None:
    row = next(interpol.read(write(tmp_path, content)))
    record = parse_record(row.data, Share())
    assert (record.notice, record.data["born"], record.data["height"]) == ("red", ["1971-04-09"], 166)


def test_a_weight_of_nothing_is_not_known(tmp_path: Path) -> None:
    row = next(interpol.read(write(tmp_path, json.dumps(NOTICE))))
    assert "weight" not in (row.data or {})


def test_a_notice_without_a_name_is_told(tmp_path: Path) -> None:
    row = next(interpol.read(write(tmp_path, json.dumps({"entity_id": "1/2"}))))
    assert row.error is not None
    assert row.error.field == "name"


def test_every_name_of_an_individual_is_carried(tmp_path: Path) -> None:
    row = next(un.read(write(tmp_path, LIST)))
    names = [(one["name"], one["type"]) for one in parse_record(row.data, Share()).data["names"]]
    assert names == [
        ("GORAN VELIMIROVSKY", "primary"),
        ("Горан Велимировский", "original"),
        ("The Tern", "weak"),
    ]


def test_a_span_of_years_is_every_year(tmp_path: Path) -> None:
    row = next(un.read(write(tmp_path, LIST)))
    assert parse_record(row.data, Share()).data["born"] == ["1970", "1971", "1972"]


def test_a_document_is_carried_with_its_issuer(tmp_path: Path) -> None:
    row = next(un.read(write(tmp_path, LIST)))
    documents = parse_record(row.data, Share()).data["documents"]
    assert documents == [{"type": "P", "issuer": "BGR", "number": "Q1234567"}]


def test_an_entity_is_an_organisation(tmp_path: Path) -> None:
    rows = list(un.read(write(tmp_path, LIST)))
    assert parse_record(rows[1].data, Share()).kind.code == "organisation"


def test_declared_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><CONSOLIDATED_LIST>&a;</CONSOLIDATED_LIST>'
    with pytest.raises(MalformedError):
        list(un.read(write(tmp_path, bomb)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(content=st.binary(max_size=300))
def test_any_bytes_give_rows_or_a_clear_refusal(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any"
    path.write_bytes(content)
    for read in (interpol.read, un.read):
        fields = {"file"}
        try:
            rows = list(read(path))
        except MalformedError as error:
            rows, fields = [], {error.field}
        assert fields == {"file"}
        assert all((row.data is None) == (row.error is not None) for row in rows)


def test_a_table_of_notices_reads_like_the_service(tmp_path: Path) -> None:
    path = tmp_path / "red_list.csv"
    path.write_text(
        'entity_id,forename,name,date_of_birth,nationalities\n2031/1,OTTOLINE,VERHAEGEN,1971,"BE,NL"\n',
        "utf-8",
    )
    record = parse_record(next(interpol.read(path)).data, Share())
    assert (record.notice, record.data["nationalities"]) == ("red", ["BEL", "NLD"])


def test_a_notice_has_the_colour_of_its_address(tmp_path: Path) -> None:
    links = {"_links": {"self": {"href": "https://service.example/notices/v1/yellow/2031-00001"}}}
    row = next(interpol.read(write(tmp_path, json.dumps({**NOTICE, **links}))))
    assert parse_record(row.data, Share()).notice == "yellow"


def test_a_file_of_another_form_is_no_list_of_notices(tmp_path: Path) -> None:
    with pytest.raises(MalformedError, match="list-form"):
        list(interpol.read(write(tmp_path, "not a list\n")))


def individual(tmp_path: Path, inner: str) -> Record:
    entry = f"<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>GORAN</FIRST_NAME>{inner}</INDIVIDUAL>"
    text = f"<CONSOLIDATED_LIST>{entry}</CONSOLIDATED_LIST>"
    return parse_record(next(un.read(write(tmp_path, text))).data, Share())


def test_a_birth_claimed_under_an_alias_is_a_birth(tmp_path: Path) -> None:
    alias = (
        "<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>GORIAN</ALIAS_NAME>"
        "<DATE_OF_BIRTH>1979-12-31</DATE_OF_BIRTH></INDIVIDUAL_ALIAS>"
    )
    assert individual(tmp_path, alias).data["born"] == ["1979-12-31"]


def test_an_uncertain_birth_says_so(tmp_path: Path) -> None:
    stated = "<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1970</YEAR>"
    born = f"<INDIVIDUAL_DATE_OF_BIRTH>{stated}</INDIVIDUAL_DATE_OF_BIRTH>"
    assert individual(tmp_path, born).data["born_note"] == "approximately"


def test_a_document_is_known_by_its_second_type_and_its_note(tmp_path: Path) -> None:
    document = (
        "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT2>Service passport</TYPE_OF_DOCUMENT2><NUMBER>Q1</NUMBER>"
        "<COUNTRY_OF_ISSUE>Bulgaria</COUNTRY_OF_ISSUE><CITY_OF_ISSUE>Sofia</CITY_OF_ISSUE>"
        "<NOTE>Expiration date: 2026-12-11.</NOTE></INDIVIDUAL_DOCUMENT>"
    )
    found = individual(tmp_path, document).data["documents"][0]
    shown = [found[name] for name in ("type", "issuer", "number", "expires", "place")]
    assert shown == ["PO", "BGR", "Q1", "2026-12-11", "Sofia"]


def test_a_link_in_the_comments_is_a_link(tmp_path: Path) -> None:
    comment = "<COMMENTS1>Gender: Male. web link:https://example.org/notice/7</COMMENTS1>"
    assert individual(tmp_path, comment).data["links"] == ["https://example.org/notice/7"]
