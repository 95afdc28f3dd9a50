"""The best simple way to search names: every name in Latin letters by ICU, every pair measured by RapidFuzz.

It was the best open matcher across scripts when the field was measured (recall@10), and is run in the same minutes on
the same queries, so that the two figures can be compared.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import icu
import numpy as np
from development_set import Asked, Listed
from rapidfuzz import fuzz, process

_RULES = "Any-Latin; NFD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower"
TOP = 10


@dataclass(frozen=True, slots=True)
class PeerRun:
    """The ranks that the peer gave the persons meant (0: not among ten), and its seconds for each query."""

    ranks: list[int]
    seconds: list[float]


def search_by_ratio(listed: Sequence[Listed], asked: Sequence[Asked]) -> PeerRun:
    """Return how brute force by letter ratio over transliterated, sorted words ranks the persons meant."""
    latin = icu.Transliterator.createInstance(_RULES)
    held = [_folded(latin, one.name) for one in listed]
    ranks: list[int] = []
    seconds: list[float] = []
    for one in asked:
        begun = time.perf_counter()
        ratios = process.cdist([_folded(latin, one.name)], held, scorer=fuzz.ratio, dtype=np.uint8)[0]
        best = np.argsort(-ratios.astype(np.int16), kind="stable")[:TOP]
        seconds.append(time.perf_counter() - begun)
        rank = next((rank for rank, place in enumerate(best, 1) if listed[place].id in one.truths), 0)
        ranks.append(rank)
    return PeerRun(ranks, seconds)


def _folded(latin: icu.Transliterator, name: str) -> str:
    return " ".join(sorted(latin.transliterate(name).replace(",", " ").split()))
