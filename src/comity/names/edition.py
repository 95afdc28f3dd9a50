"""Which readings are these? An index holds the forms of its words, so it must know whose readings made them."""

from functools import lru_cache
from hashlib import blake2b
from typing import Final

from comity.names.readings.tables import table_bytes, table_names

EDITION: Final = 9
"""Raised whenever a word is read otherwise than before; `tests/unit/names/test_edition.py` tells when it must be."""


@lru_cache(maxsize=1)
def readings_edition() -> str:
    """Return what tells these readings from others: their edition, and a digest of the tables that ship."""
    digest = blake2b(digest_size=8)
    for name in table_names():
        digest.update(blake2b(table_bytes(name)).digest())
    return f"{EDITION}-{digest.hexdigest()}"
