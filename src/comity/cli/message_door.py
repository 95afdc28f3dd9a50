"""Where the message commands reach a node: in its own directory, or over HTTP with an API key.

Whatever is sealed or opened is so on this side of the door, by the one who holds the key.
"""

import os
import time
import uuid
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Protocol
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from comity.access.people import Officer
from comity.app import Node
from comity.cli.place import Place, acting
from comity.errors import (
    ConflictError,
    MalformedError,
    NotSignedInError,
    OverloadedError,
    RefusedError,
    UnderWayError,
    UnknownError,
)
from comity.procedures import bureau_keys
from comity.procedures.idempotency import HEADER
from comity.procedures.messages import drafts_left, keeping, reading, searching, sending
from comity.procedures.owed import owed
from comity.records.fieldtype import Json

TIMEOUT_S = 60
TRIES = 3
"""How often something that changes the node is sent, with one idempotency key, while no answer comes or it is busy."""

AGAIN_AFTER_S = 1.0
KEY_VARIABLE = "COMITY_KEY"
BYTES = "application/octet-stream"
Answer = Mapping[str, Json]
Answered = tuple[int, bytes]
"""The status of an answer and its body."""


class Door(Protocol):
    """What the message commands ask of a node."""

    def directory(self) -> Answer:
        """Return the key directory."""
        ...

    def publish(self, statement: str) -> Answer:
        """Hand in a statement of a key; return the key as listed."""
        ...

    def send(self, data: dict[str, Json]) -> Answer:
        """Send a message; return where it stands."""
        ...

    def message(self, one: str) -> Answer:
        """Return a message."""
        ...

    def inbox(self, which: str, limit: int) -> Answer:
        """Return a page of the inbox."""
        ...

    def search(self, data: dict[str, Json]) -> Answer:
        """Return a page of the messages that are found."""
        ...

    def owed(self, limit: int) -> Answer:
        """Return what other bureaus owe."""
        ...

    def keep_file(self, name: str, body: bytes) -> Answer:
        """Hand in a file for a message that is to be written; return its name and digest."""
        ...

    def file(self, message: str, place: int) -> bytes:
        """Return one file of a message."""
        ...

    def save_draft(self, data: dict[str, Json]) -> Answer:
        """Keep a message for later; return the draft."""
        ...

    def drafts(self) -> Answer:
        """Return the account's drafts."""
        ...

    def draft(self, one: str) -> Answer:
        """Return one of the account's drafts."""
        ...

    def drop_draft(self, one: str) -> None:
        """Remove one of the account's drafts."""
        ...

    def left_drafts(self) -> Answer:
        """Return what closed accounts of the bureau have left."""
        ...

    def answer_left(self, one: str, what: str) -> None:
        """Take over or drop a draft of a closed account."""
        ...


