"""Sealing and opening on the holder's own side: the key file, the keys it has come to know, the envelope.

    directory fetched -> proven, and begins with what was seen before -> readers' keys known or vouched for -> sealed

    envelope fetched -> its author's key known or vouched for -> opened -> the header that the author sealed
    compared with the one that the node shows -> not seen before under another name

Beside a key file lies what its holder has seen: `FILE.known` names the node's verifier, the newest head of the
directory, each bureau's key, and which envelopes were opened. A node that shows another directory, slips in a
key that nobody vouched for, eases how a message is to be handled or shows one twice is found out by it.
"""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from comity.access.bureau_keys import KeyPair, PublicKeys
from comity.access.envelope import Envelope, open_envelope, read_envelope, seal
from comity.audit.heads import read_verifier, verify_head
from comity.audit.key_directory import Directory, ListedKey, directory_verifier, verify_directory
from comity.errors import DamagedError, MalformedError, RefusedError
from comity.records.fieldtype import Json
from comity.records.messages.message import Content, Header, check_amounts, file_name, parse_content

FILES_BYTES_MAX: Final = 5 * 1024 * 1024


class Known(msgspec.Struct, forbid_unknown_fields=True):
    """What the holder of a key has seen of a node: its verifier, the newest head, each bureau's key.

    `opened` names the message of each envelope that was opened; `begun` the envelope that began each thread.
    """

    verifier: str = ""
    head: str = ""
    keys: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    opened: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    begun: dict[str, str] = msgspec.field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Opened:
    """What an envelope says, when its author sealed it, and its files.

    `revoked_at` is when the key that signed it was revoked, where it was later than that.
    """

    content: Content
    sealed_at: str
    files: tuple[tuple[str, bytes], ...] = field(default=())
    revoked_at: str | None = None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the command line shows."""
        return {**self.content.to_json(), "sealed_at": self.sealed_at, "key_revoked_at": self.revoked_at}


def known_path(key_file: Path) -> Path:
    """Return where what is known is kept."""
    return key_file.with_name(f"{key_file.name}.known")


def read_known(path: Path) -> Known:
    """Return what is known; nothing where there is no file. Raises `DamagedError` for another file."""
    if not path.exists():
        return Known()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Known)
    except (OSError, msgspec.DecodeError):
        raise DamagedError(what="known-keys") from None


def write_known(path: Path, known: Known) -> None:
    """Keep what is known, whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(msgspec.json.encode(known, order="sorted") + b"\n")
    part.replace(path)


def trusted_directory(shown: Mapping[str, Json], known: Known) -> Directory:
    """Return the directory that a node shows, proven against what is known, which is brought up to it.

    Raises `DamagedError` where the node's key is another, its head does not hold, or the directory was rewritten.
    """
    verifier_text, note, events = str(shown["verifier"]), shown["head"], shown["events"]
    if known.verifier and known.verifier != verifier_text:
        raise DamagedError("key-directory")
    if note is None:
        if known.head:
            raise DamagedError("key-directory-rewritten")
        known.verifier = verifier_text
        return Directory()
    verifier = read_verifier(verifier_text)
    before = verify_head(known.head, directory_verifier(verifier)) if known.head else None
    listed = [str(one).encode() for one in events] if isinstance(events, list) else []
    directory, _head = verify_directory(listed, str(note), verifier, before)
    known.verifier, known.head = verifier_text, str(note)
    return directory


def readers_keys(
    bureaus: Sequence[str], directory: Directory, known: Known, accepted: Sequence[str] = ()
) -> list[PublicKeys]:
    """Return the keys of these bureaus, and note them as known.

    A key that changed must be vouched for by the one known before, or be accepted by its identifier, compared by
    another way. Raises `RefusedError` `key-not-published` and `key-not-endorsed`.
    """
    found: list[PublicKeys] = []
    for bureau in bureaus:
        key = directory.current(bureau)
        if key is None:
            raise RefusedError(act="message:seal", rule="key-not-published")
        one, before = key.public.id, known.keys.get(bureau)
        is_first_seen = before is None and (key.is_first or key.is_endorsed)
        if one != before and one not in accepted and not is_first_seen and not _leads(before, one, directory):
            raise RefusedError(act="message:seal", rule="key-not-endorsed")
        known.keys[bureau] = one
        found.append(key.public)
    return found


def _leads(before: str | None, now: str, directory: Directory) -> bool:
    """Return whether each key from the one known to the present one was vouched for by its forerunner."""
    if before is None or before not in directory.keys:
        return False
    history = directory.history(directory.keys[before].public.bureau)
    places = {key.public.id: place for place, key in enumerate(history)}
    later = history[places[before] + 1 : places.get(now, 0) + 1]
    return bool(later) and all(key.is_endorsed for key in later)


