"""How two values of one field compare: countries that go together."""

import pytest

from comity.matching.fields import compare
from comity.matching.profiles import BORDER
from comity.records.check import Agreement
from comity.records.kind import Question
from comity.records.types.country import COUNTRY

NATIONALITY = Question("nationality", COUNTRY, "person.nationality")
ISSUER = Question("issuer", COUNTRY, "document.issuer")


def met(question: Question, query: str, record: str) -> Agreement:
    return compare(question, query, record, BORDER)


@pytest.mark.parametrize("question", [NATIONALITY, ISSUER], ids=lambda question: question.name)
@pytest.mark.parametrize(("former", "now"), [("SUN", "UKR"), ("YUG", "SRB"), ("GBR", "GBO")])
def test_countries_that_go_together_weigh_less_than_equal_ones(
    question: Question, former: str, now: str
) -> None:
    assert 0 < met(question, former, now).weight < met(question, now, now).weight


@pytest.mark.parametrize(("former", "now"), [("SUN", "UKR"), ("YUG", "SRB"), ("GBR", "GBO")])
def test_countries_go_together_both_ways(former: str, now: str) -> None:
    assert met(NATIONALITY, former, now).weight == met(NATIONALITY, now, former).weight


def test_why_they_go_together_is_said() -> None:
    assert met(NATIONALITY, "SUN", "UKR").rule == "kindred-country"


@pytest.mark.parametrize(("one", "other"), [("SUN", "SRB"), ("RUS", "UKR"), ("SRB", "HRV"), ("GBR", "IRL")])
def test_other_countries_contradict(one: str, other: str) -> None:
    assert met(NATIONALITY, one, other).verdict == "contradicts"
