"""The OpenAPI 3.1 description, written from tables of routes: the one here, and each topic's own."""

import re

from comity import __version__
from comity.api.schemas import TEXT, named, schemas
from comity.api.topic import (
    CHECKING,
    COUNTS,
    JSON,
    KEYED,
    LINES,
    PAGED,
    PURPOSE,
    RECEIPT,
    REPLAYED,
    Described,
)
from comity.api.topics import TOPICS
from comity.procedures.idempotency import FORM, HEADER, KEY_CHARS_MAX
from comity.records.fieldtype import Json

HOUSE = (
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
        repeats=RECEIPT,
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
        repeats=RECEIPT,
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


KEY: Json = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "One key for one act: repeated within 24 hours, the act is not done again.",
    "schema": {"type": "string", "pattern": FORM, "minLength": 1, "maxLength": KEY_CHARS_MAX + 2},
}
AGAIN: Json = {
    REPLAYED: {
        "description": "`true` where the act was done before, and its answer is given again.",
        "required": False,
        "schema": {"type": "string", "enum": ["true"]},
    }
}


def operations() -> tuple[Described, ...]:
    """Return every operation of the door."""
    return (*HOUSE, *(operation for topic in TOPICS for operation in topic.operations))


def describe() -> dict[str, Json]:
    """Return the description of the API."""
    paths: dict[str, dict[str, Json]] = {}
    for one in operations():
        paths.setdefault(one.path, {})[one.method] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Comity", "version": __version__},
        "paths": {path: dict(operations) for path, operations in paths.items()},
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                **schemas(),
                **{name: one for topic in TOPICS for name, one in topic.schemas.items()},
            },
        },
    }


def _operation(one: Described) -> dict[str, Json]:
    responses: dict[str, Json] = {str(status): _done(one) for status in one.done}
    for status in _errors(one):
        responses[str(status)] = {
            "description": "Not done",
            "content": {"application/problem+json": {"schema": named("Problem")}},
        }
    parameters: list[Json] = [] if one.repeats is None else [KEY]
    parameters += [
        {"name": name, "in": "header" if name == PURPOSE else "query", "required": False, "schema": TEXT}
        for name in one.parameters
    ]
    parameters += [
        {"name": name, "in": "path", "required": True, "schema": TEXT}
        for name in re.findall(r"\{(\w+)\}", one.path)
    ]
    described: dict[str, Json] = {"summary": one.summary, "responses": responses, "parameters": parameters}
    if one.body is not None:
        schema = TEXT if one.takes is None else named(one.takes)
        described["requestBody"] = {"required": True, "content": {one.body: {"schema": schema}}}
    if one.errors and not one.is_open:
        described["security"] = [{"key": []}]
    return described


def _errors(one: Described) -> tuple[int, ...]:
    """Return the statuses of an operation's errors, those that come of an idempotency key among them."""
    if one.repeats is None:
        return one.errors
    gone = () if one.repeats.shown_at is None else (404,)
    return tuple(dict.fromkeys((*one.errors, *gone, 409, 422)))


def _done(one: Described) -> Json:
    """Describe an answer; of one in lines, the schema is that of a line."""
    if one.repeats is not None:
        given: Json = {JSON: {"schema": named(one.gives)}}
        return {"description": "Done", "headers": AGAIN, "content": given}
    if one.body == LINES:
        return {"description": f"Done; each line is an {one.gives}", "content": {LINES: {"schema": TEXT}}}
    if one.media != JSON:
        return {"description": "Done", "content": {one.media: {"schema": TEXT}}}
    schema: Json = named(one.gives) if one.gives else {"type": "object"}
    return {"description": "Done", "content": {JSON: {"schema": schema}}}
