"""Names packed for comparison: their words, each neighbouring two as one, by number; each word is read once.

text -> cuts -> words -> numbers of a lexicon, which holds their forms and traits as arrays for the kernels
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.errors import MalformedError
from comity.matching.names import traits
from comity.names.chance import expected_rarity
from comity.names.forms import FORMS_MAX, Form, asked_forms, forms_of, look_ahead, pack
from comity.names.parts import LETTERS_MAX, Name, Word, parse_name
from comity.names.scripts import TRANSCRIBED
from comity.names.sounds import SYMBOLS_MAX

WORDS_MAX: Final = 12
JOINED_FORMS_MAX: Final = 2
JOINING_PRICE: Final = 0.1
JOINED_LETTERS_MIN: Final = 4
LEXICON_WORDS_MAX: Final = 65_536
NAMES_KEPT: Final = 32_768
QUERIES_KEPT: Final = 1024
_HAN: Final = frozenset({"han", TRANSCRIBED})
_NO_TEXT: Final = -1
_Number = TypeVar("_Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class PackedName:
    """The cuts of a name. Parts of a cut are its words, then each neighbouring two taken as one.

    `cuts` has the number of words and of parts of each cut, `parts` the parts' numbers in the lexicon, all cuts end
    to end, `firsts` the place of each part's first word.
    """

    words: tuple[tuple[Word, ...], ...]
    cuts: NDArray[np.int32]
    parts: NDArray[np.int32]
    firsts: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class PackedQuery:
    """A name asked for, its parts numbered by their places in `distinct`, which has their numbers in the lexicon."""

    name: PackedName
    distinct: NDArray[np.int32]
    parts: NDArray[np.int32]


class Column(Generic[_Number]):
    """An array that grows at its end. What was handed out before stays as it was."""

    def __init__(self, values: NDArray[_Number]) -> None:
        self.values = values
        self.filled = 0

    def extend(self, more: NDArray[_Number]) -> None:
        """Write more at the end."""
        end = self.filled + more.shape[0]
        if end > self.values.shape[0]:
            grown = np.zeros((2 * end, *self.values.shape[1:]), dtype=self.values.dtype)
            grown[: self.filled] = self.values[: self.filled]
            self.values = grown
        self.values[self.filled : end] = more
        self.filled = end


class Lexicon:
    """The words that comparisons have met, by number, with their forms; and the names made of them.

    Safe for threads: what has a number stays as it is, so that kernels read while words are added.
    """

    def __init__(self) -> None:
        self.spoken: list[str] = []
        """Under which text each part is asked for by rarity."""
        self.traits = Column(np.zeros((1024, traits.TRAITS_COUNT), dtype=np.int32))
        self.expected = Column(np.zeros(1024, dtype=np.float64))
        self.letters = Column(np.zeros(16_384, dtype=np.uint8))
        self.letter_starts = Column(np.zeros(4096, dtype=np.int32))
        self.sounds = Column(np.zeros(16_384, dtype=np.uint8))
        self.sound_starts = Column(np.zeros(4096, dtype=np.int32))
        self.prices = Column(np.zeros(4096, dtype=np.float32))
        self.nicknames = Column(np.zeros(4096, dtype=np.uint8))
        self.signs = Column(np.zeros(1024, dtype=np.int32))
        self.letter_starts.extend(np.zeros(1, dtype=np.int32))
        self.sound_starts.extend(np.zeros(1, dtype=np.int32))
        self._lock = Lock()
        self._numbers: dict[_PartKey, int] = {}
        self._forms: dict[tuple[str, str, bool], tuple[int, int]] = {}
        self._texts: dict[str, int] = {}
        self._names: dict[str, PackedName] = {}
        self._queries: dict[Name, PackedQuery] = {}

    @property
    def is_full(self) -> bool:
        """Whether it is time for a new one."""
        return len(self.spoken) >= LEXICON_WORDS_MAX

    def met(self, name: Name, texts: Sequence[str]) -> tuple[PackedQuery, list[PackedName]]:
        """Return a name asked for and the stored names it is compared with: what is new of them is taken in at once.

        That asked for comes with the other names its words may stand for.
        A stored name is without a cut where nobody can read it.
        """
        query, held = self._queries.get(name), {text: self._names.get(text) for text in texts}
        missing = {text: _cuts_of(text) for text, packed in held.items() if packed is None}
        if query is None or missing:
            _read_ahead(missing.values())
            with self._lock:
                fresh = _Fresh(len(self.spoken), self.prices.filled, self.signs.filled)
                if query is None:
                    self._draft(name.cuts, fresh, asked=True)
                for cuts in missing.values():
                    self._draft(cuts, fresh, asked=False)
                if fresh.rows:
                    self._take(fresh)
                packed = fresh.names()
                if query is None:
                    asked = next(packed)
                    query = PackedQuery(asked, *numbered(asked.parts))
                    _keep(self._queries, name, query, QUERIES_KEPT)
                for text, one in zip(missing, packed, strict=True):
                    held[text] = one
                    _keep(self._names, text, one, NAMES_KEPT)
        return query, [known for text in texts if (known := held[text]) is not None]

    def _draft(self, cuts: Sequence[tuple[Word, ...]], fresh: "_Fresh", *, asked: bool) -> None:
        """Write the parts of a name behind those of the names before."""
        kept: list[tuple[Word, ...]] = []
        known, new, parts, firsts = self._numbers, fresh.numbers, fresh.parts, fresh.firsts
        for cut in cuts:
            words = tuple([word for word in cut if word.role != "title"])[:WORDS_MAX] or cut[:WORDS_MAX]
            before = len(parts)
            for word in words:
                key = (word, asked)
                number = known.get(key)
                if number is None:
                    number = new.get(key)
                parts.append(self._word(word, fresh, asked=asked) if number is None else number)
            firsts += range(len(words))
            for place in range(len(words) - 1):
                one, other = words[place], words[place + 1]
                if len(one.text) + len(other.text) >= JOINED_LETTERS_MIN:
                    parts.append(self._joined(one, other, fresh))
                    firsts.append(place)
            kept.append(words)
            fresh.sizes.append((len(words), len(parts) - before))
        fresh.drafts.append((tuple(kept), len(parts)))

    def _word(self, word: Word, fresh: "_Fresh", *, asked: bool) -> int:
        """Return the number of a new word."""
        text, script, role, _ = word
        forms = (asked_forms if asked else forms_of)(text, script)
        spelt = (text, script, asked)
        bounds = self._forms.get(spelt) or fresh.bounds.get(spelt)
        if bounds is None:
            bounds = fresh.bounds[spelt] = fresh.spell(forms)
        number, same = self._text(text), traits.suffix_meant(text)
        row = (
            number,
            number if same == text else self._text(same),
            traits.SCRIPT_NUMBERS[script],
            traits.ROLES[role],
            len(text),
            traits.VOWELS.get(text[:1], 0),
            traits.VOWELS.get(text[-1:], 0),
            traits.marks_of(word),
            *bounds,
            fresh.signs_end,
        )
        if script in _HAN:
            fresh.signs += map(ord, text)
            fresh.signs_end += len(text)
        return fresh.add((word, asked), text, row, forms)

    def _joined(self, one: Word, other: Word, fresh: "_Fresh") -> int:
        key = (one.text, one.script, other.text, other.script)
        number = self._numbers.get(key)
        if number is None:
            number = fresh.numbers.get(key)
        if number is None:
            forms = joined_forms(one, other)
            row = (_NO_TEXT, 0, 0, 0, 0, 0, 0, 0, *fresh.spell(forms), 0)
            number = fresh.add(key, one.text + other.text, row, forms)
        return number

    def _text(self, text: str) -> int:
        return self._texts.setdefault(text, len(self._texts))

    def _take(self, fresh: "_Fresh") -> None:
        """Take in the new parts of some names. They count once all columns hold them."""
        packed = pack(fresh.forms)
        self.letter_starts.extend(packed.letter_bounds[1:] + self.letters.filled)
        self.sound_starts.extend(packed.sound_bounds[1:] + self.sounds.filled)
        self.letters.extend(packed.letters)
        self.sounds.extend(packed.sounds)
        self.nicknames.extend(np.array([form.rule == "nickname" for form in fresh.forms], dtype=np.uint8))
        self.prices.extend(packed.prices)
        if fresh.signs:
            self.signs.extend(np.array(fresh.signs, dtype=np.int32))
        self.traits.extend(np.array(fresh.rows, dtype=np.int32))
        self.expected.extend(np.array(fresh.expected, dtype=np.float64))
        self.spoken.extend(fresh.spoken)
        self._forms.update(fresh.bounds)
        self._numbers.update(fresh.numbers)


_PartKey = tuple[Word, bool] | tuple[str, str, str, str]
"""A word and whether it was asked for, or two neighbouring words taken as one."""


_Row = tuple[int, int, int, int, int, int, int, int, int, int, int]
"""What is to be known of a part, in the order of the places that `traits` names."""


class _Fresh:
    """The parts of some names that a lexicon does not hold yet, numbered on: they are taken in together."""

    def __init__(self, next_part: int, next_form: int, next_sign: int) -> None:
        self.numbers: dict[_PartKey, int] = {}
        self.bounds: dict[tuple[str, str, bool], tuple[int, int]] = {}
        self.rows: list[_Row] = []
        self.spoken: list[str] = []
        self.expected: list[float] = []
        self.forms: list[Form] = []
        self.signs: list[int] = []
        self.signs_end = next_sign
        self.sizes: list[tuple[int, int]] = []
        self.parts: list[int] = []
        self.firsts: list[int] = []
        self.drafts: list[tuple[tuple[tuple[Word, ...], ...], int]] = []
        """The words of each name by cut, and where its parts end among those of all names."""
        self._next_part, self._next_form = next_part, next_form

    def spell(self, forms: Sequence[Form]) -> tuple[int, int]:
        """Return where these forms will begin and end."""
        begin = self._next_form + len(self.forms)
        self.forms += forms
        return begin, begin + len(forms)

    def add(self, key: "_PartKey", spoken: str, row: _Row, forms: Sequence[Form]) -> int:
        """Return the number of a new part."""
        number = self.numbers[key] = self._next_part + len(self.rows)
        self.rows.append(row)
        self.expected.append(expected_rarity(forms[0].text) if forms else 0.0)
        self.spoken.append(spoken.replace(" ", ""))
        return number

    def names(self) -> Iterator[PackedName]:
        """Yield the names whose parts were written, in that order: pieces of arrays that all of them share."""
        sizes = np.array(self.sizes, dtype=np.int32).reshape(-1, 2)
        parts, firsts = np.array(self.parts, dtype=np.int32), np.array(self.firsts, dtype=np.int32)
        cut = begin = 0
        for words, end in self.drafts:
            last = cut + len(words)
            yield PackedName(words, sizes[cut:last], parts[begin:end], firsts[begin:end])
            cut, begin = last, end


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _keep(known: dict[_Key, _Value], key: _Key, value: _Value, most: int) -> None:
    if len(known) >= most:
        known.clear()
    known[key] = value


@kernel(nogil=True)
def numbered(parts: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the distinct numbers among some, in the order of their coming, and for each its place among those."""
    size = 16
    while size < 2 * parts.size:
        size *= 2
    table = np.full(size, -1, dtype=np.int32)
    distinct = np.empty(parts.size, dtype=np.int32)
    places = np.empty(parts.size, dtype=np.int32)
    filled = 0
    for place in range(parts.size):
        slot = (parts[place] * 40_503) % size
        while table[slot] >= 0 and distinct[table[slot]] != parts[place]:
            slot = (slot + 1) % size
        if table[slot] < 0:
            table[slot], distinct[filled] = filled, parts[place]
            filled += 1
        places[place] = table[slot]
    return distinct[:filled], places


