"""Which sounds do Latin letters write? One code a sound, and how easily one is written for another.

    "tschaikowski" -> "Caikovski" -> codes -> classes of consonants ("Ckvsk")

The same sound has other letters in other languages, so letter groups that write one sound become one code, and
codes that people exchange when they write a foreign name (j, y, i; c, k, s; v, w, u) stand close to each other.
Source: our own table, from ICAO Doc 9303, BGN/PCGN romanisations and articulatory classes of consonants.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel

LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
DIGITS: Final = "0123456789"
# Sounds written by letter groups: C as in church, S as in ship, X as in loch, Z as in measure, G as in Afghan,
# T as in thin, D as in this, Q as in tsar, J as in judge, N as in sing.
SOUNDS: Final = LETTERS + DIGITS + "CSXZGTDQJN"
ALPHABET: Final = LETTERS + DIGITS
SYMBOLS_MAX: Final = 40

_GROUPS: Final[tuple[tuple[str, str], ...]] = (
    ("tsch", "C"), ("dzsch", "J"), ("dsch", "J"), ("shch", "S"), ("schtsch", "S"), ("tch", "C"), ("tsh", "C"),
    ("dzh", "J"), ("djh", "J"), ("sch", "S"), ("szcz", "S"), ("cz", "C"), ("sz", "S"), ("sh", "S"), ("ch", "C"),
    ("kh", "X"), ("zh", "Z"), ("gh", "G"), ("ph", "f"), ("th", "T"), ("dh", "D"), ("tz", "Q"), ("ts", "Q"),
    ("dj", "J"), ("ck", "k"), ("cq", "k"), ("qu", "ku"), ("x", "ks"), ("j", "J"), ("ng", "N"),
    ("ee", "i"), ("oo", "u"), ("ou", "u"), ("ie", "i"), ("q", "k"), ("ce", "se"), ("ci", "si"), ("cy", "sy"),
)  # fmt: skip
_GROUP_OF: Final = dict(_GROUPS)
_GROUP: Final = re.compile("|".join(sorted(_GROUP_OF, key=lambda group: (-len(group), group))))
_DOUBLED: Final = re.compile(r"(.)\1+")

_CODE_OF_SOUND: Final = {sound: code for code, sound in enumerate(SOUNDS, start=1)}
_CODE_OF_LETTER: Final = {letter: code for code, letter in enumerate(ALPHABET, start=1)}
_LETTER_TABLE: Final = bytes(_CODE_OF_LETTER.get(chr(byte), 0) for byte in range(256))
_LETTER_OF_CODE: Final = (" " + ALPHABET).encode("ascii").ljust(256)
_NO_LETTERS: Final = bytes(byte for byte in range(256) if not _LETTER_TABLE[byte] and byte != ord("\n"))
_SOUND_TABLE: Final = bytes(_CODE_OF_SOUND.get(chr(byte), 0) for byte in range(256))

# Pairs of sounds that are written for one another, and the price of doing so; a typing error costs one.
_CLOSE: Final[dict[float, str]] = {
    0.08: "iy vw kc kq Jy tT dD kX SC ZJ fv",
    0.15: "ei ou ij ij JZ gG cs cQ cC zs Qz hX QC sS Xg",
    0.25: "ae ao oa ea uo iu uv uw JC Sc zD Td dt sT zZ kg bp Jg Gk gh Gr Ns nN Nm Cs Qs Qt Jz",
    0.40: "au eo eu yu ai io bv fp hk mn lr Ct Zs Dz dJ tC kC Ck fb vb Ji SZ ZC Xk hG jz zQ Zg bf pv",
}
_PRICE_OTHER_VOWEL: Final = 0.45
_PRICE_OTHER: Final = 1.0
_VOWELS: Final = "aeiouy"
# What a sound costs when only one side writes it.
_GAPS: Final = {
    "a": 0.3, "e": 0.25, "i": 0.3, "o": 0.35, "u": 0.3, "y": 0.25, "h": 0.25, "w": 0.55, "r": 0.7, "n": 0.75,
    "g": 0.75, "l": 0.8, "t": 0.8, "d": 0.8, "s": 0.8, "G": 0.6, "v": 0.75,
}  # fmt: skip

# Classes for the keys of the index: sounds of one class share a key. 0 falls out of it (vowels, h, w, y).
_CLASSES: Final = ("bp", "fv", "tTdD", "kgcGXqN", "szSZCJQ", "l", "r", "m", "n")
VOWEL_MARK: Final = 15


def _prices() -> NDArray[np.float32]:
    size = len(SOUNDS) + 1
    table = np.full((size, size), _PRICE_OTHER, dtype=np.float32)
    for one in _VOWELS:
        for other in _VOWELS:
            table[_CODE_OF_SOUND[one], _CODE_OF_SOUND[other]] = _PRICE_OTHER_VOWEL
    for price, pairs in sorted(_CLOSE.items(), reverse=True):
        for pair in pairs.split():
            one, other = pair[0], pair[1]
            table[_CODE_OF_SOUND[one], _CODE_OF_SOUND[other]] = price
            table[_CODE_OF_SOUND[other], _CODE_OF_SOUND[one]] = price
    np.fill_diagonal(table, 0.0)
    return table


def _gap_prices() -> NDArray[np.float32]:
    table = np.full(len(SOUNDS) + 1, 1.0, dtype=np.float32)
    for sound, price in _GAPS.items():
        table[_CODE_OF_SOUND[sound]] = price
    return table


def _classes() -> NDArray[np.uint8]:
    table = np.zeros(len(SOUNDS) + 1, dtype=np.uint8)
    for number, members in enumerate(_CLASSES, start=1):
        for sound in members:
            table[_CODE_OF_SOUND[sound]] = number
    for place, digit in enumerate(DIGITS):
        table[_CODE_OF_SOUND[digit]] = 20 + place
    for vowel in _VOWELS:
        table[_CODE_OF_SOUND[vowel]] = VOWEL_MARK
    return table


PRICES: Final = _prices()
GAP_PRICES: Final = _gap_prices()
CLASSES: Final = _classes()
_CLASS_TABLE: Final = bytes(CLASSES[code] if code < CLASSES.size else 0 for code in range(256))


@lru_cache(maxsize=16_384)
def sounds_of(spelling: str) -> str:
    """Return the sounds that a Latin spelling writes, one sign each.

    >>> sounds_of("tschaikowski")
    'Caikowski'
    """
    return _DOUBLED.sub(r"\1", _GROUP.sub(lambda match: _GROUP_OF[match.group()], spelling))[:SYMBOLS_MAX]


def letter_codes(spelling: str) -> bytes:
    """Return a spelling of a-z and 0-9 as codes 1 to 36, at most 40 of them."""
    return all_letter_codes(spelling[:SYMBOLS_MAX])


def all_letter_codes(spelling: str) -> bytes:
    """Return the same of a spelling as long as it may be."""
    return spelling.encode("ascii", "ignore").translate(_LETTER_TABLE).replace(b"\0", b"")


def letters_of(codes: bytes) -> str:
    """Return the letters and digits that codes stand for, a blank for each zero."""
    return codes.translate(_LETTER_OF_CODE).decode("ascii")


def sound_codes(spelling: str) -> bytes:
    """Return the sounds of a spelling as codes from 1."""
    return sounds_of(spelling).encode("ascii", "ignore").translate(_SOUND_TABLE).replace(b"\0", b"")


def consonants_of(spelling: str) -> bytes:
    """Return the classes of a spelling's consonants, a vowel at its beginning marked: what the index hears of it."""
    classes = sound_codes(spelling).translate(_CLASS_TABLE).lstrip(b"\0")
    heard = classes[:1] + classes[1:].translate(None, bytes((0, VOWEL_MARK)))
    return bytes(kind for place, kind in enumerate(heard) if not place or kind != heard[place - 1])


