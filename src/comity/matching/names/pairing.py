"""Which word of the query is which of a name, one to one, and what do they weigh together?

prices between words, rarities -> weights -> the best pairs first -> what stays alone -> the best cuts of each name

A name's words come in the query's order, then those that only the record has.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.matching.names import rules
from comity.matching.names.meetings import CUT_SHORT, NO_RIVAL, NOT_SHORT, ONE_LETTER, OTHER_SUFFIX, RIVAL
from comity.matching.names.packing import WORDS_MAX
from comity.matching.names.traits import IDENTITY, MARKS, OPTIONAL
from comity.matching.names.weights import (
    CONTRADICTS,
    CUT_OFF_SHARE,
    EXTRA,
    INITIAL,
    MEETING_MIN,
    MISSING,
    OPTIONAL_EXTRA,
    OPTIONAL_MISSING,
    PARTICLE_MAX,
    PARTICLE_MISSING,
    SUFFIX_CONTRADICTS,
)
from comity.names.chance import chance_by_length, weight_of_chance
from comity.names.likeness import FAR

ROWS_MAX = 2 * WORDS_MAX
ALONE = -1
NO_MEETING = -1000.0
ASKED_PLACE, HELD_PLACE, RULE = 0, 1, 2

Places = NDArray[np.int32]
Weights = NDArray[np.float64]
Small = NDArray[np.uint8]


@kernel(nogil=True)
def weights_of_meetings(
    price: Weights, rule: Small, rival: Small, rare: Weights, rare_held: Weights, expected: Weights
) -> Weights:
    """Return what each two words weigh where they meet, `NO_MEETING` where they do not.

    Words that speak against it, alike as they are, meet only where they would else stand against each other.
    """
    weight = np.full(price.shape, NO_MEETING, dtype=np.float64)
    for part in range(price.shape[0]):
        for facing in range(price.shape[1]):
            if price[part, facing] >= FAR:
                continue
            if rule[part, facing] == rules.INITIAL:
                weight[part, facing] = INITIAL
                continue
            chance = np.exp(-min(rare[part], rare_held[facing]))
            by_length = chance_by_length(expected[part], price[part, facing])
            found = weight_of_chance(chance, by_length, price[part, facing])
            found = min(found, PARTICLE_MAX) if rule[part, facing] == rules.PARTICLE else found
            if found > (MEETING_MIN if rival[part, facing] == RIVAL else 0.0):
                weight[part, facing] = found
    return weight


@kernel(nogil=True)
def pair_names(  # noqa: PLR0913  # a kernel: packed arrays
    cuts: Places, parts: Places, firsts: Places, held_cuts: Places, held_parts: Places, held_firsts: Places,
    cut_starts: Places, type_weights: Weights, traits: Places, held_traits: Places, price: Weights, rule: Small,
    short: Small, rival: Small, rare: Weights, rare_held: Weights, expected: Weights,
) -> tuple[Weights, Places, Places, Weights]:  # fmt: skip
    """Return for each name its weight; the cuts that met best and how many words came of it; the words; their weights.

    `cuts` has the words and the parts of each cut, `parts` the words by number, `firsts` where in the cut each part
    begins; `cut_starts` says with which cut each name begins. A name without a cut weighs minus infinity.
    """
    names = cut_starts.size - 1
    weight = weights_of_meetings(price, rule, rival, rare, rare_held, expected)
    best = np.full(names, -np.inf, dtype=np.float64)
    chosen = np.zeros((names, 3), dtype=np.int32)
    words = np.zeros((names, ROWS_MAX, 3), dtype=np.int32)
    weights = np.zeros((names, ROWS_MAX), dtype=np.float64)
    row, row_weights = np.empty((ROWS_MAX, 3), dtype=np.int32), np.empty(ROWS_MAX, dtype=np.float64)
    held_start = 0
    for name in range(names):
        for held_cut in range(cut_starts[name], cut_starts[name + 1]):
            held_count = held_cuts[held_cut, 1]
            held_slice = slice(held_start, held_start + held_count)
            start = 0
            for cut in range(cuts.shape[0]):
                asked_slice = slice(start, start + cuts[cut, 1])
                start += cuts[cut, 1]
                filled = _pair_cuts(
                    cuts[cut, 0], parts[asked_slice], firsts[asked_slice], held_cuts[held_cut, 0],
                    held_parts[held_slice], held_firsts[held_slice], traits, held_traits, weight, rule, short,
                    rival, rare, rare_held, row, row_weights,
                )  # fmt: skip
                total = 0.0
                for place in range(filled):
                    total += row_weights[place]
                total += type_weights[name]
                if total > best[name]:
                    best[name] = total
                    chosen[name, 0], chosen[name, 1], chosen[name, 2] = (
                        cut,
                        held_cut - cut_starts[name],
                        filled,
                    )
                    words[name, :filled] = row[:filled]
                    weights[name, :filled] = row_weights[:filled]
            held_start += held_count
    return best, chosen, words, weights


@kernel(nogil=True)
def _pair_cuts(  # noqa: PLR0913  # a kernel: packed arrays
    count: int, parts: Places, firsts: Places, held_count: int, held_parts: Places, held_firsts: Places,
    traits: Places, held_traits: Places, weight: Weights, rule: Small, short: Small, rival: Small, rare: Weights,
    rare_held: Weights, row: Places, row_weights: Weights,
) -> int:  # fmt: skip
    """Write the words of two cuts, paired; return how many there are. Joined parts come after the cut's words."""
    partner = np.full(WORDS_MAX, ALONE, dtype=np.int32)
    by_part = np.empty(WORDS_MAX, dtype=np.int32)
    by_rule = np.empty(WORDS_MAX, dtype=np.int32)
    by_weight = np.empty(WORDS_MAX, dtype=np.float64)
    used, held_used = _pair_best(
        count, parts, firsts, held_count, held_parts, held_firsts, weight, rule, partner, by_part, by_rule,
        by_weight,
    )  # fmt: skip
    alone, held_alone = ~used, ~held_used
    held_alone = _pair_short(
        count, parts, alone, held_count, held_parts, held_alone, short, rare, rare_held, partner, by_part,
        by_rule, by_weight,
    )  # fmt: skip
    held_alone = _pair_rivals(
        count, parts, alone, held_count, held_parts, held_alone, rival, partner, by_part, by_rule, by_weight
    )
    filled = 0
    for place in range(count):
        if partner[place] != ALONE:
            row[filled, ASKED_PLACE], row[filled, HELD_PLACE] = by_part[place], partner[place]
            row[filled, RULE], row_weights[filled] = by_rule[place], by_weight[place]
        elif alone >> place & 1:
            row[filled, ASKED_PLACE], row[filled, HELD_PLACE], row[filled, RULE] = place, ALONE, rules.MISSING
            row_weights[filled] = _weight_alone(traits[parts[place], MARKS], MISSING, OPTIONAL_MISSING)
        else:
            continue
        filled += 1
    for place in range(held_count):
        if held_alone >> place & 1:
            row[filled, ASKED_PLACE], row[filled, HELD_PLACE], row[filled, RULE] = ALONE, place, rules.EXTRA
            row_weights[filled] = _weight_alone(held_traits[held_parts[place], MARKS], EXTRA, OPTIONAL_EXTRA)
            filled += 1
    return filled


