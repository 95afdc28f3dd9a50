"""The routes of notices and diffusions: lists, drafts, moves, review, sheets, and the public notices.

Both forms have the same routes, each under its own address; a request of one is unknown under the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.access.people import Officer
from comity.api.notice_schemas import NOTICE_SCHEMAS
from comity.api.problems import json_response
from comity.api.requests import (
    LINES_DEFAULT,
    RECORD_BYTES_MAX,
    UnreadError,
    json_or_fault,
    officer_asking,
    stated_purpose,
    whole_number,
)
from comity.api.topic import CHECKING, JSON, KEYED, PURPOSE, Described, Repeats, Topic
from comity.errors import MalformedError
from comity.phrases.sheet_pdf import sheet_pdf
from comity.phrases.words import CODES, words
from comity.procedures.desk import Desk
from comity.procedures.notices import exporting, reviewing
from comity.procedures.notices.drafting import amend, draft
from comity.procedures.notices.exporting import PAGE_DEFAULT, PublicPage
from comity.procedures.notices.moving import move
from comity.procedures.notices.reading import (
    NoticeRequest,
    SeenNotice,
    list_notices,
    print_notice,
    read_notice,
)
from comity.procedures.notices.standing import side_of
from comity.records.fieldtype import Json
from comity.records.notices.states import Form
from comity.registry.notices import HeldNotice

PATHS: Mapping[Form, str] = {Form.NOTICE: "/v1/notices", Form.DIFFUSION: "/v1/diffusions"}
PDF = "application/pdf"


def notice_routes(desk: Desk) -> list[Route]:
    """Return the routes, around one desk."""
    public = PublicDoors(desk)
    routes = [
        Route(exporting.ADDRESS + "/{colour}", public.listed, methods=["GET"]),
        Route(exporting.ADDRESS + "/{colour}/{notice}", public.whole, methods=["GET"]),
        Route("/v1/refused-notices", public.returns, methods=["GET"]),
    ]
    for form, path in PATHS.items():
        doors = NoticeDoors(desk, form)
        routes += [
            Route(path, doors.requests, methods=["GET", "POST"]),
            Route(path + "/{notice}", doors.request, methods=["GET", "PUT"]),
            Route(path + "/{notice}/moves", doors.move, methods=["POST"]),
            Route(path + "/{notice}/review", doors.review, methods=["GET"]),
            Route(path + "/{notice}/sheet", doors.sheet, methods=["GET"]),
        ]
    return routes


@dataclass(frozen=True, slots=True)
class NoticeDoors:
    """The routes' own functions of one form, around one desk."""

    desk: Desk
    form: Form

    async def _officer(self, request: Request) -> Officer:
        return await run_in_threadpool(officer_asking, request, self.desk)

    async def requests(self, request: Request) -> Response:
        """List requests, or draft one."""
        return await (self.draft(request) if request.method == "POST" else self.listed(request))

    async def listed(self, request: Request) -> Response:
        """List what is in force, one's own, or what waits for review."""
        officer = await self._officer(request)
        limit = whole_number(request, "limit", LINES_DEFAULT)
        assert limit is not None, "a default is given"
        asked = request.query_params
        wanted = NoticeRequest(
            self.form,
            asked.get("scope", "in_force"),
            asked.get("colour"),
            asked.get("state"),
            limit,
            asked.get("after"),
        )
        page = await run_in_threadpool(list_notices, wanted, officer, stated_purpose(request), self.desk)
        return json_response(page.to_json())

    async def draft(self, request: Request) -> Response:
        """Enter a draft."""
        officer = await self._officer(request)
        data, fault = await json_or_fault(request, RECORD_BYTES_MAX)
        held = await self._done(lambda: draft(data, self.form, officer, self.desk), fault)
        return json_response(self._shown(held, officer), 201)

    async def request(self, request: Request) -> Response:
        """Show a request, or amend it."""
        return await (self.amend(request) if request.method == "PUT" else self.read(request))

    async def read(self, request: Request) -> Response:
        """Show a request as far as the caller may see it."""
        officer = await self._officer(request)
        one, purpose = request.path_params["notice"], stated_purpose(request)
        seen = await run_in_threadpool(read_notice, one, self.form, officer, purpose, self.desk)
        return json_response(seen.to_json())

    async def amend(self, request: Request) -> Response:
        """Amend a draft, or propose an update of what is in force."""
        officer = await self._officer(request)
        one, version = request.path_params["notice"], whole_number(request, "version", None)
        data, fault = await json_or_fault(request, RECORD_BYTES_MAX)
        held = await self._done(lambda: amend(one, self.form, version, data, officer, self.desk), fault)
        return json_response(self._shown(held, officer))

    async def move(self, request: Request) -> Response:
        """Submit, take, publish, refuse, send back, suspend, resume or withdraw a request."""
        officer = await self._officer(request)
        data, fault = await json_or_fault(request, RECORD_BYTES_MAX)
        one = request.path_params["notice"]
        held = await self._done(lambda: move(one, self.form, data, officer, self.desk), fault)
        return json_response(self._shown(held, officer))

    async def review(self, request: Request) -> Response:
        """Show a reviewer what is missing and what else there is."""
        officer = await self._officer(request)
        one, purpose = request.path_params["notice"], stated_purpose(request)
        found = await run_in_threadpool(reviewing.review, one, self.form, officer, purpose, self.desk)
        return json_response(found.to_json())

    async def sheet(self, request: Request) -> Response:
        """Print a request in one of the four languages."""
        officer = await self._officer(request)
        one, purpose = request.path_params["notice"], stated_purpose(request)
        language = _language(request)
        seen = await run_in_threadpool(print_notice, one, self.form, officer, purpose, self.desk)
        body = await run_in_threadpool(sheet_pdf, seen, words(language), self.desk.clock())
        return Response(body, media_type=PDF, headers={"Cache-Control": "no-store"})

    async def _done(self, act: Callable[[], HeldNotice], fault: MalformedError | None) -> HeldNotice:
        """Do an act; a body that is no JSON goes the same way, as nothing, so that the attempt is logged."""
        try:
            return await run_in_threadpool(act)
        except MalformedError as error:
            raise fault or error from None

    def _shown(self, held: HeldNotice, officer: Officer) -> Json:
        seen = SeenNotice(held, side_of(held, officer))
        findings: list[Json] = [one.to_json() for one in reviewing.missing(held.latest, self.desk)]
        return {**seen.summary(), "findings": findings}


