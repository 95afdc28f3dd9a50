"""The shortest way of a plain check: from the bytes of a request to those of its answer, past the whole framework.

    bytes -> head like one proven a moment ago? -> index level? what is not is asked for, once for all who wait
          -> glance -> entry and answer | a name asked for? weighed elsewhere -> entry and answer | the usual way

A check by number that finds nothing, over a connection that stays open, is nearly all that a node is ever asked, and
a check by name most of the rest. What is answered is the same as the usual way would answer; a test asks both.

What it goes by, a key and that the index is level, is believed for seconds, and no longer than nobody has written.
While it is in use both are asked for anew, in a thread, before they end; and where somebody has written, whatever is
asked waits for one answer: else all connections would take the usual way at once, each with a thread of its own.
"""

import asyncio
import re
import time
from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from typing import Final, NamedTuple, TypeAlias

from starlette.concurrency import run_in_threadpool

from comity.access.credentials import api_key_id, token_digest
from comity.access.people import Officer
from comity.api import lane
from comity.api.elsewhere import Elsewhere, Job
from comity.api.guard import log_unexpected
from comity.api.meters import Meters
from comity.api.problems import problem, problem_of
from comity.api.requests import CHECK_BYTES_MAX
from comity.errors import ComityError
from comity.procedures.desk import Desk
from comity.procedures.glancing import Glancer
from comity.procedures.sign_in import renew_known_key
from comity.procedures.weighing import Weighed, asks_a_name, decoded, states_a_name
from comity.records.handling import Purpose
from comity.registry.group_commit import Waiting

HEAD_BYTES_MAX: Final = 2048
"""A longer head goes the usual way."""

HEADS_MAX: Final = 4096
"""Heads that are kept read, by their digests: of a key they hold the digest alone."""

LOOK_EVERY_S: Final = 0.02
"""How often it is seen to whether what is believed is to be asked for anew."""

LEVEL_FOR: Final = 0.5
"""After such a part of the time for which the index is believed to be level it is."""

