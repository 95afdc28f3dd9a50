"""The forms of words lie in a segment already: whoever asks for such a word need not read it anew.

    words that public names bear -> keys of script and text -> forms with their prices -> `forms_of`

Only words of names that every bureau may see: how soon a word is read must not tell of names that others hold.
A key is made with the edition of the readings, so a book that older readings made is never found in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import islice, pairwise, repeat
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.files import load_array, save_array
from comity.index.names.buckets import bucket_bounds, bucketed
from comity.index.names.layout import Layout, Said
from comity.index.names.rows import moved
from comity.names.edition import readings_edition
from comity.names.forms import HAN_FORMS_MAX, Form
from comity.names.sounds import ALPHABET, SYMBOLS_MAX

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]
Hashes = NDArray[np.uint64]

HELD: Final = "held"
"""The rule of a form that was read when the segment was built."""

_KEYS, _ROOM = "book_keys.npy", HAN_FORMS_MAX * SYMBOLS_MAX
_LETTERS = np.frombuffer(b"?" + ALPHABET.encode(), dtype=np.uint8)


@lru_cache(maxsize=1)
def _edition() -> bytes:
    return readings_edition().encode()


def _keys(words: Iterable[tuple[str, str]]) -> Hashes:
    """Return the keys of words, each with its script."""
    keyed, digests = blake2b(digest_size=8, key=_edition()), list[bytes]()
    for text, script in words:
        digest = keyed.copy()
        digest.update(f"{script}\0{text}".encode("utf-8", "surrogatepass"))
        digests.append(digest.digest())
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64, copy=False)


@dataclass(frozen=True, slots=True)
class BookArrays:
    """Buckets of keys; for each key where its forms begin and end; the forms and their prices, usual ones first."""

    starts: Numbers
    keys: Hashes
    form_starts: Numbers
    forms: Numbers
    prices: NDArray[np.float64]

    def save(self, directory: Path) -> None:
        """Write the files of the book, durable when this returns."""
        for name in ("starts", "keys", "form_starts", "forms", "prices"):
            save_array(directory / f"book_{name}.npy", getattr(self, name))


def book_of(layout: Layout, said: Said) -> BookArrays:
    """Return the book of a segment: the words that public names bear, each text of a script once."""
    borne = np.flatnonzero(layout.word_public).tolist()
    entries: dict[int, int] = {}
    for word, key in zip(borne, _keys([said.words[word][1:] for word in borne]).tolist(), strict=True):
        entries.setdefault(key, word)
    keys = np.fromiter(entries.keys(), np.uint64, len(entries))
    words = np.fromiter(entries.values(), np.int64, len(entries))
    starts, order = bucketed(keys)
    form_starts, forms = moved(said.starts, said.forms, words[order])
    _, prices = moved(said.starts, said.prices, words[order])
    return BookArrays(starts, keys[order], form_starts, forms, prices)


class Book:
    """The words whose forms a segment holds. Safe for threads: it only reads."""

    def __init__(self, arrays: BookArrays, layout: Layout) -> None:
        self._arrays, self._layout = arrays, layout

    @classmethod
    def open(cls, directory: Path, layout: Layout) -> "Book | None":
        """Return the book in a directory, mapped, None where the segment was built without; raises `DamagedError`."""
        if not (directory / _KEYS).exists():
            return None
        arrays = BookArrays(
            load_array(directory / "book_starts.npy", np.uint32),
            load_array(directory / _KEYS, np.uint64),
            load_array(directory / "book_form_starts.npy", np.uint32),
            load_array(directory / "book_forms.npy", np.uint32),
            load_array(directory / "book_prices.npy", np.float64),
        )
        return cls(arrays, layout)

    def forms_held(self, word: str, script: str) -> tuple[Form, ...] | None:
        """Return the forms of a folded word as they were read, None where it is not in the book."""
        return self.all_forms_held([(word, script)])[0]

    def all_forms_held(self, words: Sequence[tuple[str, str]]) -> list[tuple[Form, ...] | None]:
        """Return the same of some words, each with its script."""
        held, count = self._arrays, len(words)
        keys = _keys(words)
        letters = np.empty(count * _ROOM, dtype=np.uint8)
        bounds = np.empty(count * (HAN_FORMS_MAX + 1), dtype=np.int64)
        prices = np.empty(count * HAN_FORMS_MAX, dtype=np.float64)
        forms = np.empty(count, dtype=np.int64)
        filled = _write_all_forms(
            keys, held.starts, held.keys, held.form_starts, held.forms, held.prices,
            self._layout.form_starts, self._layout.form_letters, letters, bounds, prices, forms,
        )  # fmt: skip
        text, counts = letters[:filled].tobytes().decode("ascii"), forms.tolist()
        total = int(np.maximum(forms, 0).sum())
        spelt = [text[begin:end] for begin, end in pairwise(bounds[: total + 1].tolist())]
        coming = map(Form._make, zip(spelt, prices[:total].tolist(), repeat(HELD)))
        return [None if some < 0 else tuple(islice(coming, some)) for some in counts]


@kernel(nogil=True)
def _write_all_forms(
    wanted: Hashes, starts: Numbers, keys: Hashes, entry_starts: Numbers, forms: Numbers, prices: NDArray[np.float64],
    form_starts: Numbers, form_letters: Small, letters: Small, bounds: NDArray[np.int64],
    some_prices: NDArray[np.float64], counts: NDArray[np.int64],
) -> int:  # fmt: skip
    """Write the letters of the forms of all keys end to end, where each begins, its price, and how many each key has.

    A key that is not there has -1. Returns how many letters there are.
    """
    at, written = 0, 0
    for place in range(wanted.size):
        first, last = _write_forms(
            wanted[place], starts, keys, entry_starts, forms, form_starts, form_letters, letters[at:],
            bounds[written : written + HAN_FORMS_MAX + 1],
        )  # fmt: skip
        counts[place] = last - first if first >= 0 else -1
        if first < 0:
            continue
        for form in range(first, last):
            some_prices[written + form - first] = prices[form]
        here = bounds[written + last - first]
        for form in range(last - first + 1):
            bounds[written + form] += at
        at += here
        written += last - first
    if not written:
        bounds[0] = 0
    return at


@kernel(nogil=True)
def _write_forms(
    key: np.uint64, starts: Numbers, keys: Hashes, entry_starts: Numbers, forms: Numbers, form_starts: Numbers,
    form_letters: Small, letters: Small, bounds: NDArray[np.int64],
) -> tuple[int, int]:  # fmt: skip
    """Write the letters of a key's forms end to end and where each begins; return which they are, -1 for none."""
    begin, end = bucket_bounds(key, starts)
    for entry in range(begin, end):
        if keys[entry] != key:
            continue
        first, last = np.int64(entry_starts[entry]), np.int64(entry_starts[entry + 1])
        if last - first >= bounds.size:
            break  # more than any word is read in: a damaged file must not write beyond its room
        at = 0
        for place in range(first, last):
            bounds[place - first] = at
            for letter in range(form_starts[forms[place]], form_starts[forms[place] + 1]):
                letters[at] = _LETTERS[form_letters[letter]]
                at += 1
        bounds[last - first] = at
        return first, last
    return -1, -1
