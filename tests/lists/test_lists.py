"""The real lists, where they lie beside the repository: nothing refused, every name and number carried."""

import csv
import gzip
import io
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comity.errors import MalformedError
from comity.records.handling import Share
from comity.records.record import Record, parse_record
from comity.sources import reader_named

pytestmark = pytest.mark.lists

SHARED = Path(os.environ.get("COMITY_SHARED", Path(__file__).resolve().parents[2].parent / "shared")) / "data"
REJECTS_SHARE_MAX = 0.01
LISTS = {
    "un": ("un", "sanctions/un_consolidated.xml.gz", "", 669),
    "ofac": ("ofac", "sanctions/ofac_sdn.csv.gz", "", 6057),
    "eu": ("eu", "sanctions/eu_consolidated.csv.gz", "", 5126),
    "interpol-list": ("interpol", "notices/interpol_red_list.csv.gz", "", 113),
    "interpol-details": ("interpol", "notices/interpol_red_details.jsonl", "", 118),
    "vehicles": ("csv", "vehicles/nz_stolen_vehicles.csv.gz", "nz_stolen_vehicles", 3036),
    "art-a": ("csv", "art/fbi_stolen_art_2022a.csv", "fbi_stolen_art_a", 253),
    "art-b": ("csv", "art/fbi_stolen_art_2022b.csv", "fbi_stolen_art_b", 670),
    "wanted": ("csv", "notices/fbi_wanted.csv.gz", "fbi_wanted", 683),
    "red-2020": ("csv", "notices/interpol_red_2020.csv.gz", "interpol_red_2020", 4667),
    "china": ("csv", "sanctions/cn_mfa_sanctions.csv.gz", "cn_mfa_sanctions", 610),
    "vessels": ("csv", "vessels/ofac_vessels.csv", "ofac_vessels", 258),
    "aircraft": ("csv", "vessels/ofac_aircraft.csv", "ofac_aircraft", 193),
}

Load = Callable[[str], dict[str, Record]]


@pytest.fixture(scope="module")
def load() -> Load:
    """Return a function that reads a list into records by identifier, each list once."""
    if not SHARED.is_dir():
        pytest.skip("the real lists are not beside the repository (COMITY_SHARED names another place)")
    loaded: dict[str, dict[str, Record]] = {}

    def once(name: str) -> dict[str, Record]:
        if name not in loaded:
            loaded[name] = {
                f"{one.kind.code} {one.source_id}": one for one in records(name) if isinstance(one, Record)
            }
        return loaded[name]

    return once


def records(name: str) -> Iterator[Record | MalformedError]:
    source, file, mapping, _count = LISTS[name]
    for row in reader_named(source, mapping)(SHARED / file):
        try:
            yield row.error or parse_record(row.data, Share())
        except MalformedError as error:
            yield error


def table(file: str) -> list[list[str]]:
    with gzip.open(SHARED / file, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.reader(io.StringIO(lines.read())))


def names(record: Record) -> set[str]:
    return {one["name"] for one in record.data.get("names", [])}


@pytest.mark.parametrize("name", LISTS)
def test_fewer_than_one_row_in_a_hundred_is_refused(load: Load, name: str) -> None:
    assert len(load(name)) >= LISTS[name][3] * (1 - REJECTS_SHARE_MAX)


@pytest.mark.parametrize("name", LISTS)
def test_each_row_has_a_record_of_its_own(load: Load, name: str) -> None:
    assert len(load(name)) == LISTS[name][3]


def test_every_alias_of_ofac_s_list_is_carried(load: Load) -> None:
    held = {record.source_id: record for key, record in load("ofac").items() if not key.startswith("account")}
    carried = {
        identity: names(record)
        | {record.data.get("registration"), *record.data.get("former_registrations", [])}
        for identity, record in held.items()
    }
    stated = [
        (row[0], " ".join(row[3].split())) for row in table("sanctions/ofac_alt.csv.gz") if row[0] in held
    ]
    assert [one for one in stated if one[1] not in carried[one[0]]] == []


