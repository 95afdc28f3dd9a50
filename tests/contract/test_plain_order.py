"""Identifiers are compared sign by sign, whatever language a PostgreSQL was made for.

The server of the tests knows one order, that of codes, so it is looked at what it is asked.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event
from tests.copies import copy_tables

from comity.registry import hits, redress
from comity.registry.engine import reading

pytestmark = pytest.mark.postgres

COMPARING: dict[str, Callable[[Connection], object]] = {
    "what a case blocks of former versions": lambda connection: redress.blocked_before(connection, "ABC"),
    "hits by their first sign": lambda connection: hits.between(connection, "Z", "["),
}


@contextmanager
def listened() -> Iterator[list[str]]:
    """Yield the statements that databases are asked meanwhile."""
    heard: list[str] = []

    def hear(*said: object) -> None:
        heard.append(str(said[2]))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


@pytest.mark.parametrize("what", COMPARING)
def test_identifiers_are_compared_sign_by_sign(postgres_place: str, what: str) -> None:
    engine = copy_tables(postgres_place)
    with reading(engine) as connection, listened() as heard:
        COMPARING[what](connection)
    engine.dispose()
    compared = [one for one in heard if ">" in one]
    assert (len(compared), [one.count('COLLATE "C"') for one in compared]) == (1, [2])
