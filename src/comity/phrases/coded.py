"""Coded phrases as people read them: title, sentence and values, in the language of one speaker."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from babel.numbers import format_currency

from comity.phrases.speech import Speaker
from comity.phrases.wording import Line, Wording
from comity.records.fieldtype import Comparison, Json
from comity.records.kind import Field
from comity.records.messages.message import Stated


@dataclass(frozen=True, slots=True)
class SpokenPhrase:
    """A coded phrase in one language: what it is, what it says, and its values in the order of its fields."""

    title: str
    sentence: str
    lines: tuple[Line, ...]


def spoken(stated: Stated, speaker: Speaker) -> SpokenPhrase:
    """Return a coded phrase in the speaker's language."""
    phrase, values = stated.phrase, stated.values
    shown = {
        field.name: _text(field, values[field.name], values.get("currency"), speaker)
        for field in phrase.fields
        if field.name in values and not (field.name == "currency" and "amount" in values)
    }
    places = {
        name: f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" for name, text in shown.items()
    }
    sentence = speaker.value("phrase-text", phrase.code).format(**places)
    lines = tuple(
        Line(speaker.field("", name), (text,), is_code=_is_code(phrase.field(name)))
        for name, text in shown.items()
    )
    return SpokenPhrase(title(phrase.code, speaker), sentence, lines)


def title(code: str, speaker: Speaker) -> str:
    """Return what a phrase is called."""
    return speaker.value("phrase", code)


def _is_code(field: Field) -> bool:
    return field.type is not None and field.type.comparison is Comparison.IDENTIFIER


def _text(field: Field, value: Json, currency: Json, speaker: Speaker) -> str:
    kind = "" if field.type is None else field.type.name
    if kind == "amount":
        return money(str(value), None if currency is None else str(currency), speaker)
    if kind == "moment":
        return speaker.instant(datetime.fromisoformat(str(value)))
    return Wording(speaker).value(field, value)


def money(amount: str, currency: str | None, speaker: Speaker) -> str:
    """Return an amount as the language writes it, with the currency's own code: signs are shared by many."""
    if currency is None:
        return amount
    return format_currency(
        Decimal(amount), currency, format="#,##0.00 ¤¤", locale=speaker.language, currency_digits=False
    )
