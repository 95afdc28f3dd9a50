"""How many public names bear a word, however spelt? Counted by the usual sound of words.

    words -> keys of their usual sounds -> a table from key to count -> the count of a word, of any layer

Words of one usual sound count as one word; two words in Han characters only where the characters are the same,
since a sound there has many. A Han word counts with those of other scripts that sound alike, and they with it.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.names.buckets import bucket_bounds, bucketed

Numbers = NDArray[np.uint32]
Hashes = NDArray[np.uint64]

_PLAIN, _HAN = np.uint64(0x51ED270B7F3A4C15), np.uint64(0xA24BAED4963EE407)
_MIX = np.uint64(0x9E3779B97F4A7C15)


@kernel(nogil=True)
def plain_key(sound: np.uint64) -> np.uint64:
    """Return the key of all words of a sound that are not in Han characters."""
    mixed = (sound ^ _PLAIN) * _MIX
    return mixed ^ (mixed >> np.uint64(31))


@kernel(nogil=True)
def han_key(sound: np.uint64) -> np.uint64:
    """Return the key of all Han words of a sound."""
    mixed = (sound ^ _HAN) * _MIX
    return mixed ^ (mixed >> np.uint64(31))


@kernel(nogil=True)
def own_key(sound: np.uint64, native: np.uint32) -> np.uint64:
    """Return the key of one Han word as written."""
    return plain_key(han_key(sound) + np.uint64(native))


def rarity_table(
    sounds: Hashes, natives: Numbers, is_han: NDArray[np.bool_], public: Numbers
) -> dict[str, NDArray[np.generic]]:
    """Return the table of counts: bounds of buckets, keys, counts."""
    keys, words = _keys_of_words(sounds, natives, is_han)
    distinct, place = np.unique(keys, return_inverse=True)
    counts = np.bincount(place, weights=public[words], minlength=distinct.size).astype(np.uint32)
    starts, order = bucketed(distinct)
    return {"rarity_starts": starts, "rarity_keys": distinct[order], "rarity_counts": counts[order]}


@kernel()
def _keys_of_words(sounds: Hashes, natives: Numbers, is_han: NDArray[np.bool_]) -> tuple[Hashes, Numbers]:
    keys = np.empty(2 * sounds.size, dtype=np.uint64)
    words = np.empty(2 * sounds.size, dtype=np.uint32)
    filled = 0
    for word in range(sounds.size):
        sound = sounds[word]
        if sound == 0:
            continue
        keys[filled] = han_key(sound) if is_han[word] else plain_key(sound)
        words[filled] = word
        filled += 1
        if is_han[word]:
            keys[filled] = own_key(sound, natives[word])
            words[filled] = word
            filled += 1
    return keys[:filled], words[:filled]


@kernel(nogil=True)
def count_of(key: np.uint64, starts: Numbers, keys: Hashes, counts: Numbers) -> int:
    """Return how many public names bear a word of this key."""
    begin, end = bucket_bounds(key, starts)
    for entry in range(begin, end):
        if keys[entry] == key:
            return np.int64(counts[entry])
    return 0


@kernel(nogil=True)
def borne_by(  # noqa: PLR0913  # a kernel: packed arrays
    sound: np.uint64, native: np.uint32, is_han: bool, starts: Numbers, keys: Hashes, counts: Numbers
) -> int:
    """Return how many public names of one layer bear a word; nobody can read one whose sound is 0."""
    if sound == 0:
        return 0
    other = own_key(sound, native) if is_han else han_key(sound)
    return count_of(plain_key(sound), starts, keys, counts) + count_of(other, starts, keys, counts)


@kernel(nogil=True)
def add_counts(
    sounds: Hashes, natives: Numbers, is_han: NDArray[np.bool_], starts: Numbers, keys: Hashes, counts: Numbers,
    borne: NDArray[np.int64],
) -> None:  # fmt: skip
    """Add to `borne`, for each word described, how many public names of one layer bear it."""
    for word in range(sounds.size):
        borne[word] += borne_by(sounds[word], natives[word], is_han[word], starts, keys, counts)


@kernel(nogil=True)
def take_away(
    words: Numbers, sounds: Hashes, natives: Numbers, is_han: NDArray[np.bool_], starts: Numbers, keys: Hashes,
    counts: Numbers,
) -> None:  # fmt: skip
    """Count one bearer less of each of these words."""
    for word in words:
        sound = sounds[word]
        if sound == 0:
            continue
        for turn in range(2 if is_han[word] else 1):
            key = han_key(sound) if is_han[word] else plain_key(sound)
            if turn:
                key = own_key(sound, natives[word])
            begin, end = bucket_bounds(key, starts)
            for entry in range(begin, end):
                if keys[entry] == key:
                    counts[entry] -= np.uint32(1)