@dataclass(frozen=True, slots=True)
class PublicDoors:
    """The routes that are of no form: public notices, and refused requests that come back."""

    desk: Desk

    async def listed(self, request: Request) -> Response:
        """List the public notices of a colour in the shape of the public notices service."""
        officer = await run_in_threadpool(officer_asking, request, self.desk)
        page = whole_number(request, "page", 1)
        size = whole_number(request, "resultPerPage", PAGE_DEFAULT)
        assert page is not None, "a default is given"
        assert size is not None, "a default is given"
        asked = PublicPage(request.path_params["colour"], page, size)
        return json_response(await run_in_threadpool(exporting.public_list, asked, officer, self.desk))

    async def whole(self, request: Request) -> Response:
        """Show a public notice whole, in the same shape."""
        officer = await run_in_threadpool(officer_asking, request, self.desk)
        word, one = request.path_params["colour"], request.path_params["notice"]
        return json_response(await run_in_threadpool(exporting.public_notice, word, one, officer, self.desk))

    async def returns(self, request: Request) -> Response:
        """List refused requests with what has come since by other doors."""
        officer = await run_in_threadpool(officer_asking, request, self.desk)
        limit = whole_number(request, "limit", reviewing.RETURNS_MAX)
        assert limit is not None, "a default is given"
        after, purpose = request.query_params.get("after"), stated_purpose(request)
        found = await run_in_threadpool(reviewing.returns, limit, after, officer, purpose, self.desk)
        return json_response(found.to_json())


def _language(request: Request) -> str:
    """Return the language of a sheet; raises `UnreadError` for one that is none of the four."""
    language = request.query_params.get("language", CODES[0])
    if language not in CODES:
        raise UnreadError("not-a-choice", "language")
    return language


def _described(path: str, what: str) -> tuple[Described, ...]:
    one = path + "/{notice}"
    return (
        Described(
            "get",
            path,
            f"List {what}s in force, one's own, or those that wait for review",
            "Notices",
            errors=(*KEYED, 422),
            parameters=(PURPOSE, "scope", "colour", "state", "limit", "after"),
        ),
        Described(
            "post",
            path,
            f"Draft a {what}",
            "NoticeMoved",
            done=(201,),
            errors=(*CHECKING, 409),
            body=JSON,
            takes="NoticeContent",
            repeats=Repeats(one),
        ),
        Described("get", one, f"Show a {what}", "Notice", errors=(*KEYED, 404, 422), parameters=(PURPOSE,)),
        Described(
            "put",
            one,
            f"Amend a draft, or propose an update of a {what} in force",
            "NoticeMoved",
            errors=(*CHECKING, 404, 409),
            body=JSON,
            takes="NoticeContent",
            parameters=("version",),
            repeats=Repeats(one),
        ),
        Described(
            "post",
            one + "/moves",
            f"Submit, review, suspend or withdraw a {what}",
            "NoticeMoved",
            errors=(*CHECKING, 404, 409),
            body=JSON,
            takes="NoticeMove",
            repeats=Repeats(one),
        ),
        *_looked_at(one, what),
    )


def _looked_at(one: str, what: str) -> tuple[Described, ...]:
    return (
        Described(
            "get",
            one + "/review",
            "What is missing, and other requests and records on the same subject",
            "NoticeReview",
            errors=(*KEYED, 404, 422),
            parameters=(PURPOSE,),
        ),
        Described(
            "get",
            one + "/sheet",
            f"Print a {what}",
            "",
            errors=(*KEYED, 404, 422),
            parameters=(PURPOSE, "language"),
            media=PDF,
        ),
    )


NOTICES = Topic(
    notice_routes,
    (
        *_described(PATHS[Form.NOTICE], "notice"),
        *_described(PATHS[Form.DIFFUSION], "diffusion"),
        Described(
            "get",
            exporting.ADDRESS + "/{colour}",
            "List what owners made public, in the shape of the public notices service",
            "PublicNotices",
            errors=(*KEYED, 422),
            parameters=("page", "resultPerPage"),
        ),
        Described(
            "get",
            exporting.ADDRESS + "/{colour}/{notice}",
            "Show a public notice in that shape",
            "PublicNotice",
            errors=(*KEYED, 404, 422),
        ),
        Described(
            "get",
            "/v1/refused-notices",
            "Refused requests, and what has come since by other doors",
            "RefusedNotices",
            errors=(*KEYED, 422),
            parameters=(PURPOSE, "limit", "after"),
        ),
    ),
    NOTICE_SCHEMAS,
)
