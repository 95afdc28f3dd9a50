"""Which of a record's names a check is answered with."""

from typing import ClassVar

import pytest

from comity.matching.names import Rarity
from comity.matching.profiles import BORDER
from comity.matching.score import Scored, score
from comity.records.check import parse_check
from comity.records.handling import Share
from comity.records.record import Record, parse_record


class EveryWordAlike(Rarity):
    """Every word is as rare as any other."""

    rarity: ClassVar[float] = 5.0

    def idf(self, word: str) -> float:  # a protocol
        return self.rarity


def person(*names: tuple[str, str]) -> Record:
    stated = [{"name": name, "type": type_} for name, type_ in names]
    return parse_record({"kind": "person", "source_id": "1", "names": stated}, Share())


def asked(name: str, record: Record) -> Scored:
    return score(parse_check({"kind": "person", "name": name}), record, BORDER, EveryWordAlike())


@pytest.fixture
def nicknamed() -> Record:
    return person(("Doremi Velkast Ontario", "primary"), ("Velkast", "weak"))


def test_a_weak_alias_asked_for_as_written_is_the_name_that_meets(nicknamed: Record) -> None:
    assert asked("Velkast", nicknamed).agreements[0].record == "Velkast"


def test_a_weak_alias_asked_for_as_written_comes_before_a_longer_name_with_that_word(
    nicknamed: Record,
) -> None:
    other = person(("Velkast Ransome", "primary"))
    assert asked("Velkast", nicknamed).probability > asked("Velkast", other).probability


def test_a_full_name_asked_for_is_not_answered_with_the_weak_alias(nicknamed: Record) -> None:
    assert asked("Doremi Velkast Ontario", nicknamed).agreements[0].record == "Doremi Velkast Ontario"
