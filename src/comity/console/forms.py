"""Forms made from the declarations of the kinds, and the queries that they state. No kind is known by name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from comity.records.fieldtype import Comparison, Json
from comity.records.kind import Kind, Question
from comity.records.kinds import KINDS

FORM_BYTES_MAX = 64 * 1024
FIELDS_MAX = 64
FIRST_FIELDS = 8
"""How many questions a form shows at once; the others wait behind one line."""

TABS = ("person", "travel_document", "vehicle")
"""The kinds that officers check most, each with a tab of its own; the rest are objects."""

OBJECTS = tuple(code for code in KINDS if code not in TABS)
SEXES = ("F", "M", "X")
PARTED = re.compile(r"[\s,;\u060c\u061b\u3001]+")
"""What stands between codes: spaces, commas and semicolons, Arabic and Japanese ones among them."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form: what it is called, how it is typed, what stands in it, what is wrong with it."""

    name: str
    look: str
    finds: bool
    value: str = ""
    error: str | None = None
    is_focused: bool = False


@dataclass(frozen=True, slots=True)
class CheckForm:
    """A kind's form: the text that carries several answers at once, first questions, further ones."""

    kind: str
    carrier: FormField | None
    first: tuple[FormField, ...]
    more: tuple[FormField, ...]

    @property
    def is_open(self) -> bool:
        """Whether something stands in the further questions, so that they are shown."""
        return any(field.value or field.error for field in self.more)

    @property
    def has_error_field(self) -> bool:
        """Whether a field of the form is at fault."""
        fields = (self.carrier, *self.first, *self.more)
        return any(field is not None and field.error is not None for field in fields)

    @property
    def has_country(self) -> bool:
        """Whether a field asks for a country."""
        return any(field.look == "country" for field in (*self.first, *self.more))


async def read_form(
    request: Request, fields_max: int = FIELDS_MAX, bytes_max: int = FORM_BYTES_MAX
) -> dict[str, str]:
    """Return the posted fields, the first of each name; raises 413 for a form that is too large."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > bytes_max:
            raise HTTPException(413)
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=fields_max)
    except ValueError:
        raise HTTPException(413) from None
    return {name: value for name, value in reversed(pairs)}  # noqa: C416 - the first of a name wins


def query_from(kind: Kind, posted: Mapping[str, str]) -> dict[str, Json]:
    """Return the query that the form states: what was filled in, as it was typed."""
    names = [question.name for question in kind.questions]
    if kind.carrier is not None:
        names.append(kind.carrier.name)
    asked = {name: posted[name].strip() for name in names if posted.get(name, "").strip()}
    return {"kind": kind.code, **asked}


def check_form(
    kind: Kind, typed: Mapping[str, str], fault: tuple[str, str] | None = None, *, focus: bool = True
) -> CheckForm:
    """Return the form of a kind as it was filled in; `fault` is a field's name and what is wrong with it.

    The field at fault has the focus, or the first one where `focus` says so.
    """
    wrong = None if fault is None else fault[0].partition(".")[0]
    names = [question.name for question in kind.questions]
    first = names[0] if kind.carrier is None else kind.carrier.name
    focused = wrong if wrong is not None else first if focus else None
    fields = [_field(question, typed, fault, focused) for question in kind.questions]
    carrier = None
    if kind.carrier is not None:
        name = kind.carrier.name
        error = fault[1] if fault is not None and wrong == name else None
        carrier = FormField(name, "zone", True, typed.get(name, ""), error, focused == name)
    return CheckForm(kind.code, carrier, tuple(fields[:FIRST_FIELDS]), tuple(fields[FIRST_FIELDS:]))


def _field(
    question: Question, typed: Mapping[str, str], fault: tuple[str, str] | None, focused: str | None
) -> FormField:
    error = fault[1] if fault is not None and fault[0].partition(".")[0] == question.name else None
    return FormField(
        question.name,
        _look(question),
        question.finds,
        typed.get(question.name, ""),
        error,
        focused == question.name,
    )


def _look(question: Question) -> str:
    """Return how a field is typed: as a name, number, date, country, choice of sex, or line of text."""
    if question.type.name in {"country", "sex"}:
        return question.type.name
    return {
        Comparison.IDENTIFIER: "number",
        Comparison.DATE: "date",
        Comparison.NAME: "name",
    }.get(question.type.comparison, "line")


def whole_typed(text: str, digits_max: int = 4) -> int | None:
    """Return the whole number that somebody typed, with the digits of whichever script; None where it is none."""
    number = text.strip()
    return int(number) if number.isdecimal() and len(number) <= digits_max else None


def codes_typed(text: str) -> list[str]:
    """Return the codes that somebody typed, parted by spaces or by the commas of whichever script."""
    return [code for code in PARTED.split(text) if code]


def tab_of(code: str) -> str:
    """Return the tab under which a kind stands."""
    return code if code in TABS else "object"


def kinds_beside(code: str) -> Sequence[str]:
    """Return the kinds that share the tab of this one."""
    return OBJECTS if tab_of(code) == "object" else (code,)
