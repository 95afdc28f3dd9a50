"""A colour of notice is a declaration: what it rests on, what must be stated, which rules it has to meet.

Nothing here refuses anything: a condition that is not met is told, with its rule's number, to whoever drafts
the request and to whoever reviews it. People decide.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.kind import Field

RPD = "RPD"
"""INTERPOL's Rules on the Processing of Data, III/IRPD/GA/2011; rules are cited as `RPD 83(2)(b)(v)`."""

CONSTITUTION = "Constitution"
"""INTERPOL's Constitution: article 2, human rights; article 3, no political, military, religious, racial matter."""


class Verdict(StrEnum):
    """What a condition says of a request."""

    MET = "met"
    MISSING = "missing"  # not stated, or not enough
    TO_JUDGE = "to_judge"  # stated, and for the reviewer to weigh


@dataclass(frozen=True, slots=True)
class Stated:
    """What a request states: the record's own fields, the colour's particulars, and the day it is looked at."""

    record: Mapping[str, Json]
    particulars: Mapping[str, Json]
    today: date

    def of_record(self, *names: str) -> bool:
        """Return whether the record states at least one of these fields."""
        return any(self.record.get(name) not in (None, [], {}) for name in names)

    def of_request(self, *names: str) -> bool:
        """Return whether the particulars state at least one of these fields."""
        return any(self.particulars.get(name) not in (None, [], {}) for name in names)

    def word(self, name: str) -> str:
        """Return a coded particular, or nothing."""
        value = self.particulars.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """Return a counted particular, 0 where it is not stated."""
        value = self.particulars.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0

    def group(self, name: str) -> Mapping[str, Json]:
        """Return a group of particulars, empty where it is not stated."""
        value = self.particulars.get(name)
        return value if isinstance(value, dict) else {}

    def groups(self, name: str) -> list[Mapping[str, Json]]:
        """Return the elements of a repeated group of particulars."""
        value = self.particulars.get(name)
        return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

    def texts(self) -> list[str]:
        """Return every text of the particulars, groups included."""
        return [*_texts(dict(self.particulars))]


def _texts(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in _texts(one)]


@dataclass(frozen=True, slots=True)
class Condition:
    """A legal condition: its code, for which every language has a sentence, the rule's number, the check.

    `source` is the text that the rule stands in.
    """

    code: str
    rule: str
    says: Callable[[Stated], Verdict]
    source: str = RPD


@dataclass(frozen=True, slots=True)
class Finding:
    """What one condition says of one request."""

    condition: Condition
    verdict: Verdict

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        one = self.condition
        return {"code": one.code, "rule": one.rule, "source": one.source, "verdict": self.verdict.value}


@dataclass(frozen=True, slots=True)
class Flag:
    """A sign that an offence may fall in an excluded family: what gave it, and the words or code that did."""

    family: str
    because: str
    value: str

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"family": self.family, "because": self.because, "value": self.value}


def no_flags(_stated: Stated) -> tuple[Flag, ...]:
    """Return no flags: only colours that rest on an offence have them."""
    return ()


def as_stated(record: Mapping[str, Json], _particulars: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the record as it is: the particulars add nothing that a check would show."""
    return record


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour of notice.

    `kinds` are the kinds of record that it may rest on; `fields` its particulars; `purposes` what its record may
    be used for; `retention_years` how long it stands at most before its owner has to ask again; `is_public_form`
    whether the public notices have a form for it. `carry` puts particulars into the record that checks meet.
    `checklist` are the questions that its reviewer answers, beside those of every colour. `examples` are
    invented requests, used by tests, documentation and the demonstration.
    """

    code: str
    kinds: tuple[str, ...]
    fields: tuple[Field, ...]
    conditions: tuple[Condition, ...]
    purposes: frozenset[Purpose]
    retention_years: int = 5
    is_public_form: bool = False
    carry: Callable[[Mapping[str, Json], Mapping[str, Json]], Mapping[str, Json]] = as_stated
    flags: Callable[[Stated], tuple[Flag, ...]] = no_flags
    checklist: tuple[str, ...] = ()
    examples: tuple[Mapping[str, Json], ...] = field(default=())

    def findings(self, stated: Stated) -> tuple[Finding, ...]:
        """Return what each condition says of a request, in the order of the rules."""
        return tuple(Finding(one, one.says(stated)) for one in self.conditions)

    def questions(self) -> tuple[str, ...]:
        """Return the codes of everything that a reviewer answers before publication."""
        return (*COMMON_CHECKLIST, *self.checklist)


COMMON_CHECKLIST = ("article-2", "article-3", "purpose", "quality", "other-requests")
"""What a reviewer answers for every colour: human rights; neutrality; lawful, specific purpose (RPD 10, 11);
accurate, relevant, not excessive data (RPD 12); other requests on the same person or object looked at."""
