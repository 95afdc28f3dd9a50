"""A check and its answer: the shapes that officers, commands and machines send and receive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from comity.errors import MalformedError
from comity.records.fieldtype import Comparison, Json, clean_text
from comity.records.handling import Purpose, parse_purpose
from comity.records.hits import TIME_FOR
from comity.records.kind import Kind, Question
from comity.records.kinds import kind_named

HITS_MAX_DEFAULT = 10
HITS_MAX = 100
QUERY_FIELDS = frozenset({"id", "kind", "limit", "floor", "purpose"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked: the question and its answer in canonical form."""

    question: Question
    value: Json


@dataclass(frozen=True, slots=True)
class Check:
    """A well-formed check. `doubts` are (field, code) pairs of weak evidence against what was typed."""

    kind: Kind
    asked: tuple[Asked, ...]
    doubts: tuple[tuple[str, str], ...] = ()
    id: str | None = None
    hits_max: int = HITS_MAX_DEFAULT
    floor: float | None = None
    purpose: Purpose | None = None

    def keys(self) -> tuple[tuple[str, str], ...]:
        """Return the exact keys to look up: (meaning, key)."""
        return tuple(
            (one.question.meaning, one.question.type.key(one.value))
            for one in self.asked
            if one.question.finds and one.question.type.comparison is not Comparison.NAME
        )

    def names(self) -> tuple[tuple[str, str], ...]:
        """Return the names to look up: (meaning, text)."""
        return tuple(
            (one.question.meaning, str(one.value))
            for one in self.asked
            if one.question.finds and one.question.type.comparison is Comparison.NAME
        )


def parse_check(data: Json) -> Check:
    """Return the check that a query states.

    Raises `MalformedError` with the field at fault: `unknown-field`, `unknown-kind`,
    `nothing-to-find` when no question leads to a record, or what the field's type says.
    """
    if not isinstance(data, dict):
        raise MalformedError("object-expected", "query")
    if "kind" not in data:
        raise MalformedError("field-missing", "kind")
    kind = kind_named(data["kind"])
    answers, doubts = _answers(kind, data)
    asked = [_ask(kind, name, value) for name, value in answers.items() if value is not None]
    check = Check(
        kind=kind,
        asked=tuple(asked),
        doubts=tuple(doubts) + _doubts_of(asked),
        id=query_id(data),
        hits_max=_limit(data.get("limit")),
        floor=_floor(data.get("floor")),
        purpose=None if data.get("purpose") is None else parse_purpose(data["purpose"]),
    )
    if not any(one.question.finds for one in asked):
        wanted = next(question.name for question in kind.questions if question.finds)
        raise MalformedError("nothing-to-find", wanted)
    return check


def query_id(data: Json) -> str | None:
    """Return the query's own identifier, which its answer repeats, or None."""
    value = data.get("id") if isinstance(data, dict) else None
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return clean_text(value, "id", 200)


def _answers(kind: Kind, data: Mapping[str, Json]) -> tuple[dict[str, Json], list[tuple[str, str]]]:
    answers = {name: value for name, value in data.items() if name not in QUERY_FIELDS}
    carrier = kind.carrier
    if carrier is None or answers.get(carrier.name) is None:
        return answers, []
    read, doubts = carrier.read(answers.pop(carrier.name), carrier.name)
    # What was typed beside the zone is the officer's own reading and stands before it.
    return {**read, **answers}, [(carrier.name, doubt) for doubt in doubts]


def _ask(kind: Kind, name: str, value: Json) -> Asked:
    question = kind.question(name)
    if question is None:
        raise MalformedError("unknown-field", name[:200])
    return Asked(question, question.type.parse(value, name))


def _doubts_of(asked: list[Asked]) -> tuple[tuple[str, str], ...]:
    return tuple((one.question.name, doubt) for one in asked for doubt in one.question.type.doubts(one.value))


def _limit(value: Json) -> int:
    if value is None:
        return HITS_MAX_DEFAULT
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= HITS_MAX:
        raise MalformedError("out-of-range", "limit")
    return value


def _floor(value: Json) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise MalformedError("out-of-range", "floor")
    return float(value)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What one field of the check and one of the record say to each other.

    `verdict` is `agrees`, `similar`, `differs` or `contradicts`; `rule` names how they met;
    `weight` is evidence in natural-log units, positive for the same thing. `record` is None where
    the reader may not see the record's own value.
    """

    field: str
    verdict: str
    weight: float
    query: Json
    record: Json
    rule: str
    words: tuple[Mapping[str, Json], ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        shown: dict[str, Json] = {
            "field": self.field,
            "verdict": self.verdict,
            "weight": round(self.weight, 2),
            "query": self.query,
            "record": self.record,
            "rule": self.rule,
        }
        if self.words:
            shown["words"] = [dict(word) for word in self.words]
        return shown


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that a check may mean. A hit is not proof: it says what to do and how to confirm.

    `reliability` is the owner's 4x4 grade and `handling_code` how its data may be used, H0 to H3;
    `is_review_due` says that the owner has let its review date pass. A pointer tells none of them.
    `opened` names the hit that the owner was told of; None where nothing was opened, as for what a check
    finds below the usual floor. `distinguished_at` is when whoever is checked was found to be another.
    """

    record: str
    source_id: str | None
    kind: str
    score: float
    agreements: tuple[Agreement, ...]
    owner: str
    notice: str | None
    action: str
    view: str
    summary: Mapping[str, Json] = field(default_factory=dict[str, Json])
    reliability: str | None = None
    handling_code: str | None = None
    is_review_due: bool = False
    opened: str | None = None
    distinguished_at: datetime | None = None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show; `action` is a code for which every door has the words."""
        agreements: list[Json] = [agreement.to_json() for agreement in self.agreements]
        return {
            "record": self.record,
            "source_id": self.source_id,
            "kind": self.kind,
            "score": round(self.score, 4),
            "agreements": agreements,
            "owner": self.owner,
            "notice": self.notice,
            "reliability": self.reliability,
            "handling_code": self.handling_code,
            "is_review_due": self.is_review_due,
            "view": self.view,
            "summary": dict(self.summary),
            "action": self.action,
            "confirm": self.confirm_json(),
        }

    def confirm_json(self) -> dict[str, Json]:
        """Return how a hit is confirmed: with whom, under which name, and how soon the answer is due."""
        minutes: dict[str, Json] = {
            f"{priority.value}_min": int(time / timedelta(minutes=1)) for priority, time in TIME_FOR.items()
        }
        at = None if self.distinguished_at is None else self.distinguished_at.isoformat()
        return {"with": self.owner, "hit": self.opened, "distinguished_at": at, **minutes}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one check. `as_of` counts the changes that the asker could see so far."""

    id: str | None
    outcome: str
    as_of: int
    hits: tuple[Hit, ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()
    error: MalformedError | None = None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        hits: list[Json] = [hit.to_json() for hit in self.hits]
        shown: dict[str, Json] = {"id": self.id, "outcome": self.outcome, "as_of": self.as_of, "hits": hits}
        if self.doubts:
            shown["doubts"] = [{"field": name, "code": code} for name, code in self.doubts]
        if self.error is not None:
            shown["error"] = {"code": self.error.code, "field": self.error.field}
        return shown
