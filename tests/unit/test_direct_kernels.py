"""A kernel called past numba's look at its arguments does what it does when called through it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from comity.compiled import direct
from comity.index.kernels import probing, siphash


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 24, 31])
def test_a_hash_is_the_same_when_asked_for_directly(size: int) -> None:
    asked = (bytes(range(size + 3)), 1, size + 1, 1 << 63, 2)
    assert direct(siphash.hash_part)(*asked) == siphash.hash_part(*asked)


def test_what_is_no_array_is_refused() -> None:
    nothing: list[bool] = []
    with pytest.raises(TypeError):
        direct(probing.count)(b"key", 0, nothing)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_a_function_of_no_written_signature_has_no_one_form() -> None:
    def plain(array: NDArray[np.bool_]) -> int:
        return len(array)

    with pytest.raises(AssertionError):
        direct(plain)
