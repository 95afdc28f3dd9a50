"""Where checks are weighed that may take milliseconds: away from the loop that answers the quick ones."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import anyio
from starlette.concurrency import run_in_threadpool

from comity.access.people import Officer
from comity.errors import OverloadedError
from comity.procedures.desk import Desk
from comity.procedures.weighing import Weighed, weigh
from comity.records.handling import Purpose
from comity.registry.group_commit import Waiting

WAITING_MAX = 256
"""Callers whose checks are weighed or wait for it; one more is told to ask again."""

RETRY_AFTER_S = 1


@dataclass(frozen=True, slots=True)
class Job:
    """Lines to weigh for one caller."""

    lines: Sequence[bytes]
    officer: Officer
    purpose: Purpose | None


class Elsewhere(Protocol):
    """Weighs checks where it keeps nobody else waiting."""

    async def weigh(self, job: Job) -> list[Weighed]:
        """Return what `procedures.weighing.weigh` does; raises `OverloadedError` where too many wait already."""
        ...

    def ask(self, job: Job, whom: Waiting[list[Weighed]]) -> None:
        """Have somebody in the running loop told what `weigh` would return or raise.

        Raises `OverloadedError` at once where too many wait already.
        """
        ...


class InThreads:
    """Weighs in threads of this process: for one that serves alone, and for tests."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._waiting = desk, 0
        self._places = anyio.CapacityLimiter(8)
        self._asking = set[asyncio.Task[None]]()

    async def weigh(self, job: Job) -> list[Weighed]:
        """Return what becomes of the lines."""
        if self._waiting >= WAITING_MAX:
            raise OverloadedError(RETRY_AFTER_S)
        self._waiting += 1
        try:
            async with self._places:
                return await run_in_threadpool(weigh, job.lines, job.officer, job.purpose, self._desk)
        finally:
            self._waiting -= 1

    def ask(self, job: Job, whom: Waiting[list[Weighed]]) -> None:
        """Have somebody told what becomes of the lines."""
        if self._waiting >= WAITING_MAX:
            raise OverloadedError(RETRY_AFTER_S)
        # A loop keeps no task alive by itself.
        task = asyncio.get_running_loop().create_task(self._told(job, whom))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _told(self, job: Job, whom: Waiting[list[Weighed]]) -> None:
        try:
            made = await self.weigh(job)
        except Exception as error:  # noqa: BLE001  # whatever it is, whoever waits must hear of it
            whom.set_exception(error)
        else:
            whom.set_result(made)
