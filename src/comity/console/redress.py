"""The pages of the controller's files, and of owners who are asked about their records."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from comity.access.people import Officer
from comity.console.forms import read_form, whole_typed
from comity.console.reception import Reception
from comity.console.rendering import Page
from comity.console.visitor import Visitor, check_post
from comity.errors import ConflictError, MalformedError
from comity.procedures import redress, redress_decide, redress_find, redress_owner
from comity.procedures.desk import Desk
from comity.procedures.redress_export import applicants_file
from comity.procedures.redress_owner import OwnersAnswer
from comity.records.kinds import KINDS
from comity.registry.redress import Question

Posted: TypeAlias = Mapping[str, str]
ASKED_KINDS = tuple(KINDS)
LINES = 50
MET_SHOWN = redress.MET_MAX


def redress_routes(reception: Reception) -> list[Route]:
    """Return the routes of these pages."""
    pages = RedressPages(reception)
    return [
        Route("/redress", pages.cases, methods=["GET", "POST"]),
        Route("/redress/questions", pages.questions, methods=["GET", "POST"]),
        Route("/redress/{case}", pages.dossier, methods=["GET", "POST"]),
        Route("/redress/{case}/find", pages.find, methods=["POST"]),
        Route("/redress/{case}/sheet", pages.sheet, methods=["GET"]),
    ]


class RedressPages:
    """The routes' own functions."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._desk = reception.desk

    async def cases(self, request: Request) -> Response:
        """List the cases with the form that opens one, or open it."""
        visitor, officer = await self._reception.inside(request)
        posted: Posted = {}
        fault = None
        if request.method == "POST":
            posted = await self._posted(request, visitor)
            try:
                case = await run_in_threadpool(_open, posted, officer, self._desk)
            except MalformedError as error:
                fault = self._told(visitor, error)
            else:
                return RedirectResponse(f"/redress/{case}", 303)
        after = request.query_params.get("after")
        found = await run_in_threadpool(redress.list_cases, officer, self._desk, LINES, after)
        values = {"found": found, "posted": posted, "fault": fault, "kinds": list(redress.MONTHS)}
        page = Page("redress_cases.html", values, 422 if fault else 200)
        return self._reception.render(page, request, visitor)

    async def dossier(self, request: Request) -> Response:
        """Show a case, or take a step in it: what is posted says which."""
        visitor, officer = await self._reception.inside(request)
        ref = request.path_params["case"]
        if request.method == "GET":
            return await self._show(request, visitor, officer, {}, None)
        posted = await self._posted(request, visitor)
        step = STEPS.get(posted.get("step", ""))
        if step is None:
            raise HTTPException(400)
        try:
            await run_in_threadpool(step, ref, posted, officer, self._desk)
        except (MalformedError, ConflictError) as error:
            return await self._show(request, visitor, officer, posted, error)
        return RedirectResponse(f"/redress/{ref}", 303)

    async def find(self, request: Request) -> Response:
        """Show what is held on whom the form names. It is posted: a name belongs in no address."""
        visitor, officer = await self._reception.inside(request)
        posted = await self._posted(request, visitor)
        ref = request.path_params["case"]
        try:
            found = await run_in_threadpool(_find, ref, posted, officer, self._desk)
        except (MalformedError, ConflictError) as error:
            return await self._show(request, visitor, officer, posted, error)
        values = {"found": found}
        return await self._show(request, visitor, officer, posted, None, values)

    async def sheet(self, request: Request) -> Response:
        """Show what the applicant is given, to be printed."""
        visitor, officer = await self._reception.inside(request)
        file = await run_in_threadpool(applicants_file, request.path_params["case"], officer, self._desk)
        return self._reception.render(Page("redress_sheet.html", {"file": file}), request, visitor)

    async def questions(self, request: Request) -> Response:
        """List what the visitor's bureau is asked, or take an answer."""
        visitor, officer = await self._reception.inside(request)
        posted: Posted = {}
        fault = None
        if request.method == "POST":
            posted = await self._posted(request, visitor)
            try:
                await run_in_threadpool(_answer, posted, officer, self._desk)
            except (MalformedError, ConflictError) as error:
                fault = self._told(visitor, error)
            else:
                return RedirectResponse("/redress/questions", 303)
        found = await run_in_threadpool(redress_owner.questions, officer, self._desk)
        values: dict[str, object] = {"found": found, "fault": fault, "posted": posted, "is_of": _is_of}
        # Of what waits no more (answered by a colleague, its case closed) what was typed is shown by itself.
        values["is_shown"] = any(_is_of(posted, one.question) for one in found)
        page = Page("redress_questions.html", values, 422 if fault else 200)
        return self._reception.render(page, request, visitor)

    async def _posted(self, request: Request, visitor: Visitor) -> dict[str, str]:
        posted = await read_form(request)
        check_post(request, visitor, posted.get("token", ""))
        return posted

    async def _show(
        self,
        request: Request,
        visitor: Visitor,
        officer: Officer,
        posted: Posted,
        error: MalformedError | ConflictError | None,
        more: Mapping[str, object] | None = None,
    ) -> Response:
        ref = request.path_params["case"]
        whole = await run_in_threadpool(redress.dossier, ref, officer, self._desk)
        values: dict[str, object] = {
            "whole": whole,
            "posted": posted,
            "fault": None if error is None else self._told(visitor, error),
            "found": None,
            **_asked({**request.query_params, **posted}),
            "met_shown": MET_SHOWN,
            "decisions": redress_decide.DECISIONS,
            "days": redress_owner.DAYS_TO_ANSWER,
            **(more or {}),
        }
        status = 200 if error is None else error.status
        return self._reception.render(Page("redress_case.html", values, status), request, visitor)

    def _told(self, visitor: Visitor, error: MalformedError | ConflictError) -> str:
        speaker = self._reception.speech.speaker(visitor.language)
        if isinstance(error, ConflictError):
            return speaker.error(error.rule)
        return f"{speaker.field('', error.field)}: {speaker.error(error.code, error.field)}"


