"""What a request says: the record it rests on, the colour's particulars, for whom and until when.

{"colour":"red","reference":"CAI-114","record":{"kind":"person",...},"particulars":{...},"language":"ara",
 "share":"all","is_public":false,"valid_until":"2031-01-31"}
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.records.handling import Handling, Restriction, Share, View, parse_handling
from comity.records.kind import parse_fields
from comity.records.notices import colour_named
from comity.records.notices.colour import Colour, Stated
from comity.records.notices.states import Form
from comity.records.record import FRAME_FIELDS, Record, parse_record
from comity.records.types.dates import parse_day
from comity.records.types.person import LANGUAGE
from comity.records.types.text import parse_line

FIELDS = frozenset(
    {
        *("colour", "reference", "record", "particulars", "language", "share", "view"),
        *("reliability", "handling_code", "is_public", "valid_until"),
    }
)
REFERENCE_CHARS_MAX = 80
LANGUAGE_DEFAULT = "eng"


@dataclass(frozen=True, slots=True)
class Content:
    """What a request says, in canonical form. `record` is the subject as its kind declares it."""

    colour: Colour
    kind: str
    record: Mapping[str, Json]
    particulars: Mapping[str, Json]
    language: str
    share: Share
    view: View
    reliability: str
    handling_code: str
    is_public: bool
    valid_until: date | None

    def stated(self, today: date) -> Stated:
        """Return what the colour's conditions look at."""
        return Stated(self.record, self.particulars, today)

    def end(self, since: date) -> date:
        """Return the last day of validity of a request published on a day."""
        latest = years_after(since, self.colour.retention_years)
        return latest if self.valid_until is None else min(latest, self.valid_until)

    def handling(self, end: date | None = None) -> Handling:
        """Return who may see the record, and for what. `end` is the last day of validity, once there is one."""
        return Handling(
            share=self.share,
            view=self.view,
            purposes=self.colour.purposes,
            retain_until=end,
            review_on=None if end is None else months_before(end, REVIEW_MONTHS),
            reliability=self.reliability,
            code=self.handling_code,
        )

    def to_record(self, source_id: str, end: date | None = None) -> Record:
        """Return the record that checks meet while the request is in force."""
        data = self.colour.carry(self.record, self.particulars)
        plain = parse_record({**data, "kind": self.kind, "source_id": source_id}, Share())
        return replace(plain, notice=self.colour.code, handling=self.handling(end))

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show, and that a registry keeps."""
        return {
            "colour": self.colour.code,
            "record": {"kind": self.kind, **self.record},
            "particulars": dict(self.particulars),
            "language": self.language,
            "share": self.share.to_json(),
            "view": self.view.value,
            "reliability": self.reliability,
            "handling_code": self.handling_code,
            "is_public": self.is_public,
            "valid_until": None if self.valid_until is None else self.valid_until.isoformat(),
        }

    def to_bytes(self) -> bytes:
        """Return the canonical bytes."""
        return msgspec.json.encode(self.to_json(), order="sorted")


REVIEW_MONTHS = 6


def years_after(day: date, years: int) -> date:
    """Return the same day of a later year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def months_before(day: date, months: int) -> date:
    """Return the same day of an earlier month, or that month's 28th where it is later."""
    place = day.year * 12 + day.month - 1 - months
    return date(place // 12, place % 12 + 1, min(day.day, 28))


def parse_content(data: Json, form: Form) -> Content:
    """Return what a request states, every field in canonical form.

    A notice goes to all, or to all but some; a diffusion only to those it names. Raises `MalformedError`.
    """
    if not isinstance(data, dict):
        raise MalformedError("object-expected", "notice")
    for name in data:
        if name not in FIELDS:
            raise MalformedError("unknown-field", name[:200])
    if data.get("colour") is None:
        raise MalformedError("field-missing", "colour")
    colour = colour_named(data["colour"])
    kind, record = _record(data.get("record"), colour)
    handling = parse_handling(_stated_handling(data), _default_share(form))
    return Content(
        colour=colour,
        kind=kind,
        record=record,
        particulars=_particulars(data.get("particulars"), colour),
        language=str(LANGUAGE.parse(data.get("language") or LANGUAGE_DEFAULT, "language")),
        share=_share(handling.share, form),
        view=handling.view,
        reliability=handling.reliability,
        handling_code=handling.code,
        is_public=_public(data.get("is_public"), colour, handling),
        valid_until=_day(data.get("valid_until")),
    )


def content_from_bytes(body: bytes) -> Content:
    """Return the content whose canonical bytes these are; the registry's own, so not checked again."""
    data: dict[str, Json] = msgspec.json.decode(body)
    record, particulars, share = data["record"], data["particulars"], data["share"]
    assert isinstance(record, dict), "stored in canonical form"
    assert isinstance(particulars, dict), "stored in canonical form"
    handling = parse_handling({**_stated_handling(data), "share": share}, Share())
    return Content(
        colour=colour_named(data["colour"]),
        kind=str(record.pop("kind")),
        record=record,
        particulars=particulars,
        language=str(data["language"]),
        share=handling.share,
        view=handling.view,
        reliability=handling.reliability,
        handling_code=handling.code,
        is_public=data["is_public"] is True,
        valid_until=_day(data["valid_until"]),
    )


def parse_reference(value: Json, default: str) -> str:
    """Return the owner's own file number; `default` where none is given. Raises `MalformedError`."""
    return default if value is None else parse_line(value, "reference", REFERENCE_CHARS_MAX)


def _record(data: Json, colour: Colour) -> tuple[str, Mapping[str, Json]]:
    if data is None:
        raise MalformedError("field-missing", "record")
    if not isinstance(data, dict):
        raise MalformedError("object-expected", "record")
    for name in data:
        if name in FRAME_FIELDS and name != "kind":
            raise MalformedError("unknown-field", f"record.{name}")
    if data.get("kind") not in colour.kinds:
        raise MalformedError("kind-of-colour", "record.kind")
    try:
        parsed = parse_record(data, Share(), default_id="subject")
    except MalformedError as error:
        raise MalformedError(error.code, f"record.{error.field}"[:200]) from None
    return parsed.kind.code, parsed.data


def _particulars(data: Json, colour: Colour) -> dict[str, Json]:
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise MalformedError("object-expected", "particulars")
    return parse_fields(colour.fields, data, "particulars.")


def _stated_handling(data: Mapping[str, Json]) -> dict[str, Json]:
    return {name: data.get(name) for name in ("share", "view", "reliability", "handling_code")}


def _default_share(form: Form) -> Share:
    return Share(Restriction.ALL) if form is Form.NOTICE else Share(Restriction.OWNER)


def _share(share: Share, form: Form) -> Share:
    admitted = {
        Form.NOTICE: {Restriction.ALL, Restriction.EXCEPT},
        Form.DIFFUSION: {Restriction.ONLY, Restriction.OWNER},  # the addressees may be named later
    }[form]
    if share.restriction not in admitted:
        raise MalformedError("share-of-form", "share")
    return share


def _public(value: Json, colour: Colour, handling: Handling) -> bool:
    if value is None or value is False:
        return False
    if value is not True:
        raise MalformedError("not-a-choice", "is_public")
    # What the whole world may read is withheld from no bureau, and not told in part.
    is_open = handling.share.restriction is Restriction.ALL and handling.view is View.FULL
    if not colour.is_public_form or not is_open:
        raise MalformedError("never-public", "is_public")
    return True


def _day(value: Json) -> date | None:
    return None if value is None else parse_day(value, "valid_until")
