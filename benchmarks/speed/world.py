"""An invented world of records in the proportions of the real one, built into a node part by part.

    fraction -> parts (kind, owner, rows) -> one list at a time -> imported in bulk -> noted -> the list removed

Every record follows from its kind and place, so that what is held can be asked for without being kept apart.
A build that is interrupted goes on with the part that it was at.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from filled_node import officer_of
from invented import COUNTRIES, Inventor, Row
from measures import Clock

from comity.app import Node, init_node, open_node
from comity.cli.importing import order_of
from comity.procedures.bulk_list import import_bulk
from comity.records.countries import member_countries
from comity.sources.beside import read_beside
from comity.sources.pieces_beside import pieces_beside

WORLD = {
    "travel_document": 100_000_000,
    "vehicle": 12_000_000,
    "administrative_document": 10_000_000,
    "firearm": 1_500_000,
    "person": 1_000_000,
    "device": 500_000,
}
"""Records of the world by kind, 125 millions."""

PART_ROWS = 1_000_000
_STRIDE = 7_368_787
"""Prime to a thousand million: numbers that follow each other in a list look drawn at random."""

STATUS = ("stolen", "lost", "revoked")
MAKES = (("Volkswagen", "Golf"), ("Toyota", "Hilux"), ("Renault", "Clio"), ("Tata", "Nexon"))


@dataclass(frozen=True, slots=True)
class Part:
    """A list of one owner: `count` records of a kind, from a place on."""

    kind: str
    owner: str
    start: int
    count: int

    @property
    def name(self) -> str:
        """The name of its list."""
        return f"{self.kind}-{self.start}"


def parts_of(fraction: float) -> list[Part]:
    """Return the lists that make up a fraction of the world, each of an owner of its own."""
    owners, made = member_countries(), list[Part]()
    for kind, whole in WORLD.items():
        total = max(1, int(whole * fraction))
        for start in range(0, total, PART_ROWS):
            count = min(PART_ROWS, total - start)
            made.append(Part(kind, owners[len(made) % len(owners)], start, count))
    return made


def _mixed(place: int, salt: int) -> int:
    return (place * _STRIDE + salt * 11_400_714) % 1_000_000_000


def _day(number: int, first: int, years: int) -> str:
    return f"{first + number % years}-{1 + number % 12:02}-{1 + number % 28:02}"


def travel_document(place: int) -> Row:
    """Return the travel document of a place."""
    number = _mixed(place, 1)
    return {
        "type": "PPPIV"[number % 5],
        "issuer": COUNTRIES[place % len(COUNTRIES)],
        "number": f"{'ABCDEFGHJK'[number // 100_000_000]}{number % 100_000_000:08}",
        "status": STATUS[number % 3],
        "since": _day(number, 2005, 20),
        "expires": _day(number // 7, 2026, 9),
    }


def administrative_document(place: int) -> Row:
    """Return the administrative document of a place."""
    return {
        "type": "XR",
        "issuer": COUNTRIES[place % 12],
        "number": f"R {_mixed(place, 2):09}",
        "status": "stolen",
    }


def vehicle(place: int) -> Row:
    """Return the vehicle of a place."""
    number, (make, model) = _mixed(place, 3), MAKES[place % 4]
    return {
        "vin": f"WVWZZZ1K{number:09}",
        "plate": f"{'BMKFS'[number % 5]}-{'ABXY'[number % 4]}{'KLMN'[number // 5 % 4]} {number % 1_000_000}",
        "country": COUNTRIES[place % 12],
        "make": make,
        "model": model,
        "colour": ("silver", "black", "white")[number % 3],
        "status": "stolen",
        "since": _day(number, 2015, 10),
    }


def firearm(place: int) -> Row:
    """Return the firearm of a place."""
    return {"serial": f"KX {_mixed(place, 4):09}", "type": "pistol", "make": "Glock", "calibre": "9mm Luger"}


def device(place: int) -> Row:
    """Return the device of a place."""
    return {"imei": f"3520990{_mixed(place, 5) % 100_000_000:08}", "make": "Nokia", "status": "stolen"}


MAKERS: dict[str, Callable[[int], Row]] = {
    "travel_document": travel_document,
    "vehicle": vehicle,
    "administrative_document": administrative_document,
    "firearm": firearm,
    "device": device,
}


def rows_of(part: Part) -> Iterator[Row]:
    """Yield the rows of a part."""
    if part.kind == "person":
        for place, row in enumerate(Inventor(part.start + 1).rows(part.count, "person")):
            yield {**row, "source_id": f"person-{part.start + place}"}
        return
    make = MAKERS[part.kind]
    for place in range(part.start, part.start + part.count):
        yield {"kind": part.kind, "source_id": f"{part.kind}-{place}", **make(place)}


def build(directory: Path, fraction: float, tell: Callable[[str], None]) -> dict[str, dict[str, float]]:
    """Build the node where it is not built yet; return what each part took, by its name.

    Of a part that was interrupted, only what its last run entered is told.
    """
    noted = directory / "built.json"
    built: dict[str, dict[str, float]] = json.loads(noted.read_text("utf-8")) if noted.exists() else {}
    if not (directory / "node" / "node.toml").exists():
        init_node(directory / "node", "World")
    with open_node(directory / "node") as node:
        for part in parts_of(fraction):
            if part.name in built:
                continue
            built[part.name] = _built(part, directory, node)
            noted.write_text(json.dumps(built, indent=1), "utf-8")
            tell(f"{part.name}: {built[part.name]['per_s']:,.0f}/s")
    return built


def _built(part: Part, directory: Path, node: Node) -> dict[str, float]:
    path = directory / f"{part.name}.jsonl"
    begun = time.perf_counter()
    with path.open("wb") as file:
        file.writelines(msgspec.json.encode(row) + b"\n" for row in rows_of(part))
    invented_s = time.perf_counter() - begun
    clock, before = Clock(), _by_others()
    order = order_of("jsonl", path, part.owner, "all", is_dry=False)
    # As the command line does it: rows are read in a process beside.
    beside = (
        read_beside("jsonl", "", path) if part.kind == "person" else pieces_beside("jsonl", "", "all", path)
    )
    with beside as rows:
        tally = import_bulk(rows, order, officer_of(node), node.desk, lambda _one: None, lambda _done: None)
    node.desk.follower.catch_up()
    node.desk.index.save()
    spent = clock.spent()
    spent = replace(spent, processor=(spent.processor or 0.0) + _by_others() - before)
    path.unlink()
    assert tally.entered + tally.resumed_after >= part.count, tally
    per_s, per_processor_s = spent.rates(tally.entered)
    return {
        "records": tally.entered,
        "invented_s": invented_s,
        "wall_s": spent.wall,
        "processor_s": spent.processor or 0.0,
        "per_s": per_s,
        "per_processor_s": per_processor_s or 0.0,
    }


def _by_others() -> float:
    """Return the processor seconds of the processes that this one has started and seen end."""
    times = os.times()
    return times.children_user + times.children_system
