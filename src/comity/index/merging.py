"""Which segments are merged: each look-up asks every one of them, and each merging writes them anew."""

from collections.abc import Sequence

GROWTH = 4
"""A segment is merged with those above it once they hold a quarter of what it holds."""


def mergeable(sizes: Sequence[int]) -> int | None:
    """Return the place of the first of the segments to be merged, down to the last; None where none are.

    `sizes` are how many records each speaks of, oldest first. What is left is at least four times as large as
    all above it, so that there are few layers and each record is written anew only a few times.
    """
    start, above = len(sizes) - 1, sizes[-1] if sizes else 0
    found: int | None = None
    while start > 0:
        start -= 1
        if sizes[start] < GROWTH * above:
            found = start
        above += sizes[start]
    return found
