"""Names written on, parted, or in another language's letters: cuts and forms that let both ways of writing meet."""

import pytest

from comity.names import parse_name
from comity.names.forms import asked_forms, forms_of
from comity.names.readings import vietnamese_words


def cuts(name: str) -> list[list[str]]:
    return [[word.text for word in cut] for cut in parse_name(name).cuts]


@pytest.mark.parametrize("name", ["Abd al-Karim Daraysa", "Abd el Karim Daraysa", "ABD AL KARIM DARAYSA"])
def test_the_servant_of_god_is_also_one_word(name: str) -> None:
    assert ["abdulkarim", "daraysa"] in cuts(name)


def test_an_assimilated_article_is_written_on_too() -> None:
    assert ["abdulsalam", "muhammad"] in cuts("Abd As-Salam Muhammad")


@pytest.mark.parametrize(
    ("joined", "apart"),
    [
        ("Le Huuduc", ["le", "huu", "duc"]),
        ("NGUYEN THIQUYETTAM", ["nguyen", "thi", "quyet", "tam"]),
        ("Vantu Tran", ["van", "tu", "tran"]),
        ("Mai Thianhtuyet", ["mai", "thi", "anh", "tuyet"]),
    ],
)
def test_vietnamese_syllables_written_as_one_are_parted(joined: str, apart: list[str]) -> None:
    assert apart in cuts(joined)


@pytest.mark.parametrize("name", ["Le Van Tam", "Do Thi Ha", "La Thi Hoa"])
def test_a_vietnamese_family_or_middle_name_is_no_particle(name: str) -> None:
    assert any(all(word.role == "" for word in cut) and len(cut) == 3 for cut in parse_name(name).cuts)


@pytest.mark.parametrize("name", ["Willem van Dam", "Jean Le Goff", "Maria Do Carmo"])
def test_particles_of_others_stay_particles(name: str) -> None:
    assert len(parse_name(name).cuts) == 1


@pytest.mark.parametrize(
    "words",
    [["nguyen", "van", "an"], ["jan", "kowalski"], ["le", "schmidt"], ["kim", "huuduc"], ["mai", "tanaka"]],
)
def test_other_names_are_not_parted(words: list[str]) -> None:
    assert vietnamese_words(words) == ()


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("khusrawani", "chusrawani"),
        ("chasani", "hasani"),
        ("devi", "debi"),
        ("veryvakis", "berybakis"),
        ("bikas", "vikas"),
        ("cyriaces", "kyriakes"),
        ("basilice", "vasilike"),
        ("dragasakis", "dragasacis"),
    ],
)
def test_a_word_asked_for_has_the_letters_of_other_languages(asked: str, other: str) -> None:
    assert other in [form.text for form in asked_forms(asked, "latin")]


@pytest.mark.parametrize("word", ["chang", "chen", "chung"])
def test_short_words_in_ch_are_not_taken_for_others_in_h(word: str) -> None:
    assert "h" + word[2:] not in [form.text for form in asked_forms(word, "latin")]


def test_beside_an_i_a_scanned_one_is_an_l() -> None:
    assert cuts("HAMAD A1I") == [["hamad", "ali"]]


def test_elsewhere_a_scanned_one_is_an_i() -> None:
    assert cuts("MAR1A LOPEZ") == [["maria", "lopez"]]


@pytest.mark.parametrize(
    ("german", "other"),
    [("adschar", "acar"), ("aktschaj", "akcay"), ("buluntsch", "bulunc"), ("dschassim", "gassim")],
)
def test_what_germans_write_for_turkish_and_egyptian_letters_is_read_back(german: str, other: str) -> None:
    assert other in [form.text for form in forms_of(german, "latin")]


@pytest.mark.parametrize(("word", "heard"), [("atiyah", "atiya"), ("saleh", "sale")])
def test_a_silent_h_at_the_end_of_a_short_word_is_left_out_too(word: str, heard: str) -> None:
    assert heard in [form.text for form in forms_of(word, "latin")]


@pytest.mark.parametrize("word", ["fatimah", "josh", "francis", "kowalski", "schmidt"])
def test_other_words_are_read_once(word: str) -> None:
    assert {form.rule for form in forms_of(word, "latin")} <= {"latin", "heard"}
    assert not {"fatima", "jos", "frankis", "kowalsci", "smidt"} & {
        form.text for form in asked_forms(word, "latin")
    }


@pytest.mark.parametrize(
    ("somali", "other"), [("axmed", "ahmed"), ("faarax", "faarah"), ("nuux", "nuuh"), ("xasan", "hasan")]
)
def test_a_somali_x_is_read_as_h(somali: str, other: str) -> None:
    assert other in [form.text for form in forms_of(somali, "latin")]


@pytest.mark.parametrize("word", ["felix", "alex", "max"])
def test_an_x_of_others_is_no_somali_one(word: str) -> None:
    assert word.replace("x", "h") not in [form.text for form in forms_of(word, "latin") if form.price > 0]


@pytest.mark.parametrize(
    ("asked", "other"), [("phoumvong", "poumvong"), ("poumvong", "phoumvong"), ("kampong", "kamphong")]
)
def test_a_lao_or_khmer_ph_is_also_written_p(asked: str, other: str) -> None:
    assert other in [form.text for form in asked_forms(asked, "latin")]


@pytest.mark.parametrize("word", ["paul", "pavlov", "peter", "perez"])
def test_a_p_of_others_is_not_taken_for_ph(word: str) -> None:
    assert not any(form.text.startswith("ph") for form in asked_forms(word, "latin"))
