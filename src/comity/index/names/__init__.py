"""Which records bear a name like this one? Words, their Latin forms, keys of the forms, postings.

NameEntry -> NameDelta (memory) or build_name_segment -> NameSegment (files, mapped)
name -> search_all(layers) -> NameCandidate, best first
"""

from comity.index.names.delta import NameDelta
from comity.index.names.entries import NameCandidate, NameEntry
from comity.index.names.search import Layer, rarity, search_all
from comity.index.names.segment import NameSegment, build_name_segment

__all__ = [
    "Layer",
    "NameCandidate",
    "NameDelta",
    "NameEntry",
    "NameSegment",
    "build_name_segment",
    "rarity",
    "search_all",
]
