"""Chinese and Korean names in Latin letters, whatever system or family spells them."""

import pytest

from comity.matching.names import Rarity, RecordName, compare_names
from comity.names import fold, parse_name
from comity.names.chance import expected_rarity
from comity.names.forms import forms_of
from comity.names.readings.syllables import language_cuts, read_syllables
from comity.names.scripts import LATIN_CHINESE, LATIN_KOREAN, script_of


class RarityByLength(Rarity):
    def idf(self, word: str) -> float:
        forms = forms_of(fold(word), script_of(fold(word)))
        return min(12.0, expected_rarity(forms[0].text)) if forms else 5.0


def likeness(one: str, other: str) -> float:
    met = compare_names(parse_name(one), [RecordName(other)], RarityByLength())
    itself = compare_names(parse_name(one), [RecordName(one)], RarityByLength())
    return met.weight / itself.weight


@pytest.mark.parametrize(
    ("spelling", "pinyin"),
    [
        ("hsuehyen", "xueyan"),
        ("syueyan", "xueyan"),
        ("chih", "zhi"),
        ("tzu", "zi"),
        ("jui", "rui"),
        ("kuei", "gui"),
        ("jhih", "zhi"),
        ("tsħanyang", "canyang"),
        ("chħing", "qing"),
    ],
)
def test_syllables_of_other_systems_are_read_into_pinyin(spelling: str, pinyin: str) -> None:
    assert pinyin in [reading.text for reading in read_syllables(spelling, LATIN_CHINESE)]


@pytest.mark.parametrize(
    ("spelling", "revised"),
    [
        ("youngmi", "yeongmi"),
        ("sunghun", "seonghun"),
        ("chunhyok", "junhyeok"),
        ("heejung", "huijeong"),
        ("hur", "heo"),
    ],
)
def test_what_families_spell_is_read_into_the_revised_romanisation(spelling: str, revised: str) -> None:
    assert revised in [reading.text for reading in read_syllables(spelling, LATIN_KOREAN)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Xu Xueyan", "Hsu Hsueh-yen"),
        ("Liao Xiaohui", "Hsiao-huei Liao"),
        ("Jia Ruibin", "Chia Jui-pin"),
        ("Bak Yeongmi", "Park Young Mi"),
        ("Heo Jeongnam", "Jung Nam Hur"),
        ("Kim Kon-u", "Keonwoo Kim"),
        ("An Seong-hun", "An Seonghun"),
        ("I Yeongcheol", "Lee Young-cheol"),
        ("Young Cheol Lee", "I Yeong-cheol"),
        ("Tuan Lin-hsiao", "Duan Linxiao"),
        ("Kan Ts'an-yang", "Gan Canyang"),
        ("Ma Ying-jeou", "Ma Yingjeou"),
        ("Ch\u2019ien T\u2018ao", "Qian Tao"),
    ],
)
def test_a_name_meets_itself_in_another_system(one: str, other: str) -> None:
    assert likeness(one, other) > 0.75


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Park Young Mi", "Park Young Ho"),
        ("Xu Xueyan", "Hsu Mei-ling"),
        ("Kim Minjun", "Lee Min Jun"),
        ("Kim Jong-nam", "Kim Jong-un"),
    ],
)
def test_other_syllables_stay_another_name(one: str, other: str) -> None:
    assert likeness(one, other) < 0.6


@pytest.mark.parametrize("name", ["Jan Kowalski", "John Lee", "Tom Hanks", "Ali Khan", "Maria Lopez"])
def test_names_of_others_are_not_cut_so(name: str) -> None:
    assert len(parse_name(name).cuts) == 1


def test_the_family_may_stand_last() -> None:
    assert (LATIN_KOREAN, "hur", "jungnam") in list(language_cuts(["jung", "nam", "hur"]))


def test_what_a_hyphen_joins_is_one_given_name() -> None:
    assert [cut[0].text for cut in parse_name("Min-jun Kim").cuts[1:]] == ["kim"]


def test_a_family_of_one_letter_is_spelt_as_its_bearers_do() -> None:
    assert (LATIN_KOREAN, "lee", "eunyeong") in list(language_cuts(["i", "eunyeong"]))


def test_an_apostrophe_says_that_a_syllable_is_aspirated() -> None:
    given = parse_name("Kan Ts'an-yang").cuts[-1][1]
    assert [form.text for form in forms_of(*given[:2])] == ["canyang"]


@pytest.mark.parametrize("name", ["K'idane Gebre", "Mahmoud Sha'ban", "Pat O'Brien"])
def test_an_apostrophe_of_others_says_nothing(name: str) -> None:
    assert len(parse_name(name).cuts) == 1


def test_a_title_of_malays_is_a_family_where_nothing_else_is() -> None:
    assert ("tuan", "linhsiao") in [
        tuple(word.text for word in cut) for cut in parse_name("Tuan Lin-hsiao").cuts
    ]


@pytest.mark.parametrize("name", ["Ma Lin", "Dr. Ma Lin", "Ba Jin"])
def test_a_family_spelt_as_a_degree_is_no_title_before_a_name(name: str) -> None:
    assert parse_name(name).words[-2].role == ""


def test_a_degree_behind_a_name_stays_a_title() -> None:
    assert [word.role for word in parse_name("John Smith MA, PhD").words][2] == "title"
