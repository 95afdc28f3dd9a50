"""What a birth date in common is worth depends on the name beside it: some were born on every day."""

from comity.matching.names import Rarity
from comity.matching.profiles import ANALYST, BORDER
from comity.matching.score import Scored, score
from comity.records.check import parse_check
from comity.records.handling import Share
from comity.records.record import Record, parse_record

DAY = "1970-02-03"


class EveryWordAlike(Rarity):
    """Every word is as rare as any other."""

    def idf(self, word: str) -> float:  # a protocol
        return 6.0


def person(name: str, **more: object) -> Record:
    return parse_record(
        {"kind": "person", "source_id": "1", "names": [{"name": name}], "born": [DAY], **more}, Share()
    )


def asked(record: Record, **query: str) -> Scored:
    return score(parse_check({"kind": "person", **query}), record, BORDER, EveryWordAlike())


def date_weight(scored: Scored) -> float:
    return next(agreement.weight for agreement in scored.agreements if agreement.field == "born")


def test_the_same_day_lifts_a_name_that_agrees_over_the_border_s_floor() -> None:
    found = asked(person("Odessa Marlowe"), name="Odessa Marlow", born=DAY)
    assert found.probability >= BORDER.floor


def test_the_same_day_beside_another_name_is_no_hit_for_anyone() -> None:
    assert asked(person("Odessa Marlowe"), name="Tavi Quentin", born=DAY).probability < ANALYST.floor


def test_the_day_is_worth_less_beside_a_name_that_half_agrees() -> None:
    whole = asked(person("Odessa Marlowe"), name="Odessa Marlowe", born=DAY)
    half = asked(person("Odessa Marlowe"), name="Odessa Quentin", born=DAY)
    assert 0 < date_weight(half) < date_weight(whole)


def test_another_day_speaks_against_beside_any_name() -> None:
    close = asked(person("Odessa Marlowe"), name="Odessa Marlowe", born="1985-11-29")
    far = asked(person("Odessa Marlowe"), name="Tavi Quentin", born="1985-11-29")
    assert date_weight(close) == date_weight(far) < 0


def test_beside_a_number_in_common_the_day_counts_in_full() -> None:
    documents = [{"number": "X1234567", "type": "passport"}]
    married = person("Odessa Marlowe", documents=documents)
    found = asked(married, name="Tavi Quentin", born=DAY, document="X1234567")
    plain = asked(person("Odessa Marlowe"), name="Odessa Marlowe", born=DAY)
    assert date_weight(found) == date_weight(plain)
