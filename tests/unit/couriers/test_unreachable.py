"""Machines that are not there, or never come to an end: a delivery has its time in all, webhook or e-mail.

Without bounds each of these waits for minutes, and is ended by the limit of the tests.
"""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.unit.couriers.test_sending import running
from tests.unit.procedures.hit_desk import NOON

from comity.couriers import reaching
from comity.couriers.mail import send_mail
from comity.couriers.reaching import MACHINES_MAX
from comity.couriers.webhook import send_webhook
from comity.procedures.sending import Parcel, UndeliveredError
from comity.registry import events, outbox

Row = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int]]


class Taking(BaseHTTPRequestHandler):
    """Takes what is posted."""

    def do_POST(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def parcel(port: int) -> Parcel:
    target = f"http://many.example:{port}/"
    address = outbox.Address("one", "EGY", "webhook", target, "allowed", "egy-admin", NOON)
    return Parcel(address, events.Told(1, events.Event("EGY", "hit", "opened", "X", NOON)), b"{}", None)


def standing_for(monkeypatch: pytest.MonkeyPatch, *places: tuple[str, int]) -> None:
    """Let every name stand for these machines."""
    rows: list[Row] = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]
    monkeypatch.setattr(reaching.socket, "getaddrinfo", lambda *_args, **_named: rows)


@pytest.fixture
def stuck() -> Iterator[int]:
    """The port of a machine that takes up no connection: its queue is full, and who comes next waits."""
    with contextlib.ExitStack() as kept:
        listening = kept.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(2):
            waiting = kept.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(listening.getsockname())
        yield listening.getsockname()[1]


def test_a_name_of_many_machines_that_are_not_there_is_let_go(
    monkeypatch: pytest.MonkeyPatch, stuck: int
) -> None:
    standing_for(monkeypatch, *(("127.0.0.1", stuck) for _ in range(200)))
    with pytest.raises(UndeliveredError):
        send_webhook(parcel(stuck), "", within_s=0.2)


def test_no_more_than_four_machines_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    class Refused(socket.socket):
        def connect(self, place: object) -> None:
            tried.append(place)
            raise ConnectionRefusedError

    standing_for(monkeypatch, *((f"127.0.0.{one}", 1) for one in range(1, 200)))
    monkeypatch.setattr(reaching.socket, "socket", Refused)
    with pytest.raises(UndeliveredError):
        send_webhook(parcel(1), "")
    assert len(tried) == MACHINES_MAX


def test_the_machine_after_one_that_is_not_there_is_reached(
    monkeypatch: pytest.MonkeyPatch, stuck: int
) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    standing_for(monkeypatch, ("127.0.0.1", stuck), server.server_address)
    with running(server):
        send_webhook(parcel(server.server_address[1]), "", within_s=2.0)


def test_a_name_that_nobody_answers_for_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_to_end = threading.Event()
    monkeypatch.setattr(reaching.socket, "getaddrinfo", lambda *_args, **_named: asked_to_end.wait() and [])
    try:
        with pytest.raises(UndeliveredError):
            send_webhook(parcel(1), "", within_s=0.2)
    finally:
        asked_to_end.set()


class Dripping(socketserver.BaseRequestHandler):
    """A relay that greets without end, or is as slow in sealing: something comes, always too little."""

    def handle(self) -> None:
        is_sealing, ended = self.server.is_sealing, self.server.ended  # type: ignore[attr-defined]
        with contextlib.suppress(OSError):
            if is_sealing:
                self.request.sendall(b"220 relay\r\n")
                for said in (b"250-relay\r\n250 STARTTLS\r\n", b"220 go on\r\n"):
                    self.request.recv(1000)
                    self.request.sendall(said)
                self.request.recv(1000)
                self.request.sendall(b"\x16\x03\x03\x40\x00")
            while not ended.wait(0.02):
                self.request.sendall(b"\x02" if is_sealing else b"220-still greeting\r\n")


@pytest.mark.parametrize("is_sealing", [False, True])
def test_a_relay_that_never_comes_to_an_end_is_let_go(*, is_sealing: bool) -> None:
    relay = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dripping)
    relay.is_sealing, relay.ended = is_sealing, threading.Event()  # type: ignore[attr-defined]
    with running(relay):
        try:
            with pytest.raises(UndeliveredError):
                send_mail(parcel(1), "", f"127.0.0.1:{relay.server_address[1]}", "a@b.example", within_s=0.3)
        finally:
            relay.ended.set()  # type: ignore[attr-defined]
