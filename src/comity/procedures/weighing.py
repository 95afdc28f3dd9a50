"""Checks as a serving process passes them on: lines in, answers and audit entries out, as bytes.

    line -> decoded -> answered as any check -> (answer, entry) -> whoever asked makes the entry durable, then answers

What a process that serves can say by itself, `glance` says: that no record is found under the keys of a check. All
else, the whole of `answered`, may take milliseconds and the database, and is done where it keeps nobody waiting.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import structs

from comity.access.acts import Act
from comity.access.decide import authorise
from comity.access.people import Officer
from comity.audit.entries import Entry, encode
from comity.errors import ComityError, MalformedError, RefusedError
from comity.procedures.check import PURPOSE_RULES, answered, refusal_entry, refused_line
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.hits_opening import log_with_hits
from comity.procedures.kernels.lines import LINE_BYTES_MAX
from comity.records.check import Answer, parse_check
from comity.records.fieldtype import Comparison, Json
from comity.records.handling import Purpose
from comity.records.kind import Terms
from comity.records.kinds import KINDS

_NONE: Final[frozenset[str]] = frozenset()
_NAMING: Final = {
    code: frozenset(
        one.name for one in kind.questions if one.finds and one.type.comparison is Comparison.NAME
    )
    for code, kind in KINDS.items()
}
"""By kind, the questions whose answers are names by which its records are found."""

_A_NAMING_ONE: Final = re.compile(
    b"|".join(b'"%b"' % name.encode() for name in sorted({one for some in _NAMING.values() for one in some}))
)


class Weighed(msgspec.Struct, frozen=True, array_like=True):
    """What became of one line. `entry` is to be made durable before `answer` leaves.

    `outcome` is `answered`, `invalid` or `refused`; `fault` holds the code and the field, or the act and the rule.
    `kind` is the kind that was asked, or `none`. `is_final` where no other line of the same caller is answered.
    """

    answer: bytes
    entry: bytes
    outcome: str
    kind: str
    fault: tuple[str, str] | None = None
    is_final: bool = False

    def raise_fault(self) -> None:
        """Raise what is wrong with the check, once its entry is durable."""
        if self.fault is not None:
            raise RefusedError(*self.fault) if self.outcome == "refused" else MalformedError(*self.fault)


def decoded(line: bytes) -> Json:
    """Return the JSON value of a line; None for what is too long or no JSON, which is then answered `invalid`."""
    if len(line) > LINE_BYTES_MAX:
        return None
    try:
        value: Json = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return value


def _fault_in(line: bytes, data: Json) -> MalformedError | None:
    """Return why nothing was decoded of a line; None where its value is there, or is `null`."""
    if data is not None or line.strip() == b"null":
        return None
    return MalformedError("line-too-long" if len(line) > LINE_BYTES_MAX else "json-form", "body")


def glance(line: bytes, officer: Officer, purpose: Purpose | None, desk: Desk) -> Weighed | None:
    """Return what `weigh` would, where the index alone shows that a check by exact keys finds nothing.

    None for all else: a name, a candidate, a malformed or refused check, an index that may be behind. Takes
    microseconds and asks no database.
    """
    data = decoded(line)
    if asks_a_name(data):
        return None
    try:
        check = parse_check(data)
        grant = authorise(officer, Act.CHECK, check.purpose or purpose)
    except ComityError:
        return None
    if check.names() or not desk.follower.is_level():
        return None
    if desk.index.candidates(Terms(check.keys(), ()), grant):
        return None
    entry = entry_of(
        officer,
        Act.CHECK,
        desk.clock(),
        "no_hit",
        purpose=grant.purpose,
        kind=check.kind.code,
        query=asked_terms(data),
    )
    answer = Answer(check.id, "no_hit", desk.index.as_of(grant), (), check.doubts)
    return Weighed(msgspec.json.encode(answer.to_json()), encode(entry), "answered", check.kind.code)


def asks_a_name(data: Json) -> bool:
    """Return whether a query states a name by which its kind is found: then nothing else need be read of it here."""
    return isinstance(data, dict) and not _NAMING.get(kind_asked(data), _NONE).isdisjoint(data)


def states_a_name(line: bytes) -> bool:
    """Return whether it is worth asking `asks_a_name` of a line before all else; one with escapes may do so, too."""
    return _A_NAMING_ONE.search(line) is not None


def weigh(lines: Sequence[bytes], officer: Officer, purpose: Purpose | None, desk: Desk) -> list[Weighed]:
    """Return what becomes of each line, in order, up to the first that ends them all.

    Hits that checks open are opened here, with their entries and all at once: those are durable already, and
    `entry` is empty.
    """
    desk.follower.catch_up()
    made: list[Weighed] = []
    opening: list[tuple[int, Answer, Entry]] = []
    for line in lines:
        data = decoded(line)
        try:
            answer, entry = answered(data, officer, purpose, desk, _fault_in(line, data))
        except RefusedError as error:
            made.append(_refused(data, officer, error, desk))
            if made[-1].is_final:
                break
            continue
        if entry.opens:
            opening.append((len(made), answer, entry))
        made.append(_weighed(answer, entry, kind_asked(data)))
    if opening:
        entries = [entry for _, _, entry in opening]
        named = log_with_hits([answer for _, answer, _ in opening], entries, desk)
        for (place, _, entry), answer in zip(opening, named, strict=True):
            made[place] = structs.replace(_weighed(answer, entry, made[place].kind), entry=b"")
    return made


def _weighed(answer: Answer, entry: Entry, kind: str) -> Weighed:
    shown = msgspec.json.encode(answer.to_json())
    if answer.error is not None:
        return Weighed(shown, encode(entry), "invalid", kind, (answer.error.code, answer.error.field))
    return Weighed(shown, encode(entry), "answered", kind)


def _refused(data: Json, officer: Officer, error: RefusedError, desk: Desk) -> Weighed:
    shown = msgspec.json.encode(refused_line(data, error).to_json())
    entry = encode(refusal_entry(data, officer, error, desk))
    is_final = error.rule not in PURPOSE_RULES
    return Weighed(shown, entry, "refused", kind_asked(data), (error.act, error.rule), is_final)


def kind_asked(data: Json) -> str:
    """Return the kind that a query names, or `none`."""
    kind = data.get("kind") if isinstance(data, dict) else None
    return kind if isinstance(kind, str) and kind in KINDS else "none"
