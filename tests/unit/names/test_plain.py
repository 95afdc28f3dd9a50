"""A text without its marks: what somebody types who remembers a word and not how it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.names.plain import plain


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Müller, Straße", "muller, strasse"),
        ("Łódź Øster Đức Ægir ışık", "lodz oster duc aegir isik"),
        ("ＷＩＤＥ １２", "wide 12"),
        ("أحمد مُحَمَّد مـحـمد آمنة", "احمد محمد محمد امنه"),
        ("فاطمة على کریم", "فاطمه علي كريم"),
        ("Ёлка й", "елка и"),
        ("שָׁלוֹם", "שלום"),
        ("ﾀﾅｶ", "タナカ"),
    ],
)
def test_marks_and_forms_of_letters_go(written: str, typed: str) -> None:
    assert plain(written) == typed


@pytest.mark.parametrize("text", ["김철수", "ガギグ", "राम प्रसाद", "สมชาย", "王小明"])
def test_what_is_a_letter_and_no_mark_stays(text: str) -> None:
    assert plain(text) == text


@given(st.text(max_size=40))
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)
