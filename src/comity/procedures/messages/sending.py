"""Sending a message, or an answer: plain, or sealed by its author.

parsed -> authorised -> its thread and files found in the author's own box -> stored and boxed for each party,
what it answers noted, its readers told, all logged in one transaction -> sent
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.envelope import is_signed_by, read_envelope
from comity.access.people import Officer
from comity.audit.entries import Entry
from comity.audit.key_directory import directory_of
from comity.errors import ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.messages.asked import new_id, terms
from comity.procedures.messages.shown import withheld_for
from comity.procedures.noting import noting
from comity.records.fieldtype import Json
from comity.records.messages.message import Header, check_amounts, parse_content, parse_header, split
from comity.registry import accounts, attachments, bureau_keys, events, messages, redress
from comity.registry.events import Event
from comity.registry.messages import AUTHOR, TO, NewMessage, Party

TOPIC = "message"
"""The topic under which bureaus are told of messages."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message on its way: its identifier, its thread, when it was sent, by when an answer is due."""

    message: str
    thread: str
    at: datetime
    due_at: datetime | None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        due = None if self.due_at is None else self.due_at.isoformat()
        return {"message": self.message, "thread": self.thread, "at": self.at.isoformat(), "due_at": due}


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent: the header, and the canonical bytes of a content or of an envelope (`is_sealed`).

    `forwards` is the message that is passed on, as its first author said it, and the files that go with it; `quotes`
    is the identifier under which it stands in the box of who passes it on.
    """

    header: Header
    body: bytes
    is_sealed: bool = False
    subject: str | None = None
    forwards: bytes | None = None
    quotes: str | None = None
    phrase: str | None = None
    files: tuple[tuple[str, str], ...] = ()


def send(data: Json, officer: Officer, desk: Desk) -> Sent:
    """Send a message for the officer's bureau to the bureaus that it names.

    `sealed` in `data` is an envelope: then nothing of what the message says is given beside it. Raises, after
    logging, `MalformedError`, `RefusedError`, `UnknownError` for a thread or message that is not in the bureau's
    own box, and `ConflictError` for an envelope that was taken before.
    """
    asked = terms(data)
    leave(officer, Act.MESSAGE_SEND, desk, asked)
    with noting(officer, Act.MESSAGE_SEND, desk, asked):
        letter = _letter(data)
        check_purpose(letter.header, officer)
        return dispatch(letter, officer, desk)


def check_purpose(header: Header, officer: Officer) -> None:
    """Raise `RefusedError` unless the account may act for the purpose that the message states."""
    if officer.purposes and header.purpose not in officer.purposes:
        raise RefusedError(act=Act.MESSAGE_SEND.value, rule="purpose-not-admitted")


def _letter(data: Json) -> Letter:
    if not isinstance(data, dict):
        raise MalformedError("object-expected", "message")
    sealed = data.get("sealed")
    head, said = split({name: value for name, value in data.items() if name != "sealed"})
    if sealed is None:
        content = parse_content(said)
        check_amounts(content)
        phrase = None if content.stated is None else content.stated.phrase
        files = tuple((one.name, one.digest) for one in content.attachments)
        return Letter(
            parse_header(head, phrase),
            content.to_bytes(),
            subject=content.subject,
            phrase=None if phrase is None else phrase.code,
            files=files,
        )
    if said:
        raise MalformedError("sealed-beside-plain", next(iter(said)))
    header = parse_header(head)
    if len(header.to) + (header.second is not None) > 1 and not header.shows_recipients:
        # An envelope names everybody to whom it is sealed, and each of them gets it whole.
        raise MalformedError("sealed-shows-recipients", "shows_recipients")
    return Letter(header, msgspec.json.encode(sealed, order="sorted"), is_sealed=True)


def dispatch(letter: Letter, officer: Officer, desk: Desk) -> Sent:
    """Store, box, tell and log a letter in one transaction. The caller has leave for it, and notes failures.

    Raises `RefusedError` `withheld-by-case` where what it quotes has been withheld since it was read.
    """
    at, header, own = desk.clock(), letter.header, officer.bureau.code
    public_id = new_id()
    due_at = None if header.answer_within is None else at + header.answer_within
    with desk.registry.write() as connection:
        _check_bureaus(connection, header, own)
        thread = _thread(connection, header, own) or new_id()
        _check_quoted(connection, own, letter.quotes)
        _check_files(connection, own, letter.files)
        stored = NewMessage(
            public_id=public_id,
            thread=thread,
            author=own,
            account=officer.account,
            unit=officer.unit,
            at=at,
            header=header.to_bytes(),
            subject=letter.subject,
            phrase=letter.phrase,
            answers=header.answers,
            forwards=letter.forwards,
            envelope=_taken(connection, letter.body, header, own) if letter.is_sealed else None,
            body=letter.body,
        )
        escalate_at = None if header.second is None else due_at
        parties = [Party(own, AUTHOR), *(Party(one, TO, due_at, escalate_at) for one in header.to)]
        number = messages.store(connection, stored, parties)
        attachments.attach(connection, number, letter.files)
        attachments.hold(connection, header.to, [digest for _name, digest in letter.files])
        for one in header.to:
            messages.answered(connection, own, thread, one, at)
        events.tell(connection, [Event(one, TOPIC, "received", public_id, at) for one in header.to])
        desk.registry.append(connection, _entry(letter, public_id, thread, officer, at))
    return Sent(public_id, thread, at, due_at)


def _entry(letter: Letter, public_id: str, thread: str, officer: Officer, at: datetime) -> Entry:
    header = letter.header
    query: dict[str, object] = {
        "message": public_id,
        "thread": thread,
        "to": ",".join(header.to),
        "priority": header.priority.value,
        "handling_code": header.handling_code,
    }
    if header.second is not None:
        query["second"] = header.second
    outcome = "sealed" if letter.is_sealed else "forwarded" if letter.forwards is not None else "done"
    return entry_of(
        officer, Act.MESSAGE_SEND, at, outcome, purpose=header.purpose, kind=letter.phrase, query=query
    )


def _check_bureaus(connection: Connection, header: Header, own: str) -> None:
    known = accounts.all_bureaus(connection)
    named = [(f"to.{place}", one) for place, one in enumerate(header.to)]
    if header.second is not None:
        named.append(("second", header.second))
    for field, one in named:
        if one not in known:
            raise MalformedError("unknown-bureau", field)
        if one == own:
            raise MalformedError("own-bureau", field)


def _thread(connection: Connection, header: Header, own: str) -> str | None:
    """Return the thread in which the message goes; None where it begins one."""
    if header.answers is not None:
        answered = messages.message_in(connection, own, header.answers)
        if answered is None:
            raise UnknownError(what="message", name=header.answers)
        if header.thread not in {None, answered.thread}:
            raise MalformedError("other-thread", "thread")
        return answered.thread
    if header.thread is not None and not messages.is_party(connection, own, header.thread):
        raise UnknownError(what="thread", name=header.thread)
    return header.thread


def _check_quoted(connection: Connection, own: str, quotes: str | None) -> None:
    boxed = None if quotes is None else messages.message_in(connection, own, quotes)
    if boxed is not None and withheld_for(boxed, redress.blocked_things(connection, [boxed.public_id])):
        raise RefusedError(act=Act.MESSAGE_SEND.value, rule="withheld-by-case")


def _check_files(connection: Connection, own: str, files: Sequence[tuple[str, str]]) -> None:
    """Raise `MalformedError` for a file that the bureau does not hold: a digest alone opens nothing.

    Nor does one of a message that a redress case withholds: what is taken out of every answer goes no way round.
    """
    digests = [digest for _name, digest in files]
    held = attachments.held(connection, own, digests)
    standing = attachments.standing_in(connection, own, digests)
    blocked = redress.blocked_things(connection, sorted({one for some in standing.values() for one in some}))
    held -= {digest for digest, some in standing.items() if some <= blocked}
    for place, (_name, digest) in enumerate(files):
        if digest not in held:
            raise MalformedError("attachment-unknown", f"attachments.{place}.digest")


def _taken(connection: Connection, body: bytes, header: Header, own: str) -> str:
    """Return the digest of an envelope that may be taken: its author's own, sealed to whom it goes, and new."""
    envelope = read_envelope(body)
    directory = directory_of([one.event for one in bureau_keys.events(connection)])
    key = directory.current(own)
    if key is None or envelope.head.key != key.public.id or not is_signed_by(envelope, key.public):
        raise MalformedError("envelope-signature", "sealed")
    readers = {slot.bureau: slot.key for slot in envelope.head.to}
    wanted = {one for one in (*header.to, own, header.second) if one is not None}
    if set(readers) != wanted:
        raise MalformedError("envelope-readers", "sealed")
    for bureau in wanted:
        current = directory.current(bureau)
        if current is None or readers[bureau] != current.public.id:
            # The key was replaced or revoked since its author looked: seal again, to the one that holds.
            raise ConflictError(what="key", rule="stale-key")
    digest = hashlib.sha256(body).hexdigest()
    if messages.envelope_is_held(connection, digest):
        raise ConflictError(what="envelope", rule="exists")
    return digest
