"""Invented persons held for measuring: an index of them in a directory, built once, and records made when asked for.

persons of one seed -> index, built or opened -> candidates -> records, made anew from the seed's persons
"""

import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from invented_names import NameInventor, Person

from comity.access.decide import Grant
from comity.access.masks import audience_of
from comity.access.people import Bureau
from comity.index.store import Index, Indexed
from comity.procedures.desk import Visible
from comity.records.handling import Handling, Restriction, Share, View
from comity.records.kind import search_terms
from comity.records.record import HeldRecord, Record, State, parse_record

SECRET = bytes(32)
OPEN_TO_ALL = Share(Restriction.ALL)
BUREAU = Bureau("XXX", 0, "organisation")
_THEN = datetime(2026, 1, 1, tzinfo=UTC)


class HeldPersons:
    """So many persons, found through an index. `fetched` and `fetching_s` tell what `visible` had to make."""

    def __init__(self, directory: Path, count: int) -> None:
        self._persons = list(NameInventor(1, count).persons(count))
        self._directory = directory
        self._more: dict[int, Record] = {}
        self.fetched, self.fetching_s = 0, 0.0
        built = directory / "built.json"
        if not built.exists():
            directory.mkdir(parents=True, exist_ok=True)
            built.write_text(json.dumps(self._build()), "utf-8")
        self.built: dict[str, float] = json.loads(built.read_text("utf-8"))

    def __len__(self) -> int:
        """Return how many persons there are."""
        return len(self._persons)

    def person(self, number: int) -> Person:
        """Return a person."""
        return self._persons[number]

    def names(self) -> Iterator[tuple[int, str]]:
        """Yield every name with the number of who bears it."""
        return ((number, name) for number, one in enumerate(self._persons) for name in one.names())

    def _build(self) -> dict[str, float]:
        wall, begun = time.perf_counter(), time.process_time()
        Index(self._directory / "index", SECRET).save_whole(self._indexed())
        size = sum(file.stat().st_size for file in self._directory.rglob("*") if file.is_file())
        spent = time.process_time() - begun
        return {
            "persons": len(self),
            "build_processor_s": round(spent, 1),
            "build_wall_s": round(time.perf_counter() - wall, 1),
            "bytes": size,
        }

    def _indexed(self) -> Iterator[Indexed]:
        for number in range(len(self)):
            record = self.record(number)
            yield Indexed(number, 0, search_terms(record.kind, record.data), is_open=True)

    def open_index(self) -> Index:
        """Return the index, opened."""
        index = Index(self._directory / "index", SECRET)
        index.learn_audiences({0: audience_of("XXX", Handling(share=OPEN_TO_ALL), {"XXX": BUREAU})})
        return index

    def record(self, number: int) -> Record:
        """Return a person's record."""
        known = self._more.get(number)
        return known or self.record_of(self._persons[number], number)

    def record_of(self, one: Person, number: int) -> Record:
        """Return the record of a person as a list would state it."""
        names = [{"name": name} for name in one.names()]
        stated = {
            "kind": "person",
            "source_id": str(number),
            "names": names,
            "born": [one.born],
            "sex": one.sex,
        }
        return parse_record(stated, OPEN_TO_ALL)

    def hold(self, number: int, record: Record) -> None:
        """Hold one more record."""
        self._more[number] = record

    def forget_fetching(self) -> None:
        """Begin to count anew what is fetched."""
        self.fetched, self.fetching_s = 0, 0.0

    def visible(self, _grant: Grant, numbers: Sequence[int]) -> list[Visible]:
        """Return records of these numbers; all are open to all."""
        begun = time.process_time()
        found = [
            HeldRecord(number, str(number), "XXX", "own", 1, State.ACTIVE, _THEN, _THEN, self.record(number))
            for number in numbers
        ]
        self.fetched += len(found)
        self.fetching_s += time.process_time() - begun
        return [Visible(held, View.FULL) for held in found]
