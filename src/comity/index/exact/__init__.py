"""Which records have exactly this key? Keyed hashes in buckets of one cache line, mapped from files.

    key -> SipHash with the node's secret -> bucket and tag -> record numbers -> audience -> candidates
    pairs (hash, record) -> sorted -> table, written front to back -> mapped by every process

Keys that collide and keys that several records share are all kept; the registry's record settles what was
meant. All layers, those on the disk and the one in memory, are asked in one compiled call.
"""

from comity.index.exact.hashing import HashKey, exact_key, hash_key, hash_packed, packed_keys
from comity.index.exact.layers import ExactLayers, LayerView
from comity.index.exact.recent import RecentTable
from comity.index.exact.table import (
    ExactTable,
    Pairs,
    build_table,
    merge_pairs,
    open_table,
    save_table,
    sorted_pairs,
)

__all__ = [
    "ExactLayers",
    "ExactTable",
    "HashKey",
    "LayerView",
    "Pairs",
    "RecentTable",
    "build_table",
    "exact_key",
    "hash_key",
    "hash_packed",
    "merge_pairs",
    "open_table",
    "packed_keys",
    "save_table",
    "sorted_pairs",
]
