"""One year of the world's searches as rollups: 8.6 billion, of which the European region made 4.2.

The European figure is the one that was published for 2023 ("nearly half"); how the rest divides is invented.
"""

from datetime import date, timedelta

from sqlalchemy import Connection

from comity.access.people import Bureau
from comity.registry import tallies
from comity.registry.tallies import BY_DAY, BY_KIND, BY_PURPOSE, NO_AUDIENCE, SEARCHES, Key

LAST = date(2026, 11, 30)
DAYS = 365
WORLD = {
    "europe": 4_200_000_000,
    "americas": 1_900_000_000,
    "asia-south-pacific": 1_300_000_000,
    "middle-east-north-africa": 800_000_000,
    "africa": 400_000_000,
}
KINDS = {"travel_document": 0.88, "vehicle": 0.08, "person": 0.03, "firearm": 0.01}
PURPOSES = {"border": 0.8, "road": 0.12, "investigation": 0.05, "security": 0.03}


def seed_year(connection: Connection, bureaus: dict[str, Bureau]) -> int:
    """Write the year's rollups, as the log's own counting would leave them; return how many searches they say."""
    sums: dict[tuple[str, Key], int] = {}
    days = [LAST - timedelta(days=back) for back in range(DAYS)]
    for region, total in WORLD.items():
        codes = sorted(code for code, one in bureaus.items() if one.region == region)
        weights = [1 / (place + 1) for place in range(len(codes))]
        for code, weight in zip(codes, weights, strict=True):
            a_day = round(total * weight / sum(weights) / DAYS)
            for day in days:
                _add(sums, code, day, a_day)
    tallies.grow(connection, sums)
    return sum(count for (table, _key), count in sums.items() if table == BY_DAY.name)


def _add(sums: dict[tuple[str, Key], int], code: str, day: date, count: int) -> None:
    month = day.year * 100 + day.month
    shares = (
        (BY_KIND.name, KINDS),
        (BY_PURPOSE.name, PURPOSES),
    )
    for table, parts in shares:
        rest = count
        for place, (key, share) in enumerate(parts.items()):
            part = rest if place == len(parts) - 1 else round(count * share)
            rest -= part
            where = (table, (month, SEARCHES, code, key, NO_AUDIENCE))
            sums[where] = sums.get(where, 0) + part
    sums[BY_DAY.name, (month * 100 + day.day, SEARCHES, code, NO_AUDIENCE)] = count
