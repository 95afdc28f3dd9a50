"""The likeliest spellings of a word by a sound table: a beam search over packed arrays.

words -> the groups that may stand at each place -> beams, place by place -> spellings with their costs

It is the one search that every word of every imported name goes through, so it is compiled, takes many words in one
call, and leaves out early what can be no result: costs are never negative, so a path only becomes less likely.
"""

from collections.abc import Sequence
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.names.readings.sound_automaton import (
    BEGINNING,
    NOTHING,
    POINT_BITS,
    ROOT,
    PackedSounds,
    ended,
    step,
    uncounted,
)

BEAM_WIDTH = 14
LETTERS_MAX = 24
"""So many letters of a word are searched for; what follows is left out."""
STRANGER_COST = 9.0
"""What it costs, in nats, to pass a letter that the table has never seen."""

_BASIS = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x100000001B3)
_STATE_PRIME = np.uint64(0x9E3779B97F4A7C15)

Spelling = tuple[str, float]


class _Work(NamedTuple):
    """Room for the beams of one word. A path's end is a row of arrays; `room` rows belong to each place.

    An end is a state, the hash of its text, its belief, and where it came from. Of the place in reach by one letter
    and of that by two: slots to find an end by state and text, and the highest beliefs, highest first. Of the last
    place: the highest beliefs of whole words, each text once.
    """

    states: NDArray[np.int32]
    hashes: NDArray[np.uint64]
    beliefs: NDArray[np.float64]
    parents: NDArray[np.int32]
    written: NDArray[np.int32]
    sizes: NDArray[np.int64]
    best: NDArray[np.int32]
    seen: NDArray[np.int32]
    tops: NDArray[np.float64]
    finals: NDArray[np.float64]
    final_hashes: NDArray[np.uint64]


def likely_spellings(sounds: PackedSounds, word: str, limit: int) -> list[Spelling]:
    """Return up to `limit` likely spellings of `word`, each with its log chance in nats, best first."""
    return likely_spellings_of_all(sounds, (word,), limit)[0]


def likely_spellings_of_all(sounds: PackedSounds, words: Sequence[str], limit: int) -> list[list[Spelling]]:
    """Return the likely spellings of each word; other threads go on meanwhile."""
    lengths = np.array([len(word) for word in words], np.int64)
    points = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
    counts, stops, texts, scores = search(lengths, points, limit, *sounds)
    text = texts.tobytes().decode("ascii")
    pieces = [text[start:stop] for start, stop in pairwise(stops.tolist())]
    spellings = iter(zip(pieces, scores.tolist(), strict=True))
    return [list(islice(spellings, count)) for count in counts.tolist()]


@kernel(nogil=True)
def search(  # noqa: PLR0913  # a kernel takes its arrays one by one
    lengths: NDArray[np.int64],
    points: NDArray[np.uint32],
    limit: int,
    keys: NDArray[np.int64],
    group_starts: NDArray[np.int32],
    group_numbers: NDArray[np.int32],
    group_costs: NDArray[np.float64],
    latin_starts: NDArray[np.int32],
    latin: NDArray[np.uint8],
    arc_slots: NDArray[np.int64],
    arc_costs: NDArray[np.float64],
    arc_targets: NDArray[np.int32],
    retreat_costs: NDArray[np.float64],
    retreat_targets: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8], NDArray[np.float64]]:
    """Return how many spellings each word has, the bounds of the spellings in the texts, the texts, their chances."""
    sounds = PackedSounds(
        keys, group_starts, group_numbers, group_costs, latin_starts, latin,
        arc_slots, arc_costs, arc_targets, retreat_costs, retreat_targets,
    )  # fmt: skip
    single, double, widest = _letters_at(lengths, points, sounds)
    longest = 1
    for group in range(latin_starts.size - 1):
        longest = max(longest, latin_starts[group + 1] - latin_starts[group])
    letters_max = lengths.max() if lengths.size else 0
    work, room = _work_for(letters_max, widest, limit)
    counts = np.zeros(lengths.size, np.int64)
    stops = np.zeros(lengths.size * limit + 1, np.int64)
    scores = np.zeros(lengths.size * limit, np.float64)
    texts = np.empty(points.size * longest * limit, np.uint8)
    first = kept = 0
    for word in range(lengths.size):
        after = first + lengths[word]
        _walk(single[first:after], double[first:after], room, sounds, work)
        begin = lengths[word] * room
        counts[word] = _spell(
            begin, begin + work.sizes[lengths[word]], limit, kept, sounds, work, stops, texts, scores
        )
        kept += counts[word]
        first = after
    return counts, stops[: kept + 1], texts[: stops[kept]], scores[:kept]