_lexicons = [Lexicon()]


def lexicon() -> Lexicon:
    """Return the lexicon of this process; a new one where the last is full."""
    if _lexicons[0].is_full:
        _lexicons[0] = Lexicon()
    return _lexicons[0]


def _read_ahead(names: Iterable[tuple[tuple[Word, ...], ...]]) -> None:
    """Look up at once what is held of the words of some names, which are then taken one by one."""
    look_ahead({(word.text, word.script): None for cuts in names for cut in cuts for word in cut})


def _cuts_of(text: str) -> tuple[tuple[Word, ...], ...]:
    """Return the cuts of a stored name; none where nobody can read it."""
    try:
        return parse_name(text[:LETTERS_MAX]).cuts
    except MalformedError as error:
        if error.code != "name-too-many-words":
            return ()
        return parse_name(" ".join(text.split()[:WORDS_MAX])[: LETTERS_MAX // 4]).cuts


def joined_forms(one: Word, other: Word) -> tuple[Form, ...]:
    """Return the forms of two neighbouring words written as one."""
    forms: dict[str, Form] = {}
    for first in forms_of(one.text, one.script)[:JOINED_FORMS_MAX]:
        for second in forms_of(other.text, other.script)[:JOINED_FORMS_MAX]:
            text = (first.text + second.text)[:SYMBOLS_MAX]
            forms.setdefault(text, Form(text, first.price + second.price + JOINING_PRICE, "joined"))
    return tuple(sorted(forms.values(), key=lambda form: (form.price, form.text)))[:FORMS_MAX]
