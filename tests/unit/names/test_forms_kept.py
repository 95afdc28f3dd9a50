"""Of words read, the last so many are known with their forms: memory is level, and not all go at once."""

from comity.names import forms
from comity.names.forms import READ_KEPT, forms_read, is_read


def numbers(count: int) -> list[str]:
    """Words of digits, which are read at once."""
    return [f"{number:07}" for number in range(count)]


def test_no_more_words_are_kept_than_are_to_be() -> None:
    for word in numbers(READ_KEPT + 100):
        forms_read(word, "")

    assert len(forms._read) <= READ_KEPT


def test_the_oldest_word_is_forgotten_and_the_others_are_not() -> None:
    words = numbers(READ_KEPT + 1)

    for word in words:
        forms_read(word, "")

    assert [is_read(word, "") for word in words[:2]] == [False, True]
