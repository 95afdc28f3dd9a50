"""The picture: how much was searched and found, where, in which databases, for what; counts, never records.

    asked -> authorised -> the log counted on -> rollups read -> what may not be told left out -> logged

Searches are acts, counted for everybody alike. A record met is counted for those alone who may see it (law 1).
A figure of another bureau below five is left out, of its region and of every sum, too: a share of almost
nothing points at somebody.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.decide import Grant
from comity.access.people import Bureau, Officer
from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.records.crime_areas import AREAS
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.kinds import KINDS
from comity.records.retention import months_after
from comity.registry import tallies
from comity.registry.tallies import HITS, NO_AUDIENCE, SEARCHES, Span, Tally

MEASURES = (SEARCHES, HITS)
FEWEST = 5
"""The least figure of another bureau that is told."""

MONTHS_MAX = 120
DAYS_SHOWN_MAX = 92
CHARTS = ("regions", "countries", "kinds", "areas", "purposes", "months", "days", "records", "owners")


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """What is to be counted: a measure, from month to month (`2026-11`), of a region, a country, a database."""

    measure: str = SEARCHES
    first: str = ""
    last: str = ""
    region: str = ""
    bureau: str = ""
    kind: str = ""

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {
            "measure": self.measure,
            "from": self.first,
            "to": self.last,
            "region": self.region or None,
            "country": self.bureau or None,
            "kind": self.kind or None,
        }


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
class Picture:
    """The figures of a request, chart by chart; `regions_of` says in which region each country lies."""

    asked: PictureRequest
    total: int
    charts: Mapping[str, tuple[Figure, ...]]
    regions_of: Mapping[str, str]

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        charts: dict[str, Json] = {}
        for name, figures in self.charts.items():
            charts[name] = [one.to_json() for one in figures]
        return {"asked": self.asked.to_json(), "total": self.total, "charts": charts, "fewest": FEWEST}

    def to_csv(self, chart: str) -> str:
        """Return one chart as comma-separated lines with a head (RFC 4180); codes hold no commas."""
        lines = [f"{one.code},{one.count},{one.share:.6f}" for one in self.charts[chart]]
        return "\r\n".join([f"{chart},count,share", *lines, ""])


def picture(asked: PictureRequest, purpose: Purpose | None, officer: Officer, desk: Desk) -> Picture:
    """Return the picture. Raises, after logging, `RefusedError`, and `MalformedError` for what is asked."""
    terms = asked.to_json()
    grant = leave(officer, Act.STATISTICS_READ, desk, terms, purpose)
    bureaus = desk.registry.bureaus()
    with noting(officer, Act.STATISTICS_READ, desk, terms):
        settled = _settled(asked, bureaus, desk.clock().date())
    desk.follower.catch_up()
    count_the_log(desk)
    counting = _Counting(settled, grant, bureaus, desk)
    with desk.registry.read() as connection:
        charts = counting.charts(connection)
    desk.registry.log(
        entry_of(
            officer,
            Act.STATISTICS_READ,
            desk.clock(),
            "done",
            purpose=purpose,
            query=asked_terms(settled.to_json()),
        )
    )
    total = sum(one.count for one in charts["regions"])
    return Picture(settled, total, charts, {code: one.region for code, one in bureaus.items()})


def count_the_log(desk: Desk) -> int:
    """Count what the log has that is not counted yet; return how many entries that were."""
    desk.registry.settle()
    with desk.registry.read() as connection:
        lag = tallies.lag(connection)
    counted = 0
    while counted < lag:
        with desk.registry.write() as connection:
            taken = tallies.count_on(connection)
        if not taken:
            break
        counted += taken
    return counted


def chart_named(code: str) -> str:
    """Return the chart's code; raises `MalformedError` `not-a-choice`."""
    if code not in CHARTS:
        raise MalformedError("not-a-choice", "chart")
    return code


def _settled(asked: PictureRequest, bureaus: Mapping[str, Bureau], today: date) -> PictureRequest:
    """Return the request with its months filled in: the last twelve where none are named."""
    if asked.measure not in MEASURES:
        raise MalformedError("not-a-choice", "measure")
    if asked.kind and asked.kind not in KINDS:
        raise MalformedError("unknown-kind", "kind")
    if asked.region and asked.region not in {one.region for one in bureaus.values()}:
        raise MalformedError("not-a-choice", "region")
    if asked.bureau and asked.bureau not in bureaus:
        raise MalformedError("unknown-bureau", "country")
    last = _month(asked.last, "to") or today.replace(day=1)
    first = _month(asked.first, "from") or months_after(last, -11)
    if not first <= last <= months_after(first, MONTHS_MAX - 1):
        raise MalformedError("out-of-range", "from")
    named = (first.isoformat()[:7], last.isoformat()[:7])
    return PictureRequest(asked.measure, *named, asked.region, asked.bureau, asked.kind)


