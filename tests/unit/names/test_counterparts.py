import pytest

from comity.names.forms import asked_forms
from comity.names.variants import variants_of


def prices(name: str) -> dict[str, float]:
    return dict(variants_of(name))


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("ioannes", "john"),
        ("theodericus", "thierry"),
        ("gearoid", "gerry"),
        ("murchu", "murphy"),
        ("tan", "chen"),
        ("soohoo", "situ"),
        ("siraj", "sirajuddin"),
        ("cemal", "jamal"),
        ("john", "ioannes"),
        ("sirajuddin", "siraj"),
    ],
)
def test_a_name_stands_for_its_counterpart(asked: str, held: str) -> None:
    assert held in prices(asked)


def test_a_spelling_of_another_people_costs_less_than_another_tongue_s_name() -> None:
    assert prices("cemal")["jamal"] < prices("ioannes")["john"]


def test_a_counterpart_is_known_under_a_spelling_that_no_table_has() -> None:
    assert "james" in prices("yakoob")


def test_a_short_name_is_looked_up_as_it_is_spelt_alone() -> None:
    assert not variants_of("eeva")


def test_a_name_that_is_heard_as_one_anyway_is_in_no_table() -> None:
    assert "paulo" not in prices("paulus") or prices("paulus")["paulo"] >= 0.5


def test_all_a_name_may_stand_for_is_bounded() -> None:
    assert len(asked_forms("john", "latin")) <= 32


@pytest.mark.parametrize(
    ("somali", "other"), [("cabdi", "abdi"), ("cumar", "omar"), ("ciise", "isa"), ("cali", "ali")]
)
def test_a_somali_name_is_also_meant_without_its_ayn(somali: str, other: str) -> None:
    assert other in prices(somali)
    assert somali in prices(other)
