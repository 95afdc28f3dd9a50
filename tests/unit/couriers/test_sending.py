"""Events on their way out of the house: to a real listener on loopback, signed, without any police data."""

import contextlib
import hashlib
import hmac
import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.unit.procedures.hit_desk import NOON, HitDesk, hit_desk

from comity.access.roles import role_named
from comity.couriers import Outgoing, Post
from comity.couriers.mail import message_of
from comity.couriers.webhook import send_webhook
from comity.errors import ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures import addresses
from comity.procedures.sending import Parcel, UndeliveredError, deliver
from comity.registry import accounts, events, outbox
from comity.registry.accounts import Account


class Listener(ThreadingHTTPServer):
    """Takes what is posted to it, and answers with a status."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.status = 204

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?from=comity"


class Taking(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class MailTaking(socketserver.StreamRequestHandler):
    """A relay that takes one message after another."""

    def handle(self) -> None:
        self.wfile.write(b"220 relay\r\n")
        while line := self.rfile.readline().strip():
            word = line.split()[0].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.taken.append(b"".join(lines))
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        made.enter()
        with made.desk.registry.write() as connection:
            account = Account("egy-admin", "EGY", role_named("administrator"))
            accounts.add_account(connection, account, made.clock())
        yield made


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    with running(server):
        yield server


def asked(desk: HitDesk, target: str, channel: str = "webhook") -> tuple[str, str]:
    made, secret = addresses.ask_address(channel, target, desk.officer("egy-admin"), desk.desk)
    return made.id, "" if secret is None else secret.reveal()


def allowed(desk: HitDesk, target: str, channel: str = "webhook") -> tuple[str, str]:
    one, secret = asked(desk, target, channel)
    addresses.allow_address(one, desk.officer("operator"), desk.desk)
    return one, secret


def sent(desk: HitDesk, outgoing: Outgoing | None = None) -> int:
    return deliver(desk.desk, Post(outgoing or Outgoing()))


def test_an_event_reaches_the_webhook(desk: HitDesk, listener: Listener) -> None:
    allowed(desk, listener.address)
    one = desk.hit()
    sent(desk)
    body = json.loads(listener.taken[0][1])
    assert (body["about"], body["what"], body["link"]) == (one, "opened", f"/inbox/{one}")


def test_a_webhook_is_signed(desk: HitDesk, listener: Listener) -> None:
    _one, secret = allowed(desk, listener.address)
    desk.hit()
    sent(desk)
    headers, body = listener.taken[0]
    at, _comma, given = headers["Comity-Signature"].partition(",")
    signed = hmac.new(secret.encode(), at.removeprefix("t=").encode() + b"." + body, hashlib.sha256)
    assert given == f"v1={signed.hexdigest()}"


def test_a_webhook_carries_nothing_of_the_record_or_the_check(desk: HitDesk, listener: Listener) -> None:
    allowed(desk, listener.address)
    record = desk.check().hits[0].record
    sent(desk)
    told = str(listener.taken)
    assert [word for word in ("K1234567", record, "fra-officer", "FRA") if word in told] == []


def test_nothing_goes_where_the_operator_has_not_allowed_it(desk: HitDesk, listener: Listener) -> None:
    asked(desk, listener.address)
    desk.hit()
    assert (sent(desk), listener.taken) == (0, [])


def test_what_was_not_taken_is_sent_again(desk: HitDesk, listener: Listener) -> None:
    allowed(desk, listener.address)
    desk.hit()
    listener.status = 503
    first = sent(desk)
    listener.status = 200
    desk.clock.pass_on(seconds=10)
    assert (first, sent(desk), len(listener.taken)) == (0, 1, 2)


def test_an_event_that_is_sent_again_has_the_idempotency_key_and_the_body_that_it_had(
    desk: HitDesk, listener: Listener
) -> None:
    allowed(desk, listener.address)
    desk.hit()
    listener.status = 503
    sent(desk)
    desk.clock.pass_on(seconds=10)
    sent(desk)
    (first, body), (second, again) = listener.taken
    assert (first["Idempotency-Key"], body) == (second["Idempotency-Key"], again)


def test_a_redirect_is_not_followed(desk: HitDesk, listener: Listener) -> None:
    allowed(desk, listener.address)
    desk.hit()
    listener.status = 302
    assert sent(desk) == 0


def test_a_check_does_not_wait_for_an_address_that_is_gone(desk: HitDesk) -> None:
    allowed(desk, "http://127.0.0.1:1/nobody")
    desk.hit()
    assert sent(desk) == 0


def test_one_silent_address_is_asked_once_a_round(desk: HitDesk, listener: Listener) -> None:
    allowed(desk, listener.address)
    desk.enter(source_id="D2", number="K7654321")
    listener.status = 500
    desk.hit()
    desk.hit(number="K7654321")
    sent(desk)
    assert len(listener.taken) == 1


def test_an_administrator_sees_how_its_addresses_do(desk: HitDesk, listener: Listener) -> None:
    allowed(desk, listener.address)
    desk.hit()
    sent(desk)
    line = addresses.list_addresses(desk.officer("egy-admin"), desk.desk)[0]
    assert (line.address.state, line.waiting, line.sent, line.failed) == ("allowed", 0, 1, 0)


def test_an_e_mail_names_the_hit_in_four_languages(desk: HitDesk) -> None:
    relay = socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailTaking)
    relay.taken = []  # type: ignore[attr-defined]
    with running(relay):
        allowed(desk, "duty@police.example", "email")
        one = desk.hit()
        place = f"127.0.0.1:{relay.server_address[1]}"
        sent(desk, Outgoing("https://node.example", place, "comity@node.example"))
    import email
    from email.policy import default

    message = email.message_from_bytes(relay.taken[0], policy=default)  # type: ignore[attr-defined]
    text = message.get_content()
    assert f"https://node.example/inbox/{one}" in text
    assert all(word in text for word in ("A check has met", "Une consultation", "Una consulta", "عثر تدقيق"))
    assert "K1234567" not in text


@pytest.mark.parametrize(
    ("topic", "what", "words"),
    [
        ("message", "received", ("A message has come.", "Un message", "Ha llegado", "وردت رسالة")),
        ("diffusion", "publish", ("Diffusion: Published", "Publiée", "Publicada", "تعميم: نُشرت")),
        ("record", "asked", ("still needed", "encore nécessaire", "siendo necesario", "لا يزال لازماً")),
        ("watch", "blocked", ("A redress case", "Un dossier de recours", "Un expediente", "ملف تظلّم")),
    ],
)
def test_an_e_mail_says_in_four_languages_what_happened(
    topic: str, what: str, words: tuple[str, ...]
) -> None:
    address = outbox.Address("one", "EGY", "email", "duty@police.example", "allowed", "egy-admin", NOON)
    told = events.Told(1, events.Event("EGY", topic, what, "X", NOON))
    text = message_of(Parcel(address, told, b"", None), "https://node.example", "c@x.example").get_content()
    assert ([word for word in words if word not in text], f"{topic}.{what}" in text) == ([], False)


def test_without_a_relay_an_e_mail_waits(desk: HitDesk) -> None:
    one, _secret = allowed(desk, "duty@police.example", "email")
    desk.hit()
    sent(desk)
    with desk.desk.registry.read() as connection:
        assert outbox.counts(connection, one) == {"waiting": 1}


@pytest.mark.parametrize(
    ("channel", "target"),
    [
        ("webhook", "ftp://x.example/"),
        ("webhook", "https://user:word@x.example/"),
        ("webhook", "https://"),
        ("webhook", "https://x.example:port/"),
        ("webhook", "https://x.example/ü"),
        ("webhook", "https://x..example/"),
        ("webhook", "https://[fe80::1%25lo]/"),
        ("webhook", "https://x.example/a b"),
        ("webhook", f"https://{'x' * 64}.example/"),
        ("email", "nobody"),
        ("email", "(?).\x7f@b.example"),
        ("email", "a@b.example, c@d.example"),
        ("email", "a@b.example\r\nBcc: c@d.example"),
        ("pigeon", "https://x.example/"),
    ],
)
def test_what_is_no_address_is_refused(desk: HitDesk, channel: str, target: str) -> None:
    with pytest.raises(MalformedError):
        asked(desk, target, channel)


def test_a_desk_sets_no_address(desk: HitDesk) -> None:
    with pytest.raises(RefusedError):
        addresses.ask_address("webhook", "https://x.example/", desk.officer("egy-registrar"), desk.desk)


def test_an_administrator_allows_no_address(desk: HitDesk) -> None:
    one, _secret = asked(desk, "https://x.example/")
    with pytest.raises(RefusedError):
        addresses.allow_address(one, desk.officer("egy-admin"), desk.desk)


def test_another_bureau_s_address_is_unknown(desk: HitDesk) -> None:
    with desk.desk.registry.write() as connection:
        account = Account("fra-admin", "FRA", role_named("administrator"))
        accounts.add_account(connection, account, desk.clock())
    one, _secret = asked(desk, "https://x.example/")
    with pytest.raises(UnknownError):
        addresses.close_address(one, desk.officer("fra-admin"), desk.desk)


def test_a_bureau_has_ten_addresses_at_most(desk: HitDesk) -> None:
    for number in range(addresses.ADDRESSES_MAX):
        asked(desk, f"https://x.example/{number}")
    with pytest.raises(ConflictError):
        asked(desk, "https://x.example/more")


@pytest.mark.parametrize("target", ["http://127.0.0.1:1/ü", "http://127..1/", "http://[fe80::1%25lo]/"])
def test_an_address_that_no_request_can_carry_stops_no_other(
    desk: HitDesk, listener: Listener, target: str
) -> None:
    with desk.desk.registry.write() as connection:  # as an earlier release took it
        outbox.add_address(connection, outbox.Address("odd", "EGY", "webhook", target, "asked", "x", NOON))
        outbox.allow_address(connection, "odd", "operator", NOON)
    allowed(desk, listener.address)
    desk.hit()
    assert sent(desk) == 1


class Dripping(socketserver.StreamRequestHandler):
    """Answers for ever, a word at a time."""

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                time.sleep(0.05)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_address_that_never_ends_its_answer_is_let_go(scheme: str) -> None:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dripping)
    server.daemon_threads = True
    target = f"{scheme}://127.0.0.1:{server.server_address[1]}/"
    address = outbox.Address("one", "EGY", "webhook", target, "allowed", "egy-admin", NOON)
    told = events.Told(1, events.Event("EGY", "hit", "opened", "X", NOON))
    with running(server), pytest.raises(UndeliveredError):
        send_webhook(Parcel(address, told, b"{}", None), "", within_s=0.2)
