"""Many requests to an application, one after another, with nothing between: no client library, no other thread.

A client of the test library hands each request to a thread and back some eight times, which takes longer than
most answers. Here the application runs in the caller's own loop; it gets what a server would give it.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import unquote, urlencode

import anyio.to_thread
import pytest
from starlette.types import ASGIApp, Message, Scope


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Told:
    """One answer: headers of the same name are joined, in order."""

    status_code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    fields: list[tuple[str, str]] = field(default_factory=list)
    """The headers as they came, one by one."""


async def here(work: Callable[..., object], *given: object, **_how: object) -> object:
    """Do here what would be done in a thread: no question comes before the last answer, so nobody waits."""
    return work(*given)


@dataclass
class Asker:
    """Who asks: what is sent with every request, and the cookies kept from one answer to the next."""

    app: ASGIApp
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, calls: Iterable[Call]) -> list[Told]:
        """Return the answers to calls made one after another. What the application raises is raised here."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(anyio.to_thread, "run_sync", here)
            return asyncio.run(self._ask(calls))

    async def _ask(self, calls: Iterable[Call]) -> list[Told]:
        return [await self.answer(self._scope(call), call.body) for call in calls]

    async def answer(self, scope: Scope, body: bytes) -> Told:
        """Return the answer to one request, as a server would hand it over."""
        told, is_told, asked = Told(), asyncio.Event(), [body]

        async def receive() -> Message:
            if asked:
                return {"type": "http.request", "body": asked.pop(), "more_body": False}
            await is_told.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                assert not told.status_code, "an answer begins once"
                told.status_code = message["status"]
                self._take(told, message["headers"])
            elif message["type"] == "http.response.body":
                assert told.status_code, "an answer begins with its status"
                assert not is_told.is_set(), "an answer ends once"
                told.content += message.get("body", b"")
                if not message.get("more_body", False):
                    is_told.set()

        await self.app(scope, receive, send)
        assert is_told.is_set(), f"no answer to {scope['method']} {scope['path']}"
        return told

    def _take(self, told: Told, headers: Iterable[tuple[bytes, bytes]]) -> None:
        told.fields = [(name.decode().lower(), value.decode("latin-1")) for name, value in headers]
        for name, value in told.fields:
            told.headers[name] = f"{told.headers[name]}, {value}" if name in told.headers else value
            for cookie in SimpleCookie(value).values() if name == "set-cookie" else ():
                if cookie["max-age"] == "0" or not cookie.value:
                    self.cookies.pop(cookie.key, None)
                else:
                    self.cookies[cookie.key] = cookie.value

    def _scope(self, call: Call) -> Scope:
        sent = {"host": "testserver", "accept": "*/*", **self.headers, **call.headers}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if call.body or call.method.upper() in {"POST", "PUT", "PATCH"}:
            sent["content-length"] = str(len(call.body))
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": call.method.upper(),
            "path": unquote(call.path),
            "raw_path": call.path.encode(),
            "root_path": "",
            "scheme": "http",
            "query_string": urlencode(call.query).encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
            "client": ("testclient", 50000),
            "server": ("testserver", 80),
        }
