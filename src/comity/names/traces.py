"""Which of many texts may have a word in them? Those whose trace has the word's.

    text -> letters and digits alone, without marks -> one letter for all that look alike -> trace

A text is folded word by word, which is slow; its trace is made letter by letter from a table, many texts at once.
A word that stands in a folded text, and letters that follow each other in it but for signs and blanks, stand in the
trace, too: what is left out by it is left out for sure. What is kept is to be looked at again.
"""

import unicodedata
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comity.names.fold import LOOK_ALIKES, fold

BETWEEN: Final = "\x00"
"""What parts texts that are made into traces together."""

UNTOLD: Final = "\x01"
"""What stands for a letter that folding makes into several, or joins with others: nothing is left out for the sake of a text with it."""

_LETTERS_END: Final = 0x32400
_THEMSELVES: Final = ((0x3400, 0xA000), (0xAC00, 0xD7A4), (0x20000, 0x2F800), (0x30000, 0x323B0))
_JAMO: Final = ((0x1100, 0x1200), (0xA960, 0xA980), (0xD7B0, 0xD800))
_LETTERS_OF_TWO: Final = (("ß", "ss"), ("ẞ", "ss"))


def trace(text: str) -> str:
    """Return the trace of a text, which has `BETWEEN` and `UNTOLD` in it only as meant here.

    >>> trace("O\u2019Brien, A-12 \u0430nna")
    'obriena12anna'
    """
    if text.isascii():
        letters, dropped = _ascii_letters()
        return text.encode().translate(letters, dropped).decode()
    for letter, written in _LETTERS_OF_TWO:
        text = text.replace(letter, written)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    mapped: NDArray[np.uint32] = _letters()[codes]
    kept: bytes = mapped[mapped != _DROPPED].tobytes()
    return kept.decode("utf-32-le")


def needle(word: str) -> str:
    """Return what of a word's trace is sure to stand in that of a text with the word; empty where nothing is."""
    return max(trace(word).split(UNTOLD), key=len)


_DROPPED: Final = 0x110000  # no character


@lru_cache(maxsize=1)
def _letters() -> NDArray[np.uint32]:
    """Return, by code point, the letter that stands for it in a trace."""
    table = np.full(0x110000, _DROPPED, np.uint32)
    for start, end in _THEMSELVES:
        table[start:end] = np.arange(start, end)
    for code in range(_LETTERS_END):
        if table[code] == _DROPPED and not 0xD800 <= code < 0xE000:
            table[code] = _letter(chr(code))
    for letter in (BETWEEN, UNTOLD):
        table[ord(letter)] = ord(letter)
    return table


def _letter(letter: str) -> int:
    if unicodedata.category(letter) == "Cn":
        return _DROPPED
    stated = _bare(fold(letter))
    while (again := _bare(fold(stated))) != stated:
        stated = again
    if len(stated) > 1 or any(start <= ord(one) < end for one in stated for start, end in _JAMO):
        return ord(UNTOLD)
    return ord(LOOK_ALIKES.get(stated, stated)) if stated else _DROPPED


def _bare(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text) if one.isalnum())


@lru_cache(maxsize=1)
def _ascii_letters() -> tuple[bytes, bytes]:
    """Return the table for texts in ASCII, and what is dropped of them."""
    table = _letters()[:128]
    kept = bytes(0 if one == _DROPPED else int(one) for one in table)
    return kept + bytes(128), bytes(code for code, one in enumerate(table) if one == _DROPPED)
