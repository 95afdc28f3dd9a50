"""Reading the European Union's table on invented miniatures."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.records.handling import Share
from comity.records.record import parse_record
from comity.sources import eu

COLUMNS = [
    "celex",
    "recordId",
    "programKey",
    "annex",
    "measure",
    "startDate",
    "reason",
    "schema",
    "name",
    "alias",
    "weakAlias",
    "previousName",
    "country",
    "nationality",
    "birthDate",
    "birthPlace",
    "position",
    "passportNumber",
    "gender",
    "fatherName",
    "incorporationDate",
    "legalForm",
    "registrationNumber",
    "taxNumber",
    "idNumber",
    "innCode",
    "swiftBic",
    "imoNumber",
    "mmsi",
    "flag",
    "address",
    "phone",
    "email",
    "website",
    "notes",
]
PERSON = {
    "celex": "32099R0001",
    "recordId": "7",
    "programKey": "EU-TEST",
    "annex": "I.A",
    "measure": "Asset freeze",
    "startDate": "2.3.2031",
    "reason": "Keeps invented bees.",
    "schema": "Person",
    "name": "Goran (a.k.a. Gorran) VELIMIROVSKY",
    "alias": "Горан ВЕЛИМИРОВСКИ; Velimirovska, Velimirovskij, Welimirowsky",
    "weakAlias": "The Tern",
    "nationality": "allegedly Bulgarian; Finnish",
    "birthDate": "Between 1970 and 1972 (Approximately)",
    "birthPlace": "Tetovo, former Yugoslavia (now North Macedonia)",
    "passportNumber": "MP3303172 (issued on 10.6.2013; might have expired); Iraqi passport No. 284173",
    "gender": "male",
    "address": "1 Sand Lane, Skopje, North Macedonia; North Macedonia",
    "phone": "+389 2 123-456, 7",
    "email": "goran@example.org and g2@example.org",
}
COMPANY = {
    "celex": "32099R0001",
    "annex": "IV",
    "schema": "LegalEntity",
    "name": "Halcyon (HK) Trust Limited (HTL)",
    "alias": "OOO ХАЛЬЦИОН; Halcyon Trading Co., Ltd.",
    "registrationNumber": "7722488005 (Tax ID/INN)",
    "incorporationDate": "1999 (privatised 2009)",
    "address": "Minsk, Belarus",
}
VESSEL = {
    "celex": "32099R0001",
    "recordId": "1",
    "annex": "XLII",
    "schema": "Vessel",
    "name": "Blue Tern",
    "previousName": "Luna; Asher",
    "imoNumber": "9074729",
}


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[dict[str, Json]]]:
    """Return a function that writes rows to a table and reads their records."""

    def through(*rows: dict[str, str]) -> list[dict[str, Json]]:
        path = tmp_path / "eu.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, COLUMNS)
            table.writeheader()
            table.writerows(rows)
        records = [parse_record(row.data, Share()) for row in eu.read(path)]
        return [{"kind": record.kind.code, "id": record.source_id, **record.data} for record in records]

    return through


def test_every_spelling_of_a_name_is_carried(read: Callable[..., list[dict[str, Json]]]) -> None:
    assert [(one["name"], one["type"]) for one in read(PERSON)[0]["names"]] == [
        ("Goran VELIMIROVSKY", "primary"),
        ("Gorran VELIMIROVSKY", "alias"),
        ("Горан ВЕЛИМИРОВСКИ", "original"),
        ("Velimirovska", "weak"),
        ("Velimirovskij", "weak"),
        ("Welimirowsky", "weak"),
        ("The Tern", "weak"),
    ]


def test_the_name_as_it_was_listed_is_kept(read: Callable[..., list[dict[str, Json]]]) -> None:
    assert "Goran (a.k.a. Gorran) VELIMIROVSKY" in str(read(PERSON)[0]["remarks"])


def test_a_span_of_years_is_every_year_and_its_words(read: Callable[..., list[dict[str, Json]]]) -> None:
    person = read(PERSON)[0]
    assert (person["born"], person["born_note"]) == (["1970", "1971", "1972"], PERSON["birthDate"])


def test_nationalities_are_told_from_their_hedges(read: Callable[..., list[dict[str, Json]]]) -> None:
    assert read(PERSON)[0]["nationalities"] == ["BGR", "FIN"]


def test_a_birth_country_is_told_then_and_now(read: Callable[..., list[dict[str, Json]]]) -> None:
    assert read(PERSON)[0]["birth_countries"] == ["YUG", "MKD"]


def test_passports_are_carried_with_what_is_said_of_them(read: Callable[..., list[dict[str, Json]]]) -> None:
    documents = read(PERSON)[0]["documents"]
    assert [(one["number"], one.get("issuer"), one.get("issued")) for one in documents] == [
        ("MP3303172", None, "2013-06-10"),
        ("284173", "IRQ", None),
    ]


def test_an_address_is_not_repeated_as_its_country(read: Callable[..., list[dict[str, Json]]]) -> None:
    address = {"street": "1 Sand Lane, Skopje, North Macedonia", "country": "MKD"}
    assert read(PERSON)[0]["addresses"] == [address]


def test_mail_addresses_are_told_apart(read: Callable[..., list[dict[str, Json]]]) -> None:
    assert read(PERSON)[0]["emails"] == ["goran@example.org", "g2@example.org"]


def test_the_listing_has_its_reason_and_date(read: Callable[..., list[dict[str, Json]]]) -> None:
    assert read(PERSON)[0]["listing"] == [
        {
            "authority": "European Union",
            "programme": "EU-TEST",
            "reference": "32099R0001 I.A 7",
            "date": "2031-03-02",
            "measures": "Asset freeze",
            "reason": "Keeps invented bees.",
        }
    ]


def test_brackets_within_a_company_s_name_belong_to_it(read: Callable[..., list[dict[str, Json]]]) -> None:
    assert [(one["name"], one["type"]) for one in read(COMPANY)[0]["names"]] == [
        ("Halcyon (HK) Trust Limited", "primary"),
        ("HTL", "weak"),
        ("OOO ХАЛЬЦИОН", "original"),
        ("Halcyon Trading Co., Ltd.", "alias"),
    ]


def test_a_company_number_says_what_it_is(read: Callable[..., list[dict[str, Json]]]) -> None:
    number = {"type": "INN", "number": "7722488005", "note": "(Tax ID/INN)"}
    assert read(COMPANY)[0]["registrations"] == [number]


def test_an_entry_without_number_is_known_by_its_name(read: Callable[..., list[dict[str, Json]]]) -> None:
    assert str(read(COMPANY)[0]["id"]).startswith("32099R0001/IV/")


def test_two_entries_under_one_number_are_two(read: Callable[..., list[dict[str, Json]]]) -> None:
    ids = [record["id"] for record in read(VESSEL, {**VESSEL, "name": "Other"})]
    assert ids == ["32099R0001/XLII/1", "32099R0001/XLII/1#2"]


def test_a_vessel_keeps_its_former_names(read: Callable[..., list[dict[str, Json]]]) -> None:
    vessel = read(VESSEL)[0]
    assert (vessel["imo"], [one["type"] for one in vessel["names"]]) == (
        "9074729",
        ["primary", "former", "former"],
    )


def test_another_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "eu.csv"
    path.write_text("name,born\nGoran,1970\n", "utf-8")
    with pytest.raises(MalformedError, match="list-form"):
        list(eu.read(path))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(content=st.binary(max_size=200), cells=st.lists(st.text(max_size=60), max_size=30))
def test_any_bytes_give_rows_or_a_clear_refusal(content: bytes, cells: list[str], tmp_path: Path) -> None:
    path = tmp_path / "any.csv"
    quoted = ",".join('"' + cell.replace('"', "'") + '"' for cell in cells).encode("utf-8", "replace")
    path.write_bytes(f"{','.join(COLUMNS)}\n1,2,3,4,5,6,7,Person,".encode() + quoted + b"\n" + content)
    rows, fields = [], {"file"}
    try:
        rows = list(eu.read(path))
    except MalformedError as error:
        fields = {error.field}
    assert fields == {"file"}
    assert all((row.data is None) == (row.error is not None) for row in rows)
