"""What is told of a database that another program does not let go of."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from comity.registry import engine


def test_a_writer_that_waited_too_long_is_told_as_of_any_other_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_S", 0)
    held = sqlite3.connect(tmp_path / "registry.sqlite", isolation_level=None)
    opened = engine.open_engine(f"sqlite:///{tmp_path}/registry.sqlite")
    with opened.connect():
        held.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="database is locked"), engine.writing(opened):
        pass
    opened.dispose()
    held.close()


def test_a_reader_waits_for_no_writer_though_its_connection_wrote_before(tmp_path: Path) -> None:
    opened = engine.open_engine(f"sqlite:///{tmp_path}/registry.sqlite")
    with engine.writing(opened) as first:
        first.exec_driver_sql("CREATE TABLE held (number INTEGER)")
    held = sqlite3.connect(tmp_path / "registry.sqlite", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    with engine.reading(opened) as again:
        again.exec_driver_sql("PRAGMA busy_timeout=0")
        assert again.exec_driver_sql("SELECT count(*) FROM held").scalar() == 0
    opened.dispose()
    held.close()
