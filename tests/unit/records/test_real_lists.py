"""The field types on the real lists that lie beside the repository. Nothing of them is kept here."""

import csv
import gzip
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from comity.errors import MalformedError
from comity.records.countries import country_code, country_named
from comity.records.fieldtype import FieldType
from comity.records.types.document import DOCUMENT_NUMBER
from comity.records.types.lookalike import meeting
from comity.records.types.mrz import parse_mrz
from comity.records.types.objects.aircraft import AIRCRAFT_REGISTRATION
from comity.records.types.objects.device import IMEI
from comity.records.types.objects.firearm import CALIBRE
from comity.records.types.objects.vehicle import VIN
from comity.records.types.objects.vessel import CALL_SIGN, IMO_NUMBER, MMSI
from comity.records.types.objects.wallet import WALLET

SHARED = Path(os.environ.get("COMITY_SHARED") or Path(__file__).parents[4] / "shared")
LISTS = SHARED / "data"
pytestmark = [
    pytest.mark.lists,
    pytest.mark.skipif(
        not LISTS.is_dir(), reason="the real lists (shared/data) are not beside the repository"
    ),
]


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    content = (LISTS / name).read_bytes()
    return (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8")


def _zones() -> Iterator[tuple[str, Any]]:
    for line in (LISTS / "documents/mrz_vectors.jsonl").read_text(encoding="utf-8").splitlines():
        vector = json.loads(line)
        printed = vector["mrz"]
        yield printed if isinstance(printed, str) else "\n".join(printed), vector


def _strays(type_: FieldType, texts: list[str]) -> list[str]:
    """Return the texts that are not found in lower case, with spaces, and with dashes."""

    def found(text: str) -> bool:
        held = type_.parse(text, "held")
        asked = (
            [text, text.lower(), " ".join(compact), "-".join(compact)] if (compact := text.strip()) else []
        )
        return all(meeting(type_, type_.parse(one, "asked"), held) for one in asked)

    return [text for text in texts if not found(text)]


def test_every_specimen_gives_the_document_number_that_is_expected_of_it() -> None:
    wrong = []
    for text, vector in _zones():
        expected = (vector.get("expect") or {}).get("documentNumber")
        if expected and not vector["file"].startswith("swissDriving") and parse_mrz(text).number != expected:
            wrong.append(vector["id"])
    assert wrong == []


def test_every_valid_specimen_has_all_its_digits_right() -> None:
    wrong = [
        vector["id"]
        for text, vector in _zones()
        if (vector.get("expect") or {}).get("valid")
        and not vector["file"].startswith("swissDriving")
        and not all(parse_mrz(text).checks.values())
    ]
    assert wrong == []


def test_every_code_of_the_icao_list_is_known_by_itself() -> None:
    unknown = []
    for row in _rows("documents/icao_state_codes.csv"):
        try:
            code = country_code(row["code"], "code")
        except MalformedError:
            unknown.append(row["code"])
        else:
            if code not in {row["code"], "DEU", "RKS"}:
                unknown.append(row["code"])
    assert unknown == []


def test_no_official_name_of_a_country_is_taken_for_another() -> None:
    titles = {"CLDR display name", "official_name_en", "official_name_fr", "UNTERM English Short"}
    rows = _rows("countries/country_codes.csv")
    taken = [
        (name, found)
        for row in rows
        for title in titles | {"official_name_ru", "UNTERM Arabic Short", "UNTERM Chinese Short"}
        if (name := row[title])
        and (found := country_named(name)) not in {None, row["ISO3166-1-Alpha-3"]}
        # The Russian and Arabic columns hold two slips for parts of China and of Saint Martin.
        and row["ISO3166-1-Alpha-3"] not in {"HKG", "MAC", "SXM", "MAF"}
    ]
    assert taken == []


def test_every_vehicle_number_is_found_however_it_is_spaced() -> None:
    assert _strays(VIN, [row["vin"] for row in _rows("vehicles/vin_vectors.csv.gz")]) == []


def test_nearly_every_american_vehicle_number_has_its_check_digit() -> None:
    numbers = [row["vin"] for row in _rows("vehicles/vin_vectors.csv.gz") if row["vin"][:1] in set("12345")]
    assert sum(not VIN.doubts(VIN.parse(number, "vin")) for number in numbers) > 0.99 * len(numbers)


@pytest.mark.parametrize(
    ("column", "type_"),
    [("imo", IMO_NUMBER), ("mmsi", MMSI), ("call_sign", CALL_SIGN)],
    ids=["imo", "mmsi", "call"],
)
def test_every_vessel_number_is_found_however_it_is_spaced(column: str, type_: FieldType) -> None:
    texts = [row[column] for row in _rows("vessels/ofac_vessels.csv") if row[column]]
    assert _strays(type_, texts) == []


def test_every_ships_number_of_the_list_has_its_check_digit() -> None:
    numbers = [row["imo"] for row in _rows("vessels/ofac_vessels.csv") if row["imo"]]
    assert sum(not IMO_NUMBER.doubts(number) for number in numbers) > 0.99 * len(numbers)


def test_every_tail_number_is_found_however_it_is_spaced() -> None:
    assert _strays(AIRCRAFT_REGISTRATION, [row["name"] for row in _rows("vessels/ofac_aircraft.csv")]) == []


def test_every_passport_number_is_found_however_it_is_spaced() -> None:
    text = _text("sanctions/un_consolidated.xml.gz")
    numbers = [number.strip() for number in re.findall("<NUMBER>([^<]+)</NUMBER>", text)]
    short = [number for number in numbers if number and len(number) <= 25]
    assert _strays(DOCUMENT_NUMBER, short) == []


def test_every_crypto_address_has_its_checksum() -> None:
    text = _text("sanctions/ofac_sdn.csv.gz")
    addresses = re.findall(r"Digital Currency Address - (?:XBT|ETH|LTC) ([A-Za-z0-9]{25,64})\b", text)
    assert [one for one in addresses if WALLET.doubts(WALLET.parse(one, "wallet"))] == []


def test_every_type_code_of_a_telephone_makes_an_imei() -> None:
    lines = _text("devices/osmocom_tac.csv.gz").splitlines()
    codes = [row["tac"] for row in csv.DictReader(lines[1:]) if re.fullmatch("[0-9]{8}", row["tac"] or "")]
    assert _strays(IMEI, [code + "000000" for code in codes[:5000]]) == []


def test_most_spellings_of_a_calibre_meet_its_name() -> None:
    rows = _rows("firearms/caliber_aliases.csv")
    keys = [[CALIBRE.key(CALIBRE.parse(row[side], "c")) for side in ("alias", "name")] for row in rows]
    assert sum(alias == name for alias, name in keys) > 0.65 * len(rows)
