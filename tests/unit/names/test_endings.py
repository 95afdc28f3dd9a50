import pytest

from comity.names.endings import without_ending
from comity.names.forms import asked_forms


@pytest.mark.parametrize(
    ("asked", "stem"),
    [
        ("karpovas", "karpov"),
        ("karpovs", "karpov"),
        ("zelenskis", "zelenski"),
        ("sergejus", "sergej"),
        ("andrejs", "andrej"),
        ("ivanovičius", "ivanovich"),
        ("bušs", "buš"),
        ("kraševas", "krašev"),
        ("thistlewoodová", "thistlewood"),
        ("geraldus", "gerald"),
    ],
)
def test_what_grammar_added_is_taken_away(asked: str, stem: str) -> None:
    assert without_ending(asked) == stem


@pytest.mark.parametrize(
    "word", ["williams", "carlos", "marcus", "jones", "ivanova", "tomáš", "julius", "evas", "ūs"]
)
def test_a_word_of_which_nothing_shows_the_language_stays(word: str) -> None:
    assert without_ending(word) is None


def test_a_word_asked_for_is_looked_for_without_its_ending_too() -> None:
    assert {"krasev", "krashev"} <= {form.text for form in asked_forms("kraševas", "latin")}
