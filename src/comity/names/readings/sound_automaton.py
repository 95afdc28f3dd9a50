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

Arc = tuple[float, int]
"""The cost of a group after a state, and the state it leads to."""


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


def pack_sounds(
    groups: Mapping[str, Sequence[tuple[int, str]]],
    arcs: Sequence[Mapping[int, Arc]],
    retreats: Sequence[Arc],
) -> PackedSounds:
    """Return the automaton of a sound table as arrays for the search."""
    ordered = sorted((_key(letters), ways) for letters, ways in groups.items())
    written = [group for _, ways in ordered for group in ways]
    latin = [text.encode("ascii") for _, text in written]
    steps = [(group, *arc) for state in arcs for group, arc in sorted(state.items())]
    assert sorted(arcs[ROOT]) == list(range(len(arcs[ROOT]))), "after the root any group may stand"
    least = [cost for _, (cost, _) in sorted(arcs[ROOT].items())]
    for group, cost, _ in steps:
        least[group] = min(least[group], cost)
    assert min(*least, *(cost for cost, _ in retreats)) >= 0
    return PackedSounds(
        np.array([key for key, _ in ordered], np.int64),
        _starts([len(ways) for _, ways in ordered]),
        np.array([number for number, _ in written], np.int32),
        np.array([least[number] for number, _ in written], np.float64),
        _starts([len(text) for text in latin]),
        np.frombuffer(b"".join(latin), np.uint8),
        _slots(
            np.repeat(np.arange(len(arcs), dtype=np.int64), [len(state) for state in arcs]),
            np.array([group for group, _, _ in steps], np.int64),
        ),
        np.array([cost for _, cost, _ in steps], np.float64),
        np.array([target for _, _, target in steps], np.int32),
        np.array([cost for cost, _ in retreats], np.float64),
        np.array([target for _, target in retreats], np.int32),
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
