"""Reading OFAC's list on invented miniatures: the main file, aliases and addresses beside it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.errors import MalformedError
from comity.records.handling import Share
from comity.records.record import Record, parse_record
from comity.sources import ofac
from comity.sources.ofac_remarks import facts_of, stated_number

NONE = "-0- "
PERSON = (
    '1,"VELIMIROVSKY, Goran","individual","TEST] [ZOO","Colonel",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    '"DOB 01 Jan 1966 to 31 Dec 1968; alt. DOB circa 1971; POB Tetovo, North Macedonia; nationality Bulgaria; '
    "Gender Male; Passport A2062513 (Iran) issued 03 Mar 2014 expires 03 Mar 2019; alt. Cedula No. V-42 "
    "(Venezuela); R.F.C. MEFF820619A98 (Mexico); Secondary sanctions risk: see section 9; "
    "Digital Currency Address - XBT 1BoatSLRHtKNngkdXEeobR76b53LETtpyT; keeps bees; "
    "a.k.a. 'Abu Haza''; Linked To: HALCYON TRUST.\""
)
COMPANY = '2,"HALCYON TRUST",-0- ,"TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Tax ID No. 1435126628 (Russia)."'
VESSEL = (
    '3,"BLUE TERN","vessel","TEST",-0- ,"9HEJ9","Tug","299,242","160,930","Panama","Tern Lines",'
    '"Former Vessel Flag Malta; Vessel Registration Identification IMO 9074729; MMSI 256869000."'
)
AIRCRAFT = (
    '4,"EP-ZZZ","aircraft","TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Aircraft Model F28; Aircraft Manufacture '
    "Date Sep 2007; Aircraft Manufacturer's Serial Number (MSN) 20817; Aircraft Tail Number EP-ZZZ; "
    'Previous Aircraft Tail Number 2-WGLZ."'
)
ALIASES = '1,9,"aka","VELIMIROVSKI, Goran",-0- \n1,10,"fka","PERVANOV, Goran",-0- \n77,11,"aka","NOBODY",-0- '
ADDRESSES = '1,5,"1 Sand Lane","Skopje 1000","North Macedonia, The Republic of",-0- \n2,6,-0- ,-0- ,"Region: Gaza",-0- '


@pytest.fixture
def records(tmp_path: Path) -> dict[str, Record]:
    (tmp_path / "SDN.CSV").write_text(f"{PERSON}\n{COMPANY}\n{VESSEL}\n{AIRCRAFT}\n\x1a", "utf-8")
    (tmp_path / "ALT.CSV").write_text(ALIASES, "utf-8")
    (tmp_path / "ADD.CSV").write_text(ADDRESSES, "utf-8")
    parsed = [parse_record(row.data, Share()) for row in ofac.read(tmp_path / "SDN.CSV")]
    return {record.kind.code: record for record in parsed}


def test_every_kind_of_entry_becomes_its_kind_of_record(records: dict[str, Record]) -> None:
    assert set(records) == {"person", "organisation", "vessel", "aircraft", "account"}


def test_names_come_from_all_three_places(records: dict[str, Record]) -> None:
    names = [(one["name"], one["type"]) for one in records["person"].data["names"]]
    assert names == [
        ("VELIMIROVSKY, Goran", "primary"),
        ("VELIMIROVSKI, Goran", "alias"),
        ("PERVANOV, Goran", "former"),
        ("Abu Haza'", "weak"),
    ]


def test_a_span_of_days_is_every_year_of_it(records: dict[str, Record]) -> None:
    assert records["person"].data["born"] == ["1966", "1967", "1968", "1971"]


def test_the_words_of_an_uncertain_date_are_kept(records: dict[str, Record]) -> None:
    assert "circa 1971" in str(records["person"].data["born_note"])


def test_numbers_become_documents_of_their_type(records: dict[str, Record]) -> None:
    documents = [(one["type"], one["issuer"], one["number"]) for one in records["person"].data["documents"]]
    assert documents == [("P", "IRN", "A2062513"), ("I", "VEN", "V-42"), ("XT", "MEX", "MEFF820619A98")]


def test_a_document_keeps_its_dates(records: dict[str, Record]) -> None:
    passport = records["person"].data["documents"][0]
    assert (passport["issued"], passport["expires"]) == ("2014-03-03", "2019-03-03")


def test_birth_place_and_birth_country_are_read(records: dict[str, Record]) -> None:
    data = records["person"].data
    assert (data["birth_places"], data["birth_countries"]) == (["Tetovo, North Macedonia"], ["MKD"])


def test_what_no_field_carries_stays_in_the_remarks(records: dict[str, Record]) -> None:
    assert "keeps bees" in str(records["person"].data["remarks"])


def test_programmes_and_measures_stand_in_the_listing(records: dict[str, Record]) -> None:
    assert records["person"].data["listing"] == [
        {"authority": "OFAC", "programme": "TEST; ZOO", "measures": "Secondary sanctions risk: see section 9"}
    ]


def test_an_address_has_its_country(records: dict[str, Record]) -> None:
    address = {"street": "1 Sand Lane", "city": "Skopje 1000", "country": "MKD"}
    assert records["person"].data["addresses"] == [address]


def test_a_region_stands_beside_its_country(records: dict[str, Record]) -> None:
    assert records["organisation"].data["addresses"] == [{"region": "Gaza", "country": "PSE"}]


def test_a_wallet_is_an_account_of_its_holder(records: dict[str, Record]) -> None:
    account = records["account"].data
    assert (account["wallet"], account["currency"], account["holders"]) == (
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
        "XBT",
        ["VELIMIROVSKY, Goran"],
    )


def test_a_company_number_is_a_registration(records: dict[str, Record]) -> None:
    number = {"type": "Tax ID No.", "number": "1435126628", "country": "RUS"}
    assert records["organisation"].data["registrations"] == [number]


def test_a_vessel_has_its_numbers_and_flags(records: dict[str, Record]) -> None:
    data = records["vessel"].data
    shown = [data[name] for name in ("imo", "mmsi", "call_sign", "flag", "former_flags", "tonnage", "owner")]
    assert shown == ["9074729", "256869000", "9HEJ9", "PAN", ["MLT"], 299242, "Tern Lines"]


def test_an_aircraft_has_its_marks_and_serial(records: dict[str, Record]) -> None:
    data = records["aircraft"].data
    shown = [data[name] for name in ("registration", "former_registrations", "serial", "manufactured")]
    assert shown == ["EP-ZZZ", ["2-WGLZ"], "20817", "2007-09"]


def test_a_row_of_another_form_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sdn.csv"
    path.write_text(f"{COMPANY}\n1,2,3\n", "utf-8")
    assert [row.error and row.error.code for row in ofac.read(path)] == [None, "row-form"]


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sdn.csv"
    path.write_text("name,born\nGoran,1970\n", "utf-8")
    with pytest.raises(MalformedError, match="list-form"):
        list(ofac.read(path))


def test_brackets_before_a_number_belong_to_it() -> None:
    assert stated_number("(HWI)040182 (Burma)").number == "(HWI)040182"


def test_words_behind_a_number_are_kept_beside_it() -> None:
    stated = stated_number("T0433, issued by the harbour office")
    assert (stated.number, stated.places) == ("T0433", ("issued by the harbour office",))


def test_an_unknown_word_for_a_number_is_kept_with_it() -> None:
    assert [(fact.role, fact.word) for fact in facts_of("Beekeepers' Guild No. 42")] == [
        ("number", "Beekeepers' Guild No.")
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(content=st.binary(max_size=300), remarks=st.text(max_size=300))
def test_any_bytes_give_rows_or_a_clear_refusal(content: bytes, remarks: str, tmp_path: Path) -> None:
    path = tmp_path / "sdn.csv"
    quoted = remarks.replace('"', "'").encode("utf-8", "replace")
    path.write_bytes(COMPANY.rsplit('"Tax', 1)[0].encode() + b'"' + quoted + b'"\n' + content)
    rows, fields = [], {"file"}
    try:
        rows = list(ofac.read(path))
    except MalformedError as error:
        fields = {error.field}
    assert fields == {"file"}
    assert all((row.data is None) == (row.error is not None) for row in rows)
