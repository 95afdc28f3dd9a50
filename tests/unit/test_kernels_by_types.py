"""A kernel is compiled for types of numbers, never for one number."""

from numba import njit

from comity.compiled import _by_types


# Nothing is kept here: what is read from a cache is not compiled.
def test_a_number_written_out_by_its_caller_compiles_a_kernel_no_further_time() -> None:
    doubled = _by_types(njit(lambda number: number + number))

    @njit
    def calling(number: int) -> int:
        return doubled(number) + doubled(0) + doubled(7)

    assert (calling(5), len(doubled.signatures)) == (24, 1)