class LocalDoor:
    """A node in a directory of this machine."""

    def __init__(self, node: Node, officer: Officer) -> None:
        self._desk, self._officer = node.desk, officer

    def directory(self) -> Answer:
        """Return the key directory."""
        return bureau_keys.read_directory(self._officer, self._desk).to_json()

    def publish(self, statement: str) -> Answer:
        """Hand in a statement of a key."""
        return bureau_keys.publish(statement, self._officer, self._desk).to_json()

    def send(self, data: dict[str, Json]) -> Answer:
        """Send a message."""
        return sending.send(data, self._officer, self._desk).to_json()

    def message(self, one: str) -> Answer:
        """Return a message."""
        return reading.read_message(one, self._officer, self._desk).to_json()

    def inbox(self, which: str, limit: int) -> Answer:
        """Return a page of the inbox."""
        return reading.inbox(which, limit, None, self._officer, self._desk).to_json()

    def search(self, data: dict[str, Json]) -> Answer:
        """Return a page of the messages that are found."""
        return searching.search(data, self._officer, self._desk).to_json()

    def owed(self, limit: int) -> Answer:
        """Return what other bureaus owe."""
        return owed(self._officer, self._desk, limit).to_json()

    def keep_file(self, name: str, body: bytes) -> Answer:
        """Hand in a file."""
        return keeping.keep_file(name, body, self._officer, self._desk).to_json()

    def file(self, message: str, place: int) -> bytes:
        """Return one file of a message."""
        return keeping.fetch_file(message, place, self._officer, self._desk)[1]

    def save_draft(self, data: dict[str, Json]) -> Answer:
        """Keep a message for later."""
        return keeping.save_draft(data, None, self._officer, self._desk).to_json()

    def drafts(self) -> Answer:
        """Return the account's drafts."""
        drafts: list[Json] = [one.to_json() for one in keeping.drafts(self._officer, self._desk)]
        return {"drafts": drafts}

    def draft(self, one: str) -> Answer:
        """Return one of the account's drafts."""
        return keeping.read_draft(one, self._officer, self._desk).to_json()

    def drop_draft(self, one: str) -> None:
        """Remove one of the account's drafts."""
        keeping.drop_draft(one, self._officer, self._desk)

    def left_drafts(self) -> Answer:
        """Return what closed accounts of the bureau have left."""
        found = drafts_left.left_drafts(self._officer, self._desk)
        drafts: list[Json] = [one.to_json() for one in found]
        return {"drafts": drafts}

    def answer_left(self, one: str, what: str) -> None:
        """Take over or drop a draft of a closed account."""
        drafts_left.answer_left(one, what, self._officer, self._desk)


