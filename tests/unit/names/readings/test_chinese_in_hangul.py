"""Chinese names in Hangul: read by the rules and by ear, and cut after a family of more than one syllable."""

import pytest

from comity.names import parse_name
from comity.names.readings.hangul_mandarin import mandarin_readings, mandarin_splits


@pytest.mark.parametrize(
    ("hangul", "pinyin"),
    [("샤오핑", "xiaoping"), ("여우차이", "youcai"), ("리우샹", "liuxiang"), ("조우언라이", "zhouenlai")],
)
def test_what_is_written_by_ear_is_read_too(hangul: str, pinyin: str) -> None:
    assert pinyin in [text for text, _ in mandarin_readings(hangul, 12)]


@pytest.mark.parametrize(
    ("hangul", "cut"),
    [("차오웨이", ("차오", "웨이")), ("리우샤오치", ("리우", "샤오치")), ("티안밍", ("티안", "밍"))],
)
def test_a_family_of_several_syllables_is_cut_off(hangul: str, cut: tuple[str, str]) -> None:
    assert cut in [tuple(word.text for word in each) for each in parse_name(hangul).cuts]


def test_a_korean_name_is_not_cut_as_a_chinese_one() -> None:
    assert mandarin_splits("김정숙") == []


def test_a_word_with_other_sounds_than_mandarin_is_not_read_so() -> None:
    assert mandarin_readings("박근혜") == []
