"""The picture: how much was searched, found, confirmed and published, where and for what; counts, never records.

    asked -> authorised -> the log counted on -> rollups read -> what may not be told left out -> logged

Searches are acts, counted for everybody alike. A record met is counted for those alone who may see it (law 1).
A figure of another bureau below five is left out, of its region and of every sum, too: a share of almost
nothing points at somebody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from comity.access.acts import Act
from comity.access.people import Bureau, Officer
from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.picture_figures import FEWEST, Asking, Counting, Figure, ResponseTimes, Standing
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.kinds import KINDS
from comity.records.retention import months_after
from comity.records.types.dates import in_ascii_digits
from comity.registry import tallies
from comity.registry.tallies import ANSWERED, ASKED, HITS, NOTICES, SEARCHES

MEASURES = (SEARCHES, HITS, ASKED, ANSWERED, NOTICES)
MONTHS_MAX = 120
DAYS_SHOWN_MAX = 92
CHARTS = (
    *("regions", "countries", "kinds", "areas", "purposes", "months", "days"),
    *("confirmations", "answers", "outcomes", "colours", "records", "owners"),
)
"""Charts of figures, each with its share."""
TABLES = ("responses", "notices")
"""What has more than one figure a line."""


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
class Picture:
    """The figures of a request, chart by chart; `regions_of` says in which region each country lies."""

    asked: PictureRequest
    total: int
    charts: Mapping[str, tuple[Figure, ...]]
    responses: tuple[ResponseTimes, ...]
    notices: tuple[Standing, ...]
    regions_of: Mapping[str, str]

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        charts: dict[str, Json] = {}
        for name, figures in self.charts.items():
            charts[name] = [one.to_json() for one in figures]
        responses: list[Json] = [one.to_json() for one in self.responses]
        notices: list[Json] = [one.to_json() for one in self.notices]
        return {
            "asked": self.asked.to_json(),
            "total": self.total,
            "charts": charts,
            "responses": responses,
            "notices": notices,
            "fewest": FEWEST,
        }

    def lines(self, chart: str) -> list[dict[str, Json]]:
        """Return the lines of one chart or table; none where this picture does not have it."""
        if chart == "responses":
            return [one.to_json() for one in self.responses]
        if chart == "notices":
            return [one.to_json() for one in self.notices]
        return [one.to_json() for one in self.charts.get(chart, ())]

    def has(self, chart: str) -> bool:
        """Return whether this picture has a chart or table."""
        return chart in self.charts or chart in TABLES

    def to_csv(self, chart: str) -> str:
        """Return one chart as comma-separated lines with a head (RFC 4180); codes hold no commas."""
        if chart in TABLES:
            columns = ResponseTimes.COLUMNS if chart == "responses" else Standing.COLUMNS
            head, lines = ",".join(columns), [",".join(map(str, one.values())) for one in self.lines(chart)]
        else:
            head = f"{chart},count,share"
            lines = [f"{one.code},{one.count},{one.share:.6f}" for one in self.charts[chart]]
        return "\r\n".join([head, *lines, ""])


def picture(asked: PictureRequest, purpose: Purpose | None, officer: Officer, desk: Desk) -> Picture:
    """Return the picture. Raises, after logging, `RefusedError`, and `MalformedError` for what is asked."""
    terms = asked.to_json()
    grant = leave(officer, Act.STATISTICS_READ, desk, terms, purpose)
    bureaus = desk.registry.bureaus()
    with noting(officer, Act.STATISTICS_READ, desk, terms):
        settled = _settled(asked, bureaus, desk.clock().date())
    desk.follower.catch_up()
    count_the_log(desk)
    asking = Asking(
        settled.measure,
        (settled.first, settled.last),
        (settled.region, settled.bureau, settled.kind),
        grant,
        bureaus,
    )
    with desk.registry.read() as connection:
        counting = Counting(connection, asking, desk)
        charts, responses, notices = counting.charts(), counting.responses(), counting.notices()
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
    return Picture(
        settled, total, charts, responses, notices, {code: one.region for code, one in bureaus.items()}
    )


def count_the_log(desk: Desk) -> int:
    """Count what the log has that is not counted yet; return how many entries that were."""
    desk.registry.settle()
    with desk.registry.read() as connection:
        lag = tallies.lag(connection)
    counted = 0
    while counted < lag:
        with desk.registry.quietly() as connection:
            taken = tallies.count_on(connection)
        if not taken:
            break
        counted += taken
    return counted


def chart_named(code: str) -> str:
    """Return the chart's or table's code; raises `MalformedError` `not-a-choice`."""
    if code not in {*CHARTS, *TABLES}:
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
        month = date.fromisoformat(f"{in_ascii_digits(text)}-01")
    except ValueError:
        raise MalformedError("month-form", field) from None
    if not 1900 <= month.year <= 9000:
        raise MalformedError("out-of-range", field)
    return month
