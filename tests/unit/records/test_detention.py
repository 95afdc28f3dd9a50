"""Lengths of detention are read in the language of whoever drafts; what is not understood is not guessed."""

import pytest

from comity.errors import MalformedError
from comity.phrases.words import CODES, words
from comity.records.types.detention import MONTHS_MAX, parse_months

READ = {
    "24": 24,
    "٢٤": 24,
    "18 months": 18,
    "18months": 18,
    "2 years": 24,
    "2 y": 24,
    "2 years 6 months": 30,
    "1 year and 1 month": 13,
    "2 ans": 24,
    "5 années": 60,
    "2 ans et 6 mois": 30,
    "18 mois": 18,
    "5 años": 60,
    "5 anos": 60,
    "1 mes": 1,
    "5 años y 6 meses": 66,
    "٣ سنوات": 36,
    "3 سنوات و6 أشهر": 42,
    "15 عاماً": 180,
    "سنتان": 24,
    "18 شهراً": 18,
    "۱۰ سنوات": 120,
    "life": MONTHS_MAX,
    "à perpétuité": MONTHS_MAX,
    "cadena perpetua": MONTHS_MAX,
    "السجن المؤبد": MONTHS_MAX,
    "peine de mort": MONTHS_MAX,
}


@pytest.mark.parametrize(("text", "months"), READ.items())
def test_a_length_is_read_in_its_language(text: str, months: int) -> None:
    assert parse_months(text, "penalty_max") == months


@pytest.mark.parametrize(
    "text", ["long", "5 Jahre", "2.5 years", "2 weeks", "-3", "3-5 years", "2 years 6", "years", "و", "2 and"]
)
def test_what_is_not_understood_is_not_taken_for_months(text: str) -> None:
    with pytest.raises(MalformedError, match="months-form"):
        parse_months(text, "penalty_max")


@pytest.mark.parametrize("language", CODES)
def test_what_the_fault_tells_to_write_is_understood(language: str) -> None:
    told = words(language).error("months-form", "").rpartition(".")[0].rpartition(". ")[2]
    parts = told.replace("،", ",").replace(" أو ", ", ").replace(" ou ", ", ").replace(" o ", ", ")
    written = [one.strip() for one in parts.replace(" or ", ", ").split(",")]
    written[0] = written[0].split()[-1]
    assert [parse_months(one, "penalty_max") for one in written] == [24, 18, 24, MONTHS_MAX]
