"""Earlier checks wait as numbers in runs, and are found as a plain list of them would find them."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, select, text
from tests.copies import copy_tables

from comity.registry import earlier, number_runs, positions, watches
from comity.registry.earlier import ByNumber, Earlier, Term
from comity.registry.engine import reading, upgrade_tables, writing
from comity.registry.schema import NODE

TODAY = date(2030, 5, 1)
DIGESTS = 40


@pytest.fixture
def engine(registry_place: str) -> Iterator[Engine]:
    made = copy_tables(registry_place)
    yield made
    made.dispose()


def number(digest: int) -> Term:
    return Term(digest, -1, 1)


def name(*digests: int) -> list[Term]:
    return [Term(digest, place, min(2, len(digests))) for place, digest in enumerate(digests)]


def wait(engine: Engine, *checks: Earlier) -> None:
    with writing(engine) as connection:
        earlier.add(connection, checks)


def seeking(engine: Engine, digests: list[int], limit: int = 1000) -> list[int]:
    with reading(engine) as connection:
        return earlier.lines_seeking(connection, digests, limit)


def test_the_newest_lines_come_first_and_no_more_than_wanted(engine: Engine) -> None:
    wait(engine, *(Earlier(seq, TODAY, [number(7)]) for seq in range(10)))
    assert seeking(engine, [7], 3) == [9, 8, 7]


@pytest.mark.parametrize(
    ("digests", "found"), [([1, 2], [5]), ([1, 3], []), ([1], []), ([9], [5]), ([8], [])]
)
def test_a_number_suffices_and_of_a_name_two_words_are_needed(
    engine: Engine, digests: list[int], found: list[int]
) -> None:
    wait(engine, Earlier(5, TODAY, [number(9), *name(1, 2, 4)]))
    assert seeking(engine, digests) == found


def test_a_name_of_one_word_needs_no_other(engine: Engine) -> None:
    wait(engine, Earlier(5, TODAY, name(1)))
    assert seeking(engine, [1]) == [5]


def test_two_readings_of_one_word_are_one_word(engine: Engine) -> None:
    wait(engine, Earlier(5, TODAY, [Term(1, 0, 2), Term(2, 0, 2), Term(3, 1, 2)]))
    assert seeking(engine, [1, 2]) == []


def test_the_largest_numbers_are_kept(engine: Engine) -> None:
    digest, seq = 2**63 - 1, 2**47
    wait(engine, Earlier(seq, TODAY, [number(digest), Term(0, 300, 2)]))
    assert seeking(engine, [digest]) == [seq]


def test_a_day_that_is_over_is_forgotten_and_no_other(engine: Engine) -> None:
    wait(engine, *(Earlier(day, TODAY + timedelta(days=day), [number(7)]) for day in range(3)))
    with writing(engine) as connection:
        was_due = earlier.has_ended(connection, TODAY + timedelta(days=1))
        earlier.forget(connection, TODAY + timedelta(days=1))
        is_due = earlier.has_ended(connection, TODAY + timedelta(days=1))
    assert (was_due, is_due, seeking(engine, [7])) == (True, False, [2, 1])


@pytest.mark.parametrize("parts_max", [1, 4, 1024])
def test_many_runs_are_searched_as_one_list(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, parts_max: int
) -> None:
    chosen = random.Random(parts_max)
    monkeypatch.setattr(number_runs, "PART_NUMBERS", 8)
    monkeypatch.setattr(earlier, "_RUNS", number_runs.NumberRuns(earlier.EARLIER, np.uint64, parts_max))
    held: dict[int, list[Term]] = {}
    for _ in range(70):
        some = [_invented(len(held) + place, chosen) for place in range(chosen.randint(1, 4))]
        held |= {one.seq: list(one.terms) for one in some}
        wait(engine, *some)
    for size in (1, 3, DIGESTS):
        asked = chosen.sample(range(DIGESTS), size)
        assert seeking(engine, asked) == _plainly(held, set(asked))


def test_a_busy_hour_does_not_keep_a_quiet_one_s_runs_apart(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(number_runs, "PART_NUMBERS", 8)
    monkeypatch.setattr(earlier, "_RUNS", number_runs.NumberRuns(earlier.EARLIER, np.uint64, 16))
    for size in [*[200] * 10, *[1] * 200]:
        wait(engine, Earlier(1, TODAY, [Term(digest, digest, 1) for digest in range(size)]))
    with reading(engine) as connection:
        runs = connection.execute(select(earlier.EARLIER.c.run).distinct()).scalars().all()
    assert len(runs) < 40


def test_numbers_that_come_as_columns_wait_as_any_others(engine: Engine) -> None:
    numbers = [(seq, digest, day) for seq in range(6) for digest in (2**63 - 1, 7, 7, seq) for day in (0, 2)]
    lines, digests, days = (np.array(column) for column in zip(*numbers, strict=True))
    others = [Earlier(9, TODAY, name(7, 8)), Earlier(8, TODAY + timedelta(days=1), [])]
    one_by_one = [Earlier(seq, TODAY + timedelta(days=day), [number(digest)]) for seq, digest, day in numbers]
    made: list[list[tuple[object, ...]]] = []
    by_number = ByNumber(lines, days + TODAY.toordinal(), digests.astype(np.uint64))
    for given in ((one_by_one + others,), (others, by_number)):
        with writing(engine) as connection:
            earlier.add(connection, *given)
            made.append([tuple(row) for row in connection.execute(select(earlier.EARLIER))])
            connection.execute(earlier.EARLIER.delete())
    assert made[0] == made[1]
    assert len(made[0]) == 2


def _invented(seq: int, chosen: random.Random) -> Earlier:
    terms = name(*(chosen.randrange(DIGESTS) for _ in range(chosen.randint(1, 3))))
    if chosen.random() < 0.5:
        terms.append(number(chosen.randrange(DIGESTS)))
    return Earlier(seq, TODAY + timedelta(days=chosen.randrange(3)), terms)


def _plainly(held: dict[int, list[Term]], asked: set[int]) -> list[int]:
    found: list[int] = []
    for seq, terms in held.items():
        words = defaultdict[int, int](int)
        for term in terms:
            if term.digest in asked:
                words[term.word] = term.words
        if -1 in words or (words and len(words) >= min(words.values())):
            found.append(seq)
    return found[::-1]


def test_a_node_of_an_earlier_release_gathers_its_checks_anew(engine: Engine) -> None:
    rows = [{"digest": 1, "ref": ref, "word": -1, "words": 1} for ref in ("c5", "wabc")]
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE earlier_checks (seq BIGINT)"))
        connection.execute(watches.SOUGHT.insert(), rows)
        positions.move(connection, positions.LOG_TO_CHECKS, 6)
        connection.execute(NODE.update().values(schema_version=2))
    upgrade_tables(engine)
    with writing(engine) as connection:
        refs = list(connection.execute(watches.SOUGHT.select()).scalars("ref"))
        connection.execute(text("CREATE TABLE earlier_checks (seq BIGINT)"))
        assert (refs, positions.position(connection, positions.LOG_TO_CHECKS)) == (["wabc"], 0)
