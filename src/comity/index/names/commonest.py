"""Which words' matches are laid down in a segment, and how are they made? Those of the words in most public names.

words by how many public names bear them -> as many as the segment is worth -> matched -> packed -> `Kept`

What is chosen depends on public names alone, and so does where it ends: whoever sees which words are found at once
learns nothing of other names.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.names.book import Book, BookArrays
from comity.index.names.kept import Kept, kept_key, kept_of, pack_matches, packed_bytes_max
from comity.index.names.layout import Layout, Said
from comity.index.names.matches import Matches
from comity.index.names.query import part_of
from comity.names.forms import widened

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]

NAMES_MIN = 30_000
"""In a segment of fewer public names a word is matched soon enough."""

NAMES_A_WORD, BEARERS_MIN = 100, 8
MEETINGS_MAX = 100_000_000
"""Words and rows of public names in all that is kept: some 150 megabytes."""


def commonest(layout: Layout) -> list[int]:
    """Return the words whose matches are worth keeping, those that most public names bear first."""
    names = int(layout.row_public.sum())
    if names < NAMES_MIN:
        return []
    order = np.argsort(-layout.word_public.astype(np.int64), kind="stable")[: names // NAMES_A_WORD]
    return order[layout.word_public[order] >= BEARERS_MIN].tolist()


def keep_commonest(layout: Layout, said: Said, book: BookArrays) -> Kept:
    """Return the matches of a segment's commonest words, as matching them would give them."""
    return kept_of(dict(_packed(layout, said, book)))


def _packed(layout: Layout, said: Said, book: BookArrays) -> Iterator[tuple[int, Small]]:
    chosen = commonest(layout)
    if not chosen:
        return
    matches, read = Matches(layout), Book(book, layout)
    pair_of = _pair_of(
        layout.row_starts, layout.row_words.size, layout.pair_row_starts, layout.pair_rows, layout.pair_places
    )
    meetings = 0
    for word in chosen:
        space, text, script = said.words[word]
        forms = read.forms_held(text, script)
        if forms is None:
            continue
        # As they were read for this very segment.
        part = part_of(text, script, widened(text, script, forms))
        begin, end, span_begin, span_end = matches.bounds_of((part,), space)[0].tolist()
        words, span_rows = matches.words[begin:end], matches.span_rows[span_begin:span_end]
        meetings += int(
            np.count_nonzero(layout.word_public[words]) + np.count_nonzero(layout.row_public[span_rows])
        )
        if meetings > MEETINGS_MAX:
            return
        codes = np.empty(packed_bytes_max(words.size, span_rows.size), dtype=np.uint8)
        size = pack_matches(
            words, matches.prices[begin:end], span_rows, matches.span_prices[span_begin:span_end],
            matches.span_places[span_begin:span_end], pair_of, layout.row_starts, layout.pair_row_starts,
            layout.pair_rows, layout.row_space, space, codes,
        )  # fmt: skip
        if size >= 0:
            yield kept_key(text, script, space), codes[:size].copy()


@kernel()
def _pair_of(
    row_starts: Numbers, words_count: int, pair_row_starts: Numbers, pair_rows: Numbers, pair_places: Small
) -> Numbers:
    """Return which pair each word of all rows begins."""
    out = np.zeros(words_count, dtype=np.uint32)
    for pair in range(pair_row_starts.size - 1):
        for bearer in range(pair_row_starts[pair], pair_row_starts[pair + 1]):
            out[row_starts[pair_rows[bearer]] + pair_places[bearer]] = pair
    return out
