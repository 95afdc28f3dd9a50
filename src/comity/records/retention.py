"""How long a record is kept, when its owner is asked, and what becomes of it where the owner is silent.

    entered -> asked ahead of the end -> reminded -> kept for a reason | let go | suspended on the day -> purged

A profile is a declaration: periods by kind and, where the rules have them, by purpose. An owner's own date
can only be earlier than the period's end.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from comity.errors import MalformedError
from comity.records.handling import Purpose
from comity.records.record import HeldRecord
from comity.records.types.dates import parse_day


@dataclass(frozen=True, slots=True)
class Period:
    """How many months records of a kind are kept, for one purpose alone or for any; `source` says by which rule."""

    kind: str
    months: int
    source: str
    purpose: Purpose | None = None


@dataclass(frozen=True, slots=True)
class RetentionProfile:
    """The periods of a node, and its clocks.

    The owner is asked `ask_months` ahead of the end, reminded when so many `reminders_days` are left, and a
    record that is suspended for want of an answer is purged `grace_days` after its end.
    """

    code: str
    periods: tuple[Period, ...]
    ask_months: int
    reminders_days: tuple[int, ...]
    grace_days: int
    months: Mapping[tuple[str, Purpose | None], int]

    def months_of(self, kind: str, purposes: frozenset[Purpose]) -> int:
        """Return for how many months a record is kept: of several purposes, the longest period."""
        whole = self.months[kind, None]
        return max((self.months.get((kind, one), whole) for one in purposes), default=whole)

    @property
    def shortest_months(self) -> int:
        """The shortest period of all."""
        return min(self.months.values())

    def natural_end(self, held: HeldRecord) -> date:
        """Return the day on which the period of a record ends that its owner has not kept for longer."""
        months = self.months_of(held.record.kind.code, held.record.handling.purposes)
        return months_after(held.entered_at.date(), months)

    def last_day_to_keep(self, held: HeldRecord, today: date) -> date:
        """Return the latest date until which the owner may keep a record, deciding today."""
        return months_after(today, self.months_of(held.record.kind.code, held.record.handling.purposes))

    def ends_on(self, held: HeldRecord, kept_until: date | None) -> date:
        """Return the first day on which the record answers nobody any more.

        `kept_until` is what the owner decided at the last review, if there was one; an earlier date that
        the record itself states holds before either.
        """
        bound = max(self.natural_end(held), kept_until or date.min)
        stated = held.record.handling.retain_until
        return bound if stated is None else min(stated, bound)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later (earlier where negative), or that month's last day.

    >>> months_after(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def since(day: date, months: int) -> date:
    """Return the latest day from which `months` have run out by `day`."""
    return months_after(day, -months)


def parse_keep_date(text: str, latest: date, moment: datetime) -> date:
    """Return the date until which an owner keeps a record: after today, and within the kind's period.

    Raises `MalformedError` `date-past` or `beyond-period`, field `until`, and what `parse_day` raises.
    """
    until = parse_day(text, "until")
    if until <= moment.date():
        raise MalformedError("date-past", "until")
    if until > latest:
        raise MalformedError("beyond-period", "until")
    return until


OBJECTS = (
    *("travel_document", "administrative_document", "vehicle", "firearm", "vessel", "aircraft"),
    *("artwork", "device", "account", "container"),
)
"""Kinds that are things: they say nothing of a person beyond who reported them."""

_PARTIES = ("person", "organisation")
_METHODS = ("method",)
_NOMINAL = "INTERPOL retention: nominal data five years, not renewed by itself (RPD, articles 49 to 52)"
_DOCUMENTS = "General Assembly resolution of November 2012: documents ten years"
_THINGS = "ten years as for documents, where no rule of its own was found"
_METHOD = "five years as for nominal data, where no rule of its own was found"
_SIS_PERSONS = "Regulation (EU) 2018/1861, article 39: review within three years"
_SIS_DISCREET = "SIS, alerts for discreet checks: one year"
_SIS_OBJECTS = "SIS, alerts on objects: ten years"


def _profile(
    code: str, periods: tuple[Period, ...], ask_months: int, reminders: tuple[int, ...], grace_days: int
) -> RetentionProfile:
    months = {(one.kind, one.purpose): one.months for one in periods}
    return RetentionProfile(code, periods, ask_months, reminders, grace_days, MappingProxyType(months))


SECRETARIAT = _profile(
    "secretariat",
    (
        *(Period(kind, 60, _NOMINAL) for kind in _PARTIES),
        *(Period(kind, 60, _METHOD) for kind in _METHODS),
        Period("travel_document", 120, _DOCUMENTS),
        *(Period(kind, 120, _THINGS) for kind in OBJECTS if kind != "travel_document"),
    ),
    6,  # RPD, article 50: the source is asked six months before expiry
    (90, 30, 7),
    30,
)
"""The general secretariat's periods."""

BORDER = _profile(
    "border",
    (
        *(Period(kind, 36, _SIS_PERSONS) for kind in _PARTIES),
        *(
            Period(kind, 12, _SIS_DISCREET, purpose)
            for kind in _PARTIES
            for purpose in (Purpose.WARNING, Purpose.SECURITY)
        ),
        *(Period(kind, 60, _METHOD) for kind in _METHODS),
        *(Period(kind, 120, _SIS_OBJECTS) for kind in OBJECTS),
    ),
    4,  # the owner is warned four months before (same article)
    (60, 15),
    15,  # fifteen days to answer a prompt to delete
)
"""Periods as of a border information system."""

PROFILES: Mapping[str, RetentionProfile] = MappingProxyType({one.code: one for one in (SECRETARIAT, BORDER)})
"""The profiles that a node's settings may name."""


def profile_named(code: str) -> RetentionProfile:
    """Return the profile; raises `MalformedError` `not-a-choice`."""
    if code not in PROFILES:
        raise MalformedError("not-a-choice", "retention")
    return PROFILES[code]
