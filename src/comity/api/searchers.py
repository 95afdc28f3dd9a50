"""Having checks weighed by processes of their own, so that a search of names never delays a check by number.

    worker -> jobs of one round, a message a searcher -> any that is idle -> replies, in parts -> the worker that asked

A searcher that finds the next job waiting does that first, up to `HELD_MAX` of them, and sends their replies together:
to wake a worker costs about as much as to answer one of its clients. So it is the other way round: what a round of a
worker's loop asks for leaves at its end, shared out among the searchers. One pair of sockets carries the jobs of all
workers to whichever searcher takes the next message; each worker has a pair for its replies. The pairs outlive every
process but the one that made them: a worker or a searcher that dies is replaced by one that uses the same ends. A job
whose searcher died is given up after `PATIENCE_S`.
"""

import asyncio
import os
import secrets
import socket
import struct
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from time import monotonic
from typing import Final

import msgspec

from comity.access.people import Officer
from comity.api.elsewhere import RETRY_AFTER_S, WAITING_MAX, Job
from comity.errors import OverloadedError
from comity.procedures.desk import Desk
from comity.procedures.weighing import Weighed, weigh
from comity.records.handling import Purpose
from comity.registry.group_commit import Waiting

PATIENCE_S: Final = 10.0
LOOK_UP_S: Final = 0.5
"""How often an idle searcher looks whether it is to end."""

JOBS_TOGETHER: Final = 4
"""So many jobs of one line go in a message at most: they are done by one searcher, one after the other."""

HELD_MAX: Final = 16
"""So many replies wait for one another at most, each of a single check."""

HELD_S: Final = 0.004
"""Where a reply has waited so long, no other job is done before it is sent."""

HELD_SHARE: Final = 0.5
"""So long, too, as a share of what the last job had waited for its turn: under load a worker is woken less often."""

HELD_S_MAX: Final = 0.05

_PART_BYTES: Final = 64 * 1024
_TOGETHER_BYTES_MAX: Final = 128 * 1024
_MESSAGE_BYTES_MAX: Final = 256 * 1024
_PART: Final = struct.Struct(
    "<QIII"
)  # a job's number; which part of its reply, of how many; how many bytes follow


OFFICERS_MAX: Final = 1024
"""So many officers are kept as they go in messages."""


class _One(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A job: the worker's own number of it, and the officer as bytes, which are read once for all jobs of one."""

    number: int
    officer: bytes
    purpose: Purpose | None
    lines: list[bytes]


class _Asked(msgspec.Struct, frozen=True, array_like=True, gc=False):
    slot: int
    at_s: float
    """When it was sent, by the machine's own clock, which all its processes read."""
    jobs: list[_One]


class _Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The searcher met something that it cannot go on from."""

    what: str


class _Done(msgspec.Struct, frozen=True, tag="done"):
    weighed: list[Weighed]


_encode: Final = msgspec.msgpack.Encoder().encode
_asked: Final = msgspec.msgpack.Decoder(_Asked)
_officer: Final = msgspec.msgpack.Decoder(Officer)
_replied: Final = msgspec.msgpack.Decoder(_Done | _Failed)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ends of a socket that keeps messages apart."""

    sending: socket.socket
    receiving: socket.socket


def new_pair() -> Pair:
    """Return a new pair; both ends go along into every process that is forked from this one."""
    sending, receiving = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (sending, receiving):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * 2**20)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 2**20)
    # A worker that died and was not replaced yet reads nothing: whoever writes to it goes on after a second.
    sending.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _timeval(1.0))
    return Pair(sending, receiving)


def _timeval(seconds: float) -> bytes:
    """Return a time as the system's sockets take it."""
    return struct.pack("ll", int(seconds), round(seconds % 1 * 1e6))


@dataclass(frozen=True, slots=True)
class Channels:
    """The pairs between the workers and the searchers of one node: of jobs, and of replies by worker."""

    jobs: Pair
    replies: Sequence[Pair]


@dataclass(slots=True)
class _Sent:
    """A job that was sent, or is about to be: who waits for it and until when, and the parts of its reply so far."""

    whom: Waiting[list[Weighed]]
    until_s: float
    parts: list[bytes] = field(default_factory=list[bytes])


