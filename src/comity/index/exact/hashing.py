"""The keyed hash of exact keys: SipHash-1-3, 64 bits, compiled.

Source: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF" (2012), with the rounds that the tables
of Python and Rust use. Whoever does not know the node's secret cannot choose keys that collide.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.index.kernels import siphash

MEANING_END = "\x1f"
KEY_END = b"\x00"
"""Neither stands in a stored text: no field takes control characters."""


class HashKey(NamedTuple):
    """The two halves of the key of the hash."""

    low: int
    high: int

    @classmethod
    def of(cls, secret: bytes) -> "HashKey":
        """Return the key made of the node's secret."""
        made = hashlib.blake2b(b"exact keys", digest_size=16, key=secret).digest()
        return cls(int.from_bytes(made[:8], "little"), int.from_bytes(made[8:], "little"))


def exact_key(meaning: str, key: str) -> bytes:
    """Return the bytes that are hashed for one exact key."""
    return f"{meaning}{MEANING_END}{key}".encode("utf-8", "surrogatepass")


def packed_keys(keys: Sequence[bytes]) -> bytes:
    """Return the keys as one text, each ended by a zero byte, as the compiled batches take them."""
    return KEY_END.join([*keys, b""])


def hash_key(key: HashKey, text: bytes) -> int:
    """Return the 64-bit keyed hash of a text."""
    return int(siphash.hash_part(text, 0, len(text), key.low, key.high))


def hash_packed(key: HashKey, packed: bytes, count: int) -> NDArray[np.uint64]:
    """Return the hashes of `count` texts, each ended by a zero byte."""
    hashes = np.empty(count, np.uint64)
    found = int(siphash.hash_packed(packed, key.low, key.high, hashes))
    assert found == count, "a key may not contain a zero byte"
    return hashes