_START: Final = f"POST {lane.PATH} HTTP/1.1\r\n".encode()
_END: Final = b"\r\n\r\n"
_HEADERS: Final = b"".join(b"%b: %b\r\n" % header for header in lane.HEADERS)
_VALUE: Final = re.compile(rb"[\t\x20-\x7e]*")
_LENGTH: Final = re.compile(rb"[0-9]{1,6}")
_AUTHORIZATION, _LENGTH_NAME, _CONNECTION = b"authorization", b"content-length", b"connection"
_SAY_NOTHING: Final = frozenset(
    {b"accept", b"accept-encoding", b"accept-language", b"cache-control", b"content-type", b"forwarded", b"host"}
    | {b"idempotency-key"}
    | {b"traceparent", b"user-agent", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-port"}
    | {b"x-forwarded-proto", b"x-forwarded-server", b"x-real-ip", b"x-request-id"}
)  # fmt: skip
"""Headers that change nothing of how a check is answered."""


Renewal: TypeAlias = asyncio.Task[None]
"""What is done once it has been asked for anew what checks go by; it raises nothing."""


class Ready(NamedTuple):
    """A check that is settled: the entry to be made durable, then the answer from its headers on.

    Without an entry where it is durable already.
    """

    kind: str
    entry: bytes
    answer: bytes


class _Head(NamedTuple):
    """What a request's head says: its key's digest and public name, its purpose, how many bytes its body has."""

    key: str
    key_id: str | None
    purpose: Purpose | None
    length: int


class Express:
    """Answers plain checks for the connections of one event loop."""

    def __init__(self, desk: Desk, elsewhere: Elsewhere, meters: Meters) -> None:
        self._desk, self._elsewhere, self._meters = desk, elsewhere, meters
        self._glancer = Glancer()
        self._heads: dict[bytes, _Head] = {}
        self._look_at_s = 0.0
        self._levelling: Renewal | None = None
        self._proving: dict[str, Renewal] = {}

    def begun(self, data: bytes, *, is_again: bool = False) -> Ready | Job | Renewal | None:
        """Return what becomes of a request that `data` holds whole, or what is to be weighed for it.

        Or what it has to wait for before it begins again; None where it takes the usual way. One that begins again
        waits no more for a key that has turned out to stand for nobody.
        """
        if not data.startswith(_START):
            return None
        end = data.find(_END, 0, HEAD_BYTES_MAX)
        if end < 0:
            return None
        text = data[len(_START) : end]
        digest = blake2b(text, digest_size=16).digest()
        known = self._heads.get(digest)
        head = known or _read(text)
        if head is None or len(data) != end + len(_END) + head.length:
            return None
        officer = self._desk.keys.officer(head.key, self._desk.clock())
        if officer is None:
            key_id = self._desk.keys.public_name(head.key) if is_again else head.key_id
            return None if key_id is None else self._proof(head.key, key_id)
        if not self._desk.follower.is_level():
            return self._level()
        if (now := time.monotonic()) >= self._look_at_s:
            self._look_at_s = now + LOOK_EVERY_S
            self._look(head.key)
        if known is None:
            self._keep(digest, head)
        return self._settled(data[end + len(_END) :], officer, head.purpose)

    def _settled(self, line: bytes, officer: Officer, purpose: Purpose | None) -> Ready | Job | None:
        # A glance settles no check by name, and costs several times what reading one does.
        is_named = states_a_name(line) and _is_to_be_weighed(line)
        plain = None if is_named else self._glanced(line, officer, purpose)
        if is_named or (plain is None and _is_to_be_weighed(line)):
            return Job((line,), officer, purpose)
        return plain

    def _look(self, digest: str) -> None:
        """Have asked for anew what will soon be believed no more."""
        if (key_id := self._desk.keys.ageing(digest)) is not None:
            self._proof(digest, key_id)
        if not self._desk.follower.is_level(LEVEL_FOR):
            self._level()

    def _level(self) -> Renewal:
        """Return what asks, for all who wait, whether the index is level, and makes it so."""
        running = self._levelling
        if running is None or running.done():
            running = self._levelling = asyncio.ensure_future(_asked(self._desk.follower.ask))
        return running

    def _proof(self, digest: str, key_id: str) -> Renewal:
        """Return what asks, for all who wait, who a key stands for."""
        running = self._proving.get(digest)
        if running is None:
            ask = partial(renew_known_key, key_id, digest, self._desk)
            running = self._proving[digest] = asyncio.ensure_future(_asked(ask))
            running.add_done_callback(lambda _done: self._proving.pop(digest, None))
        return running

    def _glanced(self, line: bytes, officer: Officer, purpose: Purpose | None) -> Ready | None:
        try:
            plain = self._glancer.glance(line, officer, purpose, self._desk)
        except Exception as error:  # noqa: BLE001  # the usual way looks anew, and has an answer for whatever it meets
            log_unexpected(error)
            return None
        if plain is None:
            return None
        kind, answer, entry = plain
        return Ready(kind, entry, _answered(answer))

    def weigh(self, job: Job, whom: Waiting[list[Weighed]]) -> None:
        """Have a connection told what becomes of a check by name. Raises `OverloadedError`."""
        self._elsewhere.ask(job, whom)

    def weighed(self, made: Weighed) -> Ready | None:
        """Return what becomes of a check that was weighed; None where something is wrong: the usual way says what."""
        if made.fault is not None:
            return None
        return Ready(made.kind, made.entry, _answered(made.answer))

    def failed(self, error: Exception, seconds: float) -> tuple[int, bytes]:
        """Count a check that could not be weighed; return the status of its answer, and what follows it."""
        if isinstance(error, ComityError):
            response = problem_of(error)
        else:
            log_unexpected(error)
            response = problem("error", 500)
        self._meters.request(lane.PATH, response.status_code, seconds)
        headers = b"".join(b"%b: %b\r\n" % header for header in response.raw_headers)
        return response.status_code, headers + b"\r\n" + bytes(response.body)

    def _keep(self, digest: bytes, head: _Head) -> None:
        if len(self._heads) >= HEADS_MAX:
            self._heads.clear()
        self._heads[digest] = head

    def log(self, ready: Ready, whom: Waiting[None]) -> None:
        """Have a connection told once the entry is durable. Raises `OverloadedError`."""
        self._desk.registry.log_and_tell(ready.entry, whom)

    def count(self, ready: Ready, seconds: float) -> None:
        """Count a check that was answered."""
        self._meters.check(ready.kind, "answered")
        self._meters.request(lane.PATH, 200, seconds)


def _is_to_be_weighed(line: bytes) -> bool:
    return len(line) <= CHECK_BYTES_MAX and asks_a_name(decoded(line))


async def _asked(ask: Callable[[], None]) -> None:
    try:
        await run_in_threadpool(ask)
    except Exception as error:  # noqa: BLE001  # whatever it is, the usual way meets it too, and has the words for it
        log_unexpected(error)


def _answered(answer: bytes) -> bytes:
    return b"%bcontent-length: %d\r\n\r\n%b" % (_HEADERS, len(answer), answer)


def _read(text: bytes) -> _Head | None:
    """Return what the lines of a head say; None where any of them is unusual."""
    said: dict[bytes, bytes] = {}
    for line in text.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        name = name.lower()
        if not colon or not _VALUE.fullmatch(value) or name in said:
            return None
        # What follows a value belongs to it, as the server's own parser has it.
        said[name] = value.lstrip(b" \t")
    authorization, length = said.pop(_AUTHORIZATION, b""), said.pop(_LENGTH_NAME, b"")
    stated = said.pop(lane.PURPOSE, None)
    purpose = None if stated is None else lane.PURPOSES.get(stated)
    if said.pop(_CONNECTION, b"keep-alive").lower() != b"keep-alive" or b"host" not in said:
        return None
    if not said.keys() <= _SAY_NOTHING or (stated is not None and purpose is None):
        return None
    if authorization[: len(lane.SCHEME)].lower() != lane.SCHEME or not _LENGTH.fullmatch(length):
        return None
    key = authorization[len(lane.SCHEME) :].strip().decode("ascii")
    return _Head(token_digest(key), api_key_id(key), purpose, int(length))
