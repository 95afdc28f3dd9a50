"""Signed heads: how large the log is and what its root is, in a form that anyone can check and keep.

A head is a text (a C2SP "checkpoint" in a "signed note") that tools of certificate transparency read:

    police.example/node             the node that keeps the log
    2048                            how many entries
    <root, base64>
    at 2024-05-01T12:00:00.000000Z  when

    — police.example/node <key id and Ed25519 signature, base64>

Sources: C2SP tlog-checkpoint and signed-note. A key belongs to the node's name: its id hashes both.
"""

import os
import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from comity.audit.merkle import Tree
from comity.errors import ConflictError, DamagedError, MalformedError, RefusedError

_ED25519: Final = b"\x01"  # C2SP signed-note: signature type of Ed25519 keys
_NODE = re.compile(r"[^\s+\x00-\x20\x7f]{1,200}")


@dataclass(frozen=True)
class Head:
    """What a node says of its log: how many entries it has, the root over them, and when it said so."""

    node: str
    size: int
    root: bytes
    at: datetime

    @property
    def tree(self) -> Tree:
        """Size and root, as the proofs take them."""
        return Tree(self.size, self.root)


@dataclass(frozen=True)
class Verifier:
    """A node's name and public key: all that checking its heads takes."""

    node: str
    key: Ed25519PublicKey

    def __post_init__(self) -> None:
        if not _NODE.fullmatch(self.node):
            raise MalformedError("audit-node-name", "node")

    @cached_property
    def key_id(self) -> bytes:
        """The four bytes that name this key in a signature line."""
        return sha256(self.node.encode() + b"\n" + _ED25519 + self.key.public_bytes_raw()).digest()[:4]

    def __str__(self) -> str:
        """Return the verifier as one line of text that can be published: name, key id, key."""
        return f"{self.node}+{self.key_id.hex()}+{_base64(_ED25519 + self.key.public_bytes_raw())}"


@dataclass(frozen=True)
class Signer:
    """What signs the heads of one node's log: its name, its private key, and the clock it goes by."""

    node: str
    key: Ed25519PrivateKey
    clock: Callable[[], datetime]

    @cached_property
    def verifier(self) -> Verifier:
        """The public side; made once, since each append to the log signs a head in its name."""
        return Verifier(self.node, self.key.public_key())

    def sign(self, tree: Tree) -> str:
        """Return the signed note for this tree, now."""
        return _note(Head(self.node, tree.size, tree.root, self.clock()), self.key, self.verifier)


def sign_head(head: Head, key: Ed25519PrivateKey) -> str:
    """Return the signed note of a head. Raises `MalformedError(field="node")` for a space or + in it."""
    return _note(head, key, Verifier(head.node, key.public_key()))


def _note(head: Head, key: Ed25519PrivateKey, verifier: Verifier) -> str:
    text = _head_text(head)
    return f"{text}\n— {head.node} {_base64(verifier.key_id + key.sign(text.encode()))}\n"


def verify_head(note: str, verifier: Verifier) -> Head:
    """Return the head of a signed note.

    Raises `DamagedError(what="audit-head")` unless the note is exactly in form and signed, once, by the
    verifier's key for the verifier's node. A changed byte anywhere is found.
    """
    text, blank, signature_line = note.partition("\n\n")
    head = _read_text(f"{text}\n") if blank else None
    if head is None or head.node != verifier.node:
        raise DamagedError("audit-head")
    prefix = f"— {verifier.node} "
    signed = _from_base64(signature_line.removeprefix(prefix).removesuffix("\n"))
    if signed is None or signature_line != f"{prefix}{_base64(signed)}\n" or signed[:4] != verifier.key_id:
        raise DamagedError("audit-head")
    try:
        verifier.key.verify(signed[4:], f"{text}\n".encode())
    except InvalidSignature as error:
        raise DamagedError("audit-head") from error
    return head


def read_verifier(text: str) -> Verifier:
    """Return the verifier that `str(verifier)` wrote. Raises `MalformedError(field="verifier")`."""
    try:
        node, _, encoded = text.strip().split("+", 2)
        key = _from_base64(encoded) or b""
        verifier = Verifier(node, Ed25519PublicKey.from_public_bytes(key[1:]))
    except ValueError as error:
        raise MalformedError("audit-verifier", "verifier") from error
    if str(verifier) != text.strip():
        raise MalformedError("audit-verifier", "verifier")
    return verifier


def create_key(path: Path) -> Ed25519PrivateKey:
    """Return a new private key, stored durably in a new file that its owner alone can read.

    Raises `ConflictError(what="audit-key")` where the file exists: a key that signed heads is not replaced.
    """
    key = Ed25519PrivateKey.generate()
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise ConflictError("audit-key", "exists") from error
    with os.fdopen(file, "wb") as opened:
        opened.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        opened.flush()
        os.fsync(opened.fileno())
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return key


def load_key(path: Path) -> Ed25519PrivateKey:
    """Return the private key in this file.

    Raises `RefusedError(rule="key-file-open-to-others")` where anyone but its owner may read or write it, and
    `DamagedError(what="audit-key")` where it holds no Ed25519 key. A file that is absent is an `OSError`.
    """
    with path.open("rb") as opened:
        if os.fstat(opened.fileno()).st_mode & 0o077:
            raise RefusedError("audit:sign", "key-file-open-to-others")
        content = opened.read()
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError) as error:
        raise DamagedError("audit-key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise DamagedError("audit-key")
    return key


def _head_text(head: Head) -> str:
    at = head.at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return f"{head.node}\n{head.size}\n{_base64(head.root)}\nat {at}Z\n"


def _read_text(text: str) -> Head | None:
    """Return the head of a note's text; None unless it is exactly what `_head_text` would write."""
    match text.split("\n"):
        case [node, size, root_text, at, ""] if at.startswith("at ") and at.endswith("Z"):
            root = _from_base64(root_text)
        case _:
            return None
    try:
        head = Head(node, int(size), root or b"", datetime.fromisoformat(at[3:]))
    except ValueError:
        return None
    return head if _head_text(head) == text and len(head.root) == sha256().digest_size else None


def _base64(raw: bytes) -> str:
    return b64encode(raw).decode()


def _from_base64(text: str) -> bytes | None:
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None