class RemoteDoor:
    """A node reached over HTTP. The address is the user's own; redirects are not followed."""

    def __init__(self, url: str, key: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise MalformedError("url-form", "url")
        self._is_secure, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        self._key = key

    def directory(self) -> Answer:
        """Return the key directory."""
        return self._ask("GET", "/v1/keys")

    def publish(self, statement: str) -> Answer:
        """Hand in a statement of a key."""
        return self._ask("POST", "/v1/keys", {"statement": statement})

    def send(self, data: dict[str, Json]) -> Answer:
        """Send a message."""
        return self._ask("POST", "/v1/messages", data)

    def message(self, one: str) -> Answer:
        """Return a message."""
        return self._ask("GET", f"/v1/messages/{quote(one, safe='')}")

    def inbox(self, which: str, limit: int) -> Answer:
        """Return a page of the inbox."""
        return self._ask("GET", f"/v1/messages?{urlencode({'list': which, 'limit': limit})}")

    def search(self, data: dict[str, Json]) -> Answer:
        """Return a page of the messages that are found."""
        return self._ask("POST", "/v1/messages/search", data)

    def owed(self, limit: int) -> Answer:
        """Return what other bureaus owe."""
        return self._ask("GET", f"/v1/messages/owed?{urlencode({'limit': limit})}")

    def keep_file(self, name: str, body: bytes) -> Answer:
        """Hand in a file."""
        return _decoded(
            self._exchange("POST", f"/v1/messages/files?{urlencode({'name': name})}", body, BYTES)
        )

    def file(self, message: str, place: int) -> bytes:
        """Return one file of a message."""
        return self._exchange("GET", f"/v1/messages/{quote(message, safe='')}/files/{place}", None, BYTES)

    def save_draft(self, data: dict[str, Json]) -> Answer:
        """Keep a message for later."""
        return self._ask("POST", "/v1/messages/drafts", data)

    def drafts(self) -> Answer:
        """Return the account's drafts."""
        return self._ask("GET", "/v1/messages/drafts")

    def draft(self, one: str) -> Answer:
        """Return one of the account's drafts."""
        return self._ask("GET", f"/v1/messages/drafts/{quote(one, safe='')}")

    def drop_draft(self, one: str) -> None:
        """Remove one of the account's drafts."""
        self._ask("DELETE", f"/v1/messages/drafts/{quote(one, safe='')}")

    def left_drafts(self) -> Answer:
        """Return what closed accounts of the bureau have left."""
        return self._ask("GET", "/v1/messages/drafts/left")

    def answer_left(self, one: str, what: str) -> None:
        """Take over or drop a draft of a closed account."""
        self._ask("POST", f"/v1/messages/drafts/left/{quote(one, safe='')}", {"answer": what})

    def _ask(self, method: str, path: str, body: Json = None) -> Answer:
        content = None if body is None else msgspec.json.encode(body)
        return _decoded(self._exchange(method, path, content, "application/json"))

    def _exchange(self, method: str, path: str, content: bytes | None, form: str) -> bytes:
        """Return what the node answers; raises its error as the one of ours that it is."""
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": form}
        ask = partial(self._answer, method, path, content, headers)
        try:
            if method == "GET":
                answer = ask()
            else:
                headers[HEADER] = f'"{uuid.uuid4()}"'
                answer = _persisted(ask)
        except (OSError, HTTPException):
            answer = None
        if answer is None:
            raise MalformedError("node-unreachable", "url")
        status, text = answer
        if status >= 400:
            raise _error(_decoded(text))
        return text

    def _answer(
        self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]
    ) -> Answered | None:
        """Return the status and the body of an answer; None where the connection broke before it came.

        Raises `OSError` and `HTTPException` where there is no connection: nothing was sent.
        """
        door = HTTPSConnection if self._is_secure else HTTPConnection
        connection = door(self._host, self._port, timeout=TIMEOUT_S)
        connection.connect()
        try:
            connection.request(method, path, content, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()


def _persisted(ask: Callable[[], Answered | None]) -> Answered | None:
    """Return the answer to what changes something; sent again where none came: under its key it is done once.

    A node that is not there from the beginning was sent nothing; one that is gone later may be starting again.
    """
    answer = ask()
    for _ in range(TRIES - 1):
        if answer is not None and not _is_to_be_asked_again(*answer):
            break
        time.sleep(AGAIN_AFTER_S)
        with suppress(OSError, HTTPException):
            answer = ask()
    return answer


def _is_to_be_asked_again(status: int, text: bytes) -> bool:
    """Return whether an answer says that the node is busy, or is still at work on the first request."""
    if status not in {HTTPStatus.CONFLICT, HTTPStatus.SERVICE_UNAVAILABLE}:
        return False
    return _decoded(text).get("code") in {OverloadedError.code, UnderWayError.code}


def _decoded(text: bytes) -> Answer:
    try:
        said: dict[str, Json] = msgspec.json.decode(text)
    except msgspec.DecodeError:
        raise MalformedError("node-unreachable", "url") from None
    return said


def _error(said: Answer) -> Exception:
    """Return the node's error as the one of ours that it is."""
    code, rule = str(said.get("code")), str(said.get("rule"))
    if code == NotSignedInError.code:
        return NotSignedInError()
    if code == RefusedError.code:
        return RefusedError(str(said.get("act")), rule)
    if code == ConflictError.code:
        return ConflictError(str(said.get("what")), rule)
    if code == UnknownError.code:
        return UnknownError(str(said.get("what")), str(said.get("name")))
    told = MalformedError("node-error", str(said.get("field", "")))
    told.code = code  # type: ignore[misc]  # the node's own code, told again
    return told


@contextmanager
def door_to(url: str | None, place: Place) -> Generator[tuple[Door, str], None, None]:
    """Open the door: over HTTP where an address is given, with the API key of COMITY_KEY; otherwise the node's own.

    Yields the purpose of the act, too.
    """
    if url is None:
        with acting(place) as (node, officer, purpose):
            yield LocalDoor(node, officer), purpose.value
        return
    key = os.environ.get(KEY_VARIABLE)
    if not key:
        raise NotSignedInError
    yield RemoteDoor(url, key), place.purpose or "investigation"
