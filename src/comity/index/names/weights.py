"""What is each meeting worth, and which are worth following? From how many public names meet a part at each price.

counts by part and price -> weights (how unlikely by chance) -> those affordable to follow
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.names.spans import PRICES_COUNT
from comity.index.names.spellings import PRICE_STEPS
from comity.names.chance import chance_of_bearers, weight_of_bearers

POSTINGS_MAX = 8_000
LEADING_PARTS = 2
EXTRA_WEIGHT = 0.2


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


@kernel(nogil=True, inline="always")
def is_present(present: np.uint64, price: int) -> bool:
    """Return whether there is a meeting at a price, by the bits of those at which there is one."""
    return (present >> np.uint64(price)) & np.uint64(1) != 0


@kernel(nogil=True)
def weights_to_follow(
    counts: NDArray[np.int64], present: NDArray[np.uint64], expected: NDArray[np.float64], persons: int
) -> NDArray[np.float32]:
    """Return the weights without those of meetings so common that rarer ones will lead to the same rows.

    Meetings are followed from the heaviest on, until so many public names as are affordable have been led to; the
    nearest meetings of the two rarest words always. Meetings that no public name has are always followed, too:
    they may lead those who may see it to a restricted one. A bit of `present` says of each price whether there is a
    meeting at it: whatever is said of another leads nowhere, and is not asked for.
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
            if not is_present(present[part], step):
                continue
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
