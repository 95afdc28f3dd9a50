"""Requests that `requests` prepares, answered by an application in the caller's own thread.

The client that schemathesis brings hands each request to a thread and back, four times, and is made anew for each.
"""

import asyncio
import io
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import anyio.to_thread
import pytest
import requests
import urllib3
from asking import Asker, here
from requests.adapters import HTTPAdapter
from schemathesis.python.asgi import ASGIClient
from starlette.types import ASGIApp, Scope


class Here(HTTPAdapter):
    """Where a session's requests go: to an application, in one loop that runs while an answer is made."""

    def __init__(self, app: ASGIApp, runner: asyncio.Runner) -> None:
        super().__init__()
        self._asker, self._runner = Asker(app), runner

    def send(self, request: requests.PreparedRequest, *_given: object, **_how: object) -> requests.Response:
        """Return the answer. What the application raises is raised here."""
        body = request.body or b""
        assert isinstance(body, str | bytes), "nothing is sent piece by piece"
        sent = body.encode() if isinstance(body, str) else body
        told = self._runner.run(self._asker.answer(scope_of(request), sent))
        raw = urllib3.HTTPResponse(
            io.BytesIO(b"" if request.method == "HEAD" else told.content),
            urllib3.HTTPHeaderDict(told.fields),
            told.status_code,
            version=11,
            preload_content=False,
            request_method=request.method,
        )
        return self.build_response(request, raw)


def scope_of(request: requests.PreparedRequest) -> Scope:
    """Return what a server would give the application of a request."""
    parts = urlsplit(str(request.url))
    host, port = parts.hostname or "", parts.port or 80
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers.items()
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "root_path": "",
        "scheme": parts.scheme,
        "query_string": parts.query.encode(),
        "headers": [(b"host", host.encode()), *headers],
        "client": ("testclient", 50000),
        "server": (host, port),
    }


@contextmanager
def client_here(app: ASGIApp) -> Iterator[ASGIClient]:
    """Yield a session whose requests the application answers, in this thread."""
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner() as runner:
        patch.setattr(anyio.to_thread, "run_sync", here)
        client = ASGIClient(app)
        client.mount("http://", Here(app, runner))
        yield client
        client.close()
