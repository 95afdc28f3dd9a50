"""A load generator that costs little: one thread, epoll, requests made beforehand or on the way, every body distinct.

    requests -> connections, each with one request under way -> status and time of each answer -> percentiles

Closed loop: a connection sends its next request when its answer has come; the node's own speed sets the rate.
Open loop: requests are due at moments that a rate sets, whether earlier ones are answered or not, and a time counts
from the moment that a request was due: a node that stalls is not asked less because it stalls.
"""

import select
import socket
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

CONNECT_TRIES = 50


@dataclass(slots=True)
class Result:
    """What became of a load: seconds of each answered request, statuses, cut connections, seconds of the whole."""

    times: list[float] = field(default_factory=list[float])
    statuses: Counter[int] = field(default_factory=Counter[int])
    cut: int = 0
    whole_s: float = 0.0

    def percentile_ms(self, hundredth: float) -> float:
        """Return the time below which so many in a hundred lie, in milliseconds."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * hundredth / 100))] if ordered else 0.0

    @property
    def per_s(self) -> float:
        """Answered requests a second."""
        return self.statuses[200] / self.whole_s if self.whole_s else 0.0

    def line(self) -> str:
        """Return the result in one line of text."""
        shown = " ".join(f"p{one:g} {self.percentile_ms(one):.2f}" for one in (50, 99, 99.9))
        statuses = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        return f"{self.per_s:,.0f}/s  {shown} ms  [{statuses}] cut {self.cut}"


@dataclass(slots=True)
class _Line:
    """One connection: the request under way and when it counts from, and what has come of its answer."""

    link: socket.socket
    request: bytes = b""
    since: float = 0.0
    got: bytes = b""
    length: int = -1


class Generator:
    """Loads one server over a number of connections."""

    def __init__(self, port: int, connections: int) -> None:
        self._port, self._count = port, connections
        self._poll = select.epoll()
        self._lines: dict[int, _Line] = {}
        self._idle: deque[_Line] = deque()
        for _ in range(connections):
            self._idle.append(self._connected())

    def _connected(self) -> _Line:
        for _ in range(CONNECT_TRIES):
            try:
                link = socket.create_connection(("127.0.0.1", self._port), 5)
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise ConnectionError
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.setblocking(False)
        line = _Line(link)
        self._lines[link.fileno()] = line
        self._poll.register(link.fileno(), select.EPOLLIN)
        return line

    def closed(self, requests: Iterator[bytes], limit_s: float, count_max: int = 10**9) -> Result:
        """Send requests as fast as they are answered, until the time is up or all are sent."""
        result, start = Result(), time.perf_counter()
        until, sent = start + limit_s, 0
        while True:
            now = time.perf_counter()
            while self._idle and now < until and sent < count_max and (request := next(requests, None)):
                sent += 1
                self._send(self._idle.popleft(), request, time.perf_counter(), result)
            if len(self._idle) == self._count:
                break
            self._take(0.05, result)
            if now > until + 15:
                break
        result.whole_s = time.perf_counter() - start
        return result

    def opened(self, requests: Iterator[bytes], per_s: float, limit_s: float) -> Result:
        """Send requests at this rate for this time; times count from the moment each was due."""
        result, start = Result(), time.perf_counter()
        due, last = start, start + limit_s
        waiting: deque[tuple[float, bytes]] = deque()
        while True:
            now = time.perf_counter()
            while due <= now and due < last:
                waiting.append((due, next(requests)))
                due += 1 / per_s
            while waiting and self._idle:
                since, request = waiting.popleft()
                self._send(self._idle.popleft(), request, since, result)
            if (due >= last and not waiting and len(self._idle) == self._count) or now > last + 15:
                break
            self._take(max(0.0, min(0.05, due - now)) if due < last else 0.05, result)
        result.whole_s = time.perf_counter() - start
        return result

    def _send(self, line: _Line, request: bytes, since: float, result: Result) -> None:
        line.request, line.since, line.got, line.length = request, since, b"", -1
        try:
            sent = line.link.send(request)
        except OSError:
            self._replace(line, result)
            return
        assert sent == len(request), "requests are small"

    def _take(self, wait_s: float, result: Result) -> None:
        for handle, _event in self._poll.poll(wait_s):
            line = self._lines[handle]
            try:
                part = line.link.recv(262_144)
            except OSError:
                part = b""
            if not part:
                self._replace(line, result)
                continue
            line.got = line.got + part if line.got else part
            self._advance(line, result)

    def _advance(self, line: _Line, result: Result) -> None:
        if line.length < 0:
            end = line.got.find(b"\r\n\r\n")
            if end < 0:
                return
            at = line.got.lower().find(b"content-length:", 0, end)
            line.length = end + 4 + int(line.got[at + 15 : line.got.find(b"\r\n", at)])
        if len(line.got) >= line.length:
            status = int(line.got[9:12])
            result.statuses[status] += 1
            if status == 200:
                result.times.append(time.perf_counter() - line.since)
            if b"\r\nconnection: close\r\n" in line.got:
                self._replace(line, result)
            else:
                self._idle.append(line)

    def _replace(self, line: _Line, result: Result) -> None:
        """Connect anew where the server has closed; what was under way there is lost, and counted."""
        if line.request and (line.length < 0 or len(line.got) < line.length):
            result.cut += 1
        self._poll.unregister(line.link.fileno())
        del self._lines[line.link.fileno()]
        if line in self._idle:
            self._idle.remove(line)
        line.link.close()
        self._idle.append(self._connected())

    def close(self) -> None:
        """Close every connection."""
        for line in self._lines.values():
            line.link.close()
        self._poll.close()
