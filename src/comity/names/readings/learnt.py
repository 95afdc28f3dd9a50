"""Readings learnt from pairs: how a word that no rule spells out (Arabic vowels, Han for a foreigner) reads.

A sound table is a joint n-gram model. Its unit is a group: one or two letters of the script with the Latin
letters written for them ("ch" for ч, "ohn" for 翰). The model says how likely each group is after the groups before
it, so a beam search over the groups of a word gives its likeliest Latin spellings, vowels included.
The word list beside it holds frequent words whole, with the spellings counted for them.

word -> groups, by beam -> mixed with what was counted for the whole word -> ranked
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from math import exp

from comity.names.readings.reading import Reading, ranked
from comity.names.readings.tables import table_rows

_BEAM_WIDTH = 14
_LETTERS_MAX = 24
_STRANGER_COST = 9.0
"""What it costs, in nats, to pass a letter that the table has never seen."""
_TRUST = 4.0
"""How many sightings of a whole word weigh as much as the model's own opinion."""
_CAUTION = 0.6
"""The model is surer of itself than it is right: its chances are drawn together by this power."""
_SCALE = 20.0
"""Costs are stored as whole twentieths of a nat: finer steps change no ranking and double the table."""

Arc = tuple[float, int]
"""The cost of a group after a state, and the state it leads to."""


@dataclass(frozen=True, slots=True)
class SoundTable:
    """A joint n-gram model as an automaton, and the frequent words counted whole."""

    groups: dict[str, list[tuple[int, str]]]
    arcs: list[dict[int, Arc]]
    retreats: list[Arc]
    words: dict[str, list[tuple[str, float]]]


PathEnd = tuple[int, str]
"""The state a path has come to, and the Latin letters it has written."""
Beam = dict[PathEnd, float]
"""The belief in each path (a log chance) at one place of the word."""


@lru_cache(maxsize=16)
def sound_table(name: str) -> SoundTable:
    """Return the learnt table of that name ("arabic", "han" ...), read on first use."""
    table = SoundTable({}, [], [], {})
    for row in table_rows(f"sounds_{name}.tsv.gz"):
        kind, _, rest = row.partition("\t")
        if kind == "g":
            number, letters, latin = rest.split("\t")
            table.groups.setdefault(letters, []).append((int(number), latin))
        elif kind == "s":
            _add_state(table, rest)
        else:
            word, *counted = rest.split("\t")
            spellings = (entry.rpartition(":") for entry in counted)
            table.words[word] = [(latin, float(count)) for latin, _, count in spellings]
    return table


def _add_state(table: SoundTable, row: str) -> None:
    retreat, cost, *arcs = row.split(" ")
    table.retreats.append((int(cost) / _SCALE, int(retreat)))
    numbers = list(map(int, arcs))
    table.arcs.append(
        {
            group: (step / _SCALE, target)
            for group, step, target in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)
        }
    )


def knows_word(name: str, word: str) -> bool:
    """Return whether the table of that name has counted the whole word."""
    return word in sound_table(name).words


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


def read_learnt(name: str, word: str, limit: int = 12) -> tuple[Reading, ...]:
    """Return the readings of `word` by the table `name`, the best with weight 1.0."""
    table = sound_table(name)
    counted = table.words.get(word, [])
    total = sum(count for _, count in counted) + _TRUST
    shares: dict[str, float] = {text: count / total for text, count in counted}
    for text, share in decode(table, word[:_LETTERS_MAX], limit):
        shares[text] = shares.get(text, 0.0) + share * _TRUST / total
    best = max(shares.values(), default=1.0)
    return ranked((Reading(text, share / best, f"{name}-learnt") for text, share in shares.items()), limit)


def decode(table: SoundTable, word: str, limit: int) -> list[tuple[str, float]]:
    """Return up to `limit` likely spellings of `word` with their shares of the beam's belief, best first."""
    beams: list[Beam] = [{} for _ in range(len(word) + 1)]
    beams[0][1, ""] = 0.0
    for place in range(len(word)):
        paths = nlargest(_BEAM_WIDTH, beams[place].items(), key=_by_belief)
        moved = False
        for length in (1, 2):
            groups = table.groups.get(word[place : place + length])
            if groups and place + length <= len(word):
                moved = True
                _spread(table, paths, groups, beams[place + length])
        if not moved:
            _pass_stranger(paths, beams[place + 1])
    return _shares(table, beams[-1], limit)


def _by_belief(path: tuple[PathEnd, float]) -> float:
    return path[1]


def _spread(
    table: SoundTable, paths: Iterable[tuple[PathEnd, float]], groups: list[tuple[int, str]], beam: Beam
) -> None:
    """Carry each path on by each of the groups; of two ways to one end the likelier stays."""
    arcs, retreats = table.arcs, table.retreats
    for (start, text), belief in paths:
        for group, latin in groups:
            state, score = start, belief
            while (arc := arcs[state].get(group)) is None:
                cost, state = retreats[state]
                score -= cost
            key = (arc[1], text + latin)
            score -= arc[0]
            if beam.get(key, -1e9) < score:
                beam[key] = score


def _pass_stranger(paths: Iterable[tuple[PathEnd, float]], beam: Beam) -> None:
    for (_, text), belief in paths:
        beam[0, text] = max(beam.get((0, text), -1e9), belief - _STRANGER_COST)


def _shares(table: SoundTable, beam: Beam, limit: int) -> list[tuple[str, float]]:
    beliefs: dict[str, float] = {}
    for (end, text), belief in beam.items():
        state, score = end, belief
        while (arc := table.arcs[state].get(0)) is None:
            cost, state = table.retreats[state]
            score -= cost
        score -= arc[0]
        if text and beliefs.get(text, -1e9) < score:
            beliefs[text] = score
    best = nlargest(limit, beliefs.items(), key=lambda entry: entry[1])
    if not best:
        return []
    chances = [(text, exp((score - best[0][1]) * _CAUTION)) for text, score in best]
    total = sum(chance for _, chance in chances)
    return [(text, chance / total) for text, chance in chances]
