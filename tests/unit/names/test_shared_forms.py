"""Forms that one process has read are found by another, whole or not at all."""

import os
from collections.abc import Iterator

import pytest

from comity.names import forms, shared_forms
from comity.names.forms import Form, asked_forms, forms_of, forms_read, share_forms
from comity.names.shared_forms import PLACE_BYTES, SharedForms

FORMS = (Form("quorblin", 0.0, "latin"), Form("korblin", 0.1 + 0.2, "heard"))


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[SharedForms]:
    monkeypatch.setattr(forms, "_read", {})
    monkeypatch.setattr(forms, "_held", {})
    made = SharedForms()
    share_forms(made)
    asked_forms.cache_clear()
    yield made
    share_forms(None)
    asked_forms.cache_clear()


def test_what_is_kept_is_found_to_the_last_bit(shared: SharedForms) -> None:
    shared.keep("quorblin", "latin", FORMS)
    assert shared.find("quorblin", "latin") == FORMS


def test_the_same_letters_of_another_script_are_another_word(shared: SharedForms) -> None:
    shared.keep("quorblin", "latin", FORMS)
    assert shared.find("quorblin", "cyrillic") is None


def test_forms_that_take_too_much_room_are_not_kept(shared: SharedForms) -> None:
    shared.keep("quorblin", "latin", (Form("a" * PLACE_BYTES, 0.0, "latin"),))
    assert shared.find("quorblin", "latin") is None


@pytest.mark.parametrize("place", range(16, 60))
def test_what_was_caught_half_written_is_not_believed(shared: SharedForms, place: int) -> None:
    shared.keep("quorblin", "latin", FORMS)
    start = shared_forms._start(shared_forms._digest("quorblin", "latin"))
    shared._room[start + place] ^= 1
    assert shared.find("quorblin", "latin") is None


def test_a_word_asked_for_is_known_to_a_process_that_was_forked_before(shared: SharedForms) -> None:
    process = os.fork()
    if not process:
        asked_forms("харковтин", "cyrillic")
        os._exit(0)
    os.waitpid(process, 0)
    assert shared.find("харковтин", "cyrillic") == forms_read("харковтин", "cyrillic")


def test_a_word_that_another_process_read_is_not_read_again(
    shared: SharedForms, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.keep("quorblin", "latin", FORMS)
    monkeypatch.setattr(forms, "forms_read", lambda *_: pytest.fail("read again"))
    assert forms_of("quorblin", "latin") == FORMS


def test_words_that_nobody_asked_for_are_told_to_nobody(shared: SharedForms) -> None:
    forms_of("quorblin", "latin")
    assert shared.find("quorblin", "latin") is None


def test_what_is_written_down_is_read_here(shared: SharedForms) -> None:
    shared.keep("quorblin", "latin", FORMS)
    assert forms_read("quorblin", "latin") != FORMS
