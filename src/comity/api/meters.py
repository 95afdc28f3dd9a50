"""What the HTTP door counts, in the Prometheus text format, for whoever runs the node.

Counts tell how much is asked, how fast it is answered and what fails, never what was found: a hit and a miss,
a record shown and one not held, are all `answered`. So no count shows whether a withheld record exists.
"""

import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import cast

import numpy as np
from numpy.typing import NDArray
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from comity import __version__
from comity.records.kinds import KINDS

SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
REFUSED = frozenset({400, 401, 403, 405, 413, 422})
"""Statuses that say that a request was not served; 404 and 409 are answers like any other."""


OUTCOMES = ("answered", "invalid", "refused", "failed")


class Meters:
    """The counters of all processes that serve together: requests by path and outcome, checks by kind and outcome.

    Each process counts in a row of its own in memory that they share; a page shows the sums. A process that takes
    the place of another goes on in its row, so that no count goes down while the node serves.
    """

    def __init__(self, paths: Iterable[str], rows: NDArray[np.float64] | None = None, row: int = 0) -> None:
        names = [*dict.fromkeys([*paths, "other"])]
        kinds = [*KINDS, "none"]
        series = [("request", path, outcome) for path in names for outcome in OUTCOMES]
        series += [("check", kind, outcome) for kind in kinds for outcome in OUTCOMES]
        series += [("seconds", path, f"{place:02}") for path in names for place in range(len(SECONDS) + 2)]
        self._places = {one: place for place, one in enumerate(series)}
        self._rows = np.zeros((1, len(series))) if rows is None else rows
        assert self._rows.shape[1] >= len(series), "room for every series"
        # The same memory, in which to count one takes a fraction of the time that an array takes.
        self._own = cast("memoryview[float]", self._rows[row].data)
        self._starts = {path: self._places["seconds", path, "00"] for path in names}

    def request(self, path: str, status: int, seconds: float) -> None:
        """Count a request."""
        outcome = "failed" if status >= 500 else "refused" if status in REFUSED else "answered"
        own, start = self._own, self._starts[path]
        own[self._places["request", path, outcome]] += 1
        own[start + bisect_left(SECONDS, seconds)] += 1
        own[start + len(SECONDS) + 1] += seconds

    def check(self, kind: str, outcome: str) -> None:
        """Count a check by what was asked and its outcome: `answered`, `invalid` or `refused`."""
        self._own[self._places["check", kind, outcome]] += 1

    def checks(self, kind: str, outcome: str, count: int) -> None:
        """Count several checks of one kind and outcome."""
        self._own[self._places["check", kind, outcome]] += count

    def page(self, *, is_database_up: bool, is_clock_followed: bool) -> Response:
        """Return all counts as they are now."""
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        info = Gauge("comity_info", "The version that runs.", ["version"], registry=registry)
        info.labels(__version__).set(1)
        database = Gauge("comity_database_up", "1 where the database answers.", registry=registry)
        database.set(is_database_up)
        clock = Gauge(
            "comity_clock_followed", "1 where the node goes by the machine's clock.", registry=registry
        )
        clock.set(is_clock_followed)
        registry.register(_Sums(self._rows.sum(axis=0).tolist(), self._places))
        return Response(
            generate_latest(registry),
            headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"},
        )


class _Sums(Collector):
    """The sums over all processes, as the Prometheus library takes them."""

    def __init__(self, sums: list[float], places: Mapping[tuple[str, str, str], int]) -> None:
        self._sums, self._places = sums, places

    def collect(self) -> Iterator[Metric]:
        """Yield the series that have counted anything."""
        requests = CounterMetricFamily("comity_requests", "Requests, by outcome.", labels=["path", "outcome"])
        checks = CounterMetricFamily(
            "comity_checks", "Checks through HTTP, by outcome.", labels=["kind", "outcome"]
        )
        seconds = HistogramMetricFamily(
            "comity_request_seconds", "Time from a request to the end of its answer.", labels=["path"]
        )
        for (what, name, outcome), place in self._places.items():
            if what == "seconds":
                if outcome == "00":
                    self._add_seconds(seconds, name, place)
            elif self._sums[place]:
                (requests if what == "request" else checks).add_metric([name, outcome], self._sums[place])
        yield requests
        yield checks
        yield seconds

    def _add_seconds(self, seconds: HistogramMetricFamily, path: str, start: int) -> None:
        counts = self._sums[start : start + len(SECONDS) + 1]
        if any(counts):
            bounds = [*map(str, SECONDS), "+Inf"]
            buckets = [*zip(bounds, accumulate(counts), strict=True)]
            seconds.add_metric([path], buckets, self._sums[start + len(SECONDS) + 1])


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