@kernel(nogil=True)
def _letters_at(
    lengths: NDArray[np.int64], points: NDArray[np.uint32], sounds: PackedSounds
) -> tuple[NDArray[np.int32], NDArray[np.int32], int]:
    """Return which one letter and which two stand at each place of the words, -1 for none, and the most ways at one."""
    single, double = np.full(points.size, -1, np.int32), np.full(points.size, -1, np.int32)
    starts, widest, first = sounds.group_starts, 1, 0
    for word in range(lengths.size):
        after = first + lengths[word]
        before = 0
        for place in range(first, after):
            single[place] = _found(np.int64(points[place]), sounds.keys)
            if place + 1 < after:
                pair = np.int64(points[place]) << POINT_BITS | np.int64(points[place + 1])
                double[place] = _found(pair, sounds.keys)
            ways = 1
            if single[place] >= 0:
                ways += starts[single[place] + 1] - starts[single[place]]
            widest = max(widest, ways + before)
            before = starts[double[place] + 1] - starts[double[place]] if double[place] >= 0 else 0
        first = after
    return single, double, widest


@uncounted
def _found(key: np.int64, keys: NDArray[np.int64]) -> int:
    """Return the place of a key among keys in order, -1 where it is none of them."""
    low, high = 0, keys.size
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low if low < keys.size and keys[low] == key else -1


@kernel(nogil=True)
def _work_for(letters_max: int, widest: int, limit: int) -> tuple[_Work, int]:
    """Return room for the beams of words of so many letters, and how much of it each place has."""
    room = widest * BEAM_WIDTH
    slots = 16
    while slots < room * 2:
        slots *= 2
    size = (letters_max + 1) * room
    work = _Work(
        np.empty(size, np.int32), np.empty(size, np.uint64), np.empty(size, np.float64), np.empty(size, np.int32),
        np.empty(size, np.int32), np.empty(letters_max + 1, np.int64), np.empty(BEAM_WIDTH, np.int32), np.empty((2, slots), np.int32),
        np.empty((2, BEAM_WIDTH), np.float64), np.empty(limit, np.float64), np.empty(limit, np.uint64),
    )  # fmt: skip
    return work, room


@uncounted
def _walk(  # noqa: PLR0913  # a kernel: the word, and where its beams are kept
    single: NDArray[np.int32],
    double: NDArray[np.int32],
    room: int,
    sounds: PackedSounds,
    work: _Work,
) -> None:
    """Walk the beams of one word, place by place; the last place's ends bear the beliefs of whole words."""
    work.sizes[: single.size + 1] = 0
    work.seen[:] = -1
    work.tops[:] = NOTHING
    work.finals[:] = NOTHING
    work.final_hashes[:] = _BASIS
    work.states[0], work.hashes[0], work.beliefs[0] = BEGINNING, _BASIS, 0.0
    work.parents[0] = work.written[0] = -1
    work.sizes[0] = 1
    for place in range(single.size):
        paths = work.best[: _best_of(work.beliefs, place * room, work.sizes[place], work.best)]
        work.seen[place & 1] = -1
        work.tops[place & 1] = NOTHING
        if single[place] >= 0:
            _write(single[place], paths, place + 1, single.size, room, sounds, work)
        if double[place] >= 0:
            _write(double[place], paths, place + 2, single.size, room, sounds, work)
        if single[place] < 0 and double[place] < 0:
            _pass_by(paths, place + 1, room, work)
    for end in range(single.size * room, single.size * room + work.sizes[single.size]):
        work.beliefs[end] = ended(work.states[end], work.beliefs[end], sounds)


@uncounted
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


@uncounted
def _write(  # noqa: PLR0913  # a kernel: what is written, from where, to where
    letters: int, paths: NDArray[np.int32], goal: int, last: int, room: int, sounds: PackedSounds, work: _Work
) -> None:
    """Lengthen each path by each way to write one or two letters.

    Whatever is less likely than enough others is left out: it would be in no beam, and no result.
    """
    states, hashes, beliefs = work.states, work.hashes, work.beliefs
    tops, seen = work.tops[goal & 1], work.seen[goal & 1]
    latin_starts, latin = sounds.latin_starts, sounds.latin
    bars = work.finals if goal == last else tops
    for path in range(paths.size):
        origin = paths[path]
        if beliefs[origin] < bars[-1]:
            break
        for group in range(sounds.group_starts[letters], sounds.group_starts[letters + 1]):
            state, score = step(
                states[origin], beliefs[origin], sounds.group_numbers[group], sounds.group_costs[group], bars[-1],
                sounds.arc_slots, sounds.arc_costs, sounds.arc_targets,
                sounds.retreat_costs, sounds.retreat_targets,
            )  # fmt: skip
            if score < bars[-1]:
                continue
            value = hashes[origin]
            for letter in range(latin_starts[group], latin_starts[group + 1]):
                value = (value ^ np.uint64(latin[letter])) * _PRIME
            before = _arrive(
                state, value, score, origin, group, goal * room, work.sizes, goal, seen,
                states, hashes, beliefs, work.parents, work.written,
            )  # fmt: skip
            if goal < last:
                _offer(score, before, tops)
            else:
                _offer_text(value, ended(state, score, sounds), work.finals, work.final_hashes)


