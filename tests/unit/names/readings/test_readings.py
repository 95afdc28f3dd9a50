import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.names.readings import name_splits, readings_of, skeleton, spellings
from comity.names.readings.reading import READINGS_MAX
from comity.names.readings.tables import TABLE_FACTS, table_facts, table_names

CASES = [
    line.split("\t")
    for line in (Path(__file__).parents[3] / "cases" / "readings.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("word", "spelling", "source"), CASES)
def test_a_usual_spelling_is_among_the_readings(word, spelling, source):
    assert spelling in [reading.text for reading in readings_of(word)]


@pytest.mark.parametrize(("one", "other"), [
    ("mohammed", "muhamad"), ("gaddafi", "qadhafi"), ("yousef", "yusuf"), ("yusuf", "jusuf"),
    ("tschaikowski", "tchaikovsky"), ("tschaikowski", "chaykovskiy"),
])  # fmt: skip
def test_spellings_of_one_sound_share_a_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


def test_a_skeleton_keeps_strangers_apart():
    assert skeleton("smith") != skeleton("miller")


def test_normal_spelling_joins_habits():
    assert spellings("yousef") == spellings("iusef")


def test_normal_spelling_keeps_vowels_apart():
    assert spellings("anna") != spellings("anno")


@pytest.mark.parametrize(("name", "split"), [
    ("司馬光", ("司馬", "光")), ("佐々木希", ("佐々木", "希")), ("남궁민", ("남궁", "민")),
    ("王小明", ("王", "小明")), ("김철수", ("김", "철수")), ("约翰·史密斯", ("约翰", "史密斯")),
])  # fmt: skip
def test_the_likeliest_split_comes_first(name, split):
    assert name_splits(name)[0] == split


# The first word of a script compiles its search, which takes seconds.
@settings(deadline=None)
@given(st.text(max_size=80))
def test_readings_are_few_plain_and_ranked(token):
    readings = readings_of(token)
    assert len(readings) <= READINGS_MAX
    assert all(
        reading.text.isascii() and reading.text.isalpha() and reading.text.islower() for reading in readings
    )
    assert all(0.0 <= reading.weight <= 1.0 for reading in readings)
    assert [reading.weight for reading in readings] == sorted(
        (reading.weight for reading in readings), reverse=True
    )
    assert len({reading.text for reading in readings}) == len(readings)


@given(st.text(max_size=12))
def test_every_split_holds_all_letters_of_the_name(name):
    joined = "".join(name.split())
    if not any(dot in name for dot in "·・‧•･"):
        assert all("".join(split) == joined or "々" in joined for split in name_splits(name))


def test_the_longest_word_is_read_in_bounded_time():
    started = time.perf_counter()
    readings_of("محمد" * 5000)
    assert time.perf_counter() - started < 5.0


def test_a_word_without_letters_has_no_reading():
    assert readings_of("12!") == ()


def test_an_unpaired_surrogate_has_no_reading():
    assert readings_of("\ud800") == ()


@pytest.mark.parametrize("name", table_names())
def test_every_table_states_its_source_licence_and_date(name):
    assert all(table_facts(name).get(fact) for fact in TABLE_FACTS)


def test_the_tables_are_small():
    folder = Path(__file__).parents[4] / "src" / "comity" / "names" / "data"
    assert sum((folder / name).stat().st_size for name in table_names()) < 6_000_000