class InSearchers:
    """Has checks weighed by the searchers, for the worker in one slot. Lives in the worker's event loop."""

    def __init__(self, channels: Channels, slot: int) -> None:
        self._channels, self._slot = channels, slot
        self._number = secrets.randbits(62)  # replies to a worker that died are nobody's
        self._room = _Room()
        self._officers = _OfficersAsBytes()
        self._sent: dict[int, _Sent] = {}
        """In the order in which they are given up."""
        self._unsent: deque[_One] = deque()
        self._messages: deque[bytes] = deque()
        """Which the socket has not taken yet."""
        self._is_patient = False
        self._loop: asyncio.AbstractEventLoop | None = None

    async def weigh(self, job: Job) -> list[Weighed]:
        """Return what becomes of the lines; raises `OverloadedError`."""
        future: asyncio.Future[list[Weighed]] = asyncio.get_running_loop().create_future()
        number = self._ask(job, future)
        try:
            return await future
        finally:
            self._sent.pop(number, None)

    def ask(self, job: Job, whom: Waiting[list[Weighed]]) -> None:
        """Have somebody told what becomes of the lines; raises `OverloadedError` where too many wait already."""
        self._ask(job, whom)

    def _ask(self, job: Job, whom: Waiting[list[Weighed]]) -> int:
        if len(self._sent) >= WAITING_MAX:
            raise OverloadedError(RETRY_AFTER_S)
        loop = self._begun()
        self._number += 1
        number = self._number
        self._sent[number] = _Sent(whom, loop.time() + PATIENCE_S)
        if not self._is_patient:
            self._is_patient = True
            loop.call_later(PATIENCE_S, self._give_up, loop)
        # To wake a searcher may cost this loop its turn of the processor: at the end of the round, once for all.
        if not self._unsent:
            loop.call_soon(self._end_round)
        self._unsent.append(_One(number, self._officers.of(job.officer), job.purpose, list(job.lines)))
        return number

    def _give_up(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give up the jobs that have waited too long, and come again when the next one has."""
        now = loop.time()
        late = [number for number, one in self._sent.items() if one.until_s <= now]
        for number in late:
            sent = self._sent.pop(number, None)
            if sent is not None and not sent.whom.done():
                sent.whom.set_exception(OverloadedError(RETRY_AFTER_S))
        following = next(iter(self._sent.values()), None)
        self._is_patient = following is not None
        if following is not None:
            loop.call_later(max(0.0, following.until_s - now), self._give_up, loop)

    def _begun(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._channels.jobs.sending.setblocking(False)
            receiving = self._channels.replies[self._slot].receiving
            receiving.setblocking(False)
            self._loop.add_reader(receiving.fileno(), self._receive)
        return self._loop

    def _end_round(self) -> None:
        """Send what the loop's round has asked for: to each searcher its share."""
        is_waiting = bool(self._messages)
        # There are as many searchers as workers.
        share = min(JOBS_TOGETHER, -(-len(self._unsent) // len(self._channels.replies)))
        while self._unsent:
            self._messages.append(_encode(_Asked(self._slot, monotonic(), _taken(self._unsent, share))))
        if not is_waiting:
            self._send()

    def _send(self) -> None:
        sending = self._channels.jobs.sending
        while self._messages:
            try:
                sending.send(self._messages[0])
            except BlockingIOError:
                self._begun().add_writer(sending.fileno(), self._send_rest)
                return
            self._messages.popleft()

    def _send_rest(self) -> None:
        self._begun().remove_writer(self._channels.jobs.sending.fileno())
        self._send()

    def _receive(self) -> None:
        receiving = self._channels.replies[self._slot].receiving
        with suppress(BlockingIOError):
            while True:
                for number, place, count, part in _parts(self._room.received(receiving)):
                    self._take(number, place, count, part)

    def _take(self, number: int, place: int, count: int, part: bytes) -> None:
        sent = self._sent.get(number)
        if sent is None or place != len(sent.parts):
            return
        sent.parts.append(part)
        if len(sent.parts) == count:
            del self._sent[number]
            _tell(sent.whom, part if count == 1 else b"".join(sent.parts))


def _parts(message: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Yield what a message carries: the number of a job, which part of how many of its reply, and the part."""
    start = 0
    while start < len(message):
        number, place, count, size = _PART.unpack_from(message, start)
        start += _PART.size + size
        yield number, place, count, message[start - size : start]


def _tell(whom: Waiting[list[Weighed]], body: bytes) -> None:
    if whom.done():
        return
    try:
        reply: _Done | _Failed = _replied.decode(body)
    except msgspec.DecodeError as error:
        reply = _Failed(type(error).__name__)
    if isinstance(reply, _Failed):
        whom.set_exception(SearchFailedError(reply.what))
    else:
        whom.set_result(reply.weighed)


def _taken(jobs: deque[_One], share: int) -> list[_One]:
    """Take the next jobs of a message: so many of one line each and no more bytes than it may carry, or a long one."""
    taken = [jobs.popleft()]
    size = _bytes_of(taken[0])
    while jobs and len(taken) < share and len(taken[0].lines) == len(jobs[0].lines) == 1:
        size += _bytes_of(jobs[0])
        if size > _TOGETHER_BYTES_MAX:
            break
        taken.append(jobs.popleft())
    return taken


def _bytes_of(job: _One) -> int:
    return len(job.officer) + sum(map(len, job.lines))


class _OfficersAsBytes:
    """Officers as they go in messages, by their identities: the same one asks again and again."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Officer, bytes]] = {}

    def of(self, officer: Officer) -> bytes:
        """Return an officer as bytes."""
        known = self._known.get(id(officer))
        if known is None:
            if len(self._known) >= OFFICERS_MAX:
                self._known.clear()
            # Held beside its bytes, so that no other takes the same identity meanwhile.
            known = self._known[id(officer)] = officer, _encode(officer)
        return known[1]


@lru_cache(maxsize=OFFICERS_MAX)
def _officer_of(stated: bytes) -> Officer:
    return _officer.decode(stated)


def job_message(slot: int, number: int, job: Job) -> bytes:
    """Return a job as it goes to a searcher, with the slot of the worker that asks and its own number of it."""
    one = _One(number, _encode(job.officer), job.purpose, list(job.lines))
    return _encode(_Asked(slot, monotonic(), [one]))


class SearchFailedError(Exception):
    """A searcher failed on a job; its own log says where."""


def search(
    channels: Channels, desk: Desk, is_ended: Callable[[], bool], log: Callable[[Exception], None]
) -> None:
    """Weigh the jobs that come, one after the other, until it is to end."""
    receiving = channels.jobs.receiving
    # The system counts the time, not Python, which would wait before it asks whether there is a job at all.
    receiving.setblocking(True)
    receiving.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _timeval(LOOK_UP_S))
    held, room = _Held(channels), _Room()
    while not is_ended():
        try:
            message = room.received(receiving, socket.MSG_DONTWAIT if held.count else 0)
        except BlockingIOError:
            held.send()
            continue
        asked = _asked.decode(message)
        held.mind(monotonic() - asked.at_s)
        for job in asked.jobs:
            if len(job.lines) > 1:
                held.send()  # nobody waits for a long job of others
            reply: _Done | _Failed
            try:
                reply = _Done(weigh(job.lines, _officer_of(job.officer), job.purpose, desk))
            except Exception as error:  # noqa: BLE001 - the worker that asked must hear of it, whatever it is
                log(error)
                reply = _Failed(type(error).__name__)
            held.add(asked.slot, job.number, _encode(reply))
            if held.is_due() or len(job.lines) > 1:
                held.send()
    held.send()


class _Room:
    """Room for a message, one after the other.

    A message received by itself asks for as much as the longest may need, and gives back what it did not: the hole
    is soon too small for the next, and the heap grows by tens of megabytes that hold nothing.
    """

    def __init__(self) -> None:
        self._bytes = memoryview(bytearray(_MESSAGE_BYTES_MAX))

    def received(self, receiving: socket.socket, flags: int = 0) -> bytes:
        """Return the next message; raises `BlockingIOError` where there is none."""
        return bytes(self._bytes[: receiving.recv_into(self._bytes, 0, flags)])


class _Held:
    """Replies of one searcher that are not sent yet."""

    def __init__(self, channels: Channels) -> None:
        self._channels = channels
        self._parts: dict[int, list[bytes]] = {}
        self._since_s, self._for_s = 0.0, HELD_S
        self.count = 0

    def mind(self, waited_s: float) -> None:
        """Take note of how long the job that is done next has waited for its turn."""
        self._for_s = max(HELD_S, min(HELD_SHARE * waited_s, HELD_S_MAX))

    def is_due(self) -> bool:
        """Return whether what is held is to wait no longer."""
        return self.count >= HELD_MAX or monotonic() - self._since_s >= self._for_s

    def add(self, slot: int, number: int, body: bytes) -> None:
        """Hold a reply back, in parts."""
        count = max(1, -(-len(body) // _PART_BYTES))
        parts = self._parts.setdefault(slot, [])
        for place in range(count):
            part = body[place * _PART_BYTES : (place + 1) * _PART_BYTES]
            parts.append(_PART.pack(number, place, count, len(part)) + part)
        if not self.count:
            self._since_s = monotonic()
        self.count += 1

    def send(self) -> None:
        """Send all that is held, as many parts in a message as it may carry."""
        for slot, parts in self._parts.items():
            sending = self._channels.replies[slot].sending
            # What a dead worker does not take is dropped.
            with suppress(BlockingIOError):
                for message in _messages(parts):
                    sending.send(message)
        self._parts.clear()
        self.count = 0


def _messages(parts: Sequence[bytes]) -> Iterator[bytes]:
    """Yield messages of these parts, in their order."""
    message = b""
    for part in parts:
        if message and len(message) + len(part) > _TOGETHER_BYTES_MAX:
            yield message
            message = b""
        message += part
    yield message


def is_orphaned(parent: int) -> Callable[[], bool]:
    """Return what tells whether the process that began this one has died."""
    return lambda: os.getppid() != parent
