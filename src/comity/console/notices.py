"""The pages of notices and diffusions: lists, drafts, one request, its review, its sheet.

What was typed is never lost: a field at fault, a stale click or a request that has moved on brings the same form
back, filled in, with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from comity.access.people import Officer
from comity.console.entry_forms import HANDLING_CODES, RELIABILITIES, VIEWS
from comity.console.forms import read_form
from comity.console.notice_forms import (
    BYTES_MAX,
    FIELDS_MAX,
    NoticeForm,
    content_data,
    notice_form,
    stated_content,
)
from comity.console.reception import Reception, stated_purpose
from comity.console.rendering import Page
from comity.console.visitor import PURPOSE, Visitor, check_post, set_cookie
from comity.errors import ComityError, ConflictError, MalformedError, RefusedError
from comity.phrases.request import audience, changed
from comity.phrases.sheet import sheet
from comity.phrases.sheet_pdf import sheet_pdf
from comity.procedures.notices import reviewing
from comity.procedures.notices.drafting import amend, draft
from comity.procedures.notices.moving import move
from comity.procedures.notices.reading import (
    NoticeRequest,
    SeenNotice,
    list_notices,
    print_notice,
    read_notice,
)
from comity.procedures.notices.standing import is_reviewer, unknown
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.notices import COLOURS
from comity.records.notices.colour import Colour
from comity.records.notices.states import Form, Side

LINES = 50
PATHS: Mapping[Form, str] = {Form.NOTICE: "/notices", Form.DIFFUSION: "/diffusions"}
PDF = "application/pdf"


def notice_routes(reception: Reception) -> list[Route]:
    """Return the routes of these pages."""
    routes: list[Route] = [
        Route("/refused-notices", RefusedPages(reception).returns, methods=["GET"]),
    ]
    for form, path in PATHS.items():
        pages = NoticePages(reception, form)
        routes += [
            Route(path, pages.listed, methods=["GET"]),
            Route(path + "/new", pages.choose, methods=["GET"]),
            Route(path + "/new/{colour}", pages.draft, methods=["GET", "POST"]),
            Route(path + "/{notice}", pages.show, methods=["GET"]),
            Route(path + "/{notice}/edit", pages.edit, methods=["GET", "POST"]),
            Route(path + "/{notice}/moves", pages.move, methods=["POST"]),
            Route(path + "/{notice}/review", pages.review, methods=["GET"]),
            Route(path + "/{notice}/sheet", pages.sheet, methods=["GET"]),
            Route(path + "/{notice}/sheet.pdf", pages.sheet_pdf, methods=["GET"]),
        ]
    return routes


@dataclass(frozen=True, slots=True)
class NoticePages:
    """The routes' own functions of one form."""

    reception: Reception
    form: Form

    def _render(
        self, name: str, values: Mapping[str, object], request: Request, visitor: Visitor
    ) -> Response:
        return self._answer(Page(name, values), request, visitor)

    def _answer(self, page: Page, request: Request, visitor: Visitor) -> Response:
        whole = {"form": self.form.value, "paths": PATHS, "base": PATHS[self.form], **page.values}
        return self.reception.render(Page(page.template, whole, page.status), request, visitor)

    async def listed(self, request: Request) -> Response:
        """List what is in force, one's own, or what waits for review."""
        visitor, officer = await self.reception.inside(request)
        asked = request.query_params
        usual = "waiting" if is_reviewer(officer) else "in_force"
        scope, colour = asked.get("scope", usual), asked.get("colour") or None
        wanted = NoticeRequest(self.form, scope, colour, None, LINES, asked.get("after"))
        chosen = stated_purpose(officer, asked.get("purpose", ""))
        purpose = chosen or self.reception.purpose(officer, request)
        page = await run_in_threadpool(list_notices, wanted, officer, purpose, self.reception.desk)
        values: dict[str, object] = {"page": page, "scope": scope, "colour": colour, "colours": COLOURS}
        values |= {"is_reviewer": is_reviewer(officer), "purpose": purpose}
        values["purposes"] = [one for one in Purpose if not officer.purposes or one in officer.purposes]
        response = self._render("notice_list.html", values, request, visitor)
        if chosen is not None and "purpose" in asked:
            set_cookie(response, request, PURPOSE, chosen.value)
        return response

    async def choose(self, request: Request) -> Response:
        """Choose the colour of a new request."""
        visitor, _officer = await self.reception.inside(request)
        return self._render("notice_new.html", {"colours": COLOURS}, request, visitor)

    async def draft(self, request: Request) -> Response:
        """Show an empty form, or enter the draft that it states."""
        visitor, officer = await self.reception.inside(request)
        colour = _colour(request.path_params["colour"])
        if request.method == "GET":
            kind = _kind(colour, request.query_params.get("kind", ""))
            filled = notice_form(colour, self.form, kind, {})
            return self._form_page(filled, None, request, visitor)
        posted = await read_form(request, FIELDS_MAX, BYTES_MAX)
        check_post(request, visitor, posted.get("token", ""))
        kind = _kind(colour, posted.get("kind", ""))
        content = stated_content(colour, self.form, kind, posted)
        try:
            held = await run_in_threadpool(draft, content, self.form, officer, self.reception.desk)
        except (MalformedError, ConflictError) as error:
            filled = notice_form(colour, self.form, kind, content, self._fault(error, visitor))
            return self._form_page(filled, None, request, visitor, _status(error))
        return RedirectResponse(f"{PATHS[self.form]}/{held.id}", 303)

    async def edit(self, request: Request) -> Response:
        """Show the form of a request, or amend it as the form states."""
        visitor, officer = await self.reception.inside(request)
        one = request.path_params["notice"]
        if request.method == "GET":
            seen = await self._seen(one, officer, request)
            if seen.side is not Side.OWNER:  # the newest content is its owner's alone until it is submitted
                raise unknown(one)
            latest = seen.held.latest
            data = content_data(latest, seen.held.reference)
            filled = notice_form(latest.colour, self.form, latest.kind, data)
            return self._form_page(filled, (one, str(seen.held.version)), request, visitor)
        posted = await read_form(request, FIELDS_MAX, BYTES_MAX)
        check_post(request, visitor, posted.get("token", ""))
        colour = _colour(posted.get("colour", ""))
        kind, version = _kind(colour, posted.get("kind", "")), posted.get("version", "")
        content = stated_content(colour, self.form, kind, posted)
        number = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None
        try:
            await run_in_threadpool(amend, one, self.form, number, content, officer, self.reception.desk)
        except (MalformedError, ConflictError) as error:
            filled = notice_form(colour, self.form, kind, content, self._fault(error, visitor))
            return self._form_page(filled, (one, version), request, visitor, _status(error))
        return RedirectResponse(f"{PATHS[self.form]}/{one}", 303)

    def _form_page(
        self,
        filled: NoticeForm,
        amended: tuple[str, str] | None,
        request: Request,
        visitor: Visitor,
        status: int = 200,
    ) -> Response:
        values = {"filled": filled, "amended": amended, "views": VIEWS}
        values |= {"reliabilities": RELIABILITIES, "handling_codes": HANDLING_CODES}
        return self._answer(Page("notice_form.html", values, status), request, visitor)

    def _fault(self, error: ComityError, visitor: Visitor) -> tuple[str, str]:
        """Return the input at fault and what is wrong with it, in the visitor's language."""
        speaker = self.reception.speech.speaker(visitor.language)
        if isinstance(error, MalformedError):
            return error.field, speaker.error(error.code, error.field)
        return "", speaker.error(str(getattr(error, "rule", error.code)))

    async def _seen(self, one: str, officer: Officer, request: Request) -> SeenNotice:
        purpose = self.reception.purpose(officer, request)
        return await run_in_threadpool(read_notice, one, self.form, officer, purpose, self.reception.desk)

    async def _printed(self, one: str, officer: Officer, request: Request) -> SeenNotice:
        purpose = self.reception.purpose(officer, request)
        return await run_in_threadpool(print_notice, one, self.form, officer, purpose, self.reception.desk)

    async def show(self, request: Request) -> Response:
        """Show a request as far as the visitor may see it, and what may be done with it."""
        visitor, officer = await self.reception.inside(request)
        seen = await self._seen(request.path_params["notice"], officer, request)
        return self._notice_page(seen, None, request, visitor)

    def _notice_page(
        self, seen: SeenNotice, failed: tuple[ComityError, str] | None, request: Request, visitor: Visitor
    ) -> Response:
        """Return the page of a request; `failed` is why a move was not made, and the reasons typed."""
        speaker = self.reception.speech.speaker(visitor.language)
        printed = sheet(seen, speaker, self.reception.desk.clock())
        content = seen.pending or seen.content
        findings = () if seen.side is None else reviewing.missing(content, self.reception.desk)
        values: dict[str, object] = {"seen": seen, "sheet": printed, "findings": findings}
        values["audience"] = () if seen.side is None else audience(content, speaker)
        fault = None if failed is None else self._fault(failed[0], visitor)[1]
        values |= {"fault": fault, "typed": "" if failed is None else failed[1]}
        status = 200 if failed is None else failed[0].status
        return self._answer(Page("notice.html", values, status), request, visitor)

    async def move(self, request: Request) -> Response:
        """Make the move that a form asks for; what fails comes back with what was typed."""
        visitor, officer = await self.reception.inside(request)
        posted = await read_form(request)
        check_post(request, visitor, posted.get("token", ""))
        one = request.path_params["notice"]
        try:
            await run_in_threadpool(move, one, self.form, _asked(posted), officer, self.reception.desk)
        except (MalformedError, ConflictError, RefusedError) as error:
            return await self._failed(error, posted, request, visitor)
        return RedirectResponse(f"{PATHS[self.form]}/{one}", 303)

    async def _failed(
        self, error: ComityError, posted: Mapping[str, str], request: Request, visitor: Visitor
    ) -> Response:
        assert visitor.officer is not None, "only those inside come here"
        one, officer = request.path_params["notice"], visitor.officer
        if posted.get("from") == "review" and is_reviewer(officer):
            return await self._review_page(one, (error, posted), request, visitor)
        seen = await self._seen(one, officer, request)
        return self._notice_page(seen, (error, posted.get("reasons", "")), request, visitor)

    async def review(self, request: Request) -> Response:
        """Show a reviewer what is missing, what points at an excluded family, what else there is."""
        visitor, _officer = await self.reception.inside(request)
        return await self._review_page(request.path_params["notice"], None, request, visitor)

    async def _review_page(
        self,
        one: str,
        failed: tuple[ComityError, Mapping[str, str]] | None,
        request: Request,
        visitor: Visitor,
    ) -> Response:
        assert visitor.officer is not None, "only those inside come here"
        purpose = self.reception.purpose(visitor.officer, request)
        found = await run_in_threadpool(
            reviewing.review, one, self.form, visitor.officer, purpose, self.reception.desk
        )
        speaker = self.reception.speech.speaker(visitor.language)
        seen, content = found.seen, found.content
        values: dict[str, object] = {
            "review": found,
            "seen": seen,
            "sheet": sheet(seen, speaker, self.reception.desk.clock(), content),
            "audience": audience(content, speaker),
            "changed": () if seen.pending is None else changed(seen.content, content, speaker),
            "is_mine": seen.held.reviewer == visitor.officer.account,
        }
        values |= {"fault": None if failed is None else self._fault(failed[0], visitor)[1]}
        values |= {"posted": {} if failed is None else dict(failed[1])}
        status = 200 if failed is None else failed[0].status
        return self._answer(Page("notice_review.html", values, status), request, visitor)

    async def sheet(self, request: Request) -> Response:
        """Show a request as it is printed."""
        visitor, officer = await self.reception.inside(request)
        seen = await self._printed(request.path_params["notice"], officer, request)
        speaker = self.reception.speech.speaker(visitor.language)
        values = {"seen": seen, "sheet": sheet(seen, speaker, self.reception.desk.clock())}
        return self._render("notice_sheet.html", values, request, visitor)

    async def sheet_pdf(self, request: Request) -> Response:
        """Give a request as a PDF, in the visitor's language."""
        visitor, officer = await self.reception.inside(request)
        seen = await self._printed(request.path_params["notice"], officer, request)
        speaker = self.reception.speech.speaker(visitor.language)
        body = await run_in_threadpool(sheet_pdf, seen, speaker, self.reception.desk.clock())
        name = f'inline; filename="{seen.held.id}-{visitor.language}.pdf"'
        return Response(body, media_type=PDF, headers={"Content-Disposition": name})


