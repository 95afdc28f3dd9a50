"""The OpenAPI 3.1 description, written from one table of routes."""

from dataclasses import dataclass

from comity import __version__
from comity.api.schemas import TEXT, named, schemas
from comity.records.fieldtype import Json


@dataclass(frozen=True, slots=True)
class Described:
    """One operation: the schema of its answer, its statuses and those of its errors, what it takes.

    `body` is a media type, `takes` the schema of the body, where one fits it.
    """

    method: str
    path: str
    summary: str
    gives: str
    done: tuple[int, ...] = (200,)
    errors: tuple[int, ...] = ()
    body: str | None = None
    takes: str | None = None
    parameters: tuple[str, ...] = ()
    media: str = "application/json"
    is_open: bool = False


KEYED = (401, 403, 500, 503)
PURPOSE = "Comity-Purpose"
CHECKING = (*KEYED, 413, 422)
PAGED = ("limit", "before")
JSON, LINES = "application/json", "application/x-ndjson"
COUNTS = "text/plain"
OPERATIONS = (
    Described("get", "/healthz", "Whether the node answers", "Health", errors=(503,), is_open=True),
    Described("get", "/metrics", "What this process counts", "", errors=KEYED, media=COUNTS),
    Described("get", "/openapi.json", "This description", ""),
    Described(
        "post",
        "/v1/checks",
        "Answer one check",
        "Answer",
        errors=CHECKING,
        body=JSON,
        takes="Query",
        parameters=(PURPOSE,),
    ),
    Described(
        "post",
        "/v1/checks/batch",
        "Answer checks, one a line, in order",
        "Answer",
        errors=(*KEYED, 422),
        body=LINES,
        parameters=(PURPOSE,),
    ),
    Described(
        "post",
        "/v1/records",
        "Enter or amend a record",
        "Receipt",
        done=(200, 201),
        errors=CHECKING,
        body=JSON,
        takes="Record",
    ),
    Described(
        "get",
        "/v1/records/{record}",
        "Show a record",
        "Shown",
        errors=(*KEYED, 404, 422),
        parameters=(PURPOSE,),
    ),
    Described(
        "delete",
        "/v1/records/{record}",
        "Withdraw a record",
        "Receipt",
        errors=(*KEYED, 404, 409, 422),
        parameters=("version",),
    ),
    Described(
        "get",
        "/v1/records/{record}/versions",
        "What each version of a record changed",
        "Versions",
        errors=(*KEYED, 404, 422),
        parameters=(PURPOSE,),
    ),
    Described(
        "get",
        "/v1/records/{record}/trail",
        "Who met a record: for its owner, or by a controller's order",
        "Trail",
        errors=(*KEYED, 404, 422),
        parameters=("order", *PAGED),
    ),
    Described(
        "get",
        "/v1/reviews",
        "One's own records that are due for review",
        "Reviews",
        errors=(*KEYED, 422),
        parameters=("within_days", "limit", "after"),
    ),
    Described(
        "get",
        "/v1/statistics",
        "Count what may be seen",
        "Statistics",
        errors=(*KEYED, 422),
        parameters=(PURPOSE,),
    ),
    Described("get", "/v1/audit", "One's own acts", "Lines", errors=(*KEYED, 422), parameters=PAGED),
    Described(
        "get", "/v1/audit/hits", "Who met one's records", "Lines", errors=(*KEYED, 422), parameters=PAGED
    ),
    Described("get", "/v1/audit/head", "The newest signed head", "Head", errors=KEYED),
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
            "schemas": schemas(),
        },
    }


def _operation(one: Described) -> dict[str, Json]:
    responses: dict[str, Json] = {str(status): _done(one) for status in one.done}
    for status in one.errors:
        responses[str(status)] = {
            "description": "Not done",
            "content": {"application/problem+json": {"schema": named("Problem")}},
        }
    parameters: list[Json] = [
        {"name": name, "in": "header" if name == PURPOSE else "query", "required": False, "schema": TEXT}
        for name in one.parameters
    ]
    if "{record}" in one.path:
        parameters.append({"name": "record", "in": "path", "required": True, "schema": TEXT})
    described: dict[str, Json] = {"summary": one.summary, "responses": responses, "parameters": parameters}
    if one.body is not None:
        schema = TEXT if one.takes is None else named(one.takes)
        described["requestBody"] = {"required": True, "content": {one.body: {"schema": schema}}}
    if one.errors and not one.is_open:
        described["security"] = [{"key": []}]
    return described


def _done(one: Described) -> Json:
    """Describe an answer; of one in lines, the schema is that of a line."""
    if one.body == LINES:
        return {"description": f"Done; each line is an {one.gives}", "content": {LINES: {"schema": TEXT}}}
    if one.media != JSON:
        return {"description": "Done", "content": {one.media: {"schema": TEXT}}}
    schema: Json = named(one.gives) if one.gives else {"type": "object"}
    return {"description": "Done", "content": {JSON: {"schema": schema}}}
