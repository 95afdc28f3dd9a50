"""The topics of the HTTP door beside checks, records and the node itself."""

from comity.api.feed import FEED
from comity.api.hits import HITS
from comity.api.records import RECORDS
from comity.api.topic import Topic

TOPICS: tuple[Topic, ...] = (RECORDS, FEED, HITS)
