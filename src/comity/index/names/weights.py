"""What is each meeting worth, and which are worth following? From how many public names meet a part at each price.

counts by part and price -> weights (how unlikely by chance) -> those affordable to follow
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.names.spans import PRICES_COUNT
from comity.index.names.spellings import PRICE_STEPS
from comity.names.chance import chance_of_bearers, weight_of_bearers

POSTINGS_MAX = 8_000
LEADING_PARTS = 2
EXTRA_WEIGHT = 0.2


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question weighed: what to follow by part and price, the chance of each part, how to foretell, from when on.

    `followed` is for rows of which a date may speak for them, `always` for any row. `most` says by part and price what
    a meeting counts at most, `floor` what a row must be worth. `is_told_apart` where the two differ, `is_glanced` where a glance
    tells which rows are worth less than `floor`.
    """

    followed: NDArray[np.float32]
    always: NDArray[np.float32]
    is_told_apart: bool
    is_glanced: bool
    chances: NDArray[np.float64]
    most: NDArray[np.float64]
    floor: float
    numbers: NDArray[np.float64]
    date: int
    date_numbers: NDArray[np.float64]


@kernel(nogil=True)
def chances_of(borne: NDArray[np.int64], expected: NDArray[np.float64], persons: int) -> NDArray[np.float64]:
    """Return the chance to meet words that so many of the public names bear, each so rare by its letters."""
    chances = np.empty(borne.size, dtype=np.float64)
    for word in range(borne.size):
        chances[word] = chance_of_bearers(borne[word], expected[word], persons, 0.0)
    return chances


@kernel(nogil=True)
def weights_of(borne: NDArray[np.int64], expected: NDArray[np.float64], persons: int) -> NDArray[np.float64]:
    """Return the weight of meeting words as they are written that so many of the public names bear."""
    weights = np.empty(borne.size, dtype=np.float64)
    for word in range(borne.size):
        weights[word] = weight_of_bearers(borne[word], expected[word], persons, 0.0)
    return weights


@kernel(nogil=True)
def weights_to_follow(
    counts: NDArray[np.int64], expected: NDArray[np.float64], persons: int
) -> NDArray[np.float32]:
    """Return the weights without those of meetings so common that rarer ones will lead to the same rows.

    Meetings are followed from the heaviest on, until so many public names as are affordable have been led to; the
    nearest meetings of the two rarest words always. Meetings that no public name has are always followed, too:
    they may lead those who may see it to a restricted one.
    """
    parts = counts.shape[0]
    wanted = np.zeros((parts, PRICES_COUNT), dtype=np.float32)
    flat = np.empty(parts * PRICES_COUNT, dtype=np.int64)
    heaviest = np.zeros(parts, dtype=np.float32)
    nearest = np.zeros(parts, dtype=np.int64)
    costly = 0
    for part in range(parts):
        borne = 0
        for step in range(PRICES_COUNT):
            borne += counts[part, step]
            weight = weight_of_bearers(borne, expected[part], persons, step / PRICE_STEPS)
            wanted[part, step] = max(weight, 0.0)
            if counts[part, step] and wanted[part, step] > 0.0:
                flat[costly] = part * PRICES_COUNT + step
                costly += 1
                if wanted[part, step] > heaviest[part]:
                    heaviest[part], nearest[part] = wanted[part, step], step
    weights = wanted.copy()
    _drop_costly(counts, flat[:costly], wanted)
    for part in np.argsort(-heaviest, kind="mergesort")[:LEADING_PARTS]:
        if heaviest[part] > 0.0:
            wanted[part, nearest[part]] = weights[part, nearest[part]]
    return wanted


@kernel(nogil=True)
def _drop_costly(counts: NDArray[np.int64], places: NDArray[np.int64], wanted: NDArray[np.float32]) -> None:
    """Wipe the weights of the lightest meetings, as soon as the heavier ones lead to as many names as we follow."""
    weights = np.empty(places.size, dtype=np.float32)
    for place in range(places.size):
        weights[place] = -wanted[places[place] // PRICES_COUNT, places[place] % PRICES_COUNT]
    cost = 0
    for place in np.argsort(weights, kind="mergesort"):
        part, step = places[place] // PRICES_COUNT, places[place] % PRICES_COUNT
        cost += counts[part, step]
        if cost > POSTINGS_MAX:
            wanted[part, step] = 0.0
