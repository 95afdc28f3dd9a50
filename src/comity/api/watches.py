"""The routes of standing checks: let one stand, list one's bureau's, end one."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.api.problems import json_response
from comity.api.requests import CHECK_BYTES_MAX, json_or_fault, officer_asking, stated_purpose
from comity.api.schemas import ANY_OBJECT, MOMENT, TEXT, closed, listed
from comity.api.topic import CHECKING, JSON, KEYED, PURPOSE, RECEIPT, Described, Topic, shown_anew
from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.watches import end_watch, list_watches, read_watch, set_watch
from comity.records.fieldtype import Json


def watch_routes(desk: Desk) -> list[Route]:
    """Return the routes, around one desk."""

    async def stand(request: Request) -> Response:
        """Let a check stand, or list those that do."""
        officer = await run_in_threadpool(officer_asking, request, desk)
        if request.method != "POST":
            found = await run_in_threadpool(list_watches, officer, desk)
            lines: list[Json] = [line.to_json() for line in found]
            return json_response({"watches": lines})
        purpose = stated_purpose(request)
        body, fault = await json_or_fault(request, CHECK_BYTES_MAX)
        try:
            made = await run_in_threadpool(set_watch, body, officer, purpose, desk)
        except MalformedError as error:
            raise fault or error from None
        return json_response(made.to_json(), 201)

    async def one_of_them(request: Request) -> Response:
        """Show a standing check, or end it."""
        officer = await run_in_threadpool(officer_asking, request, desk)
        one = request.path_params["watch"]
        if request.method != "DELETE":
            return json_response((await run_in_threadpool(read_watch, one, officer, desk)).to_json())
        await run_in_threadpool(end_watch, one, officer, desk)
        return json_response({"watch": one})

    return [
        Route("/v1/watches", stand, methods=["GET", "POST"]),
        Route("/v1/watches/{watch}", one_of_them, methods=["GET", "DELETE"]),
    ]


def _watch() -> Json:
    texts: dict[str, Json] = dict.fromkeys(("watch", "kind", "purpose", "account"), TEXT)
    return closed({**texts, "made_at": MOMENT, "until": MOMENT, "query": ANY_OBJECT})


WATCHES = Topic(
    watch_routes,
    (
        Described("get", "/v1/watches", "One's bureau's standing checks", "Watches", errors=KEYED),
        Described(
            "post",
            "/v1/watches",
            "Let a check stand: a query, and `days` it is to stand for",
            "Watch",
            done=(201,),
            errors=(*CHECKING, 409),
            body=JSON,
            takes="WatchToSet",
            parameters=(PURPOSE,),
            repeats=shown_anew("/v1/watches/{watch}"),
        ),
        Described("get", "/v1/watches/{watch}", "One standing check", "Watch", errors=(*KEYED, 404)),
        Described(
            "delete",
            "/v1/watches/{watch}",
            "End a standing check",
            "WatchEnded",
            errors=(*KEYED, 404),
            repeats=RECEIPT,
        ),
    ),
    {
        "Watch": _watch(),
        "Watches": closed({"watches": listed(_watch())}),
        "WatchToSet": ANY_OBJECT,
        "WatchEnded": closed({"watch": TEXT}),
    },
)
