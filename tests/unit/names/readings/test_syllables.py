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
