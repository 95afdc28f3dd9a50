"""Measure how fast persons are found by name among a million, and how soon a new name is found.

    python benchmarks/speed/names_million.py [--persons N] [--directory DIRECTORY] [--queries N] [--without-peers]

Builds an index of invented persons of two names each in a directory, once: a second run opens what the first built.
Then asks by kinds of query (as written, mistyped, swapped, in Latin letters, unknown), adds a name, takes one away,
and asks a sample of the same queries of RapidFuzz (every name) and of PostgreSQL with pg_trgm. Prints a table, writes
JSON and a picture. Times are of the processor; the clock on the wall is beside them.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from held_persons import BUREAU, HeldPersons
from invented_names import NameInventor, Person, mistyped, written
from measures import RESULTS, machine
from names_peers import search_by_ratio, search_by_trigrams

from comity.access.acts import Act
from comity.access.decide import Grant, authorise
from comity.access.people import Officer
from comity.access.roles import role_named
from comity.index.store import Index, IndexChange, Indexed
from comity.matching.profiles import BORDER
from comity.procedures.likeliest import FORETOLD, likeliest, terms_of
from comity.procedures.warming import warm_up
from comity.records.check import parse_check
from comity.records.handling import Purpose
from comity.records.kind import search_terms

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.quality.picture import bars  # lies beside, in another directory of programs

RECALL_AT = 10
PEER_QUERIES = 12
Query = tuple[str, int]
"""A name asked for and the number of the person it means, -1 for nobody."""


@dataclass(slots=True)
class Times:
    """What each query of a kind took, in seconds, and how many persons meant were found."""

    search: list[float] = field(default_factory=list[float])
    whole: list[float] = field(default_factory=list[float])
    wall: list[float] = field(default_factory=list[float])
    compared: int = 0
    fetching: float = 0.0
    found: int = 0
    told: int = 0
    meant: int = 0

    def line(self) -> dict[str, float]:
        """Return the measures of a kind."""
        whole = np.array(self.whole) * 1000
        return {
            "asked": len(self.whole),
            "queries_per_s": round(len(self.whole) / sum(self.whole)),
            "p50_ms": round(float(np.percentile(whole, 50)), 3),
            "p99_ms": round(float(np.percentile(whole, 99)), 3),
            "search_p50_ms": round(float(np.median(self.search)) * 1000, 3),
            "wall_p50_ms": round(float(np.median(self.wall)) * 1000, 3),
            "compared": round(self.compared / len(self.whole), 2),
            "fetching_ms": round(self.fetching / len(self.whole) * 1000, 3),
            f"recall@{RECALL_AT}": round(self.found / self.meant, 4) if self.meant else 0.0,
            "told_at_border": round(self.told / len(self.whole), 4),
        }


def main() -> None:
    """Build or open, measure, print, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--persons", type=int, default=1_000_000)
    options.add_argument(
        "--directory", type=Path, default=Path(tempfile.gettempdir()) / "comity-names-million"
    )
    options.add_argument("--queries", type=int, default=500, help="of each kind")
    options.add_argument("--without-peers", action="store_true")
    options.add_argument("--results", type=Path, default=RESULTS)
    chosen = options.parse_args()
    persons = HeldPersons(chosen.directory / f"persons-{chosen.persons}", chosen.persons)
    report = measure(persons, chosen.queries, with_peers=not chosen.without_peers)
    print(table(report))
    chosen.results.mkdir(parents=True, exist_ok=True)
    (chosen.results / "names_million.json").write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    kinds = report["kinds"]
    rates = {kind: min(1.0, line["queries_per_s"] / 2_500) for kind, line in kinds.items()}
    picture = bars("Queries a second and core, against 2,500", rates)
    (chosen.results / "names_million.svg").write_text(picture, "utf-8")


