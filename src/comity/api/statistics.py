"""The routes of the picture: how much was searched and found, as figures, and each chart as a table."""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.access.people import Officer
from comity.api.problems import json_response
from comity.api.requests import UnreadError, officer_asking, stated_purpose
from comity.api.schemas import NUMBER, TEXT, TEXT_OR_NONE, WHOLE, chosen, closed, listed
from comity.api.topic import KEYED, PURPOSE, Described, Topic
from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.picture import CHARTS, MEASURES, Picture, PictureRequest, chart_named, picture
from comity.procedures.picture_figures import Standing
from comity.records.fieldtype import Json
from comity.records.hits import Priority

ASKED = ("measure", "from", "to", "region", "country", "kind")


def statistics_routes(desk: Desk) -> list[Route]:
    """Return the routes, around one desk."""
    doors = StatisticsDoors(desk)
    return [
        Route("/v1/statistics/picture", doors.picture, methods=["GET"]),
        Route("/v1/statistics/picture/{chart}", doors.table, methods=["GET"]),
    ]


class StatisticsDoors:
    """The routes' own functions, around one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def picture(self, request: Request) -> Response:
        """Give every chart."""
        return json_response((await self._picture(request)).to_json())

    async def table(self, request: Request) -> Response:
        """Give one chart as comma-separated lines."""
        officer = await self._officer(request)
        try:
            chart = chart_named(request.path_params["chart"])
        except MalformedError as error:
            raise UnreadError(error.code, error.field) from None
        found = await self._asked_by(officer, request)
        if not found.has(chart):
            raise UnreadError("not-a-choice", "chart")
        headers = {"Cache-Control": "no-store"}
        return Response(found.to_csv(chart), media_type="text/csv", headers=headers)

    async def _officer(self, request: Request) -> Officer:
        return await run_in_threadpool(officer_asking, request, self._desk)

    async def _picture(self, request: Request) -> Picture:
        return await self._asked_by(await self._officer(request), request)

    async def _asked_by(self, officer: Officer, request: Request) -> Picture:
        asked, purpose = request_of(request.query_params), stated_purpose(request)
        return await run_in_threadpool(picture, asked, purpose, officer, self._desk)


def request_of(stated: Mapping[str, str]) -> PictureRequest:
    """Return what an address asks for; searches where it names no measure."""
    values = [stated.get(name, "").strip()[:40] for name in ASKED]
    return PictureRequest(values[0] or MEASURES[0], *values[1:])


_FIGURES: Json = listed(closed({"code": TEXT, "count": WHOLE, "share": NUMBER}))
_RESPONSES: Json = listed(
    closed(
        {
            "priority": chosen([one.value for one in Priority]),
            **dict.fromkeys(("given_s", "count", "within"), WHOLE),
            "share": NUMBER,
            **dict.fromkeys(("median_s", "p90_s"), WHOLE),
        }
    )
)
_NOTICES: Json = listed(closed({**dict.fromkeys(Standing.COLUMNS, TEXT), "count": WHOLE}))
_ASKED: Json = closed(
    {
        "measure": chosen([*MEASURES]),
        **dict.fromkeys(("from", "to"), TEXT),
        **dict.fromkeys(("region", "country", "kind"), TEXT_OR_NONE),
    }
)

STATISTICS = Topic(
    statistics_routes,
    (
        Described(
            "get",
            "/v1/statistics/picture",
            "How much was searched, found, confirmed in what time, and which notices came out",
            "Picture",
            errors=(*KEYED, 422),
            parameters=(*ASKED, PURPOSE),
        ),
        Described(
            "get",
            "/v1/statistics/picture/{chart}",
            "One chart of the picture as comma-separated lines",
            "",
            errors=(*KEYED, 422),
            parameters=(*ASKED, PURPOSE),
            media="text/csv",
        ),
    ),
    {
        "Picture": closed(
            {
                "asked": _ASKED,
                "total": WHOLE,
                "charts": closed({}, dict.fromkeys(CHARTS, _FIGURES)),
                "responses": _RESPONSES,
                "notices": _NOTICES,
                "fewest": WHOLE,
            }
        )
    },
)
