"""Align words of two scripts letter group by letter group, by expectation and maximisation.

Every pair is a small lattice: a state is "so many letters read here, so many written there", an arc reads one
or two letters of the script and writes none to a few Latin ones. Arcs with the same two groups share one
probability, which is learnt by counting how often each arc is expected to be used.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

Group = tuple[str, str]
"""Letters of the script and the Latin letters written for them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How long the groups may be: Latin letters for one letter of the script, and for two."""

    single_max: int
    double_max: int


@dataclass(frozen=True, slots=True)
class Lattices:
    """All pairs' arcs, laid end to end: where each pair starts, and each arc's two states and group."""

    starts: NDArray[np.int64]
    states: NDArray[np.int64]
    sources: NDArray[np.int32]
    targets: NDArray[np.int32]
    groups: NDArray[np.int32]
    names: list[Group]


def lay_lattices(pairs: Sequence[tuple[str, str]], shape: Shape) -> Lattices:
    """Return the lattices of `pairs` (script, Latin), arcs in the order a forward pass needs."""
    group_ids: dict[Group, int] = {}
    sources: list[int] = []
    targets: list[int] = []
    groups: list[int] = []
    starts = [0]
    states = []
    for word, latin in pairs:
        width = len(latin) + 1
        for read in range(len(word)):
            for written in range(width):
                if not _near_diagonal(read / len(word), written / max(1, width - 1)):
                    continue
                for letters, most in ((1, shape.single_max), (2, shape.double_max)):
                    if read + letters > len(word):
                        continue
                    for more in range(letters - 1, min(most, width - 1 - written) + 1):
                        group = (word[read : read + letters], latin[written : written + more])
                        sources.append(read * width + written)
                        targets.append((read + letters) * width + written + more)
                        groups.append(group_ids.setdefault(group, len(group_ids)))
        starts.append(len(sources))
        states.append((len(word) + 1) * width)
    return Lattices(
        np.array(starts, np.int64),
        np.array(states, np.int64),
        np.array(sources, np.int32),
        np.array(targets, np.int32),
        np.array(groups, np.int32),
        list(group_ids),
    )


def _near_diagonal(read: float, written: float) -> bool:
    return abs(read - written) < 0.45


@numba.njit(cache=False)
def _expect(starts, states, sources, targets, groups, chances, weights, counts):  # noqa: ANN001, ANN202, PLR0913, PLR0917
    """Add each arc's expected use to `counts`; return the log likelihood of all pairs that can be aligned."""
    likelihood = 0.0
    for pair in range(len(states)):
        forward = np.zeros(states[pair])
        backward = np.zeros(states[pair])
        forward[0] = 1.0
        backward[states[pair] - 1] = 1.0
        for arc in range(starts[pair], starts[pair + 1]):
            forward[targets[arc]] += forward[sources[arc]] * chances[groups[arc]]
        total = forward[states[pair] - 1]
        if total <= 0.0:
            continue
        for arc in range(starts[pair + 1] - 1, starts[pair] - 1, -1):
            backward[sources[arc]] += backward[targets[arc]] * chances[groups[arc]]
        likelihood += weights[pair] * np.log(total)
        for arc in range(starts[pair], starts[pair + 1]):
            used = forward[sources[arc]] * chances[groups[arc]] * backward[targets[arc]]
            counts[groups[arc]] += weights[pair] * used / total
    return likelihood


@numba.njit(cache=False)
def _best_arcs(starts, states, sources, targets, groups, chances, taken, scores):  # noqa: ANN001, ANN202, PLR0913, PLR0917
    """Mark in `taken` the arcs of every pair's most likely alignment; write its log chance to `scores`."""
    for pair in range(len(states)):
        best = np.zeros(states[pair])
        came = np.full(states[pair], -1)
        best[0] = 1.0
        for arc in range(starts[pair], starts[pair + 1]):
            chance = best[sources[arc]] * chances[groups[arc]]
            if chance > best[targets[arc]]:
                best[targets[arc]] = chance
                came[targets[arc]] = arc
        state = states[pair] - 1
        scores[pair] = np.log(best[state]) if best[state] > 0.0 else -np.inf
        while state > 0 and came[state] >= 0:
            taken[came[state]] = True
            state = sources[came[state]]


def learn_chances(lattices: Lattices, weights: NDArray[np.float64], rounds: int = 8) -> NDArray[np.float64]:
    """Return the learnt chance of each group. Two-letter groups pay for their length, silence for its ease."""
    lengths = np.array([len(word) for word, _ in lattices.names], np.float64)
    silent = np.array([not latin for _, latin in lattices.names])
    chances = np.where(lengths == 1, 1.0, 0.05) * np.where(silent, 0.02, 1.0)
    chances /= chances.sum()
    for _ in range(rounds):
        counts = np.zeros(len(lattices.names))
        _expect(
            lattices.starts, lattices.states, lattices.sources, lattices.targets, lattices.groups,
            chances, weights, counts,
        )  # fmt: skip
        # A group seen hardly at all explains one pair and nothing else.
        counts = np.where(counts < 0.05, 0.0, counts)
        chances = counts / counts.sum()
        chances = np.where(lengths == 2, chances**1.5, chances)
    return chances


def align(lattices: Lattices, chances: NDArray[np.float64]) -> list[tuple[float, list[Group]]]:
    """Return for each pair the log chance of its best alignment and the groups of it, in order."""
    taken = np.zeros(len(lattices.sources), np.bool_)
    scores = np.zeros(len(lattices.states))
    _best_arcs(
        lattices.starts, lattices.states, lattices.sources, lattices.targets, lattices.groups,
        chances, taken, scores,
    )  # fmt: skip
    aligned = []
    for pair, score in enumerate(scores):
        span = slice(lattices.starts[pair], lattices.starts[pair + 1])
        chosen = lattices.groups[span][taken[span]]
        aligned.append((float(score), [lattices.names[group] for group in chosen]))
    return aligned
