"""A file of parts that only a passphrase opens, and whose every change shows.

    magic, salt, costs | flag, length, sealed part | flag, length, sealed part | ... the last one flagged

The key is made of the passphrase by argon2id (RFC 9106); each part is compressed and sealed with AES-256-GCM
(NIST SP 800-38D) under its number and whether it is the last, with the head of the file as associated data.
So parts cannot be changed, exchanged, repeated, left out or cut off at the end.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from comity.access.credentials import Secret
from comity.errors import DamagedError, MalformedError

MAGIC: Final = b"comity-backup-1\n"
COSTS: Final = (3, 65_536, 4)  # passes, KiB of memory, lanes: RFC 9106, second recommended choice
_COSTS_MAX: Final = (16, 1_048_576, 16)
_COSTS_FORM: Final = struct.Struct(">III")
_PART_FORM: Final = struct.Struct(">BI")
_SALT_BYTES: Final = 16
_PART_BYTES_MAX: Final = 1 << 30
_LEVEL: Final = 1


class SealedWriter:
    """Writes parts into a file. Without `finish` the file counts as cut off.

    `costs` are what making the key takes: passes, KiB of memory, lanes. The file states them.
    """

    def __init__(self, file: BinaryIO, passphrase: Secret, costs: tuple[int, int, int] = COSTS) -> None:
        salt = os.urandom(_SALT_BYTES)
        self._head = MAGIC + salt + _COSTS_FORM.pack(*costs)
        self._cipher = AESGCM(_key(passphrase, salt, costs))
        self._file, self._count = file, 0
        file.write(self._head)

    def write(self, part: bytes) -> None:
        """Write one part."""
        self._put(part, is_last=False)

    def finish(self, part: bytes) -> None:
        """Write the last part."""
        self._put(part, is_last=True)

    def _put(self, part: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._count, is_last=is_last)
        sealed = self._cipher.encrypt(nonce, zlib.compress(part, _LEVEL), self._head)
        self._file.write(_PART_FORM.pack(is_last, len(sealed)))
        self._file.write(sealed)
        self._count += 1


def read_sealed(file: BinaryIO, passphrase: Secret) -> Iterator[bytes]:
    """Yield the parts of a sealed file, in order.

    Raises `MalformedError` `passphrase-wrong` where not even the first opens, and `DamagedError` for a file
    that is no backup, was changed, or was cut off.
    """
    head = file.read(len(MAGIC) + _SALT_BYTES + _COSTS_FORM.size)
    if not head.startswith(MAGIC) or len(head) != len(MAGIC) + _SALT_BYTES + _COSTS_FORM.size:
        raise DamagedError(what="backup")
    passes, memory_kib, lanes = _COSTS_FORM.unpack(head[len(MAGIC) + _SALT_BYTES :])
    costs = (passes, memory_kib, lanes)
    # The head is not proven before the key is made: it may not make that cost whatever it likes.
    if any(not 1 <= cost <= most for cost, most in zip(costs, _COSTS_MAX, strict=True)):
        raise DamagedError(what="backup")
    cipher = AESGCM(_key(passphrase, head[len(MAGIC) :][:_SALT_BYTES], costs))
    count, is_last = 0, False
    while not is_last:
        is_last, sealed = _sealed_part(file)
        try:
            opened = cipher.decrypt(_nonce(count, is_last=is_last), sealed, head)
        except InvalidTag as error:
            if count == 0:
                raise MalformedError("passphrase-wrong", "passphrase") from error
            raise DamagedError(what="backup") from error
        yield zlib.decompress(opened)
        count += 1
    if file.read(1):
        raise DamagedError(what="backup")


def _sealed_part(file: BinaryIO) -> tuple[bool, bytes]:
    form = file.read(_PART_FORM.size)
    if len(form) != _PART_FORM.size:
        raise DamagedError(what="backup")
    flag, length = _PART_FORM.unpack(form)
    if flag not in {0, 1} or length > _PART_BYTES_MAX:
        raise DamagedError(what="backup")
    sealed = file.read(length)
    if len(sealed) != length:
        raise DamagedError(what="backup")
    return bool(flag), sealed


def _nonce(count: int, *, is_last: bool) -> bytes:
    # Never used twice with one key: the salt, and so the key, is new for each file.
    return struct.pack(">QHBB", count, 0, 0, is_last)


def _key(passphrase: Secret, salt: bytes, costs: tuple[int, int, int]) -> bytes:
    passes, memory_kib, lanes = costs
    if memory_kib < 8 * lanes:
        raise DamagedError(what="backup")
    secret = passphrase.reveal().encode("utf-8", "replace")
    return hash_secret_raw(
        secret,
        salt,
        time_cost=passes,
        memory_cost=memory_kib,
        parallelism=lanes,
        hash_len=32,
        type=Type.ID,
    )
