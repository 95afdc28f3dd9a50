"""The figures of the picture for one reader: charts, response times, where notices came to stand."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from sqlalchemy import Connection

from comity.access.decide import Grant, authorise
from comity.access.people import SECRETARIAT_REGION, Bureau
from comity.procedures.desk import Desk
from comity.records.crime_areas import AREAS
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.hits import TIME_FOR, Outcome, Priority, Word
from comity.records.retention import months_after
from comity.registry import tallies, tally_sums
from comity.registry.tallies import (
    ANSWER,
    ANSWERED,
    ASKED,
    CONFIRMATION,
    HANDED_IN,
    IN_FORCE,
    NO_AUDIENCE,
    NOTICE,
    NOTICES,
    OUTCOME,
    RESPONSES,
    STEPS_A_DECADE,
)
from comity.registry.tally_sums import Reader, Span

FEWEST = 5
"""The least figure of another bureau that is told."""

_STEPS = (CONFIRMATION, ANSWER, OUTCOME, *RESPONSES.values())
_NOTICE_STEPS = (IN_FORCE, NOTICE)


@dataclass(frozen=True, slots=True)
class Figure:
    """One bar of a chart: its code, how many, and which share of all the chart shows, 0 to 1."""

    code: str
    count: int
    share: float

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"code": self.code, "count": self.count, "share": round(self.share, 4)}


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """How soon owners first answered what was asked with a priority; `given` is the time that they had.

    `median` and `nine_of_ten` are the times within which half and nine tenths of them came, to some three percent.
    """

    COLUMNS: ClassVar = ("priority", "given_s", "count", "within", "share", "median_s", "p90_s")

    priority: Priority
    given: timedelta
    count: int
    within: int
    median: timedelta
    nine_of_ten: timedelta

    @property
    def share(self) -> float:
        """Which share of the answers came in time, 0 to 1."""
        return self.within / self.count

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {
            "priority": self.priority.value,
            "given_s": round(self.given.total_seconds()),
            "count": self.count,
            "within": self.within,
            "share": round(self.share, 4),
            "median_s": round(self.median.total_seconds()),
            "p90_s": round(self.nine_of_ten.total_seconds()),
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """How many notices and diffusions of a colour came to stand in a state, in a month (`202611`)."""

    COLUMNS: ClassVar = ("month", "colour", "state", "count")

    month: str
    colour: str
    state: str
    count: int

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"month": self.month, "colour": self.colour, "state": self.state, "count": self.count}


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for what: a measure, from month to month (`2026-11`), within a region, a bureau, a kind, or all."""

    measure: str
    months: tuple[str, str]
    within: tuple[str, str, str]
    grant: Grant
    bureaus: Mapping[str, Bureau]

    def span(self) -> Span:
        """Return which counts that is."""
        first, last = (int(text.replace("-", "")) for text in self.months)
        region, bureau, kind = self.within
        codes = None
        if region or bureau:
            codes = tuple(
                code
                for code, one in self.bureaus.items()
                if bureau in {"", code} and region in {"", one.region}
            )
        return Span(first, last, kind or None, codes)

    def months_named(self) -> list[str]:
        """Return every month of it, as `202611`."""
        month, last = (date.fromisoformat(f"{one}-01") for one in self.months)
        found: list[str] = []
        while month <= last:
            found.append(month.strftime("%Y%m"))
            month = months_after(month, 1)
        return found


