"""The page of private partners: a document's number, type and issuer in; go, or wait, out.

Both answers are as many bytes, and leave after as long a time, as at the HTTP door: nothing but the word tells
them apart.
"""

import asyncio
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.access.acts import Act
from comity.console.forms import read_form
from comity.console.reception import Reception
from comity.console.rendering import Page
from comity.console.visitor import check_post
from comity.errors import MalformedError
from comity.phrases.speech import Speaker
from comity.procedures.leave import leave
from comity.procedures.partner import FIELDS, GO, WAIT, partner_check
from comity.records.fieldtype import Json

ANSWER_AFTER_S: Final = 0.1
LOOKS: Final = {GO: "pass", WAIT: "hold"}
"""How each answer looks: names of one length."""


def partner_page_routes(reception: Reception) -> list[Route]:
    """Return the routes of this page."""
    return [Route("/partner", PartnerPage(reception).check, methods=["GET", "POST"])]


class PartnerPage:
    """The route's own function."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._desk = reception.desk

    async def check(self, request: Request) -> Response:
        """Show the form, or answer what it asks."""
        came_at = asyncio.get_running_loop().time()
        visitor, officer = await self._reception.inside(request)
        values: dict[str, object] = {"typed": {}, "fault": None, "answer": None}
        if request.method == "GET":
            await run_in_threadpool(leave, officer, Act.PARTNER_CHECK, self._desk, {"path": "/partner"})
            return self._reception.render(Page("partner.html", values), request, visitor)
        posted = await read_form(request)
        check_post(request, visitor, posted.get("token", ""))
        asked: dict[str, Json] = {
            name: posted[name].strip() for name in FIELDS if posted.get(name, "").strip()
        }
        speaker = self._reception.speech.speaker(visitor.language)
        values["typed"] = asked
        status = 200
        try:
            answer = await run_in_threadpool(partner_check, asked, officer, None, self._desk)
            values["answer"] = _told(answer, speaker)
        except MalformedError as error:
            status = 422
            values["fault"] = (error.field, speaker.error(error.code, error.field))
        await asyncio.sleep(came_at + ANSWER_AFTER_S - asyncio.get_running_loop().time())
        return self._reception.render(Page("partner.html", values, status), request, visitor)


def _told(answer: str, speaker: Speaker) -> tuple[str, str, str]:
    """Return how an answer looks, its words, and the blanks that make all answers as many bytes."""
    words = {one: speaker.value("partner_answer", one) for one in LOOKS}
    longest = max(len(one.encode()) for one in words.values())
    return LOOKS[answer], words[answer], " " * (longest - len(words[answer].encode()))
