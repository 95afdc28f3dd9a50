"""A smoothed n-gram model of group sequences, laid out as an automaton.

Smoothing is interpolated absolute discounting: a seen follower gives up a fixed part of its count, and what is given
up is shared out by the shorter context.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

Context = tuple[int, ...]
END = 0
START = 0
"""Group number 0 stands for the edge of a word on both sides."""
_DISCOUNT = 0.6


@dataclass(frozen=True, slots=True)
class State:
    """A context as a state: where to retreat to and at what cost, and what may follow at what cost."""

    retreat: int
    retreat_cost: float
    arcs: dict[int, tuple[float, int]]


def count_followers(
    sequences: Iterable[tuple[Sequence[int], float]], order: int, count_min: float
) -> dict[Context, dict[int, float]]:
    """Return how often each group follows each context of up to `order` - 1 groups.

    Followers of contexts of two groups and more that weigh less than `count_min` are forgotten: they cost room
    and say what the shorter context says.
    """
    counts: dict[Context, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for sequence, weight in sequences:
        padded = [START, *sequence, END]
        for place in range(1, len(padded)):
            for length in range(order):
                if place - length < 0:
                    break
                counts[tuple(padded[place - length : place])][padded[place]] += weight
    kept: dict[Context, dict[int, float]] = {}
    for context, followers in counts.items():
        least = count_min if len(context) >= 2 else 0.0
        strong = {group: count for group, count in followers.items() if count >= least}
        if strong:
            kept[context] = strong
    return _with_suffixes(kept)


def _with_suffixes(counts: dict[Context, dict[int, float]]) -> dict[Context, dict[int, float]]:
    """Drop contexts whose shorter context is not held, so that a retreat always lands."""
    return {
        context: followers for context, followers in counts.items() if context[1:] in counts or not context
    }


def automaton(counts: dict[Context, dict[int, float]]) -> list[State]:
    """Return the states; 0 is the empty context and 1 the beginning of a word."""
    contexts = sorted(counts, key=lambda context: (len(context), context != (START,), context))
    numbers = {context: number for number, context in enumerate(contexts)}
    chances: dict[Context, dict[int, float]] = {}
    states = []
    for context in contexts:
        followers = counts[context]
        total = sum(followers.values())
        given_up = sum(min(count, _DISCOUNT) for count in followers.values()) / total
        own = {
            group: max(0.0, count - _DISCOUNT) / total
            + given_up * _chance(chances, context[1:], group, len(followers))
            if context
            else count / total
            for group, count in followers.items()
        }
        chances[context] = own
        shorter = chances[context[1:]] if context else {}
        left = 1.0 - sum(own.values())
        rest = 1.0 - sum(shorter.get(group, 0.0) for group in own)
        cost = -log(max(left, 1e-4) / max(rest, 1e-4)) if context else 0.0
        arcs = {
            group: (-log(chance), numbers[_longest(counts, (*context, group))])
            for group, chance in own.items()
        }
        states.append(State(numbers[context[1:]] if context else 0, max(0.0, cost), arcs))
    return states


def _chance(chances: dict[Context, dict[int, float]], context: Context, group: int, _: int) -> float:
    known = chances[context].get(group)
    return known if known is not None else 1e-6


def _longest(counts: dict[Context, dict[int, float]], context: Context) -> Context:
    while context and context not in counts:
        context = context[1:]
    return context
