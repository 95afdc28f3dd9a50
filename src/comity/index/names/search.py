"""How are several layers searched as one? Their counts are added up before anything is weighed.

    name -> questions -> each layer: what may each part mean, how often is it borne in public?
         -> weights (how rare is it to meet this well by chance) -> each layer: likeliest rows, by name and by birth date
         -> the likeliest of all -> each layer: what will comparing them be worth? -> best first

A name index in one segment and the same names spread over layers give the same answer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from comity.index.names.enough import weigh
from comity.index.names.entries import Foresight, NameCandidate
from comity.index.names.query import Part, Question, counted, questions
from comity.index.names.segment import DAY_ROWS_MAX, NameSegment
from comity.index.names.weights import Weighed, chances_of, weights_of
from comity.names.parts import Name, parse_name

ROWS_WEIGHED = 800
"""So many rows of a segment are looked at, where most of them can be passed over."""

ROWS_PAIRED = 200
"""So many, where each of them is paired word by word: nobody said what worth is wanted."""

CHANCES_KEPT = 16_384

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
    state = tuple((segment.serial, segment.burial.version) for segment in segments)
    for segment in segments:
        segment.stand_at(state)
    found = [answer for question in questions(parsed) for answer in _answers(question, segments, search)]
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


def _borne(segments: Sequence[NameSegment], parts: tuple[Part, ...]) -> NDArray[np.int64]:
    """Return how many public names of all segments bear each part."""
    sounds = np.concatenate([part.usual for part in parts])
    natives = np.array([part.native for part in parts], dtype=np.uint32)
    is_han = np.array([part.is_han for part in parts], dtype=np.bool_)
    borne = np.zeros(len(parts), dtype=np.int64)
    for segment in segments:
        segment.add_counts(sounds, natives, is_han, borne)
    return borne


def _answers(
    question: Question, segments: list[NameSegment], search: Search
) -> list[tuple[Numbers, NDArray[np.float64]]]:
    bounds = [segment.matches.bounds_of(question.parts, search.space) for segment in segments]
    weighed = _weigh(question, segments, bounds, search)
    is_wanted = search.foresight.promise_min > search.foresight.weighing.evidence_min
    rows_max = max(search.limit, ROWS_WEIGHED if is_wanted else ROWS_PAIRED)
    gathered = [
        segment.gather(lines, question, weighed, search.admitted, search.space, rows_max)
        for segment, lines in zip(segments, bounds, strict=True)
    ]
    kept = _likeliest(segments, [(one.rows, one.sums) for one in gathered], rows_max)
    if any(one.day_rows.size for one in gathered):
        of_day = _likeliest(segments, [(one.day_rows, one.day_sums) for one in gathered], DAY_ROWS_MAX)
        kept = [np.union1d(rows, day_rows) for rows, day_rows in zip(kept, of_day, strict=True)]
    return [
        _foretold(segments, segment, rows, lines, question, weighed)
        for segment, rows, lines in zip(segments, kept, bounds, strict=True)
        if rows.size
    ]


def _weigh(
    question: Question, segments: list[NameSegment], bounds: list[NDArray[np.int64]], search: Search
) -> Weighed:
    borne = [
        segment.matches.counts_of(question.parts, search.space, lines, segment.burial)
        for segment, lines in zip(segments, bounds, strict=True)
    ]
    counts = borne[0] if len(borne) == 1 else sum(borne[1:], borne[0])
    persons = sum(segment.burial.persons.get(search.space, 0) for segment in segments)
    weighing, dates = search.foresight.numbers()
    chances = _chances(question.parts, segments)
    date, floor = search.foresight.date, search.foresight.promise_min
    followed, always, is_apart, most = weigh(
        counts, question.expected, persons, chances, question.part_first, question.part_last, question.part_marks,
        question.word_marks, weighing, floor, date, dates,
    )  # fmt: skip
    # Where a date may speak for a row, its words alone do not tell.
    is_glanced = date == 0 and floor > search.foresight.weighing.evidence_min
    return Weighed(followed, always, is_apart, is_glanced, chances, most, floor, weighing, date, dates)


def _chances(parts: tuple[Part, ...], segments: list[NameSegment]) -> NDArray[np.float64]:
    """Return the chance to meet each part; what was asked since names last changed is known."""
    known = segments[0].part_chances
    new = tuple(part for part in parts if part.key not in known)
    if new:
        expected = np.array([part.expected for part in new], dtype=np.float64)
        found = chances_of(_borne(segments, new), expected, _persons(segments)).tolist()
        if len(known) > CHANCES_KEPT:
            known.clear()
            return _chances(parts, segments)
        known.update({part.key: chance for part, chance in zip(new, found, strict=True)})
    return np.array([known[part.key] for part in parts], dtype=np.float64)


def _likeliest(
    segments: list[NameSegment], gathered: list[tuple[Numbers, NDArray[np.float32]]], rows_max: int
) -> list[Numbers]:
    """Return the rows of each segment that are among the likeliest of all segments together."""
    if len(gathered) == 1:
        return [gathered[0][0]]
    sums = np.concatenate([found for _, found in gathered])
    records = np.concatenate(
        [segment.layout.row_record[rows] for segment, (rows, _) in zip(segments, gathered, strict=True)]
    )
    keep = np.zeros(sums.size, dtype=np.bool_)
    keep[np.lexsort((records, -sums))[:rows_max]] = True
    bounds = np.cumsum([rows.size for rows, _ in gathered])[:-1]
    return [rows[kept] for (rows, _), kept in zip(gathered, np.split(keep, bounds), strict=True)]


def _foretold(
    segments: list[NameSegment], segment: NameSegment, rows: Numbers, lines: NDArray[np.int64], question: Question,
    weighed: Weighed,
) -> tuple[Numbers, NDArray[np.float64]]:  # fmt: skip
    """Return the records of these rows and their promises; words not met before are counted in all segments."""

    def count(words: Numbers) -> NDArray[np.float64]:
        sounds, natives, is_han, expected = segment.describe(words)
        borne = np.zeros(words.size, dtype=np.int64)
        for other in segments:
            other.add_counts(sounds, natives, is_han, borne)
        return chances_of(borne, expected.astype(np.float64), _persons(segments))

    near, promises = segment.foretell(rows, lines, question, weighed, count)
    return segment.layout.row_record[near], promises
