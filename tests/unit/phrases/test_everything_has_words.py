"""Whatever the code can name to a person has words in all four languages."""

import ast
import inspect
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import codes
import pytest
from babel import Locale

from comity import errors
from comity.access.acts import Act
from comity.access.roles import ROLES
from comity.matching.names.values import Rule
from comity.phrases.events import code_of, sentence
from comity.phrases.words import CODES, GROUPS, table, words
from comity.records.countries import countries
from comity.records.fieldtype import Comparison, FieldType
from comity.records.handling import Purpose, View
from comity.records.kind import Field
from comity.records.kinds import KINDS
from comity.records.record import NOTICES
from comity.records.types import lookalike
from comity.registry.events import CASE, TOLD, Event

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUSE = Path(__file__).parents[3] / "src" / "comity"
OPEN_LISTS = {"country", "language", "document_type"}
"""Coded values whose words come from the Unicode CLDR, or by their first letter."""
AS_WRITTEN = {"calibre"}
"""Coded values that every language writes alike."""


def all_fields(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from all_fields(field.fields)


FIELDS = [field for kind in KINDS.values() for field in all_fields(kind.fields)]
CHOICES = {
    field.type.name: field.type
    for field in FIELDS
    if field.type is not None
    and field.type.comparison is Comparison.CODE
    and field.type.name not in OPEN_LISTS | AS_WRITTEN
}


def choices(type_: FieldType) -> set[str]:
    return set(inspect.getclosurevars(type_.parse).nonlocals["known"].values())


def wordless(group: str, keys: set[str]) -> list[str]:
    return sorted(key for key in keys if (group, key) not in table("en"))


def literals(*places: str) -> set[str]:
    """Return the rules that comparisons give their agreements, as the source writes them."""
    pattern = re.compile(r'"(?:agrees|similar|differs|contradicts)", (?:[\w./ -]+, )*"([a-z-]+)"')
    return {rule for place in places for rule in pattern.findall((HOUSE / place).read_text("utf-8"))}


def test_no_code_in_the_source_escapes_the_reading() -> None:
    assert codes.unread() == []


def test_every_code_of_malformed_input_has_a_sentence() -> None:
    assert wordless("error", codes.malformed_codes()) == []


def test_every_other_error_has_a_sentence() -> None:
    named = {
        error.code
        for _, error in inspect.getmembers(errors, inspect.isclass)
        if error.__module__ == errors.__name__ and error is not errors.MalformedError
    }
    assert wordless("error", named) == []


@pytest.mark.parametrize("error", ["RefusedError", "ConflictError"])
def test_every_rule_of_refusal_has_a_sentence(error: str) -> None:
    assert wordless("error", codes.rules()[error]) == []


def test_every_doubt_has_a_sentence() -> None:
    assert wordless("error", {code for code in codes.doubts() if "-check" not in code}) == []


def test_a_doubt_about_a_check_digit_says_so() -> None:
    assert words("en").error("vin-check") == "The check digit does not agree."


def test_every_field_of_every_kind_has_a_label() -> None:
    assert wordless("field", {field.name for field in FIELDS}) == []


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_every_choice_has_a_word(name: str) -> None:
    assert wordless(GROUPS.get(name, name), choices(CHOICES[name])) == []


@pytest.mark.parametrize("language", CODES)
def test_every_country_and_organisation_has_a_name(language: str) -> None:
    assert [code for code in countries() if words(language).value("country", code) == code] == []


def test_every_act_has_a_word() -> None:
    assert wordless("act", {act.value for act in Act}) == []


def test_every_role_has_a_word() -> None:
    assert wordless("role", set(ROLES)) == []


def test_every_purpose_has_a_word() -> None:
    assert wordless("purpose", {purpose.value for purpose in Purpose}) == []


def test_every_notice_has_a_word() -> None:
    assert wordless("notice", set(NOTICES)) == []


@pytest.mark.parametrize("group", ["view", "scope"])
def test_every_view_has_a_word(group: str) -> None:
    assert wordless(group, {view.value for view in View}) == []


def test_every_rule_by_which_words_of_names_meet_has_a_sentence() -> None:
    assert wordless("rule", set(get_args(Rule))) == []


def test_every_rule_by_which_numbers_meet_has_a_sentence() -> None:
    assert wordless("rule", {lookalike.SAME, lookalike.SPACING, lookalike.LOOK_ALIKE}) == []


@pytest.mark.parametrize(("place", "known"), [("fields.py", "other-identifier"), ("dates.py", "same-day")])
def test_every_rule_by_which_values_meet_has_a_sentence(place: str, known: str) -> None:
    rules = literals(f"matching/{place}")
    assert known in rules
    assert wordless("rule", rules) == []


def test_every_outcome_in_the_log_has_a_word() -> None:
    entries = [codes.argument(call, 3, "outcome") for name, call in codes.calls() if name == "entry_of"]
    outcomes = {text for entry in entries for text in codes.texts(entry) or ()}
    assert "backup-made" in outcomes
    assert wordless("outcome", outcomes) == []


def test_every_sentence_said_in_the_code_is_in_the_table() -> None:
    said = {
        node.args[0].value
        for path in HOUSE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in {"say", "said"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert wordless("say", said) == []


@pytest.mark.parametrize("language", CODES)
def test_every_count_has_all_plural_forms_of_the_language(language: str) -> None:
    things = {key.partition(".")[0] for group, key in table("en") if group == "count"}
    forms = Locale.parse(language).plural_form.tags | {"other"}
    said = table(language)
    assert [
        f"{one}.{form}" for one in things for form in forms if not said.get(("count", f"{one}.{form}"))
    ] == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "لا سجلات"),
        (1, "سجل واحد"),
        (2, "سجلان"),
        (3, "\u20683\u2069 سجلات"),
        (11, "\u206811\u2069 سجلاً"),
        (100, "\u2068100\u2069 سجل"),
    ],
)
def test_arabic_counts_in_its_six_forms(number: int, said: str) -> None:
    assert words("ar").count("records", number) == said


def test_a_passport_of_an_issuer_s_own_type_is_a_passport() -> None:
    assert words("fr").value("document_type", "PX") == "Passeport"


def test_everything_that_bureaus_are_told_is_a_sentence_of_its_own_in_every_language() -> None:
    told = [Event("EGY", topic, what, "X", NOON) for topic in TOLD for what in TOLD[topic] | CASE]
    bare = [
        (code, code_of(event))
        for code in CODES
        for event in told
        if sentence(event, words(code)) in {code_of(event), code_of(event).replace("-", " ")}
    ]
    assert bare == []


def test_each_sentence_of_an_event_is_another_in_each_language() -> None:
    told = [Event("EGY", topic, what, "X", NOON) for topic in TOLD for what in TOLD[topic] | CASE]
    alike = [code_of(event) for event in told if len({sentence(event, words(code)) for code in CODES}) < 4]
    assert alike == []