def test_every_alias_in_the_remarks_of_ofac_s_list_is_carried(load: Load) -> None:
    held = load("ofac")
    missing = [
        alias
        for row in table("sanctions/ofac_sdn.csv.gz")
        for alias in re.findall(r"a\.k\.a\. '(.+?)'(?:;|\.?$)", row[11])
        for kind in ("person", "organisation", "vessel")
        if (record := held.get(f"{kind} {row[0]}")) is not None
        and " ".join(alias.split()) not in names(record)
    ]
    assert missing == []


def test_every_ship_of_ofac_s_list_has_its_number(load: Load) -> None:
    held = load("ofac")
    stated = [
        (row[0], number)
        for row in table("sanctions/ofac_sdn.csv.gz")
        for number in re.findall(r"Vessel Registration Identification IMO (\d{7})\b", row[11])
        if row[2] == "vessel"
    ]
    assert [one for one in stated if held[f"vessel {one[0]}"].data["imo"] != one[1]] == []


def test_every_passport_of_ofac_s_list_is_carried(load: Load) -> None:
    held = load("ofac")
    missing = [
        number
        for row in table("sanctions/ofac_sdn.csv.gz")
        for number in re.findall(r"(?<!Diplomatic )Passport ([A-Z0-9]*\d[A-Z0-9]*)(?= \(|;|\.$)", row[11])
        if row[2] == "individual"
        and number not in {one["number"] for one in held[f"person {row[0]}"].data.get("documents", [])}
    ]
    assert missing == []


def test_every_alias_of_the_security_council_s_list_is_carried(load: Load) -> None:
    held = {record.source_id: names(record) for record in load("un").values()}
    with gzip.open(SHARED / "sanctions/un_consolidated.xml.gz") as file:
        root = ET.parse(file).getroot()
    stated = [
        (entry.findtext("DATAID"), " ".join(text.split()))
        for entry in [*root.iter("INDIVIDUAL"), *root.iter("ENTITY")]
        for alias in entry.iter("ALIAS_NAME")
        for text in re.split(r"[;\n]", alias.text or "")
        if any(map(str.isalnum, text))
    ]
    assert [one for one in stated if one[1] not in held[one[0]]] == []


def test_every_number_of_a_document_of_the_security_council_s_list_is_carried(load: Load) -> None:
    text = " ".join(
        str(record.data.get("documents", "")) + str(record.data.get("remarks", ""))
        for record in load("un").values()
    )
    with gzip.open(SHARED / "sanctions/un_consolidated.xml.gz") as file:
        root = ET.parse(file).getroot()
    stated = [
        found for one in root.iter("NUMBER") for found in re.findall(r"\b[A-Z]*\d[\dA-Z]{4,}", one.text or "")
    ]
    assert [number for number in stated if number not in text] == []


def test_every_spelling_of_the_european_list_is_carried(load: Load) -> None:
    held = load("eu").values()
    carried = {name.lower() for record in held for name in names(record)}
    header, *rows = table("sanctions/eu_consolidated.csv.gz")
    place = header.index("alias")
    plain = [text.strip() for row in rows for text in row[place].split(";") if text.strip()]
    taken_apart = re.compile(
        r"[(),/‘’“”«»\"':]|a\.?k\.?a|\bor\b|- born|^Russian |^Text of image$", re.IGNORECASE
    )
    simple = [text for text in plain if not taken_apart.search(text)]
    assert [text for text in simple if " ".join(text.split()).lower() not in carried] == []


def test_every_ship_of_the_european_list_has_its_number(load: Load) -> None:
    header, *rows = table("sanctions/eu_consolidated.csv.gz")
    place = header.index("imoNumber")
    carried = {record.data.get("imo") or record.data.get("imo_company") for record in load("eu").values()}
    assert {row[place] for row in rows if row[place]} - carried == set()
