"""Which records bear a name like this one? Words, their Latin forms, keys of the forms, postings.

NameEntry -> NameDelta (memory) or build_name_segment -> NameSegment (files, mapped)
name -> search_all(layers) -> NameCandidate, best promise first
"""

from comity.index.names.delta import NameDelta
from comity.index.names.entries import Foresight, NameCandidate, NameEntry, dated, meaning_of, packed_date
from comity.index.names.search import Layer, Search, rarities, rarity, search_all
from comity.index.names.segment import NameSegment, build_name_segment

__all__ = [
    "Foresight",
    "Layer",
    "NameCandidate",
    "NameDelta",
    "NameEntry",
    "NameSegment",
    "Search",
    "build_name_segment",
    "dated",
    "meaning_of",
    "packed_date",
    "rarities",
    "rarity",
    "search_all",
]
