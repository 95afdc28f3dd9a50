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

    def numbers(self) -> NDArray[np.float64]:
        """Return the numbers in the order of the fields."""
        return np.array(astuple(self), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class DateWeights:
    """What the meetings of two partial dates are worth. Kernels go by the order of the fields."""

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

    def numbers(self) -> NDArray[np.float64]:
        """Return the numbers in the order of the fields."""
        return np.array(astuple(self), dtype=np.float64)
