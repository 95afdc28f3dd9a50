"""How two values of one field compare, by the field type's way of comparing. Names are apart, in `names`."""

import unicodedata

from rapidfuzz.distance import Indel

from comity.matching.dates import compare_dates
from comity.matching.profiles import Profile, Weights
from comity.records.check import Agreement
from comity.records.countries import may_be_same
from comity.records.fieldtype import Comparison, Json
from comity.records.kind import Question
from comity.records.types.lookalike import meeting

TEXT_WEIGHTS = Weights(0.8, -0.8)


def compare(question: Question, query: Json, record: Json, profile: Profile) -> Agreement:
    """Return how the value asked and the value held agree."""
    compared = {
        Comparison.IDENTIFIER: _identifier,
        Comparison.CODE: _code,
        Comparison.DATE: _date,
        Comparison.MEASURE: _measure,
    }.get(question.type.comparison, _text)
    return compared(question, query, record, profile)


def _identifier(question: Question, query: Json, record: Json, profile: Profile) -> Agreement:
    name, type_ = question.name, question.type
    met = meeting(type_, query, record)
    if met is None:
        return Agreement(name, "differs", 0.0, query, record, "other-identifier")
    weights = profile.weights(question.meaning, Weights(profile.identifier, 0.0))
    if met.rule != "look-alike":
        return Agreement(name, "agrees", weights.agrees, query, record, met.rule)
    weight = weights.agrees + profile.look_alike * len(met.pairs)
    words = tuple({"query": asked, "record": held} for asked, held in met.pairs)
    return Agreement(name, "similar", weight, query, record, met.rule, words)


def _code(question: Question, query: Json, record: Json, profile: Profile) -> Agreement:
    name, type_ = question.name, question.type
    weights = profile.weights(question.meaning, Weights(0.5, -0.5))
    if type_.key(query) == type_.key(record):
        return Agreement(name, "agrees", weights.agrees, query, record, "same")
    if type_.name == "sex" and ("X" in (query, record) or "U" in (query, record)):
        return Agreement(name, "differs", 0.0, query, record, "unspecified")
    if type_.name == "country" and may_be_same(str(query), str(record)):
        # A former state and one on its ground, say: that speaks neither against, nor as much for.
        return Agreement(name, "similar", weights.agrees / 2, query, record, "kindred-country")
    return Agreement(name, "contradicts", weights.contradicts, query, record, "other-code")


def _date(question: Question, query: Json, record: Json, _profile: Profile) -> Agreement:
    name = question.name
    met = compare_dates(str(query), str(record))
    return Agreement(name, met.verdict, met.weight, query, record, met.rule)


def _measure(question: Question, query: Json, record: Json, _profile: Profile) -> Agreement:
    name = question.name
    if not isinstance(query, int | float) or not isinstance(record, int | float):
        return Agreement(name, "differs", 0.0, query, record, "no-measure")
    share = abs(query - record) / max(abs(query), abs(record), 1)
    if share <= 0.03:
        return Agreement(name, "agrees", 0.5, query, record, "close")
    if share <= 0.08:
        return Agreement(name, "differs", 0.0, query, record, "near")
    return Agreement(name, "contradicts", -2.0, query, record, "far")


def _text(question: Question, query: Json, record: Json, profile: Profile) -> Agreement:
    name = question.name
    weights = profile.weights(question.meaning, TEXT_WEIGHTS)
    asked, held = _plain(query), _plain(record)
    likeness = Indel.normalized_similarity(asked, held)
    if asked == held:
        return Agreement(name, "agrees", weights.agrees, query, record, "same")
    if likeness >= 0.8 or asked in held or held in asked:
        return Agreement(name, "similar", weights.agrees / 2, query, record, "alike")
    return Agreement(name, "differs", weights.contradicts / 2, query, record, "other-text")


def _plain(value: Json) -> str:
    text = unicodedata.normalize("NFKD", str(value)).casefold()
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())
