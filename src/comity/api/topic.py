"""One topic of the HTTP door: its routes, what each takes and gives, the schemas of that.

A topic is one file beside this one; `topics.py` lists them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.routing import Route

from comity.procedures.desk import Desk
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


@dataclass(frozen=True, slots=True)
class Topic:
    """Routes that belong together, described. `schemas` are named as the operations name them."""

    routes: Callable[[Desk], list[Route]]
    operations: tuple[Described, ...]
    schemas: Mapping[str, Json] = field(default_factory=dict[str, Json])
