"""Whatever one changes in a stored log, the inspection finds, and says where."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import Connection, MetaData, Table, create_engine, event, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import StaticPool

from comity.audit.entries import Entry, encode
from comity.audit.heads import Signer
from comity.audit.inspection import AuditReport
from comity.audit.lines import line_of
from comity.registry import audit_log
from comity.registry.audit_tables import audit_tables

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
SIGNER = Signer("police.example/node", Ed25519PrivateKey.from_private_bytes(bytes(range(32))), lambda: NOON)
TABLES = audit_tables(MetaData())
APPENDS = (1, 3, 250, 20, 300, 2)
# The codes that may tell of a change in each table.
TELLING = {
    "audit_entries": {"entry-", "shown-"},
    "audit_records": {"shown-"},
    "audit_tiles": {"tile-"},
    "audit_heads": {"head-", "tip"},
    "audit_tip": {"tip", "entry-", "tile-", "head-", "shown-"},
}


def entry(number: int) -> Entry:
    shown = number % 5 == 0
    return Entry(
        at=NOON + timedelta(seconds=number),
        act="check:make",
        account=f"fra.{number % 3}",
        bureau="FRA",
        outcome="hit" if shown else "no_hit",
        door="http",
        nonce=number.to_bytes(16, "big"),
        purpose="border" if number % 2 else None,
        query={"name": "محمد", "number": str(number)},
        records=("R-1", f"R-{number}") if shown else (),
        owners=("EGY", "BEL") if shown else (),
    )


def make_log() -> Iterator[Connection]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    event.listen(engine, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    TABLES.entries.metadata.create_all(engine)
    with engine.begin() as connection:
        audit_log.start(connection, SIGNER)
        numbers = iter(range(sum(APPENDS)))
        for count in APPENDS:
            audit_log.append(connection, [entry(next(numbers)) for _ in range(count)], SIGNER)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def log() -> Iterator[Connection]:
    """One log for the module; each example rolls its change back."""
    yield from make_log()


def inspect(log: Connection) -> AuditReport:
    return audit_log.verify(log, SIGNER.verifier, lambda checked, size: True)


@cache
def rows_of(log: Connection, table: Table) -> list[dict[str, object]]:
    """The rows of the untouched log: read once, since each example rolls its change back."""
    asked = select(table).order_by(*table.primary_key.columns)
    return [dict(row) for row in log.execute(asked).mappings().all()]


def this_row(table: Table, row: dict[str, object]):
    return [column == row[column.name] for column in table.primary_key.columns]


def changed(value: object, data: st.DataObject) -> object:
    """The value with one byte, character or unit changed."""
    if isinstance(value, int):
        return value + data.draw(st.sampled_from([-1, 1, 256, -1000, 2**40]))
    if isinstance(value, bytes) and value:
        place = data.draw(st.integers(0, len(value) - 1))
        return value[:place] + bytes([value[place] ^ data.draw(st.integers(1, 255))]) + value[place + 1 :]
    if isinstance(value, str) and value:
        place = data.draw(st.integers(0, len(value) - 1))
        other = data.draw(st.characters(exclude_categories=["Cs"]).filter(lambda one: one != value[place]))
        return value[:place] + other + value[place + 1 :]
    return data.draw(st.just("x") if not isinstance(value, bytes) else st.just(b"x"))


tables = st.sampled_from(list(TABLES))


def assert_told(found: AuditReport, table: Table) -> None:
    told = any(fault.code.startswith(tuple(TELLING[table.name])) for fault in found.faults)
    assert told, found.faults
    assert not found.sound


def test_the_untouched_log_is_sound(log):
    assert inspect(log).sound


@given(tables, st.data())
def test_one_changed_value_is_found(log, table, data):
    row = data.draw(st.sampled_from(rows_of(log, table)))
    column = data.draw(st.sampled_from(list(table.columns)))
    value = changed(row[column.name], data)
    with log.begin_nested() as change:
        try:
            log.execute(update(table).where(*this_row(table, row)).values({column: value}))
        except IntegrityError:
            assume(False)
        assert_told(inspect(log), table)
        change.rollback()


@given(tables, st.data())
def test_one_deleted_row_is_found(log, table, data):
    row = data.draw(st.sampled_from(rows_of(log, table)))
    with log.begin_nested() as change:
        log.execute(table.delete().where(*this_row(table, row)))
        assert_told(inspect(log), table)
        change.rollback()


@given(tables, st.data())
def test_one_inserted_row_is_found(log, table, data):
    row = data.draw(st.sampled_from(rows_of(log, table)))
    key = data.draw(st.sampled_from(list(table.primary_key.columns)))
    with log.begin_nested() as change:
        try:
            log.execute(insert(table).values({**row, key.name: changed(row[key.name], data)}))
        except IntegrityError:
            assume(False)
        assert_told(inspect(log), table)
        change.rollback()


@given(tables, st.data())
def test_two_swapped_rows_are_found(log, table, data):
    rows = rows_of(log, table)
    assume(len(rows) > 1)
    one, other = data.draw(st.lists(st.sampled_from(rows), min_size=2, max_size=2, unique_by=id))
    keys = {column.name for column in table.primary_key.columns}
    contents = [{name: value for name, value in row.items() if name not in keys} for row in (one, other)]
    assume(contents[0] != contents[1])
    with log.begin_nested() as change:
        log.execute(update(table).where(*this_row(table, one)).values(contents[1]))
        log.execute(update(table).where(*this_row(table, other)).values(contents[0]))
        found = inspect(log)
        told = {*TELLING[table.name], "head-", "tile-"}
        assert any(fault.code.startswith(tuple(told)) for fault in found.faults)
        change.rollback()


@given(st.integers(0, sum(APPENDS) - 1), st.data())
def test_an_entry_with_a_changed_byte_is_named(log, seq, data):
    row = rows_of(log, TABLES.entries)[seq]
    with log.begin_nested() as change:
        body = changed(row["body"], data)
        log.execute(update(TABLES.entries).where(TABLES.entries.c.seq == seq).values(body=body))
        assert ("entry-altered", str(seq)) in inspect(log).faults
        change.rollback()


@given(st.integers(0, sum(APPENDS) - 1))
def test_a_deleted_entry_is_named(log, seq):
    with log.begin_nested() as change:
        log.execute(TABLES.entries.delete().where(TABLES.entries.c.seq == seq))
        faults = inspect(log).faults
        change.rollback()
    place = f"{seq}..{seq + 1}" if seq == sum(APPENDS) - 1 else str(seq)
    assert ("entry-missing", place) in faults


@given(st.integers(0, sum(APPENDS) - 1))
def test_an_entry_rewritten_with_its_leaf_is_placed_between_two_heads(log, seq):
    forged = entry(seq + 1000)
    line = line_of(seq, forged, encode(forged))
    with log.begin_nested() as change:
        log.execute(update(TABLES.entries).where(TABLES.entries.c.seq == seq).values(line._asdict()))
        faults = dict(inspect(log).faults)
        change.rollback()
    first, last = map(int, faults["head-root"].split(".."))
    assert first <= seq < last
