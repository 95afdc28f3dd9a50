"""Sealing and opening on the holder's own side: the key file, the keys it has come to know, the envelope.

    directory fetched -> proven, and begins with what was seen before -> readers' keys known or vouched for -> sealed

Beside a key file lies what its holder has seen: `FILE.known` names the node's verifier, the newest head of the
directory, and each bureau's key. A node that shows another directory, or slips in a key that nobody vouched
for, is found out by it.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from comity.access.bureau_keys import KeyPair, PublicKeys
from comity.access.envelope import open_envelope, read_envelope, seal
from comity.audit.heads import read_verifier, verify_head
from comity.audit.key_directory import Directory, directory_verifier, verify_directory
from comity.errors import DamagedError, MalformedError, RefusedError
from comity.records.fieldtype import Json
from comity.records.messages.message import Content, file_name, parse_content

FILES_BYTES_MAX: Final = 5 * 1024 * 1024


class Known(msgspec.Struct, forbid_unknown_fields=True):
    """What the holder of a key has seen of a node: its verifier, the newest head, each bureau's key."""

    verifier: str = ""
    head: str = ""
    keys: dict[str, str] = msgspec.field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Opened:
    """What an envelope says, and its files."""

    content: Content
    files: tuple[tuple[str, bytes], ...] = field(default=())


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
    later = history[[key.public.id for key in history].index(before) + 1 :]
    return bool(later) and later[-1].public.id == now and all(key.is_endorsed for key in later)


def sealed_message(
    content: dict[str, Json],
    files: Sequence[Path],
    author: KeyPair,
    readers: Sequence[PublicKeys],
    thread: str | None,
    at: datetime,
) -> Json:
    """Return the envelope of a message, as JSON; raises `MalformedError` for its content or its files."""
    checked = parse_content(content)
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
    inside = msgspec.json.encode({"content": checked.to_json(), "files": enclosed}, order="sorted")
    envelope: Json = msgspec.json.decode(seal(inside, author, readers, thread, at))
    return envelope


def opened_message(message: Mapping[str, Json], reader: KeyPair, directory: Directory) -> Opened:
    """Return what a sealed message says.

    Raises `MalformedError` where it is not sealed to this key, not its author's, was changed, or does not belong
    to the message that it came with.
    """
    envelope = read_envelope(msgspec.json.encode(message["sealed"], order="sorted"))
    head = envelope.head
    if head.author != message["author"] or (head.thread is not None and head.thread != message["thread"]):
        raise MalformedError("envelope-signature", "sealed")
    author = directory.key(head.key)
    if author.public.bureau != head.author:
        raise MalformedError("envelope-signature", "sealed")
    inside = open_envelope(envelope, author.public, reader)
    try:
        said: dict[str, Json] = msgspec.json.decode(inside)
        content, files = said["content"], said["files"]
    except (msgspec.DecodeError, KeyError, TypeError):
        raise MalformedError("envelope-damaged", "sealed") from None
    if not isinstance(content, dict):
        raise MalformedError("envelope-damaged", "sealed")
    enclosed = [_enclosed(one) for one in files] if isinstance(files, list) else []
    return Opened(parse_content(content), tuple(enclosed))


def _enclosed(value: Json) -> tuple[str, bytes]:
    # What is inside comes from another bureau: its name is checked before a file of that name is written.
    if not isinstance(value, dict):
        raise MalformedError("envelope-damaged", "sealed")
    try:
        return file_name(value.get("name"), "file"), b64decode(str(value.get("data")), validate=True)
    except (Base64Error, ValueError):
        raise MalformedError("envelope-damaged", "sealed") from None
