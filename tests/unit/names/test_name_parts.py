import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import MalformedError
from comity.names import fold, parse_name
from comity.names.customs import TITLES
from comity.names.parts import Word, parse_words
from comity.names.scripts import TRANSCRIBED, script_of, script_of_letter

IDEOGRAPHS = [chr(code) for code in range(0x4E00, 0xA000)]


def last_word(name: str) -> Word:
    return parse_name(name).words[-1]


@pytest.mark.parametrize("name", ["Ahmad Sayyed", "أحمد السيد", "Kwame Van", "كارولين بنت"])
def test_a_title_or_particle_at_the_end_is_a_name(name: str) -> None:
    assert last_word(name).bears_identity


def test_a_title_with_its_dot_stays_a_title_at_the_end() -> None:
    assert last_word("Petrovic Ivan Dr.").role == "title"


def test_a_dot_between_han_characters_shows_a_foreigner() -> None:
    assert [word.script for word in parse_name("瑪沁·麥嬌").words] == [TRANSCRIBED, TRANSCRIBED]


def test_an_unspaced_foreigner_s_name_is_cut_where_its_words_are_known() -> None:
    cuts = [[word.text for word in cut] for cut in parse_name("慕斯达法莫哈末").cuts]
    assert ["慕斯达法", "莫哈末"] in cuts


def test_a_remark_in_brackets_is_no_part_of_a_han_name() -> None:
    assert parse_name("黄志明（新加坡）").text == "黄志明"


@pytest.mark.parametrize("name", ["山田太郎", "司馬光", "欧阳志明"])
def test_a_native_s_name_is_not_cut_as_a_foreigner_s(name: str) -> None:
    cuts = [cut for cut in parse_name(name).cuts if len(cut) > 1]
    assert all(word.script != TRANSCRIBED for cut in cuts for word in cut)


@pytest.mark.parametrize("name", ["ஏ. எச். எம். பௌசி", "ए.एच.एम. फौजी", "এ. এইচ. এম. ফৌজি"])
def test_initials_written_as_they_are_spoken_are_initials(name: str) -> None:
    assert [(word.text, word.role) for word in parse_name(name).words[:3]] == [
        ("a", "initial"),
        ("h", "initial"),
        ("m", "initial"),
    ]


def test_what_stands_between_the_second_and_the_last_word_in_arabic_letters_is_a_forebear_s_name() -> None:
    roles = [word.role for word in parse_name("سالم ناصر جابر حمد الصخري").words]
    assert roles == ["", "", "forebear", "forebear", ""]


@pytest.mark.parametrize(
    "name", ["سالم ناصر الصخري", "Salem Nasser Jaber Alsakhri", "سالم Nasser جابر الصخري"]
)
def test_other_names_have_no_forebears(name: str) -> None:
    assert all(word.role != "forebear" for word in parse_name(name).words)


def test_a_name_after_bin_is_a_patronymic_as_before() -> None:
    assert [word.role for word in parse_name("سالم بن جابر الصخري").words] == [
        "",
        "particle",
        "patronymic",
        "",
    ]


@pytest.mark.parametrize("name", ["Ivan PETROV", "Dr Odessa MARLOWE", "DR MARLOWE", "MR", "a B", "X" * 61])
def test_plain_letters_are_cut_as_those_that_must_be_folded(name: str) -> None:
    # A sign that folding drops makes every word go the longer way.
    assert parse_name(name) == parse_name(" ".join(f"\u200b{word}" for word in name.split()))


def test_the_sign_of_a_nasal_vowel_is_no_letter() -> None:
    assert [word.text for word in parse_name("Tiuⁿ Thiâⁿ").words] == ["tiu", "thiâ"]


@pytest.mark.parametrize(
    "text", ["Dr. Ivan Petrovich DE VRIES", "Garcia, Juan", "محمد بن علي", "田中 (東京)", "田中", "Le An"]
)
def test_the_words_alone_are_those_of_the_parts(text: str) -> None:
    assert parse_words(text) == parse_name(text).words


def test_the_words_alone_of_no_name_are_refused_as_its_parts_are() -> None:
    with pytest.raises(MalformedError, match="name-empty"):
        parse_words("...")


@given(
    st.text(IDEOGRAPHS, min_size=1, max_size=9)
    | st.sampled_from([*TITLES, "司馬遷", "慕斯达法莫哈末", "王" * 61])
)
def test_han_characters_alone_are_cut_as_those_that_must_be_folded(name: str) -> None:
    assert parse_name(name) == parse_name(f"\u200b{name}")


def test_the_usual_han_characters_mean_themselves() -> None:
    assert [sign for sign in IDEOGRAPHS if unicodedata.normalize("NFKC", sign).casefold() != sign] == []
    assert {script_of_letter(sign) for sign in IDEOGRAPHS} == {script_of("".join(IDEOGRAPHS))} == {"han"}
    assert fold("".join(IDEOGRAPHS)) == "".join(IDEOGRAPHS)
