"""What is written for Arabic letters elsewhere: s and z in Persian, the article of the Maghreb, v for a Persian waw."""

import pytest

from comity.names.forms import asked_forms
from comity.names.readings import readings_of
from comity.names.sounds import consonants_of


def heard(word: str) -> set[bytes]:
    return {consonants_of(reading.text) for reading in readings_of(word)}


@pytest.mark.parametrize(
    ("word", "spelling"),
    [
        ("ثقفی", "saghafi"),
        ("رضوی", "razavi"),
        ("مرضیه", "marzieh"),
        ("ذبیحی", "zabihi"),
    ],
)
def test_th_and_dh_are_read_as_persians_and_turks_say_them(word: str, spelling: str) -> None:
    assert consonants_of(spelling) in heard(word)


@pytest.mark.parametrize(
    ("word", "spelling"),
    [("المريني", "lamrini"), ("البحيري", "lbahiri"), ("الصقلي", "essakalli")],
)
def test_the_article_is_read_as_the_maghreb_writes_it_on(word: str, spelling: str) -> None:
    assert consonants_of(spelling) in heard(word)


@pytest.mark.parametrize(("word", "spelling"), [("ایوان", "ivan"), ("آیوا", "iva"), ("کاوه", "kaveh")])
def test_a_consonant_waw_of_persian_is_v(word: str, spelling: str) -> None:
    assert consonants_of(spelling) in heard(word)


def test_waw_in_arabic_letters_is_no_v() -> None:
    assert not any("v" in reading.text for reading in readings_of("نواره"))


def test_a_final_alif_maqsura_is_an_a_too() -> None:
    assert any(reading.text.endswith("a") for reading in readings_of("مجلى"))


def test_rh_is_asked_for_as_gh() -> None:
    assert consonants_of("ghazoui") in {consonants_of(form.text) for form in asked_forms("rhazoui", "latin")}


@pytest.mark.parametrize(("word", "spelling"), [("واحدى", "wahadi"), ("عبدفتاح", "abdulfattah")])
def test_what_is_said_is_read_though_it_is_not_written(word: str, spelling: str) -> None:
    assert spelling in [reading.text for reading in readings_of(word)][:3]


@pytest.mark.parametrize("word", ["عبدو", "عبدالرحمن"])
def test_abd_that_stands_alone_or_has_its_article_is_read_as_before(word: str) -> None:
    assert not any(reading.text.startswith(("abdulo", "abdulal")) for reading in readings_of(word))
