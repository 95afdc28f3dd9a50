"""Readings learnt from pairs: how a word that no rule spells out (Arabic vowels, Han for a foreigner) reads.

A sound table is a joint n-gram model. Its unit is a group: one or two letters of the script with the Latin
letters written for them ("ch" for ч, "ohn" for 翰). The model says how likely each group is after the groups before
it, so a beam search over the groups of a word gives its likeliest Latin spellings, vowels included.
The word list beside it holds frequent words whole, with the spellings counted for them.

word -> groups, by beam -> mixed with what was counted for the whole word -> ranked
"""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from comity.names.readings.reading import Reading, ranked
from comity.names.readings.sound_automaton import PackedSounds, States, pack_sounds, states_of
from comity.names.readings.sound_search import (
    LETTERS_MAX,
    Spelling,
    likely_spellings,
    likely_spellings_of_all,
)
from comity.names.readings.tables import table_rows

_TRUST = 4.0
"""How many sightings of a whole word weigh as much as the model's own opinion."""
_CAUTION = 0.6
"""The model is surer of itself than it is right: its chances are drawn together by this power."""


@dataclass(frozen=True, slots=True)
class SoundTable:
    """A joint n-gram model as an automaton, and the frequent words counted whole.

    `words` holds the spellings of a word as its table writes them, `ali:12` and tab after tab: few are ever asked for.
    """

    groups: dict[str, list[tuple[int, str]]]
    states: States
    words: dict[str, str]
    rule: str

    def counted(self, word: str) -> list[tuple[str, float]]:
        """Return the spellings counted for a whole word, none where it was met too seldom."""
        entries = self.words.get(word)
        spellings = (entry.rpartition(":") for entry in entries.split("\t")) if entries else ()
        return [(latin, float(count)) for latin, _, count in spellings]


Ask = tuple[str, str, int]
"""The name of a table, the letters of a word, how many spellings are wanted."""
_ahead: dict[Ask, list[Spelling]] = {}
_packed: dict[str, PackedSounds] = {}


@lru_cache(maxsize=16)
def sound_table(name: str) -> SoundTable:
    """Return the learnt table of that name ("arabic", "han" ...), read on first use."""
    groups: dict[str, list[tuple[int, str]]] = {}
    states: list[str] = []
    words: dict[str, str] = {}
    for row in table_rows(f"sounds_{name}.tsv.gz"):
        kind, _, rest = row.partition("\t")
        if kind == "s":
            states.append(rest)
        elif kind == "w":
            word, _, words[word] = rest.partition("\t")
        else:
            number, letters, latin = rest.split("\t")
            groups.setdefault(letters, []).append((int(number), latin))
    return SoundTable(groups, states_of(states), words, f"{name}-learnt")


def lend_letters(name: str, loans: tuple[tuple[str, str, str, str], ...]) -> None:
    """Give letters a table has hardly seen the habits of letters it knows.

    Each loan names the letter, the one it borrows from, what that one writes, and what is written instead.
    """
    groups = sound_table(name).groups
    for letter, lender, written, instead in loans:
        known = {latin for _, latin in groups.get(letter, ())}
        for number, latin in groups.get(lender, ()):
            if written in latin and latin.replace(written, instead) not in known:
                groups.setdefault(letter, []).append((number, latin.replace(written, instead)))
    _packed.pop(name, None)


def read_learnt(name: str, word: str, limit: int = 12) -> tuple[Reading, ...]:
    """Return the readings of `word` by the table `name`, the best with weight 1.0."""
    table = sound_table(name)
    counted = table.counted(word)
    decoded = decode(name, word[:LETTERS_MAX], limit)
    if not counted:
        best = decoded[0][1] if decoded else 1.0
        return tuple([Reading(text, share / best, table.rule) for text, share in decoded])
    total = sum([count for _, count in counted]) + _TRUST
    shares: dict[str, float] = {text: count / total for text, count in counted}
    for text, share in decoded:
        shares[text] = shares.get(text, 0.0) + share * _TRUST / total
    best = max(shares.values())
    return ranked([Reading(text, share / best, table.rule) for text, share in shares.items()], limit)


def decode(name: str, word: str, limit: int) -> list[tuple[str, float]]:
    """Return up to `limit` likely spellings of `word` with their shares of the beam's belief, best first."""
    best = _ahead.pop((name, word, limit), None) if _ahead else None
    if best is None:
        best = likely_spellings(packed_table(name), word, limit)
    if not best:
        return []
    top = best[0][1]
    chances = [exp((score - top) * _CAUTION) for _, score in best]
    total = sum(chances)
    return [(text, chance / total) for (text, _), chance in zip(best, chances, strict=True)]


def packed_table(name: str) -> PackedSounds:
    """Return the automaton of a table, as it is with the letters lent to it so far."""
    packed = _packed.get(name)
    if packed is None:
        table = sound_table(name)
        packed = _packed[name] = pack_sounds(table.groups, table.states)
    return packed


def search_all(asks: Iterable[Ask]) -> dict[Ask, list[Spelling]]:
    """Return what the tables say to many asks, each table searched in one call; other threads go on meanwhile."""
    words: dict[tuple[str, int], dict[str, None]] = {}
    for name, word, limit in asks:
        words.setdefault((name, limit), {})[word[:LETTERS_MAX]] = None
    return {
        (name, word, limit): spellings
        for (name, limit), some in words.items()
        for word, spellings in zip(
            some, likely_spellings_of_all(packed_table(name), tuple(some), limit), strict=True
        )
    }


def is_searched_ahead(ask: Ask) -> bool:
    """Return whether it is known already what a table says to an ask."""
    return ask in _ahead


@contextmanager
def known_beforehand(found: Mapping[Ask, list[Spelling]]) -> Generator[None]:
    """Let readings take what was found from here, each once, instead of searching."""
    _ahead.update(found)
    try:
        yield
    finally:
        for ask in found:
            _ahead.pop(ask, None)
