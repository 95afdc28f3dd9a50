"""What names are worth as evidence, and the profiles' floors."""

import pytest

from comity.matching.name_evidence import CALIBRATION, name_evidence, word_parts
from comity.matching.names import NameComparison, Rarity, RecordName, compare_names
from comity.matching.profiles import ANALYST, BORDER, PROFILES, REGISTRY, likelihood
from comity.names import parse_name
from comity.names.chance import expected_rarity


class RarityByTable(Rarity):
    """How rare a word is by the short table of the world's names and its length."""

    def idf(self, word: str) -> float:
        return expected_rarity(word)


def met(one: str, other: str) -> NameComparison:
    return compare_names(parse_name(one), [RecordName(other)], RarityByTable())


def sureness(one: str, other: str) -> float:
    return likelihood(CALIBRATION.prior + name_evidence(met(one, other)))


def test_a_common_name_alone_is_no_hit_at_the_border() -> None:
    assert sureness("Wang Wei", "Wang Wei") < BORDER.floor


def test_a_rare_name_as_written_is_a_hit_at_the_border() -> None:
    assert sureness("Margery Thistlewood", "Margery Thistlewood") >= BORDER.floor


def test_a_name_in_common_and_one_contrary_are_no_hit_for_the_registry() -> None:
    assert sureness("Margery Thistlewood", "Philippa Thistlewood") < REGISTRY.floor


def test_an_omitted_patronymic_speaks_less_against_than_a_contrary_one() -> None:
    omitted = met("Ivan Petrovich Sokolnikov", "Ivan Sokolnikov")
    contrary = met("Ivan Petrovich Sokolnikov", "Ivan Mikhailovich Sokolnikov")
    assert name_evidence(omitted) > name_evidence(contrary) + 3


def test_a_name_with_two_typing_errors_is_worth_more_than_another_name() -> None:
    mistyped, another = met("Carl Thislewod", "Carl Thistlewood"), met("Carl Thislewod", "Carl Henry")
    assert name_evidence(mistyped) > name_evidence(another) + 2


def test_a_short_name_with_a_typing_error_meets_though_that_tells_nothing() -> None:
    assert next(word.rule for word in met("koe Thistlewood", "Zoe Thistlewood").words) == "typing-error"


def test_a_further_word_counts_less_than_alone() -> None:
    agreement = met("Margery Thistlewood", "Margery Thistlewood")
    assert sum(word_parts(agreement)) < CALIBRATION.slope * agreement.weight


def test_the_profiles_floors_fall_from_border_to_analyst() -> None:
    assert BORDER.floor > REGISTRY.floor > ANALYST.floor


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_each_floor_names_the_evaluation_that_set_it(profile) -> None:
    assert profile.evaluation is not None


def test_the_border_profile_kept_to_one_false_hit_in_a_thousand_with_birth_date_and_sex() -> None:
    assert BORDER.evaluation is not None
    assert BORDER.evaluation.false_hits_with_born_and_sex <= 1


def test_the_border_profile_kept_to_twenty_false_hits_in_a_thousand_by_name() -> None:
    assert BORDER.evaluation is not None
    assert BORDER.evaluation.false_hits_by_name <= 20


def test_forebears_left_out_of_an_arabic_name_speak_little_against() -> None:
    with_one, with_three = (
        met("Salem Alsakhri", "سالم ناصر الصخري"),
        met("Salem Alsakhri", "سالم ناصر جابر حمد الصخري"),
    )
    assert name_evidence(with_one) - 0.5 < name_evidence(with_three) < name_evidence(with_one)


def test_another_forebear_speaks_against() -> None:
    without = met("سالم ناصر الصخري", "سالم ناصر جابر الصخري")
    another = met("سالم ناصر حمد الصخري", "سالم ناصر جابر الصخري")
    assert name_evidence(another) < name_evidence(without) - 4


def test_two_han_words_without_a_character_in_common_hardly_meet_by_their_sounds() -> None:
    shared, other = met("陈佳慧", "陈佳惠"), met("陈佳慧", "陈嘉惠")
    assert name_evidence(shared) > name_evidence(other) + 1
