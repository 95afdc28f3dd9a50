"""Machine-readable zones: every layout, every digit, and what officers paste. Specimens of the invented state UTO."""

from datetime import date

import pytest

from comity.errors import MalformedError
from comity.records.types.dates import PartialDate
from comity.records.types.mrz import parse_mrz, read_mrz
from comity.records.types.mrz_compose import WIDTHS, Holder, Paper, compose_mrz

TODAY = date(2026, 6, 1)
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
HOLDER = Holder("Varga-Lind", "Ilka Maren", "DEU", PartialDate(1999, 12, 31), "F")
PAPER = Paper("P", "DEU", "C01X00T47", PartialDate(2031, 1, 2))


@pytest.mark.parametrize(("text", "layout"), [(TD3, "TD3"), (TD1, "TD1"), (TD2, "TD2")])
def test_the_specimens_of_the_standard_leave_no_doubt(text: str, layout: str) -> None:
    zone = parse_mrz(text, today=TODAY)
    assert (zone.layout, zone.name, zone.doubts) == (layout, "ANNA MARIA ERIKSSON", ())


@pytest.mark.parametrize(
    "text",
    [
        TD3.replace("\n", ""),
        TD3.replace("\n", "\\n"),
        TD3.replace("\n", "\r\n"),
        TD3.lower(),
        TD3.replace("ANNA", "A NN A").replace("1204159", " 1204159 "),
        f"  {TD3}\n\n",
        TD3[:20] + "\n" + TD3[20:],
    ],
)
def test_a_zone_is_read_however_it_is_pasted(text: str) -> None:
    assert parse_mrz(text, today=TODAY) == parse_mrz(TD3, today=TODAY)


@pytest.mark.parametrize(
    ("place", "char", "doubt"),
    [
        (45, "9", "mrz-check-number"),
        (59, "9", "mrz-check-birth"),
        (67, "9", "mrz-check-expiry"),
        (74, "9", "mrz-check-personal"),
        (88, "9", "mrz-check-composite"),
        (2, "Q", "mrz-issuer-unknown"),
        (55, "Q", "mrz-nationality-unknown"),
        (6, "0", "mrz-name-misread"),
    ],
)
def test_each_misread_character_is_a_doubt_of_its_own(place: int, char: str, doubt: str) -> None:
    misread = TD3[:place] + char + TD3[place + 1 :]
    assert doubt in parse_mrz(misread, today=TODAY).doubts


@pytest.mark.parametrize(
    ("text", "code"),
    [(TD3[:-1], "mrz-length"), (TD3.replace("A", "?"), "mrz-characters"), ("1" + TD3[1:], "mrz-type")],
)
def test_what_is_no_zone_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_mrz(text, "mrz", TODAY)
    assert caught.value.code == code


@pytest.mark.parametrize("layout", WIDTHS)
def test_a_composed_zone_reads_back_without_doubt(layout: str) -> None:
    paper = Paper("V" if layout.startswith("MRV") else "I", "DEU", PAPER.number, PAPER.expiry)
    zone = parse_mrz(compose_mrz(layout, paper, HOLDER), today=TODAY)
    assert (zone.layout, zone.number, zone.issuer, zone.doubts) == (layout, PAPER.number, "DEU", ())


@pytest.mark.parametrize("layout", ["TD1", "TD2"])
def test_a_long_number_runs_over_into_the_optional_data(layout: str) -> None:
    paper = Paper("ID", "BEL", "600001795015", PAPER.expiry, "77")
    zone = parse_mrz(compose_mrz(layout, paper, HOLDER), today=TODAY)
    assert (zone.number, zone.optional, zone.checks["number"]) == ("600001795015", "77", True)


def test_a_long_numbers_digit_may_be_reckoned_with_its_filler() -> None:
    zone = parse_mrz(
        "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
    )
    assert (zone.number, zone.checks["number"]) == ("D23145890734", True)


def test_a_name_that_fills_its_field_may_have_been_cut() -> None:
    long = Holder("Wolkenstein-Brandauer", "Maximiliane Theodora", "AUT", PartialDate(1980, 1, 1), "F")
    assert parse_mrz(compose_mrz("TD3", PAPER, long), today=TODAY).name_truncated


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (PartialDate(1926, 5, 31), "2026-05-31"),
        (PartialDate(1926, 6, 2), "1926-06-02"),
        (PartialDate(1974), "1974"),
        (PartialDate(1974, 8), "1974-08"),
    ],
)
def test_nobody_is_born_after_today(printed: PartialDate, expected: str) -> None:
    holder = Holder("Lind", "Ilka", "SWE", printed, "F")
    assert str(parse_mrz(compose_mrz("TD3", PAPER, holder), today=TODAY).birth) == expected


@pytest.mark.parametrize(("printed", "expected"), [("M", "M"), ("F", "F"), ("X", "X"), ("<", "X")])
def test_a_filler_for_the_sex_is_unspecified(printed: str, expected: str) -> None:
    line = TD3[:65] + printed + TD3[66:]
    assert parse_mrz(line, today=TODAY).sex == expected


def test_a_zone_answers_the_questions_of_a_document_check() -> None:
    answers, doubts = read_mrz(TD3, "mrz")
    assert (dict(answers), doubts) == (
        {
            "type": "P",
            "issuer": "UTO",
            "number": "L898902C3",
            "name": "ANNA MARIA ERIKSSON",
            "born": "1974-08-12",
            "sex": "F",
            "nationality": "UTO",
            "expiry": "2012-04-15",
        },
        (),
    )


def test_an_unknown_document_code_is_a_doubt_and_not_an_answer() -> None:
    answers, doubts = read_mrz("J" + TD3[1:], "mrz")
    assert ("type" in answers, doubts) == (False, ("mrz-type-unknown",))


def test_the_older_french_card_has_its_own_places() -> None:
    zone = parse_mrz(
        "IDFRATEST<NAME<<<<<<<<<<<<<<<<0CHE02\n1710GVA123451ROBERTA<<<<<<<9112311F2", today=TODAY
    )
    assert (zone.number, zone.name, zone.doubts) == ("1710GVA12345", "ROBERTA TEST NAME", ())
