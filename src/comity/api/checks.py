"""Answering checks over HTTP: quick ones on the loop, the others elsewhere; each line durable before its answer.

line -> level with the registry -> glance | weighed elsewhere -> audit line durable -> answer
"""

import asyncio
from collections.abc import Iterator, Sequence

from starlette.concurrency import run_in_threadpool

from comity.access.acts import Act
from comity.access.decide import authorise
from comity.access.people import Officer
from comity.api.elsewhere import Elsewhere, Job
from comity.api.meters import Meters
from comity.errors import RefusedError
from comity.procedures.desk import Desk
from comity.procedures.glancing import Glancer, glance_at
from comity.procedures.leave import leave
from comity.procedures.weighing import Weighed, glance
from comity.records.handling import Purpose

JOB_LINES = 25
"""Lines that are weighed elsewhere in one piece: several pieces of a batch are weighed at the same time."""

JOB_BYTES = 96 * 1024
JOBS_AT_ONCE = 32
"""Pieces of batches that one process has weighed elsewhere at the same time."""


class Checks:
    """Answers checks for one process."""

    def __init__(self, desk: Desk, elsewhere: Elsewhere, meters: Meters) -> None:
        self._desk, self._elsewhere, self._meters = desk, elsewhere, meters
        self._glancer = Glancer()
        self._turns = asyncio.Semaphore(JOBS_AT_ONCE)
        self._catching_up: asyncio.Task[None] | None = None

    async def one(self, line: bytes, officer: Officer, purpose: Purpose | None) -> Weighed:
        """Return what becomes of one check, its audit entry durable.

        Raises `OverloadedError`, and whatever is wrong with the check: `RefusedError` or `MalformedError`.
        """
        await self._level()
        made = self._glanced(line, officer, purpose)
        if made is None:
            (made,) = await self._elsewhere.weigh(Job((line,), officer, purpose))
        self._meters.check(made.kind, made.outcome)
        if made.entry:
            await self._desk.registry.logged(made.entry)
        made.raise_fault()
        return made

    def _glanced(self, line: bytes, officer: Officer, purpose: Purpose | None) -> Weighed | None:
        """Return what becomes of a check that the index alone settles, in compiled code where it is plain."""
        plain = self._glancer.glance(line, officer, purpose, self._desk)
        if plain is not None:
            return Weighed(plain[1], plain[2], "answered", plain[0])
        return glance(line, officer, purpose, self._desk)

    async def many(self, data: bytes, officer: Officer, purpose: Purpose | None) -> bytes:
        """Return the answers to the checks in these lines, in order, their audit entries durable.

        Raises `OverloadedError`, and `RefusedError` where the officer may make no check at all or none for
        `purpose`.
        """
        if purpose is not None and not _is_admitted(officer, purpose):
            count = data.count(b"\n") + 1
            await run_in_threadpool(leave, officer, Act.CHECK, self._desk, {"checks": count}, purpose)
        await self._level()
        glanced = glance_at(data, officer, purpose, self._desk)
        left = glanced.left_of(data)
        weighed = await self._weighed(left, officer, purpose)
        for kind, count in glanced.counts.items():
            self._meters.checks(kind, "answered", count)
        for one in weighed:
            self._meters.check(one.kind, one.outcome)
        entries = [one.entry for one in weighed if one.entry]
        if glanced.entries:
            entries.append(glanced.entries)
        await self._desk.registry.all_logged(entries)
        refused = next((one for one in weighed if one.is_final), None)
        if refused is not None:
            refused.raise_fault()
        return glanced.with_answers([one.answer for one in weighed])

    async def _weighed(
        self, lines: Sequence[bytes], officer: Officer, purpose: Purpose | None
    ) -> list[Weighed]:
        """Return what becomes of lines that no glance at all of them together has settled."""
        made = [glance(line, officer, purpose, self._desk) for line in lines]
        missing = [place for place, one in enumerate(made) if one is None]
        jobs = [
            Job([lines[place] for place in places], officer, purpose) for places in _pieces(missing, lines)
        ]
        weighed = [one for some in await asyncio.gather(*map(self._in_turn, jobs)) for one in some]
        for place, one in zip(missing, weighed, strict=False):
            made[place] = one
        return [one for one in made if one is not None]

    async def _in_turn(self, job: Job) -> list[Weighed]:
        # A batch waits where a single check would be told to ask again: its sender waits with it.
        async with self._turns:
            return await self._elsewhere.weigh(job)

    async def _level(self) -> None:
        """Return once the index holds what any writer was given a receipt for before this was asked."""
        # Of two rounds the second begins after the question: whatever was acknowledged before is followed then.
        for _ in range(2):
            if self._desk.follower.is_level():
                return
            if self._catching_up is None or self._catching_up.done():
                self._catching_up = asyncio.ensure_future(run_in_threadpool(self._desk.follower.catch_up))
            await asyncio.shield(self._catching_up)


def _is_admitted(officer: Officer, purpose: Purpose) -> bool:
    try:
        authorise(officer, Act.CHECK, purpose)
    except RefusedError:
        return False
    return True


def _pieces(places: Sequence[int], lines: Sequence[bytes]) -> Iterator[list[int]]:
    """Yield these places in order, so many at a time that a job is neither long nor large."""
    piece: list[int] = []
    size = 0
    for place in places:
        length = len(lines[place])
        if piece and (len(piece) >= JOB_LINES or size + length > JOB_BYTES):
            yield piece
            piece, size = [], 0
        piece.append(place)
        size += length
    if piece:
        yield piece
