"""What speaks against two words that are spelt alike? A price beside that of their spelling.

Spelling alone is too kind where a difference tells people apart: Maria and Mario, two fathers' names with one
ending, Jr and Sr, a given name that shares no character with the other.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.matching.names.traits import (
    BEGINS,
    ENDS,
    HAN,
    HAN_TRANSCRIBED,
    LATIN,
    LENGTH,
    PATRONYMIC_ROLE,
    ROLE,
    SCRIPT,
    SIGNS,
    SUFFIX,
    SUFFIX_ROLE,
    TEXT,
    VOWELS,
)
from comity.names.likeness import FAR

OTHER_CHARACTERS_PRICE: Final = 0.4
CHARACTERS_PRICE: Final = 3.0
FREE_SHARE: Final = 0.25
NO_CHARACTER_PRICE: Final = 0.8
PAIR_LETTERS: Final = 2
WHOLE_NAME_LETTERS_MIN: Final = 3
_SHORT_LETTERS_MAX: Final = 6
_OTHER_SEX_PRICE: Final = 1.6
_ENDING_A_PRICE: Final = 0.8
_OTHER_BEGINNING_PRICE: Final = 0.9
_TWO_LETTERS_PRICE: Final = 0.8
_A, _O, _U = VOWELS["a"], VOWELS["o"], VOWELS["u"]

Traits = NDArray[np.int32]


@kernel(nogil=True)
def price_of_doubt(one: Traits, other: Traits, signs: NDArray[np.int32], price: float) -> float:
    """Return what is added to the price of two words' spellings, `FAR` where they cannot be one.

    `signs` are the characters of all words; the price is that of their spelling, in typing errors.
    """
    if one[TEXT] == other[TEXT]:
        return 0.0
    if SUFFIX_ROLE in (one[ROLE], other[ROLE]):
        # Father and son bear one name: here the suffix is all there is to tell them apart.
        return 0.0 if one[SUFFIX] == other[SUFFIX] else FAR
    if one[ROLE] == PATRONYMIC_ROLE and other[ROLE] == PATRONYMIC_ROLE:
        # All patronymics end alike, so that what differs is the father's whole name.
        return price
    if one[SCRIPT] in (HAN, HAN_TRANSCRIBED) and other[SCRIPT] in (HAN, HAN_TRANSCRIBED):
        return _other_characters(one, other, signs)
    if one[SCRIPT] == LATIN and other[SCRIPT] == LATIN and price > 0:
        return _other_letters(one, other)
    return 0.0


@kernel(nogil=True)
def _other_characters(one: Traits, other: Traits, signs: NDArray[np.int32]) -> float:
    """Return the price of other characters: of a whole name, the more of them differ the more it is."""
    native = one[SCRIPT] == HAN and other[SCRIPT] == HAN
    price = OTHER_CHARACTERS_PRICE if native else 0.0
    shortest = min(one[LENGTH], other[LENGTH])
    if shortest < PAIR_LETTERS or (shortest < WHOLE_NAME_LETTERS_MIN and not native):
        return price
    shared = 0
    met = np.uint64(0)
    for place in range(one[LENGTH]):
        for facing in range(other[LENGTH]):
            bit = np.uint64(1) << np.uint64(facing)
            if signs[one[SIGNS] + place] == signs[other[SIGNS] + facing] and not met & bit:
                met |= bit
                shared += 1
                break
    if shortest < WHOLE_NAME_LETTERS_MIN:
        # Two characters are read in five languages: that some two readings sound alike says little.
        return price if shared else price + NO_CHARACTER_PRICE
    longer = max(one[LENGTH], other[LENGTH])
    return float(price + CHARACTERS_PRICE * max(0.0, 1 - shared / longer - FREE_SHARE))


@kernel(nogil=True)
def _other_letters(one: Traits, other: Traits) -> float:
    """Return the price of the letters that tell short names of one script apart."""
    if min(one[LENGTH], other[LENGTH]) > _SHORT_LETTERS_MAX:
        return 0.0
    if one[LENGTH] == 2 and other[LENGTH] == 2:
        return _TWO_LETTERS_PRICE
    price = 0.0
    if (one[ENDS] == _A and other[ENDS] == _O) or (one[ENDS] == _O and other[ENDS] == _A):
        price += _OTHER_SEX_PRICE
    elif (one[ENDS] == _A) != (other[ENDS] == _A) and abs(one[LENGTH] - other[LENGTH]) == 1:
        price += _ENDING_A_PRICE
    if (one[BEGINS] == _A and other[BEGINS] in (_O, _U)) or (other[BEGINS] == _A and one[BEGINS] in (_O, _U)):
        price += _OTHER_BEGINNING_PRICE
    return price
