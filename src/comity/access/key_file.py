"""A bureau's pair in a file that only its passphrase opens. The file stays with the bureau.

    head: form, bureau, key, salt, costs | the pair's 64 secret bytes, sealed

The sealing key is made of the passphrase by argon2id (RFC 9106); ChaCha20-Poly1305 (RFC 8439) seals the pair
with the head as associated data, so that neither can be exchanged.
"""

import os
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from comity.access.bureau_keys import KeyPair
from comity.access.credentials import Secret
from comity.errors import ConflictError, DamagedError, MalformedError

FILE_BYTES_MAX: Final = 4096
_Passes = Annotated[int, msgspec.Meta(ge=1, le=16)]
_Memory = Annotated[int, msgspec.Meta(ge=1024, le=1_048_576)]
_Lanes = Annotated[int, msgspec.Meta(ge=1, le=16)]
# The salt, and so the sealing key, is new for each file: the nonce is used once.
_NONCE: Final = bytes(12)


class _Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    form: Literal["comity-key-file-1"] = "comity-key-file-1"
    bureau: str
    key: str
    salt: bytes
    passes: _Passes = 3
    memory_kib: _Memory = 65_536
    lanes: _Lanes = 4


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    head: _Head
    sealed: bytes


_encoder: Final = msgspec.json.Encoder(order="sorted")


def write_pair(path: Path, pair: KeyPair, passphrase: Secret) -> None:
    """Write a pair into a new file that its owner alone can read.

    Raises `ConflictError` where the file exists: a key is never written over.
    """
    head = _Head(bureau=pair.bureau, key=pair.public.id, salt=os.urandom(16))
    secret = pair.seal.private_bytes_raw() + pair.sign.private_bytes_raw()
    sealed = _cipher(passphrase, head).encrypt(_NONCE, secret, _encoder.encode(head))
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConflictError(what="key-file", rule="exists") from None
    with os.fdopen(handle, "wb") as file:
        file.write(_encoder.encode(_File(head, sealed)) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_pair(path: Path, passphrase: Secret) -> KeyPair:
    """Return the pair in a file.

    Raises `MalformedError` `file-unreadable` and `passphrase-wrong`, and `DamagedError` for another file.
    """
    try:
        with path.open("rb") as opened:
            content = opened.read(FILE_BYTES_MAX)
    except OSError:
        raise MalformedError("file-unreadable", "key") from None
    try:
        file = msgspec.json.decode(content, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise DamagedError(what="key-file") from None
    if file.head.memory_kib < 8 * file.head.lanes:
        raise DamagedError(what="key-file")
    try:
        secret = _cipher(passphrase, file.head).decrypt(_NONCE, file.sealed, _encoder.encode(file.head))
    except InvalidTag:
        raise MalformedError("passphrase-wrong", "passphrase") from None
    pair = KeyPair(
        file.head.bureau,
        X25519PrivateKey.from_private_bytes(secret[:32]),
        Ed25519PrivateKey.from_private_bytes(secret[32:]),
    )
    if pair.public.id != file.head.key:
        raise DamagedError(what="key-file")
    return pair


def _cipher(passphrase: Secret, head: _Head) -> ChaCha20Poly1305:
    key = hash_secret_raw(
        passphrase.reveal().encode("utf-8", "replace"),
        head.salt,
        time_cost=head.passes,
        memory_cost=head.memory_kib,
        parallelism=head.lanes,
        hash_len=32,
        type=Type.ID,
    )
    return ChaCha20Poly1305(key)
