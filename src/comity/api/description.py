"""The OpenAPI 3.1 description, written from one table of routes."""

from dataclasses import dataclass

from comity import __version__
from comity.records.fieldtype import Json
from comity.records.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Described:
    """One operation: its answer's status and the statuses of its errors."""

    method: str
    path: str
    summary: str
    done: tuple[int, ...] = (200,)
    errors: tuple[int, ...] = ()
    body: str | None = None
    parameters: tuple[str, ...] = ()


KEYED = (401, 403, 500, 503)
PURPOSE = "Comity-Purpose"
CHECKING = (*KEYED, 413, 422)
PAGED = ("limit", "before")
OPERATIONS = (
    Described("get", "/healthz", "Whether the node answers"),
    Described("get", "/openapi.json", "This description"),
    Described("post", "/v1/checks", "Answer one check", (200,), CHECKING, "application/json", (PURPOSE,)),
    Described(
        "post",
        "/v1/checks/batch",
        "Answer checks, one a line, in order",
        (200,),
        (*KEYED, 422),
        "application/x-ndjson",
        (PURPOSE,),
    ),
    Described("post", "/v1/records", "Enter or amend a record", (200, 201), CHECKING, "application/json"),
    Described(
        "get", "/v1/records/{record}", "Show a record", (200,), (*KEYED, 404, 422), parameters=(PURPOSE,)
    ),
    Described(
        "delete",
        "/v1/records/{record}",
        "Withdraw a record",
        (200,),
        (*KEYED, 404, 409, 422),
        parameters=("version",),
    ),
    Described(
        "get",
        "/v1/records/{record}/versions",
        "What each version of a record changed",
        (200,),
        (*KEYED, 404, 422),
        parameters=(PURPOSE,),
    ),
    Described(
        "get",
        "/v1/records/{record}/trail",
        "Who met a record: for its owner, or by a controller's order",
        (200,),
        (*KEYED, 404, 422),
        parameters=("order", *PAGED),
    ),
    Described(
        "get",
        "/v1/reviews",
        "One's own records that are due for review",
        (200,),
        (*KEYED, 422),
        parameters=("within_days", "limit", "after"),
    ),
    Described(
        "get", "/v1/statistics", "Count what may be seen", (200,), (*KEYED, 422), parameters=(PURPOSE,)
    ),
    Described("get", "/v1/audit", "One's own acts", (200,), (*KEYED, 422), parameters=PAGED),
    Described("get", "/v1/audit/hits", "Who met one's records", (200,), (*KEYED, 422), parameters=PAGED),
    Described("get", "/v1/audit/head", "The newest signed head", (200,), KEYED),
)


def describe() -> dict[str, Json]:
    """Return the description of the API."""
    paths: dict[str, dict[str, Json]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Comity", "version": __version__},
        "paths": {path: dict(operations) for path, operations in paths.items()},
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _problem(), "Query": _query()},
        },
    }


def _operation(one: Described) -> dict[str, Json]:
    responses: dict[str, Json] = {str(status): {"description": "Done"} for status in one.done}
    for status in one.errors:
        schema: Json = {"$ref": "#/components/schemas/Problem"}
        responses[str(status)] = {
            "description": "Not done",
            "content": {"application/problem+json": {"schema": schema}},
        }
    parameters: list[Json] = [
        {
            "name": name,
            "in": "header" if name == PURPOSE else "query",
            "required": False,
            "schema": {"type": "string"},
        }
        for name in one.parameters
    ]
    if "{record}" in one.path:
        parameters.append({"name": "record", "in": "path", "required": True, "schema": {"type": "string"}})
    described: dict[str, Json] = {"summary": one.summary, "responses": responses, "parameters": parameters}
    if one.body is not None:
        schema = {"$ref": "#/components/schemas/Query"} if one.path == "/v1/checks" else {}
        described["requestBody"] = {"required": True, "content": {one.body: {"schema": schema}}}
    if one.errors:
        described["security"] = [{"key": []}]
    return described


def _problem() -> dict[str, Json]:
    text: Json = {"type": "string"}
    return {
        "type": "object",
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "code": text,
            "field": text,
        },
    }


def _query() -> dict[str, Json]:
    kinds: list[Json] = [*sorted(KINDS)]
    return {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": kinds}}}