class Counting:
    """Counts for one reader, on one connection."""

    def __init__(self, connection: Connection, asking: Asking, desk: Desk) -> None:
        self._connection, self._asking, self._desk = connection, asking, desk
        self._span, self._kind = asking.span(), asking.within[2]
        self._readers: dict[tuple[str, tuple[str, ...]], Reader] = {}
        self._steps_reader = self._reader("key", _STEPS)
        self._notices_reader = self._reader("key", _NOTICE_STEPS)

    def charts(self) -> dict[str, tuple[Figure, ...]]:
        """Return every chart that the request has figures for."""
        asking = self._asking
        counted = self._by("bureau", asking.measure)
        countries = {code: count for code, count in counted.items() if code in asking.bureaus}
        regions: Counter[str] = Counter()
        for code, count in countries.items():
            regions[asking.bureaus[code].region] += count
        kinds = self._by("kind", asking.measure)
        areas: Counter[str] = Counter()
        for kind, count in kinds.items():
            areas[AREAS.get(kind, kind)] += count
        months = asking.months_named()
        made = {
            "regions": _ranked(regions),
            "countries": _ranked(countries),
            "kinds": _ranked(kinds),
            "areas": _ranked(areas),
            "months": _in_order(self._by("month", asking.measure), months),
        }
        if not self._kind:  # purposes and days are not kept by database
            made["purposes"] = _ranked(self._by("purpose", asking.measure))
            if len(months) <= 3:
                days = self._by("day", asking.measure)
                made["days"] = _in_order(days, sorted(days))
        return made | self._steps() | self._held()

    def responses(self) -> tuple[ResponseTimes, ...]:
        """Return how soon answers came, of each priority that was asked for and answered."""
        spread = tally_sums.spread(self._connection, list(RESPONSES.values()), self._span, self._steps_reader)
        made = ((one, spread[measure]) for one, measure in RESPONSES.items())
        return tuple(_response(one, classes) for one, classes in made if classes)

    def notices(self) -> tuple[Standing, ...]:
        """Return where notices and diffusions came to stand, by month, colour and state."""
        found = tally_sums.by_month_and_step(self._connection, NOTICE, self._span, self._notices_reader)
        parts = ((month, key.partition(":"), count) for month, key, count in found)
        return tuple(Standing(month, colour, state, count) for month, (colour, _, state), count in parts)

    def _steps(self) -> dict[str, tuple[Figure, ...]]:
        """Return the charts of confirmations and of the colours of requests in force."""
        counted = tally_sums.by_step(
            self._connection, (CONFIRMATION, ANSWER, OUTCOME), self._span, self._steps_reader
        )
        colours = tally_sums.by_step(self._connection, (IN_FORCE,), self._span, self._notices_reader)
        both = counted[CONFIRMATION]
        asked = both.get(ASKED, 0) or 1
        made = {
            "confirmations": tuple(
                # Askers and answerers are different bureaus: of few, more may be told of one side.
                Figure(code, both.get(code, 0), min(1.0, both.get(code, 0) / asked))
                for code in (ASKED, ANSWERED)
            ),
            "answers": _in_order(counted[ANSWER], [one.value for one in Word]),
            "outcomes": _in_order(counted[OUTCOME], [one.value for one in Outcome]),
            "colours": _ranked(colours[IN_FORCE]),
        }
        return {code: figures if any(one.count for one in figures) else () for code, figures in made.items()}

    def _held(self) -> dict[str, tuple[Figure, ...]]:
        """Return how many records the reader may see, by database and by owner: whole, for it may see them all."""
        kinds: Counter[str] = Counter()
        owners: Counter[str] = Counter()
        for kind, owner, audience, count in self._desk.registry.counts():
            if self._desk.index.admits(self._asking.grant, audience) and self._kind in {"", kind}:
                kinds[kind] += count
                owners[owner] += count
        return {"records": _ranked(kinds), "owners": _ranked(owners)}

    def _by(self, column: str, measure: str) -> dict[str, int]:
        reader = self._reader(column, (measure,))
        return tally_sums.by(self._connection, column, measure, self._span, reader)

    def _reader(self, column: str, measures: tuple[str, ...]) -> Reader:
        """Return what of these counts may be told: those of records that the asker may see (law 1)."""
        place = (tally_sums.table_with(column).name, measures)
        if place not in self._readers:
            self._readers[place] = self._told(column, measures)
        return self._readers[place]

    def _told(self, column: str, measures: tuple[str, ...]) -> Reader:
        bureau = self._asking.grant.bureau
        found = tally_sums.audiences(self._connection, column, measures, self._span)
        grants = self._grants() if {*measures} & {NOTICES, *_NOTICE_STEPS} else [self._asking.grant]
        admitted = tuple(one for one in found if self._admits(one, bureau, grants))
        own = tuple(one for one in found if one in {tallies.OWN, HANDED_IN} and one not in admitted)
        return Reader(bureau.code, None if len(admitted) == len(found) else admitted, own, FEWEST)

    def _grants(self) -> list[Grant]:
        """Return leave for the purpose stated, or for each that the asker may state.

        Requests are met for the purposes of their colour alone, and a picture of all colours has no purpose.
        """
        grant = self._asking.grant
        if grant.purpose is not None:
            return [grant]
        officer = grant.officer
        stated = [one for one in Purpose if not officer.purposes or one in officer.purposes]
        return [grant, *(authorise(officer, grant.act, one) for one in stated)]

    def _admits(self, audience: int, bureau: Bureau, grants: Sequence[Grant]) -> bool:
        if audience < 0:
            is_reviewers = audience == HANDED_IN and bureau.region == SECRETARIAT_REGION
            return audience == NO_AUDIENCE or is_reviewers
        return any(self._desk.index.admits(grant, audience) for grant in grants)


def _response(priority: Priority, classes: Mapping[str, int]) -> ResponseTimes:
    given = TIME_FOR[priority]
    counts = sorted((int(place), count) for place, count in classes.items())
    total = sum(count for _place, count in counts)
    within = sum(count for place, count in counts if place < 0)
    return ResponseTimes(
        priority, given, total, within, _time_of(counts, 0.5, given), _time_of(counts, 0.9, given)
    )


def _time_of(counts: Sequence[tuple[int, int]], part: float, given: timedelta) -> timedelta:
    """Return the middle of the class in which a part of the answers, the soonest first, has come."""
    wanted, seen, place = part * sum(count for _place, count in counts), 0, 0
    for place, count in counts:  # noqa: B007 - the class at which it ends is what is asked
        seen += count
        if seen >= wanted:
            break
    return given * 10 ** ((place + 0.5) / STEPS_A_DECADE)


def _ranked(sums: Mapping[str, int]) -> tuple[Figure, ...]:
    return _figures(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))


def _in_order(sums: Mapping[str, int], keys: Sequence[str]) -> tuple[Figure, ...]:
    return _figures([(key, sums.get(key, 0)) for key in keys])


def _figures(counted: Sequence[tuple[str, int]]) -> tuple[Figure, ...]:
    total = sum(count for _, count in counted) or 1
    return tuple(Figure(code, count, count / total) for code, count in counted)
