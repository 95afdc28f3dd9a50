"""A throw-away node with invented records in it, and checks of which some have a hit."""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from invented import Inventor, Row, write_list
from measures import Clock, Spent

from comity.access.people import Officer
from comity.app import CLI_ACCOUNT, Node, init_node, open_node
from comity.procedures.import_list import ImportOrder, import_list
from comity.procedures.sign_in import officer_named
from comity.records.fieldtype import Json
from comity.records.handling import parse_share_option
from comity.registry.imports import ImportRun
from comity.sources import reader_named
from comity.sources.placement import placement_of

OWNER = "CHE"
HELD_SEED, OTHER_SEED = 1, 2
Query = dict[str, Json]


@contextmanager
def new_node(directory: Path) -> Generator[Node, None, None]:
    """Open a node made for the benchmark in an empty directory."""
    init_node(directory, "Benchmark")
    with open_node(directory) as node:
        yield node


def fill(node: Node, directory: Path, count: int, kind: str = "") -> tuple[Spent, Spent]:
    """Import an invented list; return what was spent until all of it is found, and until its index is saved."""
    path = directory / f"{kind or 'mixed'}.jsonl"
    write_list(path, count, kind, HELD_SEED)
    placed = placement_of("jsonl", path, "")
    run = ImportRun(placed.digest(), "jsonl", OWNER, placed.list_name, placed.origin)
    order = ImportOrder(run, parse_share_option("all"))
    rows = reader_named("jsonl", "")(path)
    clock = Clock()
    tally = import_list(rows, order, officer_of(node), node.desk, lambda _one: None, lambda _done: None)
    node.desk.follower.catch_up()
    found = clock.spent()
    node.desk.index.save()
    saved = clock.spent()
    assert tally.entered == count, tally
    return found, saved


def officer_of(node: Node) -> Officer:
    """Return the officer of the node's own command line."""
    return officer_named(CLI_ACCOUNT, node.desk)


def queries(count: int, records_count: int, hit_every: int = 2) -> Mapping[str, list[Query]]:
    """Return checks by kind, every so many-th one of a record that `fill` enters in a mixed list."""
    held: dict[str, list[Query]] = {kind: [] for kind in ASK}
    for row in Inventor(HELD_SEED).rows(records_count):
        kind = str(row["kind"])
        if len(held[kind]) < count // hit_every:
            held[kind].append({"kind": kind, **ASK[kind](row)})
    return {kind: _mixed(kind, known, count, hit_every) for kind, known in held.items()}


def _mixed(kind: str, held: list[Query], count: int, hit_every: int) -> list[Query]:
    """Return checks until those of what is held run out."""
    known, asked = iter(held), list[Query]()
    others = Inventor(OTHER_SEED).rows(count, kind)
    for place, row in enumerate(others, start=1):
        query = next(known, None) if place % hit_every == 0 else {"kind": kind, **ASK[kind](row)}
        if query is None:
            break
        asked.append(query)
    return asked


def strangers() -> Iterator[Query]:
    """Yield checks of persons whom `fill` does not enter, without end."""
    inventor = Inventor(OTHER_SEED)
    while True:
        yield from ({"kind": "person", **_person(row)} for row in inventor.rows(1000, "person"))


def _person(row: Row) -> Query:
    names, born = row["names"], row["born"]
    assert isinstance(names, list)
    assert isinstance(born, list)
    first = names[0]
    assert isinstance(first, dict)
    return {"name": first["name"], "born": born[0]}


def _by(*names: str) -> Callable[[Row], Query]:
    return lambda row: {name: row[name] for name in names}


ASK: Mapping[str, Callable[[Row], Query]] = {
    "travel_document": _by("type", "issuer", "number"),
    "vehicle": _by("vin", "plate", "country"),
    "person": _person,
    "administrative_document": _by("issuer", "number"),
    "device": _by("imei"),
    "firearm": _by("serial", "make"),
}
"""What an officer types of a record of each kind."""
