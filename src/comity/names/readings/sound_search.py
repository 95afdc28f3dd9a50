"""The likeliest spellings of a word by a sound table: a beam search over packed arrays.

word -> the groups that may stand at each place -> beams, place by place -> spellings with their costs

It is the one search that every non-Latin word of every imported name goes through, so it is compiled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

BEAM_WIDTH = 14
STRANGER_COST = 9.0
"""What it costs, in nats, to pass a letter that the table has never seen."""

_NOTHING = -1e9
_BASIS = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x100000001B3)
_STATE_PRIME = np.uint64(0x9E3779B97F4A7C15)

Arc = tuple[float, int]
"""The cost of a group after a state, and the state it leads to."""


@dataclass(frozen=True, slots=True)
class PackedSounds:
    """A sound table as arrays. `*_starts` has one entry more than what it cuts into pieces.

    `letters` numbers the one or two letters that a group stands for; a group is one way to write them.
    """

    letters: Mapping[str, int]
    group_starts: NDArray[np.int32]
    group_numbers: NDArray[np.int32]
    latin_starts: NDArray[np.int32]
    latin: NDArray[np.uint8]
    arc_starts: NDArray[np.int32]
    arc_groups: NDArray[np.int32]
    arc_costs: NDArray[np.float64]
    arc_targets: NDArray[np.int32]
    retreat_costs: NDArray[np.float64]
    retreat_targets: NDArray[np.int32]


def pack_sounds(
    groups: Mapping[str, Sequence[tuple[int, str]]],
    arcs: Sequence[Mapping[int, Arc]],
    retreats: Sequence[Arc],
) -> PackedSounds:
    """Return the automaton of a sound table as arrays for the search."""
    written = [group for ways in groups.values() for group in ways]
    latin = [text.encode("ascii") for _, text in written]
    steps = [(group, *arc) for state in arcs for group, arc in sorted(state.items())]
    return PackedSounds(
        {letters: place for place, letters in enumerate(groups)},
        _starts([len(ways) for ways in groups.values()]),
        np.array([number for number, _ in written], np.int32),
        _starts([len(text) for text in latin]),
        np.frombuffer(b"".join(latin), np.uint8),
        _starts([len(state) for state in arcs]),
        np.array([group for group, _, _ in steps], np.int32),
        np.array([cost for _, cost, _ in steps], np.float64),
        np.array([target for _, _, target in steps], np.int32),
        np.array([cost for cost, _ in retreats], np.float64),
        np.array([target for _, target in retreats], np.int32),
    )


def _starts(counts: Sequence[int]) -> NDArray[np.int32]:
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64))).astype(np.int32)


def likely_spellings(sounds: PackedSounds, word: str, limit: int) -> list[tuple[str, float]]:
    """Return up to `limit` likely spellings of `word`, each with its log chance in nats, best first."""
    count = len(word)
    single, double = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    for place in range(count):
        single[place] = sounds.letters.get(word[place], -1)
        if place + 2 <= count:
            double[place] = sounds.letters.get(word[place : place + 2], -1)
    texts, lengths, scores = _search(
        single, double, limit,
        sounds.group_starts, sounds.group_numbers, sounds.latin_starts, sounds.latin,
        sounds.arc_starts, sounds.arc_groups, sounds.arc_costs, sounds.arc_targets,
        sounds.retreat_costs, sounds.retreat_targets,
    )  # fmt: skip
    return [
        (texts[place, : lengths[place]].tobytes().decode("ascii"), float(scores[place]))
        for place in range(len(scores))
    ]


@njit(cache=True, nogil=True)
def _search(  # noqa: PLR0913  # a kernel takes its arrays one by one
    single: NDArray[np.int32],
    double: NDArray[np.int32],
    limit: int,
    group_starts: NDArray[np.int32],
    group_numbers: NDArray[np.int32],
    latin_starts: NDArray[np.int32],
    latin: NDArray[np.uint8],
    arc_starts: NDArray[np.int32],
    arc_groups: NDArray[np.int32],
    arc_costs: NDArray[np.float64],
    arc_targets: NDArray[np.int32],
    retreat_costs: NDArray[np.float64],
    retreat_targets: NDArray[np.int32],
) -> tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.float64]]:
    """Walk the beams. A path's end is a row of arrays: state, hash of its text, belief, where it came from."""
    room, starts, mask = _room(single, double, group_starts)
    states = np.empty(room, np.int32)
    hashes = np.empty(room, np.uint64)
    beliefs = np.empty(room, np.float64)
    parents = np.empty(room, np.int32)
    written = np.empty(room, np.int32)
    # Two ends of one place with one state and one text are one end; 64 bits tell texts apart.
    seen = np.full((2, mask + 1), -1, np.int32)
    sizes = np.zeros(single.size + 1, np.int32)
    best = np.empty(BEAM_WIDTH, np.int32)
    states[0], hashes[0], beliefs[0], parents[0], written[0] = 1, _BASIS, 0.0, -1, -1
    sizes[0] = 1
    for place in range(single.size):
        paths = _best_of(beliefs, starts[place], sizes[place], best)
        seen[place & 1, :] = -1
        moved = False
        for length in (1, 2):
            letters = single[place] if length == 1 else double[place]
            if letters < 0:
                continue
            moved = True
            goal = place + length
            for path in range(paths):
                origin = best[path]
                for group in range(group_starts[letters], group_starts[letters + 1]):
                    state, score = _step(
                        states[origin], beliefs[origin], group_numbers[group],
                        arc_starts, arc_groups, arc_costs, arc_targets, retreat_costs, retreat_targets,
                    )  # fmt: skip
                    value = hashes[origin]
                    for letter in range(latin_starts[group], latin_starts[group + 1]):
                        value = (value ^ np.uint64(latin[letter])) * _PRIME
                    sizes[goal] = _arrive(
                        state, value, score, origin, group, starts[goal], sizes[goal],
                        seen[goal & 1], states, hashes, beliefs, parents, written,
                    )  # fmt: skip
        if not moved:
            goal = place + 1
            for path in range(paths):
                origin = best[path]
                sizes[goal] = _arrive(
                    0, hashes[origin], beliefs[origin] - STRANGER_COST, origin, -1, starts[goal], sizes[goal],
                    seen[goal & 1], states, hashes, beliefs, parents, written,
                )  # fmt: skip
    first, last = starts[single.size], starts[single.size] + sizes[single.size]
    for end in range(first, last):
        beliefs[end] = _step(
            states[end], beliefs[end], 0,
            arc_starts, arc_groups, arc_costs, arc_targets, retreat_costs, retreat_targets,
        )[1]  # fmt: skip
    return _spell(first, last, limit, hashes, beliefs, parents, written, latin_starts, latin, single.size)


