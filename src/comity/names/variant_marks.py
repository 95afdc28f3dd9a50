"""May a spelling have variants? A table of numbers says so to compiled code, which then asks `variants_of`.

Few words have any; that a number is met by chance costs time alone.
"""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comity.names.readings.sound_automaton import uncounted
from comity.names.readings.spelling import HABITS
from comity.names.sounds import ALPHABET
from comity.names.variants import HABITS_LETTERS_MIN, names_by_habit, names_with_variants

Codes = NDArray[np.uint8]
Marks = NDArray[np.uint64]

_BASIS: Final = 0xCBF29CE484222325
_PRIME: Final = 0x100000001B3
_MASK: Final = (1 << 64) - 1
_WRITTEN, _BY_HABIT = 1, 2
_START_WRITTEN, _START_BY_HABIT = np.uint64(_BASIS ^ _WRITTEN), np.uint64(_BASIS ^ _BY_HABIT)
_STEP: Final = np.uint64(_PRIME)
_FILL_MAX: Final = 4


def _habit_tree() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the spelling habits as a tree: node and letter -> node, and the two letters that a node is written as."""
    steps, written = [[0] * (len(ALPHABET) + 1)], [(0, 0)]
    habits = {**{letter: letter for letter in ALPHABET}, **dict(HABITS)}
    for group, instead in habits.items():
        node = 0
        for letter in group:
            code = ALPHABET.index(letter) + 1
            if not steps[node][code]:
                steps[node][code] = len(steps)
                steps.append([0] * (len(ALPHABET) + 1))
                written.append((0, 0))
            node = steps[node][code]
        codes = [ALPHABET.index(letter) + 1 for letter in instead]
        written[node] = (codes[0], codes[1] if len(codes) > 1 else 0)
    assert len(steps) < 256
    return np.array(steps, dtype=np.uint8), np.array(written, dtype=np.uint8)


_STEPS, _WRITTEN_AS = _habit_tree()


@lru_cache(maxsize=1)
def variant_marks() -> Marks:
    """Return the numbers of all spellings that have variants, as a table to look in."""
    marks = [_mark(name, _WRITTEN) for name in names_with_variants()]
    marks += [_mark(habit, _BY_HABIT) for habit in names_by_habit()]
    size = 16
    while size < _FILL_MAX * len(marks):
        size *= 2
    table = [0] * size
    for mark in marks:
        slot = mark & (size - 1)
        while table[slot] not in {0, mark}:
            slot = (slot + 1) & (size - 1)
        table[slot] = mark
    return np.array(table, dtype=np.uint64)


def _mark(text: str, kind: int) -> int:
    """Return the number of a text; one with other signs than letters and digits is never met."""
    value = _BASIS ^ kind
    for letter in text:
        value = (value ^ (ALPHABET.find(letter) + 1)) * _PRIME & _MASK
    return value or 1


@uncounted
def _is_marked(value: np.uint64, marks: Marks) -> bool:
    mask = np.uint64(marks.size - 1)
    slot = value & mask
    while marks[slot]:
        if marks[slot] == value:
            return True
        slot = (slot + np.uint64(1)) & mask
    return False


@uncounted
def may_vary(texts: Codes, start: int, size: int, marks: Marks) -> bool:
    """Return whether a spelling in codes may have variants."""
    value = _START_WRITTEN
    for place in range(start, start + size):
        value = (value ^ np.uint64(texts[place])) * _STEP
    if _is_marked(value, marks):
        return True
    if size < HABITS_LETTERS_MIN:
        return False
    value, last, place, stop = _START_BY_HABIT, np.uint8(0), start, start + size
    while place < stop:
        node, ahead = np.int64(_STEPS[0, texts[place]]), place + 1
        best, after = node, ahead
        while ahead < stop and _STEPS[node, texts[ahead]]:
            node = np.int64(_STEPS[node, texts[ahead]])
            ahead += 1
            if _WRITTEN_AS[node, 0]:
                best, after = node, ahead
        for which in range(2):
            letter = _WRITTEN_AS[best, which]
            if letter and letter != last:
                value = (value ^ np.uint64(letter)) * _STEP
                last = letter
        place = after
    return _is_marked(value, marks)
