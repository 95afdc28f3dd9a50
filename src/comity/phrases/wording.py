"""Values of records and answers as lines that a page shows, in one language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp

from comity.phrases.speech import Speaker
from comity.records.check import Agreement, Hit
from comity.records.fieldtype import Comparison, Json
from comity.records.kind import Field, Kind
from comity.records.kinds import KINDS
from comity.records.types.detention import MONTHS_MAX

LIKELY, VERY_LIKELY = 0.75, 0.95
TELLING, RARE_FROM = 0.3, 0.7
"""A word's meeting that weighs less than the first, in natural-log units, says little either way; a word that is met by
chance more often than the second tells, every second time, is said to be rare by nobody."""
UNITS: Mapping[str, str] = {
    "height_cm": "length-centimeter",
    "weight_kg": "mass-kilogram",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a record: its label, and its values. `is_code` values are written left to right."""

    label: str
    values: tuple[str, ...]
    is_code: bool


@dataclass(frozen=True, slots=True)
class WordStep:
    """One word of a name compared: as asked and as held, "" where one side lacks it; how they met, how rare it is.

    `stance` is `for`, `against` or `little`: what the meeting says of the two being one.
    """

    asked: str
    held: str
    reason: str
    rarity: str
    stance: str


@dataclass(frozen=True, slots=True)
class Step:
    """One field compared: label, verdict, what was asked and is held, how they met, word by word where it is a name."""

    label: str
    verdict: str
    asked: str
    held: str
    reason: str
    words: tuple[WordStep, ...] = ()


class Wording:
    """Says values in the language of one speaker."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def lines(self, kind_code: str, data: Mapping[str, Json]) -> list[Line]:
        """Return the fields of a record in the order of its declaration."""
        kind = KINDS[kind_code]
        return [self._line(kind, field, data[field.name]) for field in kind.fields if field.name in data]

    def _line(self, kind: Kind, field: Field, value: Json) -> Line:
        values = value if field.many and isinstance(value, list) else [value]
        is_code = field.type is not None and field.type.comparison is Comparison.IDENTIFIER
        label = self._speaker.field(kind.code, field.name)
        return Line(label, tuple(self._text(kind, field, one) for one in values), is_code)

    def _text(self, kind: Kind, field: Field, value: Json) -> str:
        if isinstance(value, dict):
            return " · ".join(_isolated(part) for part in self._parts(kind, field, value))
        return self.value(field, value)

    def _parts(self, kind: Kind, group: Field, data: Mapping[str, Json]) -> Iterator[str]:
        for field in group.fields:
            value = data.get(field.name)
            if value is None:
                continue
            for one in value if isinstance(value, list) else [value]:
                yield self._text(kind, field, one)

    def value(self, field: Field, value: Json) -> str:
        """Return one value of a field as people write it."""
        type_ = field.type
        if type_ is None or value is None:
            return ""
        if type_.comparison is Comparison.CODE:
            return self._speaker.value(type_.name, value)
        if type_.comparison is Comparison.DATE and isinstance(value, str):
            return self._speaker.date(value)
        if type_.name == "months" and isinstance(value, int):
            is_life = value == MONTHS_MAX
            return self._speaker.value("months", "life") if is_life else self._speaker.count("months", value)
        if type_.name in UNITS:
            return self._speaker.measure(value, UNITS[type_.name])
        return str(value)

    def steps(self, hit: Hit, asked_kind: str) -> list[Step]:
        """Return what agreed and what did not, strongest evidence first."""
        ordered = sorted(hit.agreements, key=lambda one: -abs(one.weight))
        return [self._step(agreement, asked_kind) for agreement in ordered]

    def _step(self, agreement: Agreement, asked_kind: str) -> Step:
        question = KINDS[asked_kind].question(agreement.field)
        field = Field("", question.type if question else None)
        return Step(
            self._speaker.field(asked_kind, agreement.field),
            agreement.verdict,
            self.value(field, agreement.query),
            self.value(field, agreement.record),
            self._speaker.agreement(agreement),
            tuple(self._word_step(word) for word in agreement.words),
        )

    def _word_step(self, word: Mapping[str, Json]) -> WordStep:
        weight, rarity = word.get("weight"), word.get("rarity")
        stance = "little"
        if isinstance(weight, int | float) and abs(weight) >= TELLING:
            stance = "for" if weight > 0 else "against"
        rare = ""
        if isinstance(rarity, int | float) and rarity >= RARE_FROM:
            rare = self._speaker.say("About one in {count} names has it.", count=self._about(exp(rarity)))
        return WordStep(
            str(word.get("query") or ""),
            str(word.get("record") or ""),
            self._speaker.value("rule", str(word.get("rule"))),
            rare,
            stance,
        )

    def _about(self, amount: float) -> str:
        """Return a number in two digits and noughts: no index counts more exactly than that."""
        unit = 10 ** max(0, len(str(int(amount))) - 2)
        return self._speaker.number(round(amount / unit) * unit)

    def title(self, hit: Hit) -> str:
        """Return what a hit is headed by: the first thing its summary says."""
        return self.heading(hit.kind, hit.summary)

    def heading(self, kind_code: str, data: Mapping[str, Json]) -> str:
        """Return the first value that the data has, the type beside a name left out, or the kind's word."""
        kind = KINDS[kind_code]
        for field in kind.fields:
            value = data.get(field.name)
            one = value[0] if isinstance(value, list) and value else value
            if isinstance(one, dict):
                return next(self._parts(kind, field, one), self._speaker.kind(kind_code))
            if one is not None and _is_telling(field):
                return self.value(field, one)
        return self._speaker.kind(kind_code)

    def certainty(self, score: float) -> str:
        """Return how sure a hit is, as a word's code."""
        return "very-likely" if score >= VERY_LIKELY else "likely" if score >= LIKELY else "possible"

    def sureness(self, hit: Hit) -> str:
        """Return how sure a hit is, in percent: of a pointer no more than that it is so sure at least."""
        least = "≥ " if hit.view == "pointer" else ""
        return f"{least}{self.percent(hit.score)}"

    def percent(self, score: float) -> int:
        """Return a probability in percent; never 100, for a hit is not proof."""
        return min(99, max(1, round(score * 100)))


def _isolated(text: str) -> str:
    """Return the text so that its direction does not reach its neighbours' (Unicode annex 9)."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def _is_telling(field: Field) -> bool:
    """Return whether a value says which thing it is: a name or number, not its type or country."""
    return field.searched
