"""Comity's own search of the development set, as a check makes it: index, then comparison, then probability.

name -> NameSegment (candidates) -> score of each record -> Found, likeliest first
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from development_set import Asked, Listed

from comity.errors import MalformedError
from comity.index.names import (
    Foresight,
    NameEntry,
    NameSegment,
    Search,
    build_name_segment,
    packed_date,
    rarity,
    search_all,
)
from comity.matching.foresight import FORETOLD_DATES, WEIGHING
from comity.matching.names import NameComparison, Rarity, RecordName, compare_names
from comity.matching.profiles import Profile
from comity.matching.score import score
from comity.names import parse_name
from comity.records.check import Check, parse_check
from comity.records.handling import parse_share_option
from comity.records.record import Record, parse_record

CANDIDATES_MAX = 200
_SPACE = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate: its place in the list, what the names' meeting and what the other fields are worth."""

    place: int
    name_weight: float
    beside_weight: float


@dataclass(frozen=True, slots=True)
class Built:
    """What building the index took, and its size in files."""

    seconds: float
    bytes: int
    open_seconds: float


class PersonSearch(Rarity):
    """The list indexed by name, and searched one query at a time."""

    def __init__(self, listed: Sequence[Listed], directory: Path) -> None:
        self.listed = listed
        begun = time.perf_counter()
        entries = [
            NameEntry(place, 0, _SPACE, one.name, counts=True, dates=_dates(one.born))
            for place, one in enumerate(listed)
        ]
        build_name_segment(entries, directory)
        built = time.perf_counter()
        self._segment = NameSegment.open(directory)
        size = sum(file.stat().st_size for file in directory.iterdir())
        self.built = Built(built - begun, size, time.perf_counter() - built)
        self._places = {one.id: place for place, one in enumerate(listed)}
        self._record = lru_cache(maxsize=50_000)(self._read_record)
        self._share = parse_share_option("all")
        self._rarity = lru_cache(maxsize=200_000)(self._counted_rarity)

    def idf(self, word: str) -> float:
        """Return how rare a word is in the list, in natural-log units."""
        return self._rarity(word)

    def candidates(self, name: str, born: str = "", promise_min: float = -math.inf) -> list[int]:
        """Return the places of the candidates in the list, in the index's own order, as a check with this date."""
        foresight = Foresight(WEIGHING, FORETOLD_DATES, next(iter(_dates(born)), 0), promise_min)
        search = Search(_SPACE, np.ones(1, dtype=np.bool_), CANDIDATES_MAX, foresight)
        try:
            found = search_all([self._segment], name, search)
        except MalformedError:
            return []
        return [candidate.record for candidate in found]

    def compared(self, asked: Asked, places: Sequence[int], profile: Profile) -> list[Found]:
        """Return the candidates with the evidence for each, in the order of the candidates."""
        try:
            check = _check(asked)
        except MalformedError:
            return []
        return [self._found(check, place, profile) for place in places]

    def _counted_rarity(self, word: str) -> float:
        return rarity([self._segment], word)

    def _found(self, check: Check, place: int, profile: Profile) -> Found:
        agreements = score(check, self._record(place), profile, self).agreements
        named = sum(agreement.weight for agreement in agreements if agreement.field == "name")
        beside = sum(agreement.weight for agreement in agreements if agreement.field != "name")
        return Found(place, named, beside)

    def places_of(self, truths: frozenset[str]) -> list[int]:
        """Return the places of these persons in the list."""
        return [self._places[truth] for truth in truths if truth in self._places]

    def meeting(self, name: str, place: int) -> NameComparison:
        """Return how a name meets that of a listed person, before calibration."""
        return compare_names(parse_name(name), [RecordName(self.listed[place].name)], self)

    def _read_record(self, place: int) -> Record:
        one = self.listed[place]
        data: dict[str, object] = {"kind": "person", "source_id": one.id, "names": [{"name": one.name}]}
        if one.born:
            data["born"] = [one.born]
        if one.sex:
            data["sex"] = one.sex
        return parse_record(data, self._share)


def _dates(born: str) -> tuple[int, ...]:
    packed = packed_date(born, _SPACE)
    return (packed,) if packed else ()


def _check(asked: Asked) -> Check:
    query = {"kind": "person", "name": asked.name}
    if asked.born:
        query["born"] = asked.born
    if asked.sex:
        query["sex"] = asked.sex
    return parse_check(query)


def rank_of(truths: frozenset[str], places: Sequence[int], listed: Sequence[Listed]) -> int:
    """Return the rank of the first person meant, from 1; 0 where none is among the candidates."""
    return next((rank for rank, place in enumerate(places, 1) if listed[place].id in truths), 0)
