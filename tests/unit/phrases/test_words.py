"""Nothing is left unsaid in any of the four languages."""

import re
from pathlib import Path
from string import Formatter

import pytest

from comity.phrases.words import CODES, choose, rows, table, words
from comity.records.kinds import KINDS
from comity.records.record import NOTICES

HOUSE = Path(__file__).parents[3] / "src" / "comity"
CONSOLE = HOUSE / "console"
SAID = {
    sentence
    for path in CONSOLE.glob("templates/*.html")
    for _quote, sentence in re.findall(r"""\bsay\((["'])(.*?)\1""", path.read_text("utf-8"))
}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", CODES)
def test_every_sentence_of_the_pages_is_there(language: str) -> None:
    assert {one for one in SAID if not table(language).get(("say", one))} == set()


@pytest.mark.parametrize("language", CODES)
def test_no_word_is_empty(language: str) -> None:
    # A language leaves the plural forms empty that it does not have; those it has are asked for elsewhere.
    empty = [key for key, word in table(language).items() if not word.strip()]
    assert [key for key in empty if key[0] != "count"] == []


@pytest.mark.parametrize("language", CODES)
def test_translations_keep_the_places(language: str) -> None:
    english = table("en")
    # "Two records" names no number in Arabic.
    said = {key: word for key, word in table(language).items() if key[0] != "count"}
    assert [key for key, word in said.items() if places(word) != places(english[key])] == []


def test_no_key_is_there_twice() -> None:
    keys = [(row[0], row[1]) for row in rows()]
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


def test_every_line_has_the_four_languages() -> None:
    assert [row for row in rows() if len(row) != 2 + len(CODES)] == []


def test_every_kind_has_a_word() -> None:
    assert [kind for kind in KINDS if ("kind", kind) not in table("en")] == []


def test_every_question_has_a_label() -> None:
    names = {question.name for kind in KINDS.values() for question in kind.questions}
    assert sorted(name for name in names if ("field", name) not in table("en")) == []


def test_every_notice_says_what_to_do() -> None:
    actions = {f"notice-{one.replace('_', '-')}" for one in NOTICES}
    assert sorted(one for one in actions if ("action", one) not in table("en")) == []


def test_what_fills_a_place_is_isolated_from_its_surroundings() -> None:
    assert "\u2068EGY\u2069" in words("ar").say("The record belongs to {owner}.", owner="EGY")


def test_a_month_is_written_as_the_language_does() -> None:
    assert words("fr").date("1970-02") == "février 1970"


@pytest.mark.parametrize(
    ("header", "before", "language"),
    [
        ("", "", "en"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "", "fr"),
        ("de, ar;q=0.5", "", "ar"),
        ("en;q=0.2, es;q=0.8", "", "es"),
        ("fr", "es", "es"),
        ("xx-invalid;;;q=zz", "tlh", "en"),
    ],
)
def test_the_language_is_the_one_chosen_or_asked_for(header: str, before: str, language: str) -> None:
    assert choose(header, before) == language


def test_no_french_line_begins_with_a_high_sign() -> None:
    said = table("fr").values()
    assert [
        words for words in said if any(sign in words for sign in (" :", " ;", " ?", " !", " »", "« "))
    ] == []
    assert any("\u00a0?" in words for words in said)