@njit(cache=True, nogil=True)
def _room(
    single: NDArray[np.int32], double: NDArray[np.int32], group_starts: NDArray[np.int32]
) -> tuple[int, NDArray[np.int32], int]:
    """Return how many ends there may be in all, where those of each place begin, a mask for their hashes."""
    starts = np.zeros(single.size + 2, np.int32)
    starts[1] = 1
    widest = 1
    for goal in range(1, single.size + 1):
        ways = 1
        if single[goal - 1] >= 0:
            ways += group_starts[single[goal - 1] + 1] - group_starts[single[goal - 1]]
        if goal >= 2 and double[goal - 2] >= 0:
            ways += group_starts[double[goal - 2] + 1] - group_starts[double[goal - 2]]
        widest = max(widest, ways * BEAM_WIDTH)
        starts[goal + 1] = starts[goal] + ways * BEAM_WIDTH
    size = 16
    while size < widest * 2:
        size *= 2
    return starts[single.size + 1], starts, size - 1


@njit(cache=True, nogil=True)
def _best_of(beliefs: NDArray[np.float64], first: int, count: int, best: NDArray[np.int32]) -> int:
    """Write the ends with the highest beliefs into `best`, of equals the earlier first; return how many."""
    kept = 0
    for end in range(first, first + count):
        if kept == best.size and beliefs[end] <= beliefs[best[kept - 1]]:
            continue
        place = kept if kept < best.size else kept - 1
        while place > 0 and beliefs[best[place - 1]] < beliefs[end]:
            if place < best.size:
                best[place] = best[place - 1]
            place -= 1
        best[place] = end
        kept = min(kept + 1, best.size)
    return kept