def author_key(
    envelope: Envelope, reader: KeyPair, directory: Directory, known: Known, accepted: Sequence[str] = ()
) -> ListedKey:
    """Return the key that signed an envelope, and note it as known where none of its bureau was.

    It is the one known, or one vouches for the other, or it is accepted by its identifier, compared by another
    way. Raises `RefusedError` `author-key-not-endorsed` and `author-key-revoked`: what says that it was sealed
    after its key was revoked may be anybody's.
    """
    head = envelope.head
    listed, bureau, one = directory.key(head.key), head.author, head.key
    if listed.public.bureau != bureau:
        raise MalformedError("envelope-signature", "sealed")
    before = reader.public.id if bureau == reader.bureau else known.keys.get(bureau)
    is_first_seen = before is None and (listed.is_first or listed.is_endorsed)
    is_vouched = before is not None and (_leads(before, one, directory) or _leads(one, before, directory))
    if one != before and one not in accepted and not is_first_seen and not is_vouched:
        raise RefusedError(act="message:open", rule="author-key-not-endorsed")
    if listed.revoked_at is not None and _moment(head.at) >= _moment(listed.revoked_at):
        raise RefusedError(act="message:open", rule="author-key-revoked")
    if bureau != reader.bureau and (before is None or one in accepted):
        known.keys[bureau] = one
    return listed


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def sealed_message(
    content: dict[str, Json],
    files: Sequence[Path],
    author: KeyPair,
    readers: Sequence[PublicKeys],
    header: Header,
    at: datetime,
) -> Json:
    """Return the envelope of a message, as JSON; raises `MalformedError` for its content or its files.

    How it is to be handled is sealed with it: its readers compare that with what the node shows them.
    """
    checked = parse_content(content)
    check_amounts(checked)
    enclosed: list[Json] = []
    size = 0
    for place, path in enumerate(files):
        name = file_name(path.name, f"file.{place}")
        try:
            body = path.read_bytes()
        except OSError:
            raise MalformedError("file-unreadable", "file") from None
        size += len(body)
        if size > FILES_BYTES_MAX:
            raise MalformedError("file-too-large", "file")
        enclosed.append({"name": name, "data": b64encode(body).decode()})
    stated = {**header.to_json(), "answers": header.answers}
    inside = msgspec.json.encode(
        {"content": checked.to_json(), "files": enclosed, "header": stated}, order="sorted"
    )
    envelope: Json = msgspec.json.decode(seal(inside, author, readers, header.thread, at))
    return envelope


def opened_message(
    message: Mapping[str, Json],
    reader: KeyPair,
    directory: Directory,
    known: Known,
    accepted: Sequence[str] = (),
) -> Opened:
    """Return what a sealed message says, and note that it was opened.

    Raises `MalformedError` where it is not sealed to this key, not its author's, was changed, does not belong
    to the message that it came with, is shown with another header than its author sealed (`envelope-header`), or
    came before as another message (`envelope-replayed`); `RefusedError` as `author_key`.
    """
    body = msgspec.json.encode(message["sealed"], order="sorted")
    envelope = read_envelope(body)
    head = envelope.head
    if head.author != message["author"] or (head.thread is not None and head.thread != message["thread"]):
        raise MalformedError("envelope-signature", "sealed")
    author = author_key(envelope, reader, directory, known, accepted)
    inside = open_envelope(envelope, author.public, reader)
    try:
        said: dict[str, Json] = msgspec.json.decode(inside)
        content, files = said["content"], said["files"]
    except (msgspec.DecodeError, KeyError, TypeError):
        raise MalformedError("envelope-damaged", "sealed") from None
    if not isinstance(content, dict):
        raise MalformedError("envelope-damaged", "sealed")
    header = said.get("header")
    _check_header(header, message)
    begins = isinstance(header, dict) and head.thread is None and header.get("answers") is None
    _note_opened(hashlib.sha256(body).hexdigest(), message, known, begins=begins)
    enclosed = [_enclosed(one) for one in files] if isinstance(files, list) else []
    return Opened(parse_content(content), head.at, tuple(enclosed), author.revoked_at)


def _check_header(header: Json, message: Mapping[str, Json]) -> None:
    """Raise `MalformedError` unless the node shows the header that was sealed; earlier releases sealed none."""
    if header is None:
        return
    if not isinstance(header, dict):
        raise MalformedError("envelope-damaged", "sealed")
    for name, stated in header.items():
        shown = message.get(name)
        # What it answers is shown to those alone who have that, too.
        if shown != stated and not (name == "answers" and shown is None):
            raise MalformedError("envelope-header", name)


def _note_opened(digest: str, message: Mapping[str, Json], known: Known, *, begins: bool) -> None:
    one, thread = str(message["message"]), str(message["thread"])
    is_new = known.opened.setdefault(digest, one) == one
    if begins:
        # One envelope begins a thread: a second that says so was taken out of another.
        is_new = is_new and known.begun.setdefault(thread, digest) == digest
    if not is_new:
        raise MalformedError("envelope-replayed", "sealed")


def _enclosed(value: Json) -> tuple[str, bytes]:
    # What is inside comes from another bureau: its name is checked before a file of that name is written.
    if not isinstance(value, dict):
        raise MalformedError("envelope-damaged", "sealed")
    try:
        return file_name(value.get("name"), "file"), b64decode(str(value.get("data")), validate=True)
    except (Base64Error, ValueError):
        raise MalformedError("envelope-damaged", "sealed") from None
