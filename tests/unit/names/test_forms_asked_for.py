import pytest

from comity.names.forms import asked_forms, forms_of
from comity.names.sounds import consonants_of


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("yanovsky", "janowski"),
        ("jansen", "yansen"),
        ("khasan", "hasan"),
        ("gerry", "jerry"),
        ("michael", "mikael"),
    ],
)
def test_a_word_asked_for_is_heard_as_other_languages_spell_it(asked: str, held: str) -> None:
    assert consonants_of(held) in {consonants_of(form.text) for form in asked_forms(asked, "latin")}


def test_another_language_s_spelling_is_not_added_where_the_index_hears_the_same() -> None:
    assert [form.rule for form in asked_forms("lara", "latin")].count("respelt") == 0


def test_a_soft_c_is_heard_as_s() -> None:
    assert consonants_of("cesar") == consonants_of("sezar")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("sjevtsjenko", "shevchenko"), ("xhemal", "jemal"), ("zsuzsa", "zhuzha"), ("zjukov", "zhukov")],
)
def test_a_word_has_the_form_that_others_write_for_its_hissing(written: str, meant: str) -> None:
    assert meant in {form.text for form in forms_of(written, "latin")}