@njit(cache=True, nogil=True)
def _step(  # noqa: PLR0913  # a kernel takes its arrays one by one
    state: int,
    score: float,
    group: int,
    arc_starts: NDArray[np.int32],
    arc_groups: NDArray[np.int32],
    arc_costs: NDArray[np.float64],
    arc_targets: NDArray[np.int32],
    retreat_costs: NDArray[np.float64],
    retreat_targets: NDArray[np.int32],
) -> tuple[int, float]:
    """Return the state after a group, and the belief; where a state has no such arc, it retreats first."""
    while True:
        low, high = arc_starts[state], arc_starts[state + 1]
        end = high
        while low < high:
            middle = (low + high) // 2
            if arc_groups[middle] < group:
                low = middle + 1
            else:
                high = middle
        if low < end and arc_groups[low] == group:
            return arc_targets[low], score - arc_costs[low]
        score -= retreat_costs[state]
        state = retreat_targets[state]


@njit(cache=True, nogil=True)
def _arrive(  # noqa: PLR0913  # a kernel takes its arrays one by one
    state: int,
    value: np.uint64,
    score: float,
    origin: int,
    group: int,
    first: int,
    count: int,
    seen: NDArray[np.int32],
    states: NDArray[np.int32],
    hashes: NDArray[np.uint64],
    beliefs: NDArray[np.float64],
    parents: NDArray[np.int32],
    written: NDArray[np.int32],
) -> int:
    """Take an end into its place; of two ways to one end the likelier stays. Return how many ends there are."""
    mask = seen.size - 1
    slot = np.int64((value ^ (np.uint64(state) * _STATE_PRIME)) >> np.uint64(20)) & mask
    while seen[slot] >= 0:
        end = seen[slot]
        if states[end] == state and hashes[end] == value:
            if beliefs[end] < score:
                beliefs[end], parents[end], written[end] = score, origin, group
            return count
        slot = (slot + 1) & mask
    end = first + count
    seen[slot] = end
    states[end], hashes[end], beliefs[end], parents[end], written[end] = state, value, score, origin, group
    return count + 1


@njit(cache=True, nogil=True)
def _spell(  # noqa: PLR0913  # a kernel takes its arrays one by one
    first: int,
    last: int,
    limit: int,
    hashes: NDArray[np.uint64],
    beliefs: NDArray[np.float64],
    parents: NDArray[np.int32],
    written: NDArray[np.int32],
    latin_starts: NDArray[np.int32],
    latin: NDArray[np.uint8],
    places: int,
) -> tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.float64]]:
    """Return the texts of the ends with the highest beliefs, each text once, an empty one never."""
    longest = 1
    for group in range(latin_starts.size - 1):
        longest = max(longest, latin_starts[group + 1] - latin_starts[group])
    texts = np.zeros((limit, places * longest), np.uint8)
    lengths = np.zeros(limit, np.int32)
    scores = np.zeros(limit, np.float64)
    taken = np.empty(limit, np.uint64)
    kept = 0
    while kept < limit:
        best = -1
        for end in range(first, last):
            if hashes[end] == _BASIS or (best >= 0 and beliefs[end] <= beliefs[best]):
                continue
            known = False
            for place in range(kept):
                known = known or taken[place] == hashes[end]
            if not known:
                best = end
        if best < 0:
            break
        taken[kept], scores[kept] = hashes[best], beliefs[best]
        length = 0
        end = best
        while parents[end] >= 0:
            if written[end] >= 0:
                length += latin_starts[written[end] + 1] - latin_starts[written[end]]
            end = parents[end]
        lengths[kept] = length
        end = best
        while parents[end] >= 0:
            if written[end] >= 0:
                for letter in range(latin_starts[written[end] + 1] - 1, latin_starts[written[end]] - 1, -1):
                    length -= 1
                    texts[kept, length] = latin[letter]
            end = parents[end]
        kept += 1
    return texts[:kept], lengths[:kept], scores[:kept]