def consonants_of_all(spellings: Sequence[str]) -> list[bytes]:
    """Return what `consonants_of` does of each spelling; other signs than a-z and 0-9 are left out."""
    whole = "\n".join(spellings).encode("ascii", "ignore")
    letters = np.frombuffer(whole.translate(_LETTER_TABLE, _NO_LETTERS), dtype=np.uint8)
    return _consonants(letters).tobytes().split(b"\0")[: len(spellings)]


def _group_tree() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the letter groups as a tree: node and letter -> node, and the two sounds a node may stand for."""
    steps, sounds = [[0] * (len(ALPHABET) + 1)], [(0, 0)]
    groups = {**{letter: letter for letter in ALPHABET}, **_GROUP_OF}
    for group, written in groups.items():
        node = 0
        for letter in group:
            code = _CODE_OF_LETTER[letter]
            if not steps[node][code]:
                steps[node][code] = len(steps)
                steps.append([0] * (len(ALPHABET) + 1))
                sounds.append((0, 0))
            node = steps[node][code]
        codes = [_CODE_OF_SOUND[sound] for sound in written]
        sounds[node] = (codes[0], codes[1] if len(codes) > 1 else 0)
    assert len(steps) < 256
    return np.array(steps, dtype=np.uint8), np.array(sounds, dtype=np.uint8)


_STEPS, _NODE_SOUNDS = _group_tree()


def _neighbours() -> NDArray[np.bool_]:
    table = np.zeros((len(ALPHABET) + 1, len(ALPHABET) + 1), dtype=np.bool_)
    for group in _GROUP_OF:
        for one, other in pairwise(group):
            table[_CODE_OF_LETTER[one], _CODE_OF_LETTER[other]] = True
    return table


NEIGHBOURS: Final = _neighbours()
"""Which two letters may stand side by side in a letter group, by their codes."""


@kernel(nogil=True)
def write_sounds(letters: NDArray[np.uint8], start: int, stop: int, out: NDArray[np.uint8], at: int) -> int:
    """Write the sounds of a spelling, given as letter codes, into `out` from `at`; return the place after the last.

    The same as `sound_codes` says of the spelling: the longest group of letters counts, doubled sounds once.
    """
    first = at
    place = start
    while place < stop:
        node, ahead = np.int64(_STEPS[0, letters[place]]), place + 1
        best, after = node, ahead
        while ahead < stop and _STEPS[node, letters[ahead]]:
            node = np.int64(_STEPS[node, letters[ahead]])
            ahead += 1
            if _NODE_SOUNDS[node, 0]:
                best, after = node, ahead
        for which in range(2):
            sound = _NODE_SOUNDS[best, which]
            if sound and at - first < SYMBOLS_MAX and not (at > first and out[at - 1] == sound):
                out[at] = sound
                at += 1
        place = after
    return at


@kernel(nogil=True)
def _consonants(letters: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the classes of the consonants of spellings that a zero parts, a zero after each."""
    out = np.empty(letters.size * 2 + 1, dtype=np.uint8)
    sounds = np.empty(SYMBOLS_MAX, dtype=np.uint8)
    at = start = 0
    while start <= letters.size:
        stop = start
        while stop < letters.size and letters[stop]:
            stop += 1
        first = at
        for place in range(write_sounds(letters, start, stop, sounds, 0)):
            kind = CLASSES[sounds[place]]
            # A vowel counts where nothing is before it, and two of one class are one.
            if kind and not (at > first and (kind == VOWEL_MARK or out[at - 1] == kind)):
                out[at] = kind
                at += 1
        out[at] = 0
        at += 1
        start = stop + 1
    return out[:at]


@kernel(nogil=True)
def write_all_sounds(
    letters: NDArray[np.uint8], bounds: NDArray[np.int32]
) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Return the sounds of spellings that lie end to end, and where each one's begin."""
    sounds = np.empty(letters.size * 2 + SYMBOLS_MAX, dtype=np.uint8)
    sound_bounds = np.zeros(bounds.size, dtype=np.int32)
    for place in range(bounds.size - 1):
        sound_bounds[place + 1] = write_sounds(
            letters, bounds[place], bounds[place + 1], sounds, sound_bounds[place]
        )
    return sounds[: sound_bounds[-1]], sound_bounds
