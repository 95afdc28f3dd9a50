"""The routes about the bureaus' keys: the directory, publishing and revoking, proofs from the audit log."""

from base64 import b64encode

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.access.people import Officer
from comity.api.message_schemas import key_schemas
from comity.api.problems import json_response
from comity.api.requests import by_method, officer_asking, with_body
from comity.api.topic import JSON, KEYED, RECEIPT, Described, Topic
from comity.procedures import bureau_keys
from comity.procedures.desk import Desk
from comity.records.fieldtype import Json

STATEMENT_BYTES_MAX = 16 * 1024


def key_routes(desk: Desk) -> list[Route]:
    """Return the routes, around one desk."""
    doors = KeyDoors(desk)
    both = by_method(GET=doors.directory, POST=doors.publish)
    return [
        Route("/v1/keys", both, methods=["GET", "POST"]),
        Route("/v1/keys/{key}/proof", doors.proofs, methods=["GET"]),
    ]


class KeyDoors:
    """The routes' own functions, around one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def _officer(self, request: Request) -> Officer:
        return await run_in_threadpool(officer_asking, request, self._desk)

    async def directory(self, request: Request) -> Response:
        """Show the whole directory."""
        officer = await self._officer(request)
        found = await run_in_threadpool(bureau_keys.read_directory, officer, self._desk)
        return json_response(found.to_json())

    async def publish(self, request: Request) -> Response:
        """Take a statement of the bureau's own: a new key, or a key revoked."""
        officer = await self._officer(request)

        def act(body: Json) -> bureau_keys.Listed:
            statement = body.get("statement") if isinstance(body, dict) else None
            return bureau_keys.publish(statement, officer, self._desk)

        made = await with_body(request, STATEMENT_BYTES_MAX, act)
        return json_response(made.to_json(), 201)

    async def proofs(self, request: Request) -> Response:
        """Prove that a key's statements stand in the audit log."""
        officer = await self._officer(request)
        one = request.path_params["key"]
        found = await run_in_threadpool(bureau_keys.key_proofs, one, officer, self._desk)
        shown: list[Json] = [
            {
                "entry": b64encode(proof.entry).decode(),
                "proof": msgspec.to_builtins(proof.proof),
                "head": proof.head,
            }
            for proof in found
        ]
        return json_response({"proofs": shown})


KEYS = Topic(
    key_routes,
    (
        Described("get", "/v1/keys", "The directory of the bureaus' keys", "KeyDirectory", errors=KEYED),
        Described(
            "post",
            "/v1/keys",
            "Publish or revoke a key of one's own bureau",
            "ListedKey",
            done=(201,),
            errors=(*KEYED, 409, 413, 422),
            body=JSON,
            takes="KeyStatement",
            repeats=RECEIPT,
        ),
        Described(
            "get",
            "/v1/keys/{key}/proof",
            "Prove that a key's statements stand in the audit log",
            "KeyProofs",
            errors=(*KEYED, 404),
        ),
    ),
    key_schemas(),
)
