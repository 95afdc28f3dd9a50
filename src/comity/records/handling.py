"""The owner's word on a record: who may see it, how much of it, for what, how long, how reliable.

Source of the vocabulary: INTERPOL's Rules on the Processing of Data (restrictions by the source,
purposes of article 10), the European 4x4 evaluation and the handling codes H0 to H3.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from comity.errors import MalformedError
from comity.records.fieldtype import Json, clean_text
from comity.records.types.dates import parse_day

BUREAU_CODE = re.compile(r"[A-Z]{3}")

Choice = TypeVar("Choice", bound=StrEnum)


class Purpose(StrEnum):
    """Why a check is made or a record may be used. Every act states one."""

    BORDER = "border"  # control of persons and goods at a border
    ROAD = "road"  # control on the road and on the street
    WANTED = "wanted"  # find a wanted person to detain or restrict
    LOCATE = "locate"  # find a missing person or an object
    INVESTIGATION = "investigation"  # information in an investigation
    IDENTIFY = "identify"  # who is this person, whose is this body
    WARNING = "warning"  # warn of persons, events, objects, methods
    SECURITY = "security"  # security checks and vetting
    ANALYSIS = "analysis"  # threats, trends, networks
    SANCTIONS = "sanctions"  # measures of the Security Council and others


class View(StrEnum):
    """How much of a record those see who may see it."""

    FULL = "full"
    SUMMARY = "summary"
    POINTER = "pointer"  # that it exists, and whom to ask


class Restriction(StrEnum):
    """Who may see a record, its owner aside."""

    ALL = "all"
    OWNER = "owner"
    ONLY = "only"
    EXCEPT = "except"


@dataclass(frozen=True, slots=True)
class Share:
    """The owner's restriction: all, only the owner, only these bureaus, all but these."""

    restriction: Restriction = Restriction.OWNER
    bureaus: frozenset[str] = frozenset()

    def to_json(self) -> Json:
        """Return the form that the doors use."""
        if self.restriction in {Restriction.ALL, Restriction.OWNER}:
            return self.restriction.value
        codes: list[Json] = [*sorted(self.bureaus)]
        return {self.restriction.value: codes}


@dataclass(frozen=True, slots=True)
class Handling:
    """Everything the owner says about the use of a record. Empty purposes mean any purpose.

    `reliability` is the 4x4 grade, source A B C X and information 1 to 4; `code` is H0 to H3. Bureaus to which
    the record is `opened` see it whole where others see what `view` says; it opens nothing to who may not see it.
    """

    share: Share = Share()
    view: View = View.FULL
    purposes: frozenset[Purpose] = frozenset()
    retain_until: date | None = None
    review_on: date | None = None
    reliability: str = "X4"
    code: str = "H0"
    opened: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Json]:
        """Return the frame fields of a record as the doors show them to its owner.

        `opened` is left out where it says nothing: a record's bytes are what they were before there was any.
        """
        purposes: list[Json] = [purpose.value for purpose in Purpose if purpose in self.purposes]
        opened: list[Json] = [*sorted(self.opened)]
        return {
            **({"opened": opened} if opened else {}),
            "share": self.share.to_json(),
            "view": self.view.value,
            "purposes": purposes,
            "retain_until": self.retain_until.isoformat() if self.retain_until else None,
            "review_on": self.review_on.isoformat() if self.review_on else None,
            "reliability": self.reliability,
            "handling_code": self.code,
        }


def opened_to(handling: Handling, bureau: str) -> Handling:
    """Return the handling under which this bureau sees the record whole, and every other what it saw before."""
    share = handling.share
    widened = {
        Restriction.ALL: share,
        Restriction.OWNER: Share(Restriction.ONLY, frozenset({bureau})),
        Restriction.ONLY: Share(Restriction.ONLY, share.bureaus | {bureau}),
        Restriction.EXCEPT: _but_for(share, bureau),
    }[share.restriction]
    return replace(handling, share=widened, opened=handling.opened | {bureau})


def closed_to(handling: Handling, bureau: str) -> Handling:
    """Return the handling under which this bureau sees of the record again what every other does."""
    return replace(handling, opened=handling.opened - {bureau})


def _but_for(share: Share, bureau: str) -> Share:
    left = share.bureaus - {bureau}
    return Share(Restriction.EXCEPT, left) if left else Share(Restriction.ALL)


def parse_handling(data: Mapping[str, Json], default: Share) -> Handling:
    """Return the handling that a record's frame fields state; what is not said takes the default.

    Raises `MalformedError` with the field that is at fault.
    """
    share, view = data.get("share"), data.get("view")
    return Handling(
        share=default if share is None else parse_share(share),
        view=View.FULL if view is None else _choice(View, view, "view"),
        purposes=parse_purposes(data.get("purposes")),
        retain_until=_day(data.get("retain_until"), "retain_until"),
        review_on=_day(data.get("review_on"), "review_on"),
        reliability=_pattern(data.get("reliability"), "reliability", "[ABCX][1-4]", "X4"),
        code=_pattern(data.get("handling_code"), "handling_code", "H[0-3]", "H0"),
        opened=_bureaus(data.get("opened"), "opened"),
    )


def parse_share(value: Json, field: str = "share") -> Share:
    """Return the restriction that `"all"`, `"owner"`, `{"only": [...]}` or `{"except": [...]}` states."""
    if value in {"all", "owner"} if isinstance(value, str) else False:
        return Share(Restriction(str(value)))
    if isinstance(value, dict) and len(value) == 1:
        ((word, codes),) = value.items()
        if word in {"only", "except"} and isinstance(codes, list) and codes:
            return Share(Restriction(word), frozenset(bureau_code(code, f"{field}.{word}") for code in codes))
    raise MalformedError("share-form", field)


def parse_share_option(text: str, field: str = "share") -> Share:
    """Return the restriction that a command's `all`, `owner`, `only:FRA,EGY` or `except:XYZ` states."""
    word, colon, codes = text.partition(":")
    return parse_share({word: list[Json](codes.split(","))} if colon else word, field)


def parse_purposes(value: Json, field: str = "purposes") -> frozenset[Purpose]:
    """Return the purposes listed; none listed means any purpose."""
    if value is None:
        return frozenset()
    if not isinstance(value, list):
        raise MalformedError("list-expected", field)
    return frozenset(parse_purpose(one, field) for one in value)


def parse_purpose(value: Json, field: str = "purpose") -> Purpose:
    """Return the purpose by its code."""
    return _choice(Purpose, value, field)


def bureau_code(value: Json, field: str) -> str:
    """Return a bureau's code, three upper-case letters."""
    code = clean_text(value, field, 40).upper()
    if not BUREAU_CODE.fullmatch(code):
        raise MalformedError("bureau-code", field)
    return code


def _bureaus(value: Json, field: str) -> frozenset[str]:
    if value is None:
        return frozenset()
    if not isinstance(value, list):
        raise MalformedError("list-expected", field)
    return frozenset(bureau_code(one, f"{field}.{place}") for place, one in enumerate(value))


def _choice(choices: type[Choice], value: Json, field: str) -> Choice:
    if isinstance(value, str) and value in set(choices):
        return choices(value)
    raise MalformedError("not-a-choice", field)


def _day(value: Json, field: str) -> date | None:
    return None if value is None else parse_day(value, field)


def _pattern(value: Json, field: str, pattern: str, default: str) -> str:
    if value is None:
        return default
    text = clean_text(value, field, 40)
    if not re.fullmatch(pattern, text):
        raise MalformedError("not-a-choice", field)
    return text
