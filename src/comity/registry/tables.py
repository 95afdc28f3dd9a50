"""Every table of the registry, whichever file declares it: what is created, dumped and restored.

A topic with tables of its own declares them on `schema.METADATA` beside its queries, and is imported here.
"""

from comity.registry import (
    attachments,
    bureau_keys,
    distinctions,
    duties,
    earlier,
    events,
    hits,
    idempotency,
    mention_keys,
    message_keys,
    messages,
    notices,
    outbox,
    owner_requests,
    pack_ids,
    packs,
    passages,
    positions,
    redress,
    retention,
    taking_over,
    tallies,
    watches,
)
from comity.registry.schema import METADATA

TOPICS = (
    attachments,
    bureau_keys,
    distinctions,
    duties,
    earlier,
    events,
    hits,
    idempotency,
    mention_keys,
    message_keys,
    messages,
    notices,
    outbox,
    owner_requests,
    pack_ids,
    packs,
    passages,
    positions,
    redress,
    retention,
    taking_over,
    tallies,
    watches,
)

TABLES = METADATA.tables