def _month(text: str, field: str) -> date | None:
    if not text:
        return None
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise MalformedError("month-form", field) from None
    if not 1900 <= month.year <= 9000:
        raise MalformedError("out-of-range", field)
    return month


class _Counting:
    """Counts for one reader."""

    def __init__(
        self, asked: PictureRequest, grant: Grant, bureaus: Mapping[str, Bureau], desk: Desk
    ) -> None:
        self._asked, self._grant, self._bureaus, self._desk = asked, grant, bureaus, desk
        first, last = (int(text.replace("-", "")) for text in (asked.first, asked.last))
        self._span = Span(asked.measure, first, last, asked.kind or None)

    def charts(self, connection: Connection) -> dict[str, tuple[Figure, ...]]:
        """Return every chart that the request has figures for."""
        countries = self._by_country(tallies.by_bureau(connection, self._span))
        regions: Counter[str] = Counter()
        for code, count in countries.items():
            regions[self._bureaus[code].region] += count
        kinds = self._by_key(tallies.by(connection, "kind", self._span))
        areas: Counter[str] = Counter()
        for kind, count in kinds.items():
            areas[AREAS.get(kind, kind)] += count
        made = {
            "regions": _ranked(regions),
            "countries": _ranked(countries),
            "kinds": _ranked(kinds),
            "areas": _ranked(areas),
            "months": _in_order(self._by_key(tallies.by(connection, "month", self._span)), self._months()),
        }
        if not self._asked.kind:  # purposes and days are not kept by database
            made["purposes"] = _ranked(self._by_key(tallies.by(connection, "purpose", self._span)))
            if len(self._months()) <= 3:
                days = self._by_key(tallies.by(connection, "day", self._span))
                made["days"] = _in_order(days, sorted(days))
        return made | self._held()

    def _held(self) -> dict[str, tuple[Figure, ...]]:
        """Return how many records the reader may see, by database and by owner: whole, for it may see them all."""
        kinds: Counter[str] = Counter()
        owners: Counter[str] = Counter()
        for kind, owner, audience, count in self._desk.registry.counts():
            if self._desk.index.admits(self._grant, audience) and self._asked.kind in {"", kind}:
                kinds[kind] += count
                owners[owner] += count
        return {"records": _ranked(kinds), "owners": _ranked(owners)}

    def _months(self) -> list[str]:
        month, last = (date.fromisoformat(f"{one}-01") for one in (self._asked.first, self._asked.last))
        found: list[str] = []
        while month <= last:
            found.append(month.strftime("%Y%m"))
            month = months_after(month, 1)
        return found

    def _by_country(self, counted: Iterable[Tally]) -> Counter[str]:
        sums: Counter[str] = Counter()
        for one in self._told(counted):
            sums[one.bureau] += one.count
        return self._not_few(sums)

    def _by_key(self, counted: Iterable[Tally]) -> Counter[str]:
        """Return sums by key. Of each key, too, a bureau's few are left out."""
        sums: Counter[tuple[str, str]] = Counter()
        for one in self._told(counted):
            sums[one.key, one.bureau] += one.count
        told: Counter[str] = Counter()
        for (key, bureau), count in sums.items():
            if self._may_tell(bureau, count):
                told[key] += count
        return told

    def _told(self, counted: Iterable[Tally]) -> Iterable[Tally]:
        asked = self._asked
        for one in counted:
            bureau = self._bureaus.get(one.bureau)
            if bureau is None or (asked.bureau and asked.bureau != one.bureau):
                continue
            if asked.region and asked.region != bureau.region:
                continue
            if one.audience == NO_AUDIENCE or self._desk.index.admits(self._grant, one.audience):
                yield one

    def _may_tell(self, bureau: str, count: int) -> bool:
        return count >= FEWEST or bureau == self._grant.bureau.code

    def _not_few(self, sums: Counter[str]) -> Counter[str]:
        return Counter({code: count for code, count in sums.items() if self._may_tell(code, count)})


def _ranked(sums: Mapping[str, int]) -> tuple[Figure, ...]:
    return _figures(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))


def _in_order(sums: Mapping[str, int], keys: Sequence[str]) -> tuple[Figure, ...]:
    return _figures([(key, sums.get(key, 0)) for key in keys])


def _figures(counted: Sequence[tuple[str, int]]) -> tuple[Figure, ...]:
    total = sum(count for _, count in counted) or 1
    return tuple(Figure(code, count, count / total) for code, count in counted)
