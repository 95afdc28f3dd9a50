"""What of a segment newer versions have replaced: rows that answer no more, bearers that count no more.

It only grows: a segment whose records come back is a new segment.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from comity.index.names.layout import Layout
from comity.index.names.rarities import take_away
from comity.index.names.rows import LIGHT, WORD_MASK
from comity.index.names.spellings import HAN


class Burial:
    """The rows that are dead, and how often each word is still borne in public."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._records: set[int] = set()
        self.row_dead = np.zeros(layout.row_record.size, dtype=np.bool_)
        self.word_public: NDArray[np.uint32] = layout.word_public
        self.rarity_counts: NDArray[np.uint32] = layout.rarity_counts
        self.persons = dict(zip(layout.space_ids.tolist(), layout.space_public.tolist(), strict=True))
        self.version = 0

    def add(self, records: Iterable[int]) -> None:
        """Bury these records too."""
        fresh = np.array(sorted(set(records) - self._records), dtype=np.uint32)
        self._records.update(fresh.tolist())
        held = self._layout.row_record
        first, last = np.searchsorted(held, fresh), np.searchsorted(held, fresh, side="right")
        rows = [
            row for begin, end in zip(first.tolist(), last.tolist(), strict=True) for row in range(begin, end)
        ]
        if rows:
            self._bury(rows)

    def _bury(self, rows: list[int]) -> None:
        layout = self._layout
        if not self.version:
            # The counts of the segment itself are mapped and shared.
            self.word_public, self.rarity_counts = self.word_public.copy(), self.rarity_counts.copy()
        self.version += 1
        for row in rows:
            self.row_dead[row] = True
            if not layout.row_public[row]:
                continue
            self.persons[int(layout.row_space[row])] -= 1
            flat = layout.row_words[layout.row_starts[row] : layout.row_starts[row + 1]]
            words = np.unique(flat[flat < LIGHT] & WORD_MASK)
            self.word_public[words] -= 1
            take_away(
                words, layout.word_sound, layout.word_native, layout.word_script == HAN, layout.rarity_starts,
                layout.rarity_keys, self.rarity_counts,
            )  # fmt: skip