@dataclass(frozen=True, slots=True)
class RefusedPages:
    """The page of refused requests, and what came since by other doors."""

    reception: Reception

    async def returns(self, request: Request) -> Response:
        """Show refused requests with the requests and records that share a number with them."""
        visitor, officer = await self.reception.inside(request)
        purpose, after = self.reception.purpose(officer, request), request.query_params.get("after")
        found = await run_in_threadpool(
            reviewing.returns, RETURNS, after, officer, purpose, self.reception.desk
        )
        values = {"found": found, "paths": PATHS}
        return self.reception.render(Page("notice_refused.html", values), request, visitor)


RETURNS = 20


def _asked(posted: Mapping[str, str]) -> dict[str, Json]:
    """Return the move that a posted form asks for."""
    version = posted.get("version", "")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None
    rules: list[Json] = [value for name, value in posted.items() if name.startswith("rule-") and value]
    answers: dict[str, Json] = {
        name.removeprefix("check-"): value for name, value in posted.items() if name.startswith("check-")
    }
    return {
        "move": posted.get("move", ""),
        "version": number,
        "reasons": posted.get("reasons", "").strip() or None,
        "rules": rules,
        "checklist": answers,
    }


def _colour(code: str) -> Colour:
    if code not in COLOURS:
        raise HTTPException(404)
    return COLOURS[code]


def _kind(colour: Colour, code: str) -> str:
    """Return the kind of record asked for, where the colour may rest on it; its first one otherwise."""
    return code if code in colour.kinds else colour.kinds[0]


def _status(error: ComityError) -> int:
    return error.status
