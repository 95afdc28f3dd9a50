"""The forms of many words: while some are read here, another thread searches the learnt tables for the next.

words, some hundred at a time -> what they will ask -> searched, compiled, in the other thread -> forms
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Final

from comity.names.forms import Form, ask_heard, forms_read, is_read
from comity.names.readings import ask_transcribed, asks_of
from comity.names.readings.learnt import Ask, known_beforehand, search_all
from comity.names.scripts import SYLLABIC, TRANSCRIBED

PIECE_WORDS: Final = 500
FIRST_WORDS: Final = 100
"""The first piece is small: nothing is read while it is searched for."""


def forms_of_all(words: Sequence[tuple[str, str]]) -> Iterator[tuple[Form, ...]]:
    """Yield what `forms_read` says of each word and script. A few words are read as they are."""
    if len(words) <= FIRST_WORDS:
        yield from (forms_read(text, script) for text, script in words)
        return
    bounds = [0, *range(FIRST_WORDS, len(words), PIECE_WORDS), len(words)]
    pieces = [words[start:stop] for start, stop in pairwise(bounds)]
    with ThreadPoolExecutor(1, "readings") as beside:
        coming = beside.submit(search_all, _asks(pieces[0]))
        for place, piece in enumerate(pieces):
            found = coming.result()
            if place + 1 < len(pieces):
                coming = beside.submit(search_all, _asks(pieces[place + 1]))
            with known_beforehand(found):
                yield from [forms_read(text, script) for text, script in piece]


def _asks(words: Sequence[tuple[str, str]]) -> list[Ask]:
    asks: list[Ask] = []
    for text, script in words:
        if is_read(text, script):
            continue
        if script == "latin":
            asks += ask_heard(text)
        elif script not in SYLLABIC:
            asks += ask_transcribed(text) if script == TRANSCRIBED else asks_of(text)
    return asks
