"""What stands beside a blocked record answers as it does: no word of it is read, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contract.test_former_words import noted, proposed
from tests.unit.procedures.gathered import File, file
from tests.unit.procedures.offices import officer

from comity.procedures import hits
from comity.procedures.hits import HitsAsked
from comity.procedures.owners import proposals
from comity.procedures.owners.asking import ListOrder

OWNER, OTHER = "bra-registrar", "ken-registrar"
BOTH = pytest.mark.parametrize("who", [OWNER, OTHER])


@pytest.fixture
def made(tmp_path: Path, registry_place: str) -> Iterator[File]:
    with file(tmp_path, registry_place) as filled:
        yield filled


def met(made: File, one: str) -> str:
    """Return the record that a hit met."""
    return hits.read_hit(one, officer(made.node, OWNER), made.node.desk).line.hit.meeting.record


def notes_of(made: File, one: str, who: str) -> set[str]:
    """Return what a bureau reads as the note of a question on a hit: on the hit's page, and in the list of all."""
    reader, desk = officer(made.node, who), made.node.desk
    box = "all" if who == OWNER else "ours"
    listed = hits.list_hits(HitsAsked(box), reader, desk).lines
    shown = [hits.read_hit(one, reader, desk).line, *listed]
    return {line.hit.question.note or "" for line in shown if line.hit.id == one and line.hit.question}


@BOTH
def test_the_notes_of_its_hits_are_not_read(made: File, who: str) -> None:
    one = noted(made)
    record = met(made, one)
    made.attach(record)
    made.block(record)
    assert notes_of(made, one, who) == {""}


@BOTH
def test_they_are_read_again_once_it_is_found_lawful(made: File, who: str) -> None:
    one = noted(made)
    record = met(made, one)
    made.attach(record)
    made.block(record)
    made.decide(record, "compliant")
    assert all(notes_of(made, one, who))


@BOTH
def test_what_was_proposed_on_it_is_not_read(made: File, who: str) -> None:
    one = proposed(made)
    reader, desk = officer(made.node, who), made.node.desk
    record = proposals.read_proposal(one, reader, desk).request.public_id
    made.attach(record)
    made.block(record)
    order = ListOrder("in" if who == OWNER else "out")
    listed = proposals.list_proposals(order, reader, desk).requests
    shown = [proposals.read_proposal(one, reader, desk), *listed]
    said = [
        (each.request.reason, proposals.proposal_json(each)["changes"])
        for each in shown
        if each.request.id == one
    ]
    assert said == [("", [])] * 2
