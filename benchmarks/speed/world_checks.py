"""A day of the world's checks in small: what is asked, how fast it is answered, where the time goes.

88 of a hundred checks ask for a travel document, 8 for a vehicle, 3 for a person, 1 for something else. Hits
are as rare as they are in the world: 73 of a million documents, a thousandth of vehicles, 200 of a million persons.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from invented import Inventor
from world import MAKERS, WORLD, Part, rows_of

from comity.access.acts import Act
from comity.access.decide import authorise
from comity.access.people import Officer
from comity.app import Node
from comity.audit.entries import encode
from comity.index.exact import exact_key, packed_keys
from comity.procedures.check import find_hits, run_check
from comity.procedures.entries import asked_terms, entry_of
from comity.records.check import Answer, parse_check
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.kind import Terms

Query = dict[str, Json]
MIX = {"travel_document": 88, "vehicle": 8, "person": 3, "firearm": 1}
HIT_RATES = {"travel_document": 0.000073, "vehicle": 0.001, "person": 0.0002, "firearm": 0.003}
ASKED = {"travel_document": ("type", "issuer", "number"), "vehicle": ("vin",), "firearm": ("serial", "make")}
BATCH = 1000
LIMIT_S = 4.0


class Day:
    """What is asked on a day, from one seed; what misses is of places that the world does not reach."""

    def __init__(self, fraction: float, seed: int = 7) -> None:
        self._random, self._fraction = random.Random(seed), fraction
        self._names = Inventor(seed)
        count = max(1, int(WORLD["person"] * fraction))
        self._persons = list(rows_of(Part("person", "", 0, min(count, 2000))))

    def query(self, kind: str, hit_rate: float | None = None) -> Query:
        """Return one check of a kind."""
        chosen = self._random
        is_hit = chosen.random() < (HIT_RATES[kind] if hit_rate is None else hit_rate)
        if kind == "person":
            row = (
                chosen.choice(self._persons)
                if is_hit
                else {"names": [{"name": self._names.name()}], "born": ["1980-01-01"]}
            )
            names, born = row["names"], row["born"]
            assert isinstance(names, list)
            assert isinstance(born, list)
            return {"kind": kind, "name": names[0]["name"], "born": born[0]}  # type: ignore[call-overload, index]
        held = max(1, int(WORLD[kind] * self._fraction))
        place = chosen.randrange(held) if is_hit else WORLD[kind] + chosen.randrange(500_000_000)
        row = MAKERS[kind](place)
        return {"kind": kind, **{name: row[name] for name in ASKED[kind]}}

    def mixed(self) -> Iterator[Query]:
        """Yield checks of all kinds in the proportions of the world."""
        kinds, weights = tuple(MIX), tuple(MIX.values())
        while True:
            yield self.query(self._random.choices(kinds, weights)[0])


def summed_up(seconds: Sequence[float], processor_s: float) -> dict[str, float]:
    """Return the rate and the percentiles of checks that took so many seconds each."""
    ordered = sorted(seconds)
    count = len(ordered)
    at = {"p50_ms": 0.5, "p99_ms": 0.99, "p999_ms": 0.999}
    shown = {name: 1000 * ordered[min(count - 1, int(count * part))] for name, part in at.items()}
    return {"checks": count, "per_s": count / sum(ordered), "per_processor_s": count / processor_s, **shown}


def in_process(node: Node, officer: Officer, queries: Iterator[Query]) -> dict[str, float]:
    """Measure whole checks, one after the other, each durable in the log before its answer."""
    taken: list[float] = []
    begun, used = time.perf_counter(), time.process_time()
    while time.perf_counter() - begun < LIMIT_S:
        sent = time.perf_counter()
        run_check({**next(queries)}, officer, Purpose.BORDER, node.desk)
        taken.append(time.perf_counter() - sent)
    return summed_up(taken, time.process_time() - used)


def look_ups(node: Node, officer: Officer, day: Day, count: int = 200_000) -> dict[str, float]:
    """Measure exact look-ups alone, through `Index.candidates`, the layers, and in batches, in nanoseconds each."""
    grant = authorise(officer, Act.CHECK, Purpose.BORDER)
    index = node.desk.index
    numbers = [str(day.query("travel_document")["number"]) for _ in range(count)]
    terms = [Terms((("document.number", number),), ()) for number in numbers]
    keys = [exact_key("document.number", number) for number in numbers]
    exact, admitted = index.exact_for(grant)
    packed = [packed_keys(keys[start : start + BATCH]) for start in range(0, count, BATCH)]
    return {
        "candidates_ns": _each_ns(terms, lambda one: index.candidates(one, grant)),
        "find_ns": _each_ns(keys, lambda one: exact.find(one, admitted)),
        "batch_from_keys_ns": _each_ns(
            [keys[start : start + BATCH] for start in range(0, count, BATCH)],
            lambda some: index.candidates_batch(some, grant),
        )
        / BATCH,
        "batch_packed_ns": _each_ns(packed, lambda some: exact.find_packed(some, BATCH, admitted)) / BATCH,
    }


def _each_ns(values: Sequence[Any], do: Callable[[Any], object]) -> float:
    used = time.process_time()
    for value in values:
        do(value)
    return (time.process_time() - used) / len(values) * 1e9


def stages(node: Node, officer: Officer, day: Day, count: int = 5000) -> dict[str, float]:
    """Return the microseconds of processor time that each stage of a document check takes, one stage at a time."""
    queries = [day.query("travel_document") for _ in range(count)]
    lines = [msgspec.json.encode(query) for query in queries]
    grant = authorise(officer, Act.CHECK, Purpose.BORDER)
    checks = [parse_check({**query}) for query in queries]
    desk = node.desk

    def entry(query: Query) -> bytes:
        made = entry_of(
            officer, Act.CHECK, desk.clock(), "no_hit", purpose=grant.purpose, kind="travel_document",
            query=asked_terms(query), hits=(),
        )  # fmt: skip
        return encode(made)

    return {
        "decode": _each_ns(lines, msgspec.json.decode) / 1000,
        "parse": _each_ns(queries, lambda query: parse_check({**query})) / 1000,
        "authorise": _each_ns(queries, lambda _query: authorise(officer, Act.CHECK, Purpose.BORDER)) / 1000,
        "search": _each_ns(checks, lambda check: find_hits(check, grant, desk)) / 1000,
        "as_of": _each_ns(checks, lambda _check: desk.index.as_of(grant)) / 1000,
        "audit entry": _each_ns(queries, entry) / 1000,
        "encode": _each_ns(
            checks, lambda check: msgspec.json.encode(Answer(check.id, "no_hit", 1, ()).to_json())
        )
        / 1000,
    }
