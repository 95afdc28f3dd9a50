"""One topic of the HTTP door: its routes, what each takes and gives, the schemas of that.

A topic is one file beside this one; `topics.py` lists them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.routing import Route

from comity.procedures.desk import Desk
from comity.records.fieldtype import Json


@dataclass(frozen=True, slots=True)
class Repeats:
    """What a request that is repeated with its idempotency key is told, beside the first status.

    `shown_at` is the address that must still show the thing to whoever repeats: names in braces are those of the
    request's own address and of the first answer. `is_kept`: the first body is told again, else what that address
    shows now. A body is kept only where it says nothing but names, references, versions, states, moments and codes.
    """

    shown_at: str | None = None
    is_kept: bool = True


RECEIPT = Repeats()


def shown_anew(address: str) -> Repeats:
    """Return that what the address shows now is told: nothing of the first answer is kept but names."""
    return Repeats(address, is_kept=False)


@dataclass(frozen=True, slots=True)
class Described:
    """One operation: the schema of its answer, its statuses and those of its errors, what it takes.

    `body` is a media type, `takes` the schema of the body, where one fits it. `repeats` of one that changes
    something, and so takes an idempotency key.
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
    repeats: Repeats | None = None


KEYED = (401, 403, 500, 503)
PURPOSE = "Comity-Purpose"
REPLAYED = "Idempotency-Replayed"
"""The header of an answer that is given again."""

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
