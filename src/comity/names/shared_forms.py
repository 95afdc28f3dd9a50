"""Forms that one process has read, for the others of the same node: memory that all of them share, and no file.

a word asked for -> read by a searcher -> kept in a place of its digest -> found by another searcher, and by the clock

Nobody waits for anybody: a place is written over by whoever comes, and what was caught half written is not believed.
"""

import mmap
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import msgspec

PLACES: Final = 16_384
PLACE_BYTES: Final = 512
_DIGEST_BYTES: Final = 16
_SEAL_BYTES: Final = 8
_HEAD_BYTES: Final = _DIGEST_BYTES + _SEAL_BYTES + 2
"""The digest of the word, a seal over digest and forms, how many bytes the forms take."""

Row = tuple[str, float, str]
"""A form as it lies here: its text, its price, its rule."""

_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(tuple[Row, ...])


class SharedForms:
    """Room for the forms of some words in memory that every process forked from this one shares."""

    def __init__(self) -> None:
        self._room = mmap.mmap(-1, PLACES * PLACE_BYTES)

    def find(self, word: str, script: str) -> tuple[Row, ...] | None:
        """Return the forms of a word that some process keeps here, None where none does."""
        digest = _digest(word, script)
        start = _start(digest)
        if self._room[start : start + _DIGEST_BYTES] != digest:
            return None
        held = self._room[start : start + PLACE_BYTES]
        count = int.from_bytes(held[_HEAD_BYTES - 2 : _HEAD_BYTES], "little")
        packed = held[_HEAD_BYTES : _HEAD_BYTES + count]
        if held[:_DIGEST_BYTES] != digest or held[_DIGEST_BYTES : _HEAD_BYTES - 2] != _seal(digest, packed):
            return None  # somebody is writing here
        return _decoder.decode(packed)

    def keep(self, word: str, script: str, forms: Sequence[Row]) -> None:
        """Keep the forms of a word for the others, if there is room for so many."""
        packed = _encoder.encode(forms)
        if len(packed) > PLACE_BYTES - _HEAD_BYTES:
            return
        digest = _digest(word, script)
        start = _start(digest)
        whole = digest + _seal(digest, packed) + len(packed).to_bytes(2, "little") + packed
        self._room[start : start + len(whole)] = whole


def _digest(word: str, script: str) -> bytes:
    return blake2b(f"{script}\0{word}".encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()


def _seal(digest: bytes, packed: bytes) -> bytes:
    return blake2b(packed, digest_size=_SEAL_BYTES, key=digest).digest()


def _start(digest: bytes) -> int:
    return int.from_bytes(digest[:4], "little") % PLACES * PLACE_BYTES
