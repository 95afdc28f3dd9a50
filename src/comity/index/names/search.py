"""How are several layers searched as one? Their counts are added up before anything is weighed.

    name -> questions -> each layer: what may each part mean, how often is it borne in public?
         -> weights (how rare is it to meet this well by chance) -> each layer: likeliest rows
         -> the likeliest of all -> each layer: scores -> best first

A name index in one segment and the same names spread over layers give the same answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from comity.index.names.entries import NameCandidate
from comity.index.names.lookup import PRICE_STEPS, PRICES_COUNT
from comity.index.names.query import Part, Question, questions
from comity.index.names.segment import Burial, NameSegment, PartMatch
from comity.names.chance import weights_by_price
from comity.names.parts import Name, parse_name

ROWS_WEIGHED = 200
POSTINGS_MAX = 8_000
LEADING_PARTS = 2


class Layer(Protocol):
    """A part of the name index that can be searched together with others."""

    def segments(self, dead: frozenset[int]) -> list[tuple[NameSegment, Burial]]:
        """Return the segments of the layer, without the dead records."""
        ...


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question put to all segments: matches a segment, weights a part and price."""

    question: Question
    matches: list[list[PartMatch]]
    weights: NDArray[np.float32]
    followed: NDArray[np.float32]


def search_all(
    layers: Sequence[tuple[Layer, frozenset[int]]],
    name: Name | str,
    space: int,
    admitted: NDArray[np.bool_],
    limit: int,
) -> list[NameCandidate]:
    """Return the records of one space whose names may be the one asked for, best first, at most `limit`.

    Each layer comes with the numbers of records that newer layers replaced. `admitted` says, by audience, who may
    be seen; it and the dead are applied before any limit, and names that are not public teach nothing.
    Raises `MalformedError` where the name cannot be parsed.
    """
    parsed = parse_name(name) if isinstance(name, str) else name
    segments = [found for layer, dead in layers for found in layer.segments(dead)]
    found = [
        answer
        for question in questions(parsed)
        for answer in _answers(question, segments, space, admitted, max(limit, ROWS_WEIGHED))
    ]
    if not found:
        return []
    records = np.concatenate([numbers for numbers, _ in found])
    scores = np.concatenate([values for _, values in found])
    order = np.lexsort((records, -scores))
    _, firsts = np.unique(records[order], return_index=True)
    kept = order[np.sort(firsts)][:limit]
    return [
        NameCandidate(record, score)
        for record, score in zip(records[kept].tolist(), scores[kept].tolist(), strict=True)
    ]


def rarity(layers: Sequence[tuple[Layer, frozenset[int]]], word: str) -> float:
    """Return how rare a word is among the public names of all layers, in natural-log units.

    It depends on the names alone, not on how they are spread over layers.
    """
    part = Part.of_text(word)
    borne, persons = 0, 0
    for layer, dead in layers:
        for segment, burial in layer.segments(dead):
            met, held = segment.public_count(part, burial)
            borne, persons = borne + met, persons + held
    return float(weights_by_price(part.spelling, np.array([borne]), persons, np.zeros(1))[0])


def _answers(
    question: Question,
    segments: list[tuple[NameSegment, Burial]],
    space: int,
    admitted: NDArray[np.bool_],
    rows_max: int,
) -> list[tuple[NDArray[np.uint32], NDArray[np.float32]]]:
    asked = _ask(question, segments, space)
    gathered = [
        segment.gather(matches, asked.followed, burial, admitted, rows_max)
        for (segment, burial), matches in zip(segments, asked.matches, strict=True)
    ]
    kept = _likeliest(gathered, rows_max)
    return [
        segment.weigh(rows[keep], matches, asked.weights, question)
        for (segment, _), matches, (rows, _, _), keep in zip(
            segments, asked.matches, gathered, kept, strict=True
        )
    ]


def _likeliest(
    gathered: list[tuple[NDArray[np.uint32], NDArray[np.float32], NDArray[np.uint32]]], rows_max: int
) -> list[NDArray[np.bool_]]:
    """Return which rows of each segment are among the likeliest of all segments together."""
    if not gathered:  # the last record with a name was withdrawn
        return []
    if len(gathered) == 1:
        return [np.ones(gathered[0][0].size, dtype=np.bool_)]
    sums = np.concatenate([found[1] for found in gathered])
    records = np.concatenate([found[2] for found in gathered])
    keep = np.zeros(sums.size, dtype=np.bool_)
    keep[np.lexsort((records, -sums))[:rows_max]] = True
    bounds = np.cumsum([found[0].size for found in gathered])[:-1]
    return np.split(keep, bounds)


def _ask(question: Question, segments: list[tuple[NameSegment, Burial]], space: int) -> _Asked:
    matches = [[segment.match(part, space) for part in question.parts] for segment, _ in segments]
    persons = sum(burial.space_public.get(space, 0) for _, burial in segments)
    counts = np.zeros((len(question.parts), PRICES_COUNT), dtype=np.int64)
    for (segment, burial), found in zip(segments, matches, strict=True):
        for place, match in enumerate(found):
            counts[place] += segment.counts(match, burial)
    borne = np.cumsum(counts, axis=1)
    weights = np.stack(
        [
            weights_by_price(part.spelling, borne[place], persons, _PRICES)
            for place, part in enumerate(question.parts)
        ]
    ).astype(np.float32)
    return _Asked(question, matches, weights, _worth_following(weights, counts))


def _worth_following(weights: NDArray[np.float32], counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the weights without those of meetings so common that rarer ones will lead to the same rows.

    Meetings are followed from the heaviest on, until so many public names as are affordable have been led to; the
    nearest meetings of the two rarest words always. What is left out still weighs on the rows found by others.
    Meetings that no public name has are always followed, too: they may lead those who may see it to a
    restricted one.
    """
    wanted = np.where(weights > 0, weights, 0).astype(np.float32)
    followed = np.where(counts > 0, wanted, 0)
    order = np.argsort(-followed, axis=None, kind="stable")
    costs = counts.ravel()[order]
    wanted.ravel()[order[(np.cumsum(costs) > POSTINGS_MAX) & (costs > 0)]] = 0
    for part in np.argsort(-followed.max(axis=1), kind="stable")[:LEADING_PARTS]:
        nearest = int(followed[part].argmax())
        wanted[part, nearest] = max(wanted[part, nearest], followed[part, nearest])
    return wanted


_PRICES = np.arange(PRICES_COUNT) / PRICE_STEPS
