import pytest

from comity.names.forms import forms_of


@pytest.mark.parametrize(("word", "heard"), [("juan", "huan"), ("yves", "iv")])
def test_a_latin_word_has_a_form_as_it_sounds(word: str, heard: str) -> None:
    assert ("heard", heard) in {(form.rule, form.text) for form in forms_of(word, "latin")}


def test_a_latin_word_that_sounds_as_it_is_written_has_no_other_form() -> None:
    assert [form.text for form in forms_of("martin", "latin")] == ["martin"]


def test_a_native_s_han_word_has_no_foreign_reading() -> None:
    assert {form.rule for form in forms_of("三森", "han")}.isdisjoint({"han-learnt", "han-transcribed"})


def test_a_foreigner_s_han_word_is_read_as_learnt() -> None:
    assert "muhammad" in [form.text for form in forms_of("穆罕默德", "transcribed")]
