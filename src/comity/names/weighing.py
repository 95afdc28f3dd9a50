"""What are the meetings of words worth? The numbers with which an index may foretell what a comparison will say.

matching states them once -> a procedure hands them to the index -> its kernels take them as one row of numbers

The index only proposes: what it foretells decides which records are compared, and in what order, never a score.
"""

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Weighing:
    """The weights of words that meet or stand alone, then what each is worth as evidence. Kernels go by the order."""

    missing: float
    extra: float
    contradicts: float
    optional_missing: float
    optional_extra: float
    initial: float
    cut_off_share: float
    particle_max: float
    particle_missing: float
    suffix_contradicts: float
    slope: float
    further_word: float
    alike: float
    missing_counts: float
    extra_counts: float
    contradicts_counts: float
    as_written: float
    optional: float
    evidence_min: float
    meeting_min: float

    def numbers(self) -> NDArray[np.float64]:
        """Return the numbers in the order of the fields."""
        return _row(self)


@dataclass(frozen=True, slots=True)
class DateWeights:
    """What the meetings of two partial dates are worth. Kernels go by the order of the fields.

    What speaks for it counts in full beside a name worth `name_needed` and more; for each unit that the name falls
    short of it, a share of `less_per_unit` less, but not below `share_min`. A name that falls short by `apart_from` and
    more has nothing in common by chance either: from there on the share grows by `more_per_unit`.
    """

    same_day: float
    same_month: float
    same_year: float
    new_year: float
    swapped: float
    one_digit: float
    year_known: float
    year_beside: float
    other_day: float
    year_off: float
    other_date: float
    name_needed: float
    less_per_unit: float
    share_min: float
    apart_from: float
    more_per_unit: float

    def numbers(self) -> NDArray[np.float64]:
        """Return the numbers in the order of the fields."""
        return _row(self)


_ROWS_KEPT = 64
_rows: dict[int, tuple["Weighing | DateWeights", NDArray[np.float64]]] = {}


def _row(numbers: "Weighing | DateWeights") -> NDArray[np.float64]:
    # There are a handful in a process, and each search by name takes two: to compare them would cost more than to make one.
    known = _rows.get(id(numbers))
    if known is None or known[0] is not numbers:
        if len(_rows) >= _ROWS_KEPT:
            _rows.clear()
        known = _rows[id(numbers)] = numbers, np.array(astuple(numbers), dtype=np.float64)
    return known[1]


PLAIN_WEIGHING = Weighing(
    missing=-1.2,
    extra=-0.6,
    contradicts=-2.5,
    optional_missing=-0.3,
    optional_extra=-0.1,
    initial=1.5,
    cut_off_share=0.6,
    particle_max=0.4,
    particle_missing=-0.05,
    suffix_contradicts=-2.5,
    slope=1.0,
    further_word=0.0,
    alike=0.0,
    missing_counts=0.0,
    extra_counts=0.0,
    contradicts_counts=0.0,
    as_written=0.0,
    optional=-0.3,
    evidence_min=-100.0,
    meeting_min=-2.0,
)
"""Every word counts by its rarity, as if words met independently: where nobody says what they are worth together."""

PLAIN_DATES = DateWeights(*(16 * (0.0,)))
"""Dates say nothing."""
