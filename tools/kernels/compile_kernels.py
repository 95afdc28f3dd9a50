"""Compile the kernels and keep them beside their files, in two processes, before anything needs them.

    python tools/kernels/compile_kernels.py

A kernel is compiled where it is first called. Processes that begin together, as those of the tests do, would each
compile every one of them, which takes longer than anything else they do. What this misses is compiled there as before.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from comity.app import CLI_ACCOUNT, Node, init_node, open_node
from comity.index.names import (
    Foresight,
    NameDelta,
    NameEntry,
    NameSegment,
    Search,
    packed_date,
    rarity,
    search_all,
)
from comity.matching.dates import DATE_WEIGHTS
from comity.matching.foresight import WEIGHING
from comity.matching.name_evidence import evidence_of_all
from comity.matching.names import Rarity, RecordName, compare_all
from comity.names import parse_name
from comity.procedures.check import run_check
from comity.procedures.glancing import prepare
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit, withdraw
from comity.records.fieldtype import Json
from comity.records.handling import Purpose

NAMES = ("Odessa Marlowe", "Сергей Лозинцев", "林佳蓉", "طارق منصور", "도한결", "Ivan Petrovich Lozintsev Jr")
BORN = packed_date("1970-02-03", 0)
DOCUMENT: dict[str, Json] = {
    "kind": "travel_document",
    "type": "P",
    "issuer": "EGY",
    "number": "A1234567",
    "share": "all",
}
PERSON: dict[str, Json] = {"kind": "person", "names": [{"name": NAMES[0], "type": "primary"}], "share": "all"}


class EvenRarity(Rarity):
    """Every word as rare as any other."""

    def idf(self, word: str) -> float:  # noqa: ARG002 - a protocol
        """Return how rare a word is."""
        return 5.0


def search() -> None:
    """Look names up in a segment and in what came after it."""
    entries = [NameEntry(number, 0, 0, name, counts=True, dates=(BORN,)) for number, name in enumerate(NAMES)]
    layers = (NameSegment.of(entries), NameDelta())
    for asked in NAMES:
        search_all(
            layers, asked, Search(0, np.ones(1, np.bool_), 50, Foresight(WEIGHING, DATE_WEIGHTS, BORN))
        )
        rarity(layers, asked.split()[0])


def compare() -> None:
    """Compare names with one another."""
    for asked in NAMES:
        evidence_of_all(compare_all(parse_name(asked), [RecordName(name) for name in NAMES], EvenRarity()))


def serve(first: dict[str, Json], query: dict[str, Json]) -> None:
    """Enter a record, save the index, check, one by one and by a glance, and withdraw it."""
    with TemporaryDirectory() as directory:
        init_node(Path(directory) / "node", "Kernels")
        with open_node(Path(directory) / "node") as node:
            ask(node, first, query)


def ask(node: Node, record: dict[str, Json], query: dict[str, Json]) -> None:
    """Do with a node what calls its kernels."""
    officer = officer_named(CLI_ACCOUNT, node.desk)
    made = [
        submit({**record, "source_id": name}, officer, node.desk).receipt for name in ("one", "two", "three")
    ]
    node.desk.follower.catch_up()
    node.desk.index.save()
    for one in made[:2]:
        withdraw(one.public_id, None, officer, node.desk)
        node.desk.follower.catch_up()
        run_check(query, officer, Purpose.BORDER, node.desk)
    prepare(node.desk)
    node.desk.index.save()


def index_of_names() -> None:
    """Do what needs the kernels of the index of names."""
    search()
    serve(PERSON, {"kind": "person", "name": NAMES[0], "born": "1970"})


def comparison_and_numbers() -> None:
    """Do what needs all the others; last what the index of names needs too, and has compiled meanwhile."""
    serve(DOCUMENT, {"kind": "travel_document", "number": "A1234567"})
    compare()


def _run(work: Callable[[], None]) -> None:
    work()


def main() -> None:
    """Do both halves at once; what fails in one of them is raised here."""
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(_run, [index_of_names, comparison_and_numbers]))


if __name__ == "__main__":
    main()
