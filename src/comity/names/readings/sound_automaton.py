"""A sound table as an automaton in arrays: after a state, a group of letters costs so much and leads to that state.

groups, arcs, retreats -> arrays -> step by step, each compiled
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel

ROOT, BEGINNING = 0, 1
"""The state after which any group may stand, and the one before the first letter of a word."""
POINT_BITS = 21
"""A letter's number in Unicode takes no more bits than these."""
NOTHING = -1e9
"""A belief below every belief."""

_GROUP_BITS, _ARC_BITS = 16, 24
_ARC_MASK = (1 << _ARC_BITS) - 1
_STATE_PRIME = np.uint64(0x9E3779B97F4A7C15)

_SCALE = 20.0
"""Costs are stored as whole twentieths of a nat: finer steps change no ranking and double the table."""


class States(NamedTuple):
    """The states of an automaton: from each so many arcs lead on, one a group, and where it has none it retreats."""

    counts: NDArray[np.int64]
    groups: NDArray[np.int64]
    costs: NDArray[np.float64]
    targets: NDArray[np.int32]
    retreat_costs: NDArray[np.float64]
    retreat_targets: NDArray[np.int32]


def states_of(rows: Sequence[str]) -> States:
    """Return the states that rows of a table describe: `RETREAT COST`, then `GROUP COST TARGET` for each arc."""
    counts = np.array([row.count(" ") // 3 for row in rows], np.int64)
    numbers = np.fromstring(" ".join(rows), np.int64, sep=" ")
    firsts = np.cumsum(counts * 3 + 2) - (counts * 3 + 2)
    is_arc = np.ones(numbers.size, np.bool_)
    is_arc[firsts] = is_arc[firsts + 1] = False
    arcs = numbers[is_arc].reshape(-1, 3)
    return States(
        counts,
        arcs[:, 0],
        arcs[:, 1] / _SCALE,
        arcs[:, 2].astype(np.int32),
        numbers[firsts + 1] / _SCALE,
        numbers[firsts].astype(np.int32),
    )


class PackedSounds(NamedTuple):
    """A sound table as arrays. `*_starts` has one entry more than what it cuts into pieces.

    `keys` are the one or two letters that a group stands for, in order; a group is one way to write them.
    """

    keys: NDArray[np.int64]
    group_starts: NDArray[np.int32]
    group_numbers: NDArray[np.int32]
    group_costs: NDArray[np.float64]
    latin_starts: NDArray[np.int32]
    latin: NDArray[np.uint8]
    arc_slots: NDArray[np.int64]
    arc_costs: NDArray[np.float64]
    arc_targets: NDArray[np.int32]
    retreat_costs: NDArray[np.float64]
    retreat_targets: NDArray[np.int32]


def pack_sounds(groups: Mapping[str, Sequence[tuple[int, str]]], states: States) -> PackedSounds:
    """Return the automaton of a sound table as arrays for the search."""
    ordered = sorted((_key(letters), ways) for letters, ways in groups.items())
    written = [group for _, ways in ordered for group in ways]
    latin = [text.encode("ascii") for _, text in written]
    roots = np.arange(states.counts[ROOT])
    assert np.array_equal(states.groups[: roots.size], roots), "after the root any group may stand, in order"
    least = states.costs[: roots.size].copy()
    np.minimum.at(least, states.groups, states.costs)
    assert min(least.min(), states.retreat_costs.min()) >= 0
    numbers = np.array([number for number, _ in written], np.int32)
    return PackedSounds(
        np.array([key for key, _ in ordered], np.int64),
        _starts([len(ways) for _, ways in ordered]),
        numbers,
        least[numbers],
        _starts([len(text) for text in latin]),
        np.frombuffer(b"".join(latin), np.uint8),
        _slots(np.repeat(np.arange(states.counts.size), states.counts), states.groups),
        states.costs,
        states.targets,
        states.retreat_costs,
        states.retreat_targets,
    )


def _key(letters: str) -> int:
    return ord(letters[0]) if len(letters) == 1 else ord(letters[0]) << POINT_BITS | ord(letters[1])


def _starts(counts: Sequence[int]) -> NDArray[np.int32]:
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64))).astype(np.int32)


uncounted = kernel(nogil=True, _nrt=False)
"""Compiles an inner kernel, which keeps no array: to count who holds each would take half of its time."""


@kernel()
def _slots(states: NDArray[np.int64], groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the arc of each state and group is found: what tells both, and the arc's number, in one."""
    size = 16
    while size < groups.size * 2:
        size *= 2
    slots = np.full(size, -1, np.int64)
    for arc in range(groups.size):
        both = states[arc] << _GROUP_BITS | groups[arc]
        slot = _slot(both) & (size - 1)
        while slots[slot] >= 0:
            slot = (slot + 1) & (size - 1)
        slots[slot] = both << _ARC_BITS | arc
    return slots


@uncounted
def _slot(both: int) -> np.int64:
    """Return the slot in which to begin to look for a state and a group."""
    return np.int64((np.uint64(both) * _STATE_PRIME) >> np.uint64(40))


@uncounted
def step(  # noqa: PLR0913  # a kernel takes its arrays one by one
    state: int,
    score: float,
    group: int,
    least: float,
    bar: float,
    arc_slots: NDArray[np.int64],
    arc_costs: NDArray[np.float64],
    arc_targets: NDArray[np.int32],
    retreat_costs: NDArray[np.float64],
    retreat_targets: NDArray[np.int32],
) -> tuple[int, float]:
    """Return the state after a group, and the belief; where a state has no such arc, it retreats first.

    A group costs `least` or more; a belief that must end below the bar is returned as it then is, below it.
    """
    mask = arc_slots.size - 1
    while state != ROOT:
        if score - least < bar:
            return ROOT, NOTHING
        both = state << _GROUP_BITS | group
        slot = _slot(both) & mask
        while arc_slots[slot] >= 0:
            if arc_slots[slot] >> _ARC_BITS == both:
                arc = arc_slots[slot] & _ARC_MASK
                return arc_targets[arc], score - arc_costs[arc]
            slot = (slot + 1) & mask
        score -= retreat_costs[state]
        state = retreat_targets[state]
    # The root has an arc for every group, and they come first, in order.
    return arc_targets[group], score - arc_costs[group]


@uncounted
def ended(state: int, belief: float, sounds: PackedSounds) -> float:
    """Return the belief that a word ends here."""
    end: tuple[int, float] = step(
        state, belief, 0, 0.0, 2 * NOTHING,
        sounds.arc_slots, sounds.arc_costs, sounds.arc_targets,
        sounds.retreat_costs, sounds.retreat_targets,
    )  # fmt: skip
    return end[1]
