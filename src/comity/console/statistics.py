"""The pages of the picture: how much was searched and found, in charts that are tables, too."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.access.people import Officer
from comity.console.charts import Bar, bars, line, world_map
from comity.console.reception import Reception
from comity.console.rendering import Page
from comity.errors import MalformedError
from comity.phrases.speech import Speaker
from comity.procedures.picture import CHARTS, MEASURES, TABLES, Picture, PictureRequest, picture
from comity.procedures.picture_figures import Figure, ResponseTimes
from comity.records.kinds import KINDS
from comity.records.notices import COLOURS
from comity.records.notices.states import NoticeState

ASKED = ("measure", "from", "to", "region", "country", "kind")
BARS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class BarChart:
    """A chart of bars: which, under which heading, its bars, and how many more its table has."""

    code: str
    heading: str
    bars: Sequence[Bar]
    rest: Sequence[Bar]


HEADINGS: Mapping[str, tuple[str, str]] = {
    "regions": ("By region", "region"),
    "countries": ("By country", "country"),
    "kinds": ("By database", "kind"),
    "areas": ("By crime area", "area"),
    "purposes": ("By purpose", "purpose"),
    "confirmations": ("Confirmations asked for, and answered", "confirmation"),
    "answers": ("What owners answered", "given_answer"),
    "outcomes": ("What came of hits", "hit_outcome"),
    "colours": ("Notices and diffusions that came into force, by colour", "notice"),
    "records": ("Records that you may see, by database", "kind"),
    "owners": ("Records that you may see, by owner", "country"),
}
"""The heading of each chart of bars, and the group of words of its codes."""


def statistics_routes(reception: Reception) -> list[Route]:
    """Return the routes of these pages."""
    pages = StatisticsPages(reception)
    return [
        Route("/statistics", pages.show, methods=["GET"]),
        Route("/statistics/{chart}.csv", pages.table, methods=["GET"]),
    ]


class StatisticsPages:
    """The routes' own functions."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    async def show(self, request: Request) -> Response:
        """Show the picture that an address asks for; a fault in it is told beside the form."""
        visitor, officer = await self._reception.inside(request)
        speaker = self._reception.speech.speaker(visitor.language)
        stated = {name: request.query_params.get(name, "").strip()[:40] for name in ASKED}
        fault = None
        try:
            found = await self._picture(_request(stated), officer, request)
        except MalformedError as error:
            found, fault = None, speaker.error(error.code, error.field)
        values: dict[str, object] = {"found": found, "fault": fault, "stated": stated}
        bureaus = await run_in_threadpool(self._reception.desk.registry.bureaus)
        values |= {
            "measures": MEASURES,
            "kinds": list(KINDS),
            "regions_known": sorted({one.region for one in bureaus.values()}),
            "bureaus": sorted(bureaus, key=lambda code: speaker.value("country", code)),
            "address": str(request.query_params),
        }
        if found is not None:
            values |= _charts(found, speaker)
        page = Page("statistics.html", values, 422 if fault else 200)
        return self._reception.render(page, request, visitor)

    async def table(self, request: Request) -> Response:
        """Give one chart as comma-separated lines."""
        _visitor, officer = await self._reception.inside(request)
        chart = request.path_params["chart"]
        if chart not in {*CHARTS, *TABLES}:
            raise HTTPException(404)
        stated = {name: request.query_params.get(name, "").strip()[:40] for name in ASKED}
        found = await self._picture(_request(stated), officer, request)
        if not found.has(chart):
            raise HTTPException(404)
        headers = {"Content-Disposition": f'attachment; filename="{chart}.csv"'}
        return Response(found.to_csv(chart), media_type="text/csv", headers=headers)

    async def _picture(self, asked: PictureRequest, officer: Officer, request: Request) -> Picture:
        purpose = self._reception.purpose(officer, request)
        return await run_in_threadpool(picture, asked, purpose, officer, self._reception.desk)


def _request(stated: Mapping[str, str]) -> PictureRequest:
    values = [stated[name] for name in ASKED]
    return PictureRequest(values[0] or MEASURES[0], *values[1:])


def _charts(found: Picture, speaker: Speaker) -> dict[str, object]:
    made = {
        code: BarChart(code, heading, shown[:BARS_SHOWN], shown[BARS_SHOWN:])
        for code, (heading, group) in HEADINGS.items()
        if code in found.charts
        for shown in [bars(found.charts[code], group, speaker)]
    }
    months = found.charts["months"]
    days = found.charts.get("days", ())
    return {
        "made": made,
        "map": world_map(found.charts["countries"], speaker),
        "lines": [
            ("months", "By month", line(months, [speaker.month(one.code) for one in months], speaker)),
            ("days", "By day", line(days, [_day(one, speaker) for one in days], speaker)),
        ],
        "responses": [_response(one, speaker) for one in found.responses],
        "standings": _standings(found),
    }


def _response(one: ResponseTimes, speaker: Speaker) -> tuple[ResponseTimes, Bar, str, str]:
    """Return how soon answers came: a bar as long as the share in time, and two times in words."""
    width = round(100 * one.share, 2)
    start = 100 - width if speaker.direction == "rtl" else 0.0
    word = speaker.value("hit_priority", one.priority.value)
    bar = Bar(word, one.priority.value, speaker.number(one.count), speaker.share(one.share), start, width)
    return one, bar, speaker.wait(one.median), speaker.wait(one.nine_of_ten)


def _standings(found: Picture) -> tuple[list[str], list[tuple[str, list[int]]]]:
    """Return the states that notices came to stand in, and how many of each colour did."""
    sums: Counter[tuple[str, str]] = Counter()
    for one in found.notices:
        sums[one.colour, one.state] += one.count
    states = [state.value for state in NoticeState if any(key[1] == state for key in sums)]
    colours = [code for code in COLOURS if any(key[0] == code for key in sums)]
    return states, [(code, [sums[code, state] for state in states]) for code in colours]


def _day(one: Figure, speaker: Speaker) -> str:
    return speaker.date(f"{one.code[:4]}-{one.code[4:6]}-{one.code[6:]}")
