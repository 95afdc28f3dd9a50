"""Digests under one key, many of them: HMAC with SHA-256 (RFC 2104). What the key alone decides is hashed once."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

_BLOCK_BYTES: Final = 64
_DIGEST_BYTES: Final = 32
_NUMBER_AT: Final = slice(13, 21)
"""The bytes of a digest that make its number: those before name records."""


class KeyedDigests:
    """Makes digests under one key; for any number of threads."""

    def __init__(self, key: bytes) -> None:
        block = (sha256(key).digest() if len(key) > _BLOCK_BYTES else key).ljust(_BLOCK_BYTES, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in block))

    def digest(self, message: bytes) -> bytes:
        """Return the digest of a message."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()

    def number(self, message: bytes) -> int:
        """Return a number of 63 bits that stands for a message."""
        return int.from_bytes(self.digest(message)[_NUMBER_AT]) >> 1

    def numbers(self, messages: Iterable[bytes]) -> NDArray[np.uint64]:
        """Return the number of each message."""
        joined = np.frombuffer(b"".join(map(self.digest, messages)), np.uint8)
        stated = np.ascontiguousarray(joined.reshape(-1, _DIGEST_BYTES)[:, _NUMBER_AT])
        return stated.view(">u8")[:, 0].astype(np.uint64) >> np.uint64(1)
