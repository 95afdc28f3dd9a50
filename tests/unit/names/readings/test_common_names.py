"""The commonest names are read as their bearers spell them, where a learnt table knows one spelling or none."""

import pytest

from comity.names.forms import forms_of
from comity.names.readings import read_transcribed, readings_of
from comity.names.readings.characters import fold_han

NEAR = 0.3
"""A spelling at this price is one of the name's own: a typing error costs one."""


def price(word: str, script: str, spelling: str) -> float:
    return next((form.price for form in forms_of(word, script) if form.text == spelling), 9.9)


@pytest.mark.parametrize(
    ("word", "spelling"),
    [
        ("محمد", "mohammed"), ("محمد", "mohamed"), ("أحمد", "ahmed"), ("احمد", "ahmad"), ("الحسين", "hussain"),
        ("حسین", "hossein"), ("صالح", "salih"), ("عبد", "abd"), ("فاطمه", "fatima"), ("فاطمة", "fatemeh"),
        ("مصطفى", "mustapha"), ("عبدالرحمن", "abderrahmane"), ("يوسف", "youssef"),
    ],
)  # fmt: skip
def test_a_common_name_in_arabic_letters_has_all_its_usual_spellings(word: str, spelling: str) -> None:
    assert price(word, "arabic", spelling) <= NEAR


def test_a_name_that_bears_the_article_is_read_with_a() -> None:
    assert price("الصخري", "arabic", "sakhri") <= 0.5


@pytest.mark.parametrize(
    ("word", "spelling"),
    [
        ("安東尼", "anthony"), ("安东尼", "anthony"), ("史蒂芬", "stephen"), ("斯蒂芬", "stephen"),
        ("迈克尔", "michael"), ("麥可", "michael"), ("米高", "michael"), ("瑪麗亞", "maria"), ("凱薩琳", "katherine"),
    ],
)  # fmt: skip
def test_a_common_foreign_name_is_read_by_the_custom_of_each_press(word: str, spelling: str) -> None:
    assert spelling in [reading.text for reading in read_transcribed(word)[:4]]


@pytest.mark.parametrize(
    ("old", "new"), [("亞", "亚"), ("堅", "坚"), ("內", "内"), ("連", "连"), ("欽", "钦")]
)
def test_a_traditional_character_is_folded(old: str, new: str) -> None:
    assert fold_han(old) == new


@pytest.mark.parametrize(
    ("word", "spelling"),
    [("敏昭", "toshiaki"), ("史明", "fumiaki"), ("寛人", "hiroto"), ("享子", "kyoko"), ("智博", "tomohiro")],
)
def test_a_given_name_of_two_characters_is_read_by_their_short_readings(word: str, spelling: str) -> None:
    assert spelling in [reading.text for reading in readings_of(word)]


def test_a_reading_that_is_a_whole_name_comes_after_the_parts_of_names() -> None:
    texts = [reading.text for reading in readings_of("博之")]
    assert "hiroshiyuki" not in texts[: texts.index("hiroyuki") + 1]
