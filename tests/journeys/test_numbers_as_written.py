"""Every number that leads to a record is found as it was entered, in small letters, spaced out and with dashes.

The real lists beside the repository hold no plates and no vehicle numbers: these are invented, of every kind.
"""

import random
from collections.abc import Iterator, Mapping

import pytest
from tests.unit.procedures.bureaus import bureaus, officer

from comity.app import Node
from comity.procedures.check import run_checks
from comity.procedures.submit import submit
from comity.records.fieldtype import Comparison, Json
from comity.records.handling import Purpose
from comity.records.kind import values
from comity.records.kinds import KINDS
from comity.records.record import HeldRecord

LETTERS, DIGITS = "ABCDEFGHJKLMNPRSTUVWXYZ", "0123456789"
PLATES = {
    "FRA": "{A}{A}-{d}{d}{d}-{A}{A}",
    "DEU": "B-{A}{A} {d}{d}{d}{d}",
    "KEN": "K{A}{A} {d}{d}{d}{A}",
    "GBR": "{A}{A}{d}{d} {A}{A}{A}",
    "IND": "MH {d}{d} {A}{A} {d}{d}{d}{d}",
    "BRA": "{A}{A}{A}{d}{A}{d}{d}",
}


def invented_vehicles(count: int) -> Iterator[dict[str, Json]]:
    """Yield vehicles with plates in the forms of six countries and vehicle numbers of seventeen characters."""
    source = random.Random(20261125)
    for place in range(count):
        country = sorted(PLATES)[place % len(PLATES)]
        plate = PLATES[country].replace("{A}", "\0").replace("{d}", "\1")
        drawn = "".join(
            source.choice(LETTERS) if one == "\0" else source.choice(DIGITS) if one == "\1" else one
            for one in plate
        )
        vin = "".join(source.choice(LETTERS + DIGITS) for _ in range(17))
        yield {"kind": "vehicle", "plate": drawn, "country": country, "vin": vin}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with bureaus(tmp_path_factory.mktemp("numbers")) as opened:
        records = [{**example, "kind": kind.code} for kind in KINDS.values() for example in kind.examples] + [
            *invented_vehicles(120)
        ]
        for place, record in enumerate(records):
            stated = {**record, "source_id": f"R{place}", "share": "all"}
            submit(stated, officer(opened, "egy-registrar"), opened.desk)
        opened.desk.follower.catch_up()
        yield opened


def asked(held: HeldRecord) -> Iterator[dict[str, Json]]:
    """Yield a query for each number of a record and each question of its kind that finds by it."""
    kind = held.record.kind
    for one in values(kind.searched, held.record.data):
        if one.field.type is None or one.field.type.comparison is not Comparison.IDENTIFIER:
            continue
        for question in kind.questions:
            if question.finds and question.meaning == one.field.meaning:
                yield {"kind": kind.code, question.name: one.value}


def respelt(text: str) -> list[str]:
    compact = "".join(text.split())
    return [
        text,
        text.lower(),
        text.upper(),
        " ".join(compact),
        f"{compact[:2]} {compact[2:]}",
        "-".join(compact),
    ]


def every_question(node: Node) -> list[tuple[str, Mapping[str, Json]]]:
    numbers = range(1, 1000)
    return [
        (held.public_id, {**query, name: spelt})
        for held in node.desk.registry.fetch(numbers).values()
        for query in asked(held)
        for name, value in query.items()
        if name != "kind"
        for spelt in respelt(str(value))
    ]


def test_a_number_is_found_in_whichever_way_it_is_spelt(node: Node) -> None:
    questions = every_question(node)
    queries: list[Json] = [{**query, "limit": 50} for _, query in questions]
    answers = run_checks(queries, officer(node, "fra-officer"), Purpose.BORDER, node.desk)
    missed = [
        query
        for (public_id, query), answer in zip(questions, answers, strict=True)
        if public_id not in {hit.record for hit in answer.hits}
    ]
    assert missed == []
    assert len(questions) > 1500
