"""How words of a text sound that may be names: in any script, parted or not."""

import pytest

from comity.names.hearing import STRETCHES_MAX, pieces, ways_to_sound


def heard(name: str, text: str) -> bool:
    """Return whether, in some way to part the name, each of its words sounds like a piece of the text."""
    sounds = {sound for piece in pieces(text) for sound in piece.sounds}
    return any(all(not sounds.isdisjoint(word) for word in way) for way in ways_to_sound(name))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ferhat Dalamanoglu", "We look for FERHAD DALAMANOĞLU, as agreed."),
        ("Ferhat Dalamanoglu", "Ищем Ферхата Даламаноглу в порту."),
        ("Ferhat Dalamanoglu", "نبحث عن فرحات دلامان أوغلو في القاهرة"),
        ("فرحات دلامان أوغلو", "M. Ferhat Dalamanoglu est attendu."),
        ("Ferhat Dalamanoglu", "ferhat dalaman-oglu aranıyor"),
        ("Wang Xiaoming", "我们正在寻找王小明先生的下落"),
        ("王小明", "He calls himself Wang Xiaoming now."),
        ("Tanaka Taro", "容疑者は田中太郎と名乗った"),
        ("Kim Cheol-su", "김철수는 어제 출국했다"),
        ("Ferhat", "容疑者フェルハトは逃走中"),
        ("राम प्रसाद", "Ram Prasad was seen."),
        ("Ferhat Dalamanoglu", "We met farhad dalamanoglou. He was alone."),
        ("Ferhat Dalamanoglu", "Видели его: ферхат даламаноглу в порту"),
    ],
)
def test_a_name_is_heard_in_another_spelling(name: str, text: str) -> None:
    assert heard(name, text)


@pytest.mark.parametrize(
    "text",
    ["We look for somebody else, as agreed.", "Nothing about him: Ferhat Somebody.", "", "12 - 34", "的时候"],
)
def test_a_name_is_not_heard_where_it_is_not(text: str) -> None:
    assert not heard("Ferhat Dalamanoglu", text)


def test_small_words_of_a_text_with_capitals_are_not_heard() -> None:
    assert [piece.text for piece in pieces("We are looking for Marek Novotny there.")] == [
        "Marek",
        "Novotny",
        "Marek Novotny",
    ]


def test_a_long_unparted_text_is_heard_in_stretches_and_not_without_end() -> None:
    found = list(pieces("王小明" * 400))
    assert len(found) == STRETCHES_MAX
    assert max(len(piece.text) for piece in found) == 4


def test_a_long_text_in_small_letters_with_capitals_is_not_heard_whole() -> None:
    text = "He was seen again. " * 10 + "Then marek novotny came."
    assert "marek" not in {piece.text for piece in pieces(text)}
