"""What other topics keep of a record goes with it when it is purged: on SQLite and on PostgreSQL alike."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.unit.procedures.hit_desk import HitDesk, hit_desk

from comity.access.acts import Act
from comity.errors import ConflictError, MalformedError, RefusedError
from comity.procedures.check import run_check
from comity.procedures.clockwork import tick
from comity.procedures.hits_acts import answer_hit
from comity.procedures.hits_clock import strike
from comity.procedures.purging import PurgeOrder, purge
from comity.procedures.submit import submit, withdraw
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


def test_notes_that_came_to_nothing_are_not_in_the_log(desk: HitDesk) -> None:
    entered(desk)
    one = met(desk)
    note = f"Is Mr {WORD}-Noted meant?"
    with pytest.raises(ConflictError):
        desk.ask(one, note=note, version=7)
    with pytest.raises(RefusedError):
        desk.ask(one, note=note, account="egy-registrar")
    with pytest.raises(MalformedError):
        desk.ask(one, "soon", note=note)
    assert tables_with(desk, f"{WORD}-Noted") == set()


@pytest.mark.parametrize(
    "said",
    [
        {"answer": "refused", "reason": f"Mr {WORD}-Noted works for us."},
        {"answer": f"No, {WORD}-Noted."},
        {"answer": "later", "by": f"When {WORD}-Noted is back."},
        {"answer": "confirmed", "notes": f"{WORD}-Noted it is."},
        {"answer": "confirmed", "version": [f"{WORD}-Noted"]},
    ],
)
def test_words_in_another_field_than_the_note_are_not_in_the_log(
    desk: HitDesk, said: dict[str, object]
) -> None:
    entered(desk)
    one = met(desk)
    desk.ask(one)
    with pytest.raises(MalformedError):
        answer_hit(one, said, desk.officer("egy-registrar"), desk.desk)
    assert tables_with(desk, f"{WORD}-Noted") == set()


@pytest.mark.parametrize("account", ["egy-registrar", "egy-officer"])
def test_what_a_record_said_that_was_not_taken_is_not_in_the_log(desk: HitDesk, account: str) -> None:
    with pytest.raises((MalformedError, RefusedError)):
        submit({**PERSON, "source_id": WORD, "born": ["yesterday"]}, desk.officer(account), desk.desk)
    assert tables_with(desk, WORD) == set()


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


def unseen_told(desk: HitDesk) -> int:
    return desk.told("FRA").count("unseen")


def test_whoever_checked_is_told_once_of_a_record_that_is_purged_at_once(desk: HitDesk) -> None:
    record = entered(desk)
    one = met(desk)
    desk.ask(one)
    tick(desk.desk, None)
    before = unseen_told(desk)
    purged(desk, record)
    tick(desk.desk, None)
    assert (before, unseen_told(desk), hit_now(desk, one).unseen_at) == (0, 1, desk.clock())


def test_whoever_was_told_that_a_record_can_be_seen_no_more_is_not_told_of_its_purge(desk: HitDesk) -> None:
    record = entered(desk)
    met(desk)
    withdraw(record, None, desk.officer("egy-registrar"), desk.desk)
    tick(desk.desk, None)
    purged(desk, record)
    tick(desk.desk, None)
    assert unseen_told(desk) == 1


def test_of_a_closed_hit_nobody_is_told_when_its_record_is_purged(desk: HitDesk) -> None:
    record = entered(desk)
    desk.close(met(desk), "not-pursued")
    purged(desk, record)
    tick(desk.desk, None)
    assert unseen_told(desk) == 0


@pytest.mark.postgres
def test_every_table_of_postgresql_but_the_log_s_is_cleared_of_dead_rows(
    tmp_path: Path, postgres_url: str
) -> None:
    with hit_desk(tmp_path, postgres_url) as desk:
        desk.desk.registry.scrub()
        with desk.desk.registry.read() as connection:
            vacuumed = "SELECT relname FROM pg_stat_user_tables WHERE last_vacuum IS NOT NULL"
            found = set(connection.exec_driver_sql(vacuumed).scalars())
    assert found == {name for name in METADATA.tables if not name.startswith("audit_")}
