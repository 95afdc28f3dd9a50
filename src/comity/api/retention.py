"""The routes about how long records are held: questions, answers, receipts, proofs."""

from collections.abc import Mapping
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.access.people import Officer
from comity.api.problems import json_response
from comity.api.redress import text_in
from comity.api.requests import CHECK_BYTES_MAX, LINES_DEFAULT, json_or_fault, officer_asking, whole_number
from comity.api.schemas import ANY_OBJECT, MOMENT, TEXT, TEXT_OR_NONE, WHOLE, chosen, closed, listed
from comity.api.topic import CHECKING, JSON, KEYED, RECEIPT, Described, Topic
from comity.errors import MalformedError
from comity.procedures import retention
from comity.procedures.desk import Desk
from comity.records.fieldtype import Json


def retention_routes(desk: Desk) -> list[Route]:
    """Return the routes, around one desk."""
    doors = RetentionDoors(desk)
    return [
        Route("/v1/retention", doors.questions, methods=["GET"]),
        Route("/v1/retention/receipts", doors.receipts, methods=["GET"]),
        Route("/v1/retention/{record}", doors.answer, methods=["POST"]),
        Route("/v1/retention/{record}/proof", doors.proof, methods=["GET"]),
    ]


class RetentionDoors:
    """The routes' own functions, around one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def _officer(self, request: Request) -> Officer:
        return await run_in_threadpool(officer_asking, request, self._desk)

    async def questions(self, request: Request) -> Response:
        """List what the caller's bureau is asked, and which of its records a case blocks."""
        officer = await self._officer(request)
        limit = whole_number(request, "limit", LINES_DEFAULT)
        assert limit is not None, "a default is given"
        after = request.query_params.get("after")
        found = await run_in_threadpool(retention.open_questions, limit, after, officer, self._desk)
        return json_response(found.to_json())

    async def answer(self, request: Request) -> Response:
        """Keep a record for a reason, or let it go."""
        officer = await self._officer(request)
        body, fault = await json_or_fault(request, CHECK_BYTES_MAX)
        record = request.path_params["record"]
        try:
            until = await run_in_threadpool(self._answer, record, body, officer)
        except MalformedError as error:
            raise fault or error from None
        return json_response({"record": record, "kept_until": None if until is None else until.isoformat()})

    def _answer(self, record: str, body: Json, officer: Officer) -> date | None:
        given = retention.Answer(record, *(text_in(body, name) for name in ("answer", "reason", "until")))
        return retention.answer(given, officer, self._desk)

    async def receipts(self, request: Request) -> Response:
        """List what is left of the caller's bureau's purged records."""
        officer = await self._officer(request)
        stones = await run_in_threadpool(retention.receipts, officer, self._desk)
        return json_response({"receipts": [retention.stone_json(one) for one in stones]})

    async def proof(self, request: Request) -> Response:
        """Prove a purge, to those who may prove the log."""
        officer = await self._officer(request)
        proof = await run_in_threadpool(
            retention.prove_purge, request.path_params["record"], officer, self._desk
        )
        return json_response(proof.to_json())


_RECEIPT: Json = closed(
    {**dict.fromkeys(("record", "kind", "owner", "why", "digest"), TEXT), "purged_at": MOMENT}
)

_SCHEMAS: Mapping[str, Json] = {
    "Questions": closed(
        {
            "questions": listed(
                closed(
                    {
                        **dict.fromkeys(("record", "kind", "source_id", "ends_on", "latest"), TEXT),
                        "under": TEXT_OR_NONE,
                        "step": chosen(["asked", "suspended"]),
                        "days_left": WHOLE,
                        "purged_on": TEXT_OR_NONE,
                    }
                )
            ),
            "next": TEXT_OR_NONE,
            "blocked": listed(closed({"record": TEXT, "case": TEXT})),
        }
    ),
    "RetentionAnswer": closed({"answer": chosen(["keep", "let-go"]), "reason": TEXT}, {"until": TEXT}),
    "Kept": closed({"record": TEXT, "kept_until": TEXT_OR_NONE}),
    "Receipts": closed({"receipts": listed(_RECEIPT)}),
    "PurgeProof": closed({"receipt": _RECEIPT, "proof": ANY_OBJECT}),
}

RETENTION = Topic(
    retention_routes,
    (
        Described(
            "get",
            "/v1/retention",
            "What one's bureau is asked about records that come of age, and which of them a case blocks",
            "Questions",
            errors=(*KEYED, 422),
            parameters=("limit", "after"),
        ),
        Described(
            "get",
            "/v1/retention/receipts",
            "What is left of one's own purged records",
            "Receipts",
            errors=KEYED,
        ),
        Described(
            "post",
            "/v1/retention/{record}",
            "Keep a record for a reason, until a date within its period, or let it go",
            "Kept",
            errors=(*CHECKING, 404, 409),
            body=JSON,
            takes="RetentionAnswer",
            repeats=RECEIPT,
        ),
        Described(
            "get",
            "/v1/retention/{record}/proof",
            "The receipt of a purge with the proof that the log holds it",
            "PurgeProof",
            errors=(*KEYED, 404, 422),
        ),
    ),
    _SCHEMAS,
)
