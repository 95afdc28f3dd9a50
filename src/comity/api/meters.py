"""What the HTTP door counts, in the Prometheus text format, for whoever runs the node.

Counts tell how much is asked, how fast it is answered and what fails, never what was found: a hit and a miss,
a record shown and one not held, are all `answered`. So no count shows whether a withheld record exists.
"""

import time
from collections import Counter as Tally
from collections.abc import Iterable, Mapping

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from comity import __version__
from comity.records.fieldtype import Json
from comity.records.kinds import KINDS

SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
REFUSED = frozenset({400, 401, 403, 405, 413, 422})
"""Statuses that say that a request was not served; 404 and 409 are answers like any other."""


class Meters:
    """The counters of one process: requests by path and outcome, checks by kind and outcome."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        info = Gauge("comity_info", "The version that runs.", ["version"], registry=self._registry)
        info.labels(__version__).set(1)
        self._database = Gauge("comity_database_up", "1 where the database answers.", registry=self._registry)
        self._requests = Counter(
            "comity_requests", "Requests, by outcome.", ["path", "outcome"], registry=self._registry
        )
        self._seconds = Histogram(
            "comity_request_seconds",
            "Time from a request to the end of its answer.",
            ["path"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._checks = Counter(
            "comity_checks", "Checks through HTTP, by outcome.", ["kind", "outcome"], registry=self._registry
        )

    def request(self, path: str, status: int, seconds: float) -> None:
        """Count a request."""
        outcome = "failed" if status >= 500 else "refused" if status in REFUSED else "answered"
        self._requests.labels(path, outcome).inc()
        self._seconds.labels(path).observe(seconds)

    def checks(self, queries: Iterable[Json], outcomes: Iterable[str]) -> None:
        """Count checks by what was asked and the outcome of each; a hit counts as a miss does."""
        tally = Tally(
            (_kind(query), outcome if outcome in {"invalid", "refused"} else "answered")
            for query, outcome in zip(queries, outcomes, strict=True)
        )
        for (kind, outcome), count in tally.items():
            self._checks.labels(kind, outcome).inc(count)

    def page(self, *, is_database_up: bool) -> Response:
        """Return all counts as they are now."""
        self._database.set(is_database_up)
        return Response(
            generate_latest(self._registry),
            headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"},
        )


def _kind(query: Json) -> str:
    kind = query.get("kind") if isinstance(query, dict) else None
    return kind if isinstance(kind, str) and kind in KINDS else "none"


class Measured:
    """Counts the requests to an application. `paths` names its endpoints; others count as `other`."""

    def __init__(self, app: ASGIApp, meters: Meters, paths: Mapping[object, str]) -> None:
        self._app, self._meters, self._paths = app, meters, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, and count it once its answer has ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, start = 500, time.perf_counter()

        async def noting_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting_send)
        finally:
            path = self._paths.get(scope.get("endpoint"), "other")
            self._meters.request(path, status, time.perf_counter() - start)
