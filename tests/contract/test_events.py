"""What bureaus are told, and what goes out of the house, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from tests.copies import copy_tables

from comity.registry import events, outbox, positions
from comity.registry.engine import reading, writing
from comity.registry.events import Event
from comity.registry.outbox import Address

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def engine(registry_place: str) -> Iterator[Engine]:
    engine = copy_tables(registry_place)
    yield engine
    engine.dispose()


def event(bureau: str = "EGY", about: str = "H1") -> Event:
    return Event(bureau, "hit", "opened", about, NOON)


def address(engine: Engine, bureau: str = "EGY", state: str = "allowed", one: str = "A1") -> None:
    with writing(engine) as connection:
        outbox.add_address(
            connection, Address(one, bureau, "webhook", "https://x.test/", state, "adm", NOON, b"s")
        )


def told(engine: Engine, *given: Event) -> list[int]:
    with writing(engine) as connection:
        return [one.number for one in events.tell(connection, given)]


def taken(engine: Engine, at: datetime = NOON) -> list[outbox.Waiting]:
    with writing(engine) as connection:
        return outbox.take(connection, at, 10)


def test_events_are_numbered_by_bureau(engine: Engine) -> None:
    assert told(engine, event(), event("FRA"), event(), event("FRA")) == [1, 1, 2, 2]


def test_numbers_go_on_where_they_ended(engine: Engine) -> None:
    told(engine, event(), event())
    assert told(engine, event()) == [3]


def test_a_feed_goes_on_after_its_cursor(engine: Engine) -> None:
    told(engine, event(about="H1"), event(about="H2"), event("FRA", "H3"), event(about="H4"))
    with reading(engine) as connection:
        found = events.after(connection, "EGY", 1, 9)
    assert [one.event.about for one in found] == ["H2", "H4"]


def test_an_event_comes_back_as_it_was_told(engine: Engine) -> None:
    given = Event("EGY", "hit", "opened", "H1", NOON, "egy-duty")
    told(engine, given)
    with reading(engine) as connection:
        assert events.after(connection, "EGY", 0, 9)[0].event == given


@pytest.mark.parametrize(("state", "count"), [("asked", 0), ("allowed", 1), ("closed", 0)])
def test_only_allowed_addresses_are_sent_to(engine: Engine, state: str, count: int) -> None:
    address(engine, state=state)
    told(engine, event())
    assert len(taken(engine)) == count


def test_another_bureaus_events_do_not_go_to_an_address(engine: Engine) -> None:
    address(engine)
    told(engine, event("FRA"))
    assert taken(engine) == []


def test_what_is_taken_is_not_taken_twice(engine: Engine) -> None:
    address(engine)
    told(engine, event())
    assert (len(taken(engine)), len(taken(engine))) == (1, 0)


def test_what_was_taken_by_one_who_died_is_taken_again(engine: Engine) -> None:
    address(engine)
    told(engine, event())
    taken(engine)
    assert len(taken(engine, NOON + outbox.LENT_FOR)) == 1


def test_what_was_sent_is_not_sent_again(engine: Engine) -> None:
    address(engine)
    told(engine, event())
    one = taken(engine)[0]
    with writing(engine) as connection:
        outbox.sent(connection, one)
    assert taken(engine, NOON + timedelta(days=9)) == []


def test_what_failed_is_tried_again_after_a_growing_while(engine: Engine) -> None:
    address(engine)
    told(engine, event())
    at, waits = NOON, []
    for _ in range(3):
        one = taken(engine, at)[0]
        with writing(engine) as connection:
            outbox.failed(connection, one, "refused", at)
        wait = next(seconds for seconds in range(1, 1000) if taken(engine, at + timedelta(seconds=seconds)))
        waits.append(wait)
        at += timedelta(seconds=wait) + outbox.LENT_FOR
    assert waits == [10, 20, 40]


def test_what_fails_again_and_again_is_given_up(engine: Engine) -> None:
    address(engine)
    told(engine, event())
    at = NOON
    for _ in range(outbox.ATTEMPTS_MAX):
        with writing(engine) as connection:
            outbox.failed(connection, outbox.take(connection, at, 1)[0], "refused", at)
        at += outbox.WAIT_MAX
    with reading(engine) as connection:
        assert outbox.counts(connection, "A1") == {"failed": 1}


def test_closing_an_address_drops_what_waits_for_it(engine: Engine) -> None:
    address(engine)
    told(engine, event())
    with writing(engine) as connection:
        outbox.close_address(connection, "A1")
    assert taken(engine) == []


def test_a_closed_addresss_secret_is_forgotten(engine: Engine) -> None:
    address(engine)
    with writing(engine) as connection:
        outbox.close_address(connection, "A1")
        kept = outbox.address_with(connection, "A1")
    assert kept is not None
    assert kept.secret is None


def test_a_followers_place_is_kept(engine: Engine) -> None:
    with writing(engine) as connection:
        positions.move(connection, "one", 4)
        positions.move(connection, "one", 7)
        assert (positions.position(connection, "one"), positions.position(connection, "two")) == (7, 0)