@uncounted
def _pass_by(paths: NDArray[np.int32], goal: int, room: int, work: _Work) -> None:
    """Pass a letter that the table has never seen."""
    for path in range(paths.size):
        origin = paths[path]
        _arrive(
            ROOT, work.hashes[origin], work.beliefs[origin] - STRANGER_COST, origin, -1, goal * room, work.sizes, goal,
            work.seen[goal & 1], work.states, work.hashes, work.beliefs, work.parents, work.written,
        )  # fmt: skip


@uncounted
def _arrive(  # noqa: PLR0913  # a kernel takes its arrays one by one
    state: int,
    value: np.uint64,
    score: float,
    origin: int,
    group: int,
    first: int,
    sizes: NDArray[np.int64],
    goal: int,
    seen: NDArray[np.int32],
    states: NDArray[np.int32],
    hashes: NDArray[np.uint64],
    beliefs: NDArray[np.float64],
    parents: NDArray[np.int32],
    written: NDArray[np.int32],
) -> float:
    """Take an end into its place; of two ways to one end the likelier stays.

    Return what was believed of the end before, nothing of a new one.
    """
    mask = seen.size - 1
    slot = np.int64((value ^ (np.uint64(state) * _STATE_PRIME)) >> np.uint64(20)) & mask
    while seen[slot] >= 0:
        end = seen[slot]
        if states[end] == state and hashes[end] == value:
            before = float(beliefs[end])
            if before < score:
                beliefs[end], parents[end], written[end] = score, origin, group
            return before
        slot = (slot + 1) & mask
    end = first + sizes[goal]
    sizes[goal] += 1
    seen[slot] = end
    states[end], hashes[end], beliefs[end], parents[end], written[end] = state, value, score, origin, group
    return NOTHING


@uncounted
def _offer(belief: float, before: float, tops: NDArray[np.float64]) -> None:
    """Take a belief among the highest, in the place of what was believed of the same end before."""
    if belief <= before or belief <= tops[-1]:
        return
    place = tops.size - 1
    if before >= tops[place]:
        while tops[place] != before:
            place -= 1
    while place > 0 and tops[place - 1] < belief:
        tops[place] = tops[place - 1]
        place -= 1
    tops[place] = belief


@uncounted
def _offer_text(
    value: np.uint64, belief: float, finals: NDArray[np.float64], hashes: NDArray[np.uint64]
) -> None:
    """Take the belief of a whole word among the highest, each text once; the empty text is none."""
    if value == _BASIS or belief <= finals[-1]:
        return
    place = finals.size - 1
    for known in range(finals.size):
        if hashes[known] == value:
            if finals[known] >= belief:
                return
            place = known
            break
    while place > 0 and finals[place - 1] < belief:
        finals[place], hashes[place] = finals[place - 1], hashes[place - 1]
        place -= 1
    finals[place], hashes[place] = belief, value


@uncounted
def _spell(  # noqa: PLR0913  # a kernel: which ends, and where their texts go
    first: int,
    last: int,
    limit: int,
    kept: int,
    sounds: PackedSounds,
    work: _Work,
    stops: NDArray[np.int64],
    texts: NDArray[np.uint8],
    scores: NDArray[np.float64],
) -> int:
    """Write the texts of the ends with the highest beliefs, each text once, an empty one never; return how many."""
    latin_starts, hashes, beliefs, written = sounds.latin_starts, work.hashes, work.beliefs, work.written
    count = 0
    while count < limit:
        best = -1
        for end in range(first, last):
            if hashes[end] == _BASIS or (best >= 0 and beliefs[end] <= beliefs[best]):
                continue
            known = False
            for place in range(count):
                known = known or work.final_hashes[place] == hashes[end]
            if not known:
                best = end
        if best < 0:
            break
        work.final_hashes[count], scores[kept + count] = hashes[best], beliefs[best]
        length, end = 0, best
        while work.parents[end] >= 0:
            if written[end] >= 0:
                length += latin_starts[written[end] + 1] - latin_starts[written[end]]
            end = work.parents[end]
        at = stops[kept + count] + length
        stops[kept + count + 1] = at
        end = best
        while work.parents[end] >= 0:
            if written[end] >= 0:
                for letter in range(latin_starts[written[end] + 1] - 1, latin_starts[written[end]] - 1, -1):
                    at -= 1
                    texts[at] = sounds.latin[letter]
            end = work.parents[end]
        count += 1
    return count