def measure(persons: HeldPersons, each: int, *, with_peers: bool) -> dict[str, dict[str, dict[str, float]]]:
    """Return all measures."""
    begun = time.perf_counter()
    index = persons.open_index()
    opened = time.perf_counter() - begun
    asked = queries(persons, each)
    grant = grant_of_officer()
    warm_up()  # as a served node does before it answers: kernels and learnt tables are read once
    kinds: dict[str, Times] = {kind: Times() for kind in asked}
    # In turns, so that a busy minute of the machine falls on all kinds alike.
    for place in range(each):
        for kind, some in asked.items():
            if place < len(some):
                _ask(index, persons, grant, *some[place], kinds[kind])
    report: dict[str, dict[str, dict[str, float]]] = {
        "about": {"machine": machine(), "built": {**persons.built, "open_s": round(opened, 4)}},
        "kinds": {kind: times.line() for kind, times in kinds.items()},
        "freshness": {turn: freshness(index, persons, grant) for turn in ("first", "second")},
    }
    if with_peers:
        some = {kind: queries_[:PEER_QUERIES] for kind, queries_ in asked.items() if kind != "unknown"}
        report["peers"] = {
            "RapidFuzz ratio, every name": search_by_ratio(persons, some),
            "pg_trgm, GIN": search_by_trigrams(persons, some),
        }
    return report


def queries(persons: HeldPersons, each: int) -> Mapping[str, list[Query]]:
    """Return names to ask for, by kind, with the persons they mean."""
    chosen = random.Random(5)
    some = [(persons.person(number), number) for number in chosen.sample(range(len(persons)), each)]
    strangers = NameInventor(1, len(persons))
    strangers.reseed(77)
    ways: Mapping[str, Callable[[Person], str]] = {
        "as written": lambda one: one.names()[0],
        "mistyped": lambda one: mistyped(one.names()[0], chosen),
        "swapped": lambda one: " ".join(reversed(one.names()[0].split())),
    }
    asked = {way: [(make(one), number) for one, number in some] for way, make in ways.items()}
    asked["in Latin letters"] = [
        (written(one.words, "latin"), number) for one, number in some if one.script != "latin"
    ]
    asked["unknown"] = [(written(one.words, one.script), -1) for one in strangers.persons(each)]
    return asked


def grant_of_officer() -> Grant:
    """Return a grant to check, as an officer has it."""
    officer = Officer("bench", BUREAU, role_named("officer"), door="node")
    return authorise(officer, Act.CHECK, Purpose.BORDER)


def _ask(
    index: Index, persons: HeldPersons, grant: Grant, name: str, number: int, times: Times
) -> Sequence[int]:
    check = parse_check({"kind": "person", "name": name})
    persons.forget_fetching()
    wall, begun = time.perf_counter(), time.process_time()
    hits = likeliest(check, grant, index, BORDER, persons.visible)
    spent, walled = time.process_time() - begun, time.perf_counter() - wall
    begun = time.process_time()
    found = [one.record for one in index.promising(terms_of(check), grant, FORETOLD)]
    times.search.append(time.process_time() - begun)
    times.whole.append(spent - persons.fetching_s)
    times.wall.append(walled - persons.fetching_s)
    times.fetching += persons.fetching_s
    times.compared += persons.fetched
    if number >= 0:
        times.meant += 1
        times.found += number in found[:RECALL_AT]
    times.told += any(number < 0 or seen.held.number == number for _, seen in hits)
    return [seen.held.number for _, seen in hits]


def freshness(index: Index, persons: HeldPersons, grant: Grant) -> dict[str, float]:
    """Return milliseconds from a change to the answer that shows it: a name entered, the same withdrawn."""
    number, position = len(persons), index.position
    record = persons.record_of(NameInventor(3, 1_000).person(), number)
    terms = search_terms(record.kind, record.data)
    name = terms.names[0][1]
    persons.hold(number, record)
    ask = lambda: _ask(index, persons, grant, name, number, Times())  # noqa: E731
    begun = time.perf_counter()
    index.apply([IndexChange(position + 1, number, None, 0)], [Indexed(number, 0, terms, is_open=True)])
    assert number in ask()
    entered = time.perf_counter() - begun
    begun = time.perf_counter()
    index.apply([IndexChange(position + 2, number, 0, None)], [Indexed(number, -1, None, is_open=False)])
    assert number not in ask()
    return {
        "entered_ms": round(entered * 1000, 2),
        "withdrawn_ms": round((time.perf_counter() - begun) * 1000, 2),
    }


def table(report: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """Return the report as text, one line a measure."""
    lines: list[str] = []
    for part, measured in report.items():
        lines.append(part)
        for name, values in measured.items():
            lines.append(f"  {name:<28}" + "  ".join(f"{key} {value}" for key, value in values.items()))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
