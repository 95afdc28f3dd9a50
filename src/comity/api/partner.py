"""The route of private partners: `go` or `wait`, in as many bytes and as much time either way."""

import asyncio
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.api.requests import json_or_fault, officer_asking, stated_purpose
from comity.api.schemas import TEXT, chosen, closed
from comity.api.topic import CHECKING, JSON, PURPOSE, Described, Topic
from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.partner import GO, WAIT, partner_check

BODY_BYTES_MAX: Final = 4096
ANSWER_AFTER_S: Final = 0.1
"""Every answer leaves this long after its question came, unless the node is busier than that: what the time says
is how busy the node is, and not what was met."""

ANSWERS: Final = {GO: b'{"answer":"go"}  ', WAIT: b'{"answer":"wait"}'}
"""Blanks after the shorter word: JSON takes them, and the lengths say nothing."""


def partner_routes(desk: Desk) -> list[Route]:
    """Return the route, around one desk."""

    async def check(request: Request) -> Response:
        """Answer a partner's check."""
        came_at = asyncio.get_running_loop().time()
        officer = await run_in_threadpool(officer_asking, request, desk)
        purpose = stated_purpose(request)
        body, fault = await json_or_fault(request, BODY_BYTES_MAX)
        try:
            answer = await run_in_threadpool(partner_check, body, officer, purpose, desk)
        except MalformedError as error:
            raise fault or error from None
        await asyncio.sleep(came_at + ANSWER_AFTER_S - asyncio.get_running_loop().time())
        return Response(ANSWERS[answer], media_type="application/json", headers={"Cache-Control": "no-store"})

    return [Route("/v1/partner/checks", check, methods=["POST"])]


PARTNER = Topic(
    partner_routes,
    (
        Described(
            "post",
            "/v1/partner/checks",
            "Whether the police want a second look at a document",
            "PartnerAnswer",
            errors=CHECKING,
            body=JSON,
            takes="PartnerCheck",
            parameters=(PURPOSE,),
        ),
    ),
    {
        "PartnerCheck": closed({"type": TEXT, "issuer": TEXT, "number": TEXT}),
        "PartnerAnswer": closed({"answer": chosen([GO, WAIT])}),
    },
)
