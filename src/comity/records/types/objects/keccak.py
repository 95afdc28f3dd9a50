"""Keccak-256 as Ethereum uses it: the padding before NIST's SHA-3 (FIPS 202) changed it, so not hashlib's.

Source: the Keccak reference, version 3.0: state of 5 x 5 lanes of 64 bits, rate 1088 bits, 24 rounds.
"""

MASK = (1 << 64) - 1
RATE_BYTES = 136
ROUNDS = 24
LANES = 25


def _left(lane: int, bits: int) -> int:
    return ((lane << bits) | (lane >> (64 - bits))) & MASK if bits else lane


def _round_constants() -> tuple[int, ...]:
    # A linear feedback shift register over x^8 + x^6 + x^5 + x^4 + 1 gives the bits at 2^j - 1.
    constants: list[int] = []
    register = 1
    for _ in range(ROUNDS):
        constant = 0
        for power in range(7):
            if register & 1:
                constant |= 1 << ((1 << power) - 1)
            register = (register << 1) ^ (0x171 if register >> 7 else 0)
        constants.append(constant)
    return tuple(constants)


def _rotations() -> tuple[int, ...]:
    offsets = [0] * LANES
    x, y = 1, 0
    for step in range(24):
        offsets[x + 5 * y] = (step + 1) * (step + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    return tuple(offsets)


ROUND_CONSTANTS = _round_constants()
ROTATIONS = _rotations()


def _permute(lanes: list[int]) -> list[int]:
    for constant in ROUND_CONSTANTS:
        columns = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        mixed = [columns[x - 1] ^ _left(columns[(x + 1) % 5], 1) for x in range(5)]
        turned = [0] * LANES
        for y in range(5):
            for x in range(5):
                place = x + 5 * y
                turned[y + 5 * ((2 * x + 3 * y) % 5)] = _left(lanes[place] ^ mixed[x], ROTATIONS[place])
        lanes = [
            turned[x + 5 * y] ^ (~turned[(x + 1) % 5 + 5 * y] & turned[(x + 2) % 5 + 5 * y] & MASK)
            for y in range(5)
            for x in range(5)
        ]
        lanes[0] ^= constant
    return lanes


def keccak_256(data: bytes) -> bytes:
    """Return the 32-byte Keccak-256 digest of `data`.

    >>> keccak_256(b"").hex()[:16]
    'c5d2460186f7233c'
    """
    padded = bytearray(data) + bytes(RATE_BYTES - len(data) % RATE_BYTES)
    padded[len(data)] |= 0x01
    padded[-1] |= 0x80
    lanes = [0] * LANES
    for start in range(0, len(padded), RATE_BYTES):
        for place in range(RATE_BYTES // 8):
            lanes[place] ^= int.from_bytes(padded[start + 8 * place : start + 8 * place + 8], "little")
        lanes = _permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])
