"""Every table of the registry, whichever file declares it: what is created, dumped and restored.

A topic with tables of its own declares them on `schema.METADATA` beside its queries, and is imported here.
"""

from comity.registry import events, outbox, positions, redress, retention, tallies
from comity.registry.schema import METADATA

TOPICS = (events, outbox, positions, redress, retention, tallies)

TABLES = METADATA.tables
