"""How are several layers searched as one? Their counts are added up before anything is weighed.

    name -> questions -> each layer: what may each part mean, how often is it borne in public?
         -> weights (how rare is it to meet this well by chance) -> each layer: likeliest rows, by name and by birth date
         -> the likeliest of all -> each layer: what will comparing them be worth? -> best first

A name index in one segment and the same names spread over layers give the same answer.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from comity.compiled import direct
from comity.index.names.asked import ask
from comity.index.names.entries import Foresight, NameCandidate
from comity.index.names.query import Question, counted, questions
from comity.index.names.segment import NameSegment, Together
from comity.index.names.weights import weights_of
from comity.names.parts import Name, parse_name

ROWS_WEIGHED = 800
"""So many rows of a segment are looked at, where most of them can be passed over."""

ROWS_PAIRED = 200
"""So many, where each of them is paired word by word: nobody said what worth is wanted."""

Numbers = NDArray[np.uint32]


class Layer(Protocol):
    """A part of the name index that can be searched together with others."""

    def segments(self) -> list[NameSegment]:
        """Return the segments of the layer, each without the records that newer ones replaced."""
        ...


@dataclass(frozen=True, slots=True)
class Search:
    """What holds for a whole search: the kind of name, who may be seen, how many, how to foretell."""

    space: int
    admitted: NDArray[np.bool_]
    limit: int
    foresight: Foresight


def search_all(layers: Sequence[Layer], name: Name | str, search: Search) -> list[NameCandidate]:
    """Return the records of one space whose names may be the one asked for, best promise first.

    `admitted` says, by audience, who may be seen; it and the dead are applied before any limit, and names that are
    not public teach nothing. Raises `MalformedError` where the name cannot be parsed.
    """
    parsed = parse_name(name) if isinstance(name, str) else name
    segments = [segment for layer in layers for segment in layer.segments() if segment.rows_count]
    if not segments:  # the last record with a name was withdrawn
        return []
    answers = _asked(segments, search)
    found = [found for question in questions(parsed) if (found := answers(question))[0].size]
    if not found:
        return []
    records, promises = found[0]
    if len(found) > 1:
        records = np.concatenate([numbers for numbers, _ in found])
        promises = np.concatenate([values for _, values in found])
    if search.foresight.promise_min > -math.inf:
        worth = promises >= search.foresight.promise_min
        records, promises = records[worth], promises[worth]
    if not records.size:
        return []
    order = np.lexsort((records, -promises))
    kept: dict[int, float] = {}
    for record, promise in zip(records[order].tolist(), promises[order].tolist(), strict=True):
        if record not in kept:
            kept[record] = promise
            if len(kept) == search.limit:
                break
    return [NameCandidate(record, promise) for record, promise in kept.items()]


def rarity(layers: Sequence[Layer], word: str) -> float:
    """Return how rare a word is among the public names of all layers, in natural-log units.

    It depends on the names alone, not on how they are spread over layers.
    """
    return rarities(layers, [word])[0]


def rarities(layers: Sequence[Layer], words: Sequence[str]) -> list[float]:
    """Return how rare some words are, at least one, as `rarity` does."""
    segments = [segment for layer in layers for segment in layer.segments()]
    asked = counted(words)
    borne = np.zeros(len(words), dtype=np.int64)
    for segment in segments:
        segment.add_counts(asked.sounds, asked.natives, asked.is_han, borne)
    return weights_of(borne, asked.expected, _persons(segments)).tolist()


def _persons(segments: Sequence[NameSegment]) -> int:
    return sum(sum(segment.burial.persons.values()) for segment in segments)


def _asked(
    segments: list[NameSegment], search: Search
) -> Callable[[Question], tuple[Numbers, NDArray[np.float64]]]:
    """Return what finds for a question the records that may be meant, with the promise of each row of theirs."""
    foresight, space = search.foresight, search.space
    tables, persons, persons_all = _together(segments, foresight.date)
    wanted = foresight.promise_min > foresight.weighing.evidence_min
    rest = (
        search.admitted, *foresight.numbers(), space, foresight.date, foresight.promise_min, is_glanced(foresight),
        max(search.limit, ROWS_WEIGHED if wanted else ROWS_PAIRED), persons.get(space, 0), persons_all,
    )  # fmt: skip
    asking = _compiled()

    def answers(question: Question) -> tuple[Numbers, NDArray[np.float64]]:
        lines = [number for one in segments for number in one.matches.lines_of(question.parts, space)]
        return asking(
            tables, np.array(lines, dtype=np.int64), question.part_first, question.part_last, question.part_marks,
            question.expected, question.word_marks, question.natives, question.scripts, question.letters,
            question.letter_bounds, *rest,
        )  # fmt: skip

    return answers


def _together(segments: list[NameSegment], date: int) -> Together:
    """Return what is known of these segments as long as no name of theirs changes, each made ready for the search."""
    state = tuple([(segment.serial, segment.burial.version) for segment in segments])
    first = segments[0]
    known = first.together
    # A segment may have been searched with others meanwhile.
    is_known = all(one.state == state and (one.is_ready_for_dates or not date) for one in segments)
    if known is None or not is_known:
        tables = np.array([segment.stand_at(state, date) for segment in segments], dtype=np.int64)
        persons = Counter[int]()
        for segment in segments:
            persons.update(segment.burial.persons)
        known = first.together = tables, persons, persons.total()
    return known


@cache
def _compiled() -> Callable[..., tuple[Numbers, NDArray[np.float64]]]:
    return direct(ask)


def is_glanced(foresight: Foresight) -> bool:
    """Return whether a glance tells which rows are worth too little: where a date may speak for one, words alone do not."""
    return foresight.date == 0 and foresight.promise_min > foresight.weighing.evidence_min
