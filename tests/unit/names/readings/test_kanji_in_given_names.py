"""Kanji in given names: seldom readings, what parents clip, and which of too many are kept."""

import pytest

from comity.names import forms
from comity.names.forms import ASKED_FORMS_MAX, HAN_FORMS_MAX, RESPELT_MAX, Form, asked_forms, forms_of
from comity.names.readings.han import read_han
from comity.names.sounds import consonants_of


@pytest.mark.parametrize(
    ("word", "spelling"),
    [("理子", "ayako"), ("光希", "miki"), ("知之", "satoyuki"), ("怜奈", "rena")],
)
def test_a_seldom_reading_is_among_the_forms(word: str, spelling: str) -> None:
    assert spelling in [form.text for form in forms_of(word, "han")]


def test_the_second_part_of_a_family_name_is_voiced() -> None:
    assert "ozeki" in [form.text for form in forms_of("大関", "han")]


def test_of_many_readings_those_heard_apart_are_kept_first() -> None:
    kept = {consonants_of(form.text) for form in forms_of("成文", "han")}
    usual = {consonants_of(reading.text) for reading in read_han("成文")[:HAN_FORMS_MAX]}
    assert len(kept) > len(usual)


def test_a_word_asked_for_has_no_more_forms_than_the_kernels_have_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = tuple(Form(f"reading{place}", 0.01 * place, "han") for place in range(HAN_FORMS_MAX))
    respelt = [Form(f"respelt{place}", 0.5, "respelt") for place in range(RESPELT_MAX)]
    monkeypatch.setattr(forms, "forms_of", lambda *_: read)
    monkeypatch.setattr(forms, "_respelt", lambda _: respelt)

    assert HAN_FORMS_MAX + RESPELT_MAX > ASKED_FORMS_MAX
    assert len(asked_forms.__wrapped__("成文", "han")) == ASKED_FORMS_MAX
