"""Names packed for comparison: their words, each neighbouring two as one, by number; each word is read once.

text -> cuts -> words -> numbers of a lexicon, which holds their forms and traits as arrays for the kernels
"""

from collections.abc import Iterable, Sequence
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
from comity.names.sounds import SYMBOLS_MAX

WORDS_MAX: Final = 12
JOINED_FORMS_MAX: Final = 2
JOINING_PRICE: Final = 0.1
JOINED_LETTERS_MIN: Final = 4
LEXICON_WORDS_MAX: Final = 65_536
NAMES_KEPT: Final = 32_768
QUERIES_KEPT: Final = 1024
_HAN: Final = frozenset({traits.HAN, traits.HAN_TRANSCRIBED})
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
                fresh = _Fresh(len(self.spoken), self.prices.filled)
                asked = query.name if query else self._packed(name.cuts, fresh, asked=True)
                packed = {text: self._packed(cuts, fresh, asked=False) for text, cuts in missing.items()}
                if fresh.rows:
                    self._take(fresh)
                query = query or _kept(
                    self._queries, name, PackedQuery(asked, *numbered(asked.parts)), QUERIES_KEPT
                )
                for text, one in packed.items():
                    held[text] = _kept(self._names, text, one, NAMES_KEPT)
        return query, [known for text in texts if (known := held[text]) is not None]

    def _packed(self, cuts: Sequence[tuple[Word, ...]], fresh: "_Fresh", *, asked: bool) -> PackedName:
        kept: list[tuple[Word, ...]] = []
        sizes: list[tuple[int, int]] = []
        parts: list[int] = []
        firsts: list[int] = []
        for cut in cuts:
            words = tuple(word for word in cut if word.role != "title")[:WORDS_MAX] or cut[:WORDS_MAX]
            before = len(parts)
            parts += [self._word(word, fresh, asked=asked) for word in words]
            firsts += range(len(words))
            for place in range(len(words) - 1):
                if len(words[place].text) + len(words[place + 1].text) >= JOINED_LETTERS_MIN:
                    parts.append(self._joined(words[place], words[place + 1], fresh))
                    firsts.append(place)
            kept.append(words)
            sizes.append((len(words), len(parts) - before))
        return PackedName(
            tuple(kept),
            np.array(sizes, dtype=np.int32).reshape(-1, 2),
            np.array(parts, dtype=np.int32),
            np.array(firsts, dtype=np.int32),
        )

    def _word(self, word: Word, fresh: "_Fresh", *, asked: bool) -> int:
        key = (word, asked)
        number = self._numbers.get(key)
        if number is None:
            number = fresh.numbers.get(key)
        if number is None:
            text, script = word.text, traits.SCRIPT_NUMBERS[word.script]
            row = [0] * traits.TRAITS_COUNT
            row[traits.TEXT] = self._text(text)
            row[traits.SUFFIX] = self._text(traits.suffix_meant(text))
            row[traits.SCRIPT], row[traits.ROLE] = script, traits.ROLES[word.role]
            row[traits.LENGTH], row[traits.MARKS] = len(text), traits.marks_of(word)
            row[traits.BEGINS] = traits.VOWELS.get(text[:1], 0)
            row[traits.ENDS] = traits.VOWELS.get(text[-1:], 0)
            row[traits.SIGNS] = self.signs.filled
            if script in _HAN:
                self.signs.extend(np.array(list(map(ord, text)), dtype=np.int32))
            forms = (asked_forms if asked else forms_of)(text, word.script)
            spelt = (text, word.script, asked)
            bounds = self._forms.get(spelt) or fresh.bounds.get(spelt)
            if bounds is None:
                bounds = fresh.bounds[spelt] = fresh.spell(forms)
            number = fresh.add(key, text, row, bounds, forms)
        return number

    def _joined(self, one: Word, other: Word, fresh: "_Fresh") -> int:
        key = (one.text, one.script, other.text, other.script)
        number = self._numbers.get(key)
        if number is None:
            number = fresh.numbers.get(key)
        if number is None:
            row = [0] * traits.TRAITS_COUNT
            row[traits.TEXT] = -1
            forms = joined_forms(one, other)
            number = fresh.add(key, one.text + other.text, row, fresh.spell(forms), forms)
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
        self.traits.extend(np.array(fresh.rows, dtype=np.int32))
        self.expected.extend(np.array(fresh.expected, dtype=np.float64))
        self.spoken.extend(fresh.spoken)
        self._forms.update(fresh.bounds)
        self._numbers.update(fresh.numbers)


_PartKey = tuple[Word, bool] | tuple[str, str, str, str]
"""A word and whether it was asked for, or two neighbouring words taken as one."""


class _Fresh:
    """The parts of some names that a lexicon does not hold yet, numbered on: they are taken in together."""

    def __init__(self, next_part: int, next_form: int) -> None:
        self.numbers: dict[_PartKey, int] = {}
        self.bounds: dict[tuple[str, str, bool], tuple[int, int]] = {}
        self.rows: list[list[int]] = []
        self.spoken: list[str] = []
        self.expected: list[float] = []
        self.forms: list[Form] = []
        self._next_part, self._next_form = next_part, next_form

    def spell(self, forms: Sequence[Form]) -> tuple[int, int]:
        """Return where these forms will begin and end."""
        begin = self._next_form + len(self.forms)
        self.forms += forms
        return begin, begin + len(forms)

    def add(
        self, key: _PartKey, spoken: str, row: list[int], bounds: tuple[int, int], forms: Sequence[Form]
    ) -> int:
        """Return the number of a new part."""
        row[traits.FORMS], row[traits.FORMS_END] = bounds
        number = self.numbers[key] = self._next_part + len(self.rows)
        self.rows.append(row)
        self.expected.append(expected_rarity(forms[0].text) if forms else 0.0)
        self.spoken.append(spoken.replace(" ", ""))
        return number


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _kept(known: dict[_Key, _Value], key: _Key, value: _Value, most: int) -> _Value:
    if len(known) >= most:
        known.clear()
    known[key] = value
    return value


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