def _open(posted: Posted, officer: Officer, desk: Desk) -> str:
    applicant = {name: posted.get(name, "") for name in redress.APPLICANT}
    asked = redress.Request(
        posted.get("kind", ""), applicant, posted.get("request", ""), posted.get("received_on", "")
    )
    return redress.open_case(asked, officer, desk).ref


def _find(ref: str, posted: Posted, officer: Officer, desk: Desk) -> list[redress_find.Found]:
    kind = posted.get("kind", "person")
    questions = [one.name for one in KINDS[kind].questions] if kind in KINDS else list[str]()
    fields = {name: posted.get(name, "") for name in questions}
    return redress_find.find(ref, redress_find.query_of(kind, fields), officer, desk)


def _asked(stated: Posted) -> dict[str, object]:
    """Return what the form that looks for what is held asks: the questions of one kind, and which kinds there are."""
    kind = KINDS.get(stated.get("kind", ""), KINDS["person"])
    return {
        "asked_kinds": ASKED_KINDS,
        "asked_kind": kind.code,
        "asked": [one.name for one in kind.questions],
    }


def _attach(ref: str, posted: Posted, officer: Officer, desk: Desk) -> None:
    redress_find.attach(ref, posted.get("record", ""), officer, desk, posted.get("named_in", "").split())


def _block(ref: str, posted: Posted, officer: Officer, desk: Desk) -> None:
    redress_owner.block(ref, posted.get("record", ""), officer, desk)


def _consult(ref: str, posted: Posted, officer: Officer, desk: Desk) -> None:
    days = whole_typed(posted.get("days", "")) or 0
    redress_owner.consult(ref, posted.get("record", ""), posted.get("question", ""), days, officer, desk)


def _decide(ref: str, posted: Posted, officer: Officer, desk: Desk) -> None:
    record, decision = posted.get("record", ""), posted.get("decision", "")
    redress_decide.decide(ref, record, decision, posted.get("reasons", ""), officer, desk)


def _settle(ref: str, posted: Posted, officer: Officer, desk: Desk) -> None:
    redress_decide.settle(ref, posted.get("record", ""), officer, desk)


def _close(ref: str, _posted: Posted, officer: Officer, desk: Desk) -> None:
    redress.close(ref, officer, desk)


def _is_of(posted: Posted, question: Question) -> bool:
    """Return whether what was posted is about a question."""
    stated = tuple(posted.get(name, "") for name in ("case", "record", "number"))
    return stated == (question.case, question.record, str(question.number))


def _answer(posted: Posted, officer: Officer, desk: Desk) -> None:
    given = OwnersAnswer(
        posted.get("case", ""),
        posted.get("record", ""),
        whole_typed(posted.get("number", "")) or 0,
        posted.get("answer", ""),
        may_disclose={"yes": True, "no": False}.get(posted.get("may_disclose", "")),
    )
    redress_owner.answer_question(given, officer, desk)


STEPS: Mapping[str, Callable[[str, Posted, Officer, Desk], None]] = {
    "attach": _attach,
    "block": _block,
    "consult": _consult,
    "decide": _decide,
    "settle": _settle,
    "close": _close,
}
"""The steps that a case's page takes, by what its buttons post."""
