"""Statements are put into SQL once for all SQLite nodes of a process."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from tests.copies import copy_tables

from comity.registry.engine import BegunByHand
from comity.registry.schema import NODE


def test_what_one_node_asked_another_asks_in_the_same_sql_of_its_own_rows(tmp_path: Path) -> None:
    engines = [copy_tables(f"sqlite:///{tmp_path}/{name}.sqlite") for name in ("one", "other")]
    with engines[1].begin() as connection:
        connection.execute(NODE.update().values(name="Other"))
    asked = []
    for engine in engines:
        with engine.connect() as connection:
            found = connection.execute(select(NODE.c.name).where(NODE.c.id == 1))
            asked.append((found.context.compiled, found.scalar_one()))
        engine.dispose()
    (first, one), (second, other) = asked
    assert first is second
    assert (one, other) == ("Test", "Other")


def test_only_dialects_that_speak_alike_are_equal() -> None:
    assert BegunByHand() == BegunByHand()
    assert len({BegunByHand(), BegunByHand()}) == 1
    assert BegunByHand() != SQLiteDialect_pysqlite()
