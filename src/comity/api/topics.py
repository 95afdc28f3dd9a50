"""The topics of the HTTP door beside checks, records and the node itself."""

from comity.api.bureau_keys import KEYS
from comity.api.feed import FEED
from comity.api.hits import HITS
from comity.api.messages import MESSAGES
from comity.api.notices import NOTICES
from comity.api.owners import OWNERS
from comity.api.partner import PARTNER
from comity.api.records import RECORDS
from comity.api.redress import REDRESS
from comity.api.retention import RETENTION
from comity.api.statistics import STATISTICS
from comity.api.topic import Topic
from comity.api.watches import WATCHES

TOPICS: tuple[Topic, ...] = (
    *(RECORDS, FEED, HITS, NOTICES, PARTNER, WATCHES, RETENTION, REDRESS, STATISTICS),
    *(MESSAGES, KEYS, OWNERS),
)
