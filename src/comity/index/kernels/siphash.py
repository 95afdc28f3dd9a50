"""SipHash-1-3 over parts of a text.

Source: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF" (2012).
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.kernels.memory import address_of, load8, load64_anywhere

BYTES = 'Bytes(uint8, 1, "C")'


@kernel("uint64(uint64, int64)", inline="always")
def _rotated(word: int, bits: int) -> int:
    return (word << np.uint64(bits)) | (word >> np.uint64(64 - bits))


@kernel("UniTuple(uint64, 4)(uint64, uint64, uint64, uint64)")
def _round(v0: int, v1: int, v2: int, v3: int) -> tuple[int, int, int, int]:
    v0 += v1
    v1 = _rotated(v1, 13) ^ v0
    v0 = _rotated(v0, 32)
    v2 += v3
    v3 = _rotated(v3, 16) ^ v2
    v0 += v3
    v3 = _rotated(v3, 21) ^ v0
    v2 += v1
    v1 = _rotated(v1, 17) ^ v2
    v2 = _rotated(v2, 32)
    return v0, v1, v2, v3


@kernel("uint64(int64, int64, uint64, uint64)")
def hash_at(address: int, length: int, low: int, high: int) -> int:
    """Return the hash of so many bytes at an address."""
    v0 = low ^ np.uint64(0x736F6D6570736575)
    v1 = high ^ np.uint64(0x646F72616E646F6D)
    v2 = low ^ np.uint64(0x6C7967656E657261)
    v3 = high ^ np.uint64(0x7465646279746573)
    whole = length & ~7
    for place in range(0, whole, 8):
        word = np.uint64(load64_anywhere(address + place))
        v3 ^= word
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        v0 ^= word
    word = np.uint64(length & 255) << np.uint64(56)
    for byte in range(length - whole):
        word |= np.uint64(load8(address + whole + byte)) << np.uint64(8 * byte)
    v3 ^= word
    v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    v0 ^= word
    v2 ^= np.uint64(255)
    for _ in range(3):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    return v0 ^ v1 ^ v2 ^ v3


@kernel(f"uint64({BYTES}, int64, int64, uint64, uint64)")
def hash_part(text: bytes, start: int, stop: int, low: int, high: int) -> int:
    """Return the hash of text[start:stop]."""
    return hash_at(address_of(text) + start, stop - start, low, high)


@kernel(f"int64({BYTES}, uint64, uint64, uint64[::1])")
def hash_packed(packed: bytes, low: int, high: int, hashes: NDArray[np.uint64]) -> int:
    """Fill in the hashes of texts ended by zero bytes; return how many texts there are."""
    start, found = 0, 0
    for place in range(len(packed)):
        if packed[place] == 0:
            if found < hashes.size:
                hashes[found] = hash_part(packed, start, place, low, high)
            found += 1
            start = place + 1
    return found