@kernel(nogil=True)
def _pair_best(  # noqa: PLR0913  # a kernel: packed arrays
    count: int, parts: Places, firsts: Places, held_count: int, held_parts: Places, held_firsts: Places,
    weight: Weights, rule: Small, partner: Places, by_part: Places, by_rule: Places, by_weight: Weights,
) -> tuple[int, int]:  # fmt: skip
    """Pair what weighs most, then the next, as long as there is a pair of words left; return which are taken."""
    used = held_used = 0
    while True:
        most, best, best_facing, best_taken, best_held = NO_MEETING, ALONE, ALONE, 0, 0
        for part in range(parts.size):
            taken = (1 if part < count else 3) << firsts[part]
            if taken & used:
                continue
            for facing in range(held_parts.size):
                if weight[parts[part], held_parts[facing]] <= most:
                    continue
                held = (1 if facing < held_count else 3) << held_firsts[facing]
                if not held & held_used:
                    most, best, best_facing = weight[parts[part], held_parts[facing]], part, facing
                    best_taken, best_held = taken, held
        if best == ALONE:
            return used, held_used
        used |= best_taken
        held_used |= best_held
        place = firsts[best]
        partner[place], by_part[place], by_weight[place] = best_facing, best, most
        by_rule[place] = rule[parts[best], held_parts[best_facing]]


@kernel(nogil=True)
def _pair_short(  # noqa: PLR0913  # a kernel: packed arrays
    count: int, parts: Places, alone: int, held_count: int, held_parts: Places, held_alone: int, short: Small,
    rare: Weights, rare_held: Weights, partner: Places, by_part: Places, by_rule: Places, by_weight: Weights,
) -> int:  # fmt: skip
    """Pair initials with their words, and words cut off with the whole ones; return which are left."""
    for place in range(count):
        if not alone >> place & 1:
            continue
        for facing in range(held_count):
            how = short[parts[place], held_parts[facing]]
            if not held_alone >> facing & 1 or how == NOT_SHORT:
                continue
            held_alone &= ~(1 << facing)
            partner[place], by_part[place] = facing, place
            by_rule[place] = rules.STANDS_FOR if how == ONE_LETTER else rules.CUT_OFF
            by_weight[place] = INITIAL
            if how == CUT_SHORT:
                chance = np.exp(-min(rare[parts[place]], rare_held[held_parts[facing]]))
                by_weight[place] = CUT_OFF_SHARE * weight_of_chance(chance, 0.0, 0.0)
            break
    return held_alone


@kernel(nogil=True)
def _pair_rivals(  # noqa: PLR0913  # a kernel: packed arrays
    count: int, parts: Places, alone: int, held_count: int, held_parts: Places, held_alone: int, rival: Small,
    partner: Places, by_part: Places, by_rule: Places, by_weight: Weights,
) -> int:  # fmt: skip
    """Pair the words that stand against each other; return which are left."""
    for place in range(count):
        if not alone >> place & 1 or partner[place] != ALONE:
            continue
        for facing in range(held_count):
            how = rival[parts[place], held_parts[facing]]
            if not held_alone >> facing & 1 or how == NO_RIVAL:
                continue
            held_alone &= ~(1 << facing)
            partner[place], by_part[place], by_rule[place] = facing, place, rules.CONTRADICTS
            by_weight[place] = SUFFIX_CONTRADICTS if how == OTHER_SUFFIX else CONTRADICTS
            break
    return held_alone


@kernel(nogil=True)
def _weight_alone(marks: int, plain: float, optional: float) -> float:
    if not marks & IDENTITY:
        return PARTICLE_MISSING
    return optional if marks & OPTIONAL else plain
