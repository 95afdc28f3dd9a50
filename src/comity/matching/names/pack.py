"""A name packed for comparison: its words, each neighbouring two as one, and all their forms as arrays."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

from comity.errors import MalformedError
from comity.names.forms import FORMS_MAX, Form, asked_forms, forms_of, pack
from comity.names.likeness import FAR, least_price
from comity.names.parts import LETTERS_MAX, Name, Word, parse_name
from comity.names.sounds import SYMBOLS_MAX

WORDS_MAX = 12
JOINED_FORMS_MAX = 2
JOINING_PRICE = 0.1


@dataclass(frozen=True, slots=True)
class PackedCut:
    """One way to cut a name. Parts are its words, then each neighbouring two taken as one."""

    words: tuple[Word, ...]
    first: tuple[int, ...]
    last: tuple[int, ...]
    forms: tuple[tuple[Form, ...], ...]
    form_starts: NDArray[np.int64]
    letters: NDArray[np.uint8]
    letters_count: NDArray[np.int32]
    sounds: NDArray[np.uint8]
    sounds_count: NDArray[np.int32]
    prices: NDArray[np.float32]


def pack_query(name: Name) -> tuple[PackedCut, ...]:
    """Return the cuts of a name asked for, with the other names its words may stand for."""
    return _pack_query(name)


@lru_cache(maxsize=1024)
def _pack_query(name: Name) -> tuple[PackedCut, ...]:
    return tuple(_packed(cut, asked=True) for cut in name.cuts)


@lru_cache(maxsize=65_536)
def pack_record(text: str) -> tuple[PackedCut, ...]:
    """Return the cuts of a stored name; none where nobody can read it."""
    try:
        name = parse_name(text[:LETTERS_MAX])
    except MalformedError as error:
        if error.code != "name-too-many-words":
            return ()
        name = parse_name(" ".join(text.split()[:WORDS_MAX])[: LETTERS_MAX // 4])
    return tuple(_packed(cut, asked=False) for cut in name.cuts)


def _packed(cut: tuple[Word, ...], *, asked: bool) -> PackedCut:
    words = tuple(word for word in cut if word.role != "title")[:WORDS_MAX] or cut[:WORDS_MAX]
    forms = [(asked_forms if asked else forms_of)(word.text, word.script) for word in words]
    first, last = list(range(len(words))), list(range(len(words)))
    for place in range(len(words) - 1):
        if len(words[place].text) + len(words[place + 1].text) >= 4:
            forms.append(_joined(words[place], words[place + 1]))
            first.append(place)
            last.append(place + 1)
    packed = pack(tuple(form for some in forms for form in some))
    starts = np.zeros(len(forms) + 1, dtype=np.int64)
    starts[1:] = np.cumsum([len(some) for some in forms])
    return PackedCut(
        words, tuple(first), tuple(last), tuple(forms), starts, packed.letters, packed.letters_count,
        packed.sounds, packed.sounds_count, packed.prices,
    )  # fmt: skip


def _joined(one: Word, other: Word) -> tuple[Form, ...]:
    forms: dict[str, Form] = {}
    for first in forms_of(one.text, one.script)[:JOINED_FORMS_MAX]:
        for second in forms_of(other.text, other.script)[:JOINED_FORMS_MAX]:
            text = (first.text + second.text)[:SYMBOLS_MAX]
            forms.setdefault(text, Form(text, first.price + second.price + JOINING_PRICE, "joined"))
    return tuple(sorted(forms.values(), key=lambda form: (form.price, form.text)))[:FORMS_MAX]


@dataclass(frozen=True, slots=True)
class Prices:
    """The price between each part of a query and each of a record, the forms that met, whether by letters."""

    price: NDArray[np.float32]
    form: NDArray[np.int32]
    by_letters: NDArray[np.bool_]


def prices_between(query: PackedCut, record: PackedCut) -> Prices:
    """Return the prices between all parts, `FAR` where they have nothing in common."""
    price, form, by_letters = _prices(
        query.form_starts, len(query.words), query.letters, query.letters_count, query.sounds, query.sounds_count,
        query.prices, record.form_starts, len(record.words), record.letters, record.letters_count, record.sounds,
        record.sounds_count, record.prices,
    )  # fmt: skip
    return Prices(price, form, by_letters)


@njit(cache=True, nogil=True)
def _prices(  # noqa: PLR0913  # a kernel: packed arrays
    starts: NDArray[np.int64],
    words: int,
    letters: NDArray[np.uint8],
    letters_count: NDArray[np.int32],
    sounds: NDArray[np.uint8],
    sounds_count: NDArray[np.int32],
    prices: NDArray[np.float32],
    other_starts: NDArray[np.int64],
    other_words: int,
    other_letters: NDArray[np.uint8],
    other_letters_count: NDArray[np.int32],
    other_sounds: NDArray[np.uint8],
    other_sounds_count: NDArray[np.int32],
    other_prices: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.bool_]]:
    shape = (starts.size - 1, other_starts.size - 1)
    price = np.full(shape, FAR, dtype=np.float32)
    form = np.full(shape, -1, dtype=np.int32)
    by_letters = np.zeros(shape, dtype=np.bool_)
    for part in range(shape[0]):
        begin, end = starts[part], starts[part + 1]
        for other in range(shape[1]):
            if part >= words and other >= other_words:
                # Two words joined on both sides say no more than the words themselves.
                continue
            other_begin, other_end = other_starts[other], other_starts[other + 1]
            best, one, _, typed = least_price(
                letters[begin:end], letters_count[begin:end], sounds[begin:end], sounds_count[begin:end],
                prices[begin:end], other_letters[other_begin:other_end], other_letters_count[other_begin:other_end],
                other_sounds[other_begin:other_end], other_sounds_count[other_begin:other_end],
                other_prices[other_begin:other_end],
            )  # fmt: skip
            price[part, other], form[part, other], by_letters[part, other] = best, one, typed
    return price, form, by_letters
