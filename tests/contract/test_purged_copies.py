"""What other topics keep of a record goes with it when it is purged: on SQLite and on PostgreSQL alike."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.unit.procedures.hit_desk import HitDesk, hit_desk

from comity.access.acts import Act
from comity.procedures.check import run_check
from comity.procedures.hits_clock import strike
from comity.procedures.purging import PurgeOrder, purge
from comity.procedures.submit import submit
from comity.records.handling import Purpose
from comity.records.hits import HitState, OpenedHit, Outcome
from comity.registry import hits
from comity.registry.distinctions import DISTINCTIONS
from comity.registry.retention import Tombstone
from comity.registry.schema import METADATA

WORD = "Quillfeather"
PERSON = {
    "kind": "person",
    "names": [{"name": f"Zoltan {WORD}", "type": "primary"}],
    "born": ["1971-05-06"],
    "share": "all",
}
ASKED = {"kind": "person", "name": f"Zoltan {WORD}", "born": "1971-05-06", "document": "F7654321"}


@pytest.fixture
def desk(tmp_path: Path, registry_place: str) -> Iterator[HitDesk]:
    with hit_desk(tmp_path, registry_place) as made:
        yield made


def entered(desk: HitDesk) -> str:
    return submit({**PERSON, "source_id": "Z1"}, desk.officer("egy-registrar"), desk.desk).receipt.public_id


def met(desk: HitDesk) -> str:
    answer = run_check(ASKED, desk.officer("fra-officer"), Purpose.BORDER, desk.desk)
    opened = answer.hits[0].opened
    assert opened is not None
    return opened


def purged(desk: HitDesk, record: str) -> list[Tombstone]:
    held = desk.desk.registry.record_with(record)
    assert held is not None
    order = PurgeOrder(desk.officer("egy-registrar"), Act.RECORD_RETAIN, "let-go")
    with desk.desk.registry.entering() as connection:
        return purge([held], order, connection, desk.desk)


def hit_now(desk: HitDesk, one: str) -> OpenedHit:
    with desk.desk.registry.read() as connection:
        found = hits.hit_with(connection, one)
    assert found is not None
    return found


def tables_with(desk: HitDesk, word: str) -> set[str]:
    found: set[str] = set()
    with desk.desk.registry.read() as connection:
        for table in METADATA.sorted_tables:
            rows = connection.execute(select(table)).all()
            if any(word.casefold() in repr(row).casefold() for row in rows):
                found.add(table.name)
    return found


def test_notes_on_a_hit_go_with_its_record(desk: HitDesk) -> None:
    record = entered(desk)
    one = met(desk)
    desk.ask(one, note=f"Is Mr {WORD}-Noted meant?")
    desk.answer(one, note=f"{WORD}-Noted it is.")
    desk.close(one, "identity-confirmed", note=f"{WORD}-Noted was told.")
    purged(desk, record)
    assert tables_with(desk, f"{WORD}-Noted") == set()


def test_a_hit_that_waited_is_over_with_its_record(desk: HitDesk) -> None:
    record = entered(desk)
    one = met(desk)
    desk.ask(one)
    purged(desk, record)
    closing = hit_now(desk, one).closing
    assert closing is not None
    assert (hit_now(desk, one).state, closing.outcome) == (HitState.CLOSED, Outcome.NO_LONGER_VALID)


def test_no_clock_strikes_for_a_purged_record(desk: HitDesk) -> None:
    record = entered(desk)
    desk.ask(met(desk))
    purged(desk, record)
    desk.clock.pass_on(hours=1)
    assert strike(desk.desk) == 0


def test_what_a_hit_ended_with_stays(desk: HitDesk) -> None:
    record = entered(desk)
    one = met(desk)
    desk.close(one, "not-identical")
    purged(desk, record)
    closing = hit_now(desk, one).closing
    assert closing is not None
    assert closing.outcome is Outcome.NOT_IDENTICAL


def test_who_is_not_meant_is_forgotten_with_the_record(desk: HitDesk) -> None:
    record = entered(desk)
    desk.close(met(desk), "not-identical", distinguish=True)
    purged(desk, record)
    with desk.desk.registry.read() as connection:
        assert connection.execute(select(func.count()).select_from(DISTINCTIONS)).scalar_one() == 0


def test_of_the_record_s_words_the_log_alone_keeps_what_was_asked(desk: HitDesk) -> None:
    record = entered(desk)
    desk.ask(met(desk), note="See the page.")
    purged(desk, record)
    assert tables_with(desk, WORD) == {"audit_entries"}


def test_another_record_s_hit_is_left_as_it_was(desk: HitDesk) -> None:
    desk.enter()
    one = desk.hit()
    desk.ask(one, note="Left as it was.")
    before = hit_now(desk, one)
    purged(desk, entered(desk))
    assert hit_now(desk, one) == before


def test_there_is_a_tombstone(desk: HitDesk) -> None:
    record = entered(desk)
    assert [(one.record, one.why) for one in purged(desk, record)] == [(record, "let-go")]
