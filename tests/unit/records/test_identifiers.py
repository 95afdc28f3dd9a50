"""Numbers of things and papers: how they are read, found, doubted, and how two of them meet."""

import pytest

from comity.errors import MalformedError
from comity.records.fieldtype import FieldType
from comity.records.types.document import DOCUMENT_NUMBER, DOCUMENT_TYPE
from comity.records.types.lookalike import Meeting, meeting
from comity.records.types.objects.account import CARD_NUMBER, IBAN
from comity.records.types.objects.aircraft import AIRCRAFT_REGISTRATION, ICAO24
from comity.records.types.objects.container import CONTAINER_NUMBER
from comity.records.types.objects.device import IMEI
from comity.records.types.objects.firearm import CALIBRE
from comity.records.types.objects.keccak import keccak_256
from comity.records.types.objects.plate import PLATE
from comity.records.types.objects.vehicle import VIN
from comity.records.types.objects.vessel import HIN, IMO_COMPANY, IMO_NUMBER, MMSI
from comity.records.types.objects.wallet import WALLET


def _met(type_: FieldType, asked: str, held: str) -> Meeting | None:
    return meeting(type_, type_.parse(asked, "asked"), type_.parse(held, "held"))


@pytest.mark.parametrize(
    ("type_", "asked", "held", "expected"),
    [
        (DOCUMENT_NUMBER, "A1234567", "A1234567", Meeting("same")),
        (DOCUMENT_NUMBER, "a 123-4567", "A1234567", Meeting("spacing")),
        (DOCUMENT_NUMBER, "A٠٧", "A07", Meeting("spacing")),
        (DOCUMENT_NUMBER, "AO1", "A01", Meeting("look-alike", (("O", "0"),))),
        (DOCUMENT_NUMBER, "АB12", "AB12", Meeting("look-alike", (("А", "A"),))),
        (DOCUMENT_NUMBER, "ΑΒ 123", "AB123", Meeting("look-alike", (("Α", "A"), ("Β", "B")))),
        (DOCUMENT_NUMBER, "A123", "A124", None),
        (DOCUMENT_NUMBER, "B123", "8123", None),
        (PLATE, "к 123 мо 77", "K123MO77", Meeting("look-alike", (("К", "K"), ("М", "M"), ("О", "O")))),
        (PLATE, "ب ح د ١٢٣٤", "BJD 1234", Meeting("look-alike", (("ب", "B"), ("ح", "J"), ("د", "D")))),
        (PLATE, "B-MW 123", "BM-W 123", Meeting("spacing")),
        (PLATE, "品川 300 あ 12-34", "品川300あ1234", Meeting("spacing")),
        (VIN, "1M8GDM9AXKPO42788", "1M8GDM9AXKP042788", Meeting("look-alike", (("O", "0"),))),
        (VIN, "1M8GDM9AXKPQ42788", "1M8GDM9AXKP042788", Meeting("look-alike", (("Q", "0"),))),
        (IMO_NUMBER, "IMO 9074729", "9074729", Meeting("same")),
        (AIRCRAFT_REGISTRATION, "EPZZQ", "EP-ZZQ", Meeting("spacing")),
        (IMEI, "490154203237518", "49015420323751", Meeting("spacing")),
        (
            WALLET,
            "0x52908400098527886e0f7030069857d2e4169ee7",
            "0x52908400098527886E0F7030069857D2E4169EE7",
            Meeting("spacing"),
        ),
        (WALLET, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNA", None),
    ],
)
def test_two_numbers_meet_as_their_characters_say(
    type_: FieldType, asked: str, held: str, expected: Meeting | None
) -> None:
    assert _met(type_, asked, held) == expected


@pytest.mark.parametrize(
    ("type_", "text", "doubts"),
    [
        (VIN, "1M8GDM9AXKP042788", ()),
        (VIN, "1M8GDM9A1KP042788", ("vin-check",)),
        (VIN, "LM8GDM9A1KP042788", ("vin-check",)),
        (VIN, "WDBEA30D3HA391172", ()),
        (VIN, "WVWZZZ1KZAW000123", ()),
        (VIN, "1M8GDM9AXKPO42788", ("vin-letters",)),
        (VIN, "67-L12345", ("vin-short",)),
        (IMO_NUMBER, "9074729", ()),
        (IMO_NUMBER, "9074728", ("imo-check",)),
        (IMO_COMPANY, "2041999", ()),
        (IMO_COMPANY, "2041998", ("imo-company-check",)),
        (MMSI, "351234000", ()),
        (MMSI, "002442000", ()),
        (MMSI, "982440123", ()),
        (MMSI, "800000000", ("mmsi-country",)),
        (HIN, "PL-ABC12345A424", ()),
        (HIN, "PLABC12345Z424", ("hin-form",)),
        (CONTAINER_NUMBER, "CSQU 305438 3", ()),
        (CONTAINER_NUMBER, "TEXU3070079", ()),
        (CONTAINER_NUMBER, "CSQU3054384", ("container-check",)),
        (CONTAINER_NUMBER, "CSQX305438", ("container-category", "container-short")),
        (IMEI, "490154203237518", ()),
        (IMEI, "490154203237519", ("imei-check",)),
        (IMEI, "49015420323751", ()),
        (IBAN, "GB82 WEST 1234 5698 7654 32", ()),
        (IBAN, "GB82 WEST 1234 5698 7654 33", ("iban-check",)),
        (IBAN, "GB82 WEST 1234 5698 7654", ("iban-length", "iban-check")),
        (CARD_NUMBER, "4000 0000 0000 0002", ()),
        (CARD_NUMBER, "4000 0000 0000 0003", ("card-check",)),
        (WALLET, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", ()),
        (WALLET, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", ("wallet-check",)),
        (WALLET, "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", ()),
        (WALLET, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", ("wallet-check",)),
        (WALLET, "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", ()),
        (WALLET, "0xfb6916095ca1df60bB79Ce92cE3Ea74c37c5d359", ("wallet-check",)),
    ],
)
def test_a_check_digit_is_weak_evidence(type_: FieldType, text: str, doubts: tuple[str, ...]) -> None:
    assert type_.doubts(type_.parse(text, "field")) == doubts


@pytest.mark.parametrize(
    ("type_", "text", "code"),
    [
        (VIN, "1234", "vin-length"),
        (VIN, "123456789012345678", "vin-length"),
        (IMO_NUMBER, "907472", "imo-length"),
        (MMSI, "12345678", "mmsi-length"),
        (CONTAINER_NUMBER, "CSQ3054383", "container-form"),
        (IMEI, "4901542032375", "imei-length"),
        (IBAN, "GB82", "iban-form"),
        (CARD_NUMBER, "4000", "card-length"),
        (WALLET, "short", "wallet-form"),
        (ICAO24, "zzzzzz", "icao24-form"),
        (DOCUMENT_NUMBER, "---", "identifier-empty"),
        (DOCUMENT_NUMBER, "A1😀", "identifier-characters"),
        (DOCUMENT_NUMBER, "A" * 61, "text-too-long"),
        (DOCUMENT_TYPE, "Q", "document-type"),
    ],
)
def test_what_is_no_number_is_refused_by_name(type_: FieldType, text: str, code: str) -> None:
    with pytest.raises(MalformedError) as caught:
        type_.parse(text, "here")
    assert (caught.value.code, caught.value.field) == (code, "here")


@pytest.mark.parametrize(
    "text", ["9mm", "9 MM LUGER", "9x19", "9mm Parabellum", "9×19mm NATO", "9 mm Para", "cal. 9x19"]
)
def test_the_usual_spellings_of_one_calibre_are_one(text: str) -> None:
    assert CALIBRE.parse(text, "calibre") == "9X19"


def test_unknown_calibres_meet_in_their_abbreviations() -> None:
    assert CALIBRE.parse(".300 Weatherby Magnum", "c") == CALIBRE.parse("300 WBY MAG", "c")


@pytest.mark.parametrize(
    ("text", "code", "family"),
    [
        ("passport", "P", "P"),
        ("PD", "PD", "P"),
        ("p<", "P", "P"),
        ("ID card", "I", "I"),
        ("AC", "AC", "I"),
        ("driving licence", "D", "D"),
        ("XR", "XR", "XR"),
    ],
)
def test_the_first_letter_says_what_a_document_is(text: str, code: str, family: str) -> None:
    parsed = DOCUMENT_TYPE.parse(text, "type")
    assert (parsed, DOCUMENT_TYPE.key(parsed)) == (code, family)


def test_keccak_of_more_than_one_block_is_that_of_the_reference() -> None:
    # Ethereum's own empty-list hash and the digest of a two-block message, from independent tools.
    assert keccak_256(b"\xc0").hex() == "1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"
