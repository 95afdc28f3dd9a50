"""The pages about records that come of age: what a bureau is asked, its answer, what was purged."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from comity.console.forms import read_form
from comity.console.reception import Reception
from comity.console.rendering import Page
from comity.console.visitor import check_post
from comity.errors import MalformedError
from comity.procedures import retention
from comity.procedures.retention import Answer

LINES = 50


def retention_routes(reception: Reception) -> list[Route]:
    """Return the routes of these pages."""
    pages = RetentionPages(reception)
    return [
        Route("/retention", pages.questions, methods=["GET"]),
        Route("/retention/{record}", pages.answer, methods=["GET", "POST"]),
    ]


class RetentionPages:
    """The routes' own functions."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    async def questions(self, request: Request) -> Response:
        """List the questions to the visitor's bureau, what is blocked, and the receipts of what was purged."""
        visitor, officer = await self._reception.inside(request)
        after = request.query_params.get("after") or None
        desk = self._reception.desk
        found = await run_in_threadpool(retention.open_questions, LINES, after, officer, desk)
        stones = await run_in_threadpool(retention.receipts, officer, desk)
        values = {"found": found, "stones": stones, "done": request.query_params.get("done", "")}
        return self._reception.render(Page("retention.html", values), request, visitor)

    async def answer(self, request: Request) -> Response:
        """Show one question, or take the answer to it."""
        visitor, officer = await self._reception.inside(request)
        record, desk = request.path_params["record"], self._reception.desk
        posted: dict[str, str] = {}
        fault = None
        if request.method == "POST":
            posted = await read_form(request)
            check_post(request, visitor, posted.get("token", ""))
            given = Answer(
                record, posted.get("answer", ""), posted.get("reason", ""), posted.get("until", "")
            )
            try:
                await run_in_threadpool(retention.answer, given, officer, desk)
            except MalformedError as error:
                speaker = self._reception.speech.speaker(visitor.language)
                fault = (error.field, speaker.error(error.code, error.field))
            else:
                return RedirectResponse(f"/retention?done={given.what}", 303)
        question = await run_in_threadpool(retention.question_about, record, officer, desk)
        values = {"question": question, "posted": posted, "fault": fault}
        page = Page("retention_answer.html", values, 422 if fault else 200)
        return self._reception.render(page, request, visitor)
