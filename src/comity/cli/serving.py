"""Serving a node's console and HTTP API on loopback: one process a core, one port, one supervisor.

    supervisor -> workers (answer) | searchers (weigh names and candidates) | keeper (log and index) | clock (hits)

The supervisor makes ready what checks by number need, opens the port and makes the channels; then it forks the
others, makes ready what names need while they answer, has the searchers begin anew with it, and replaces whichever
dies. All wait at one listening socket, so that a worker's death refuses no connection. When the supervisor dies, the
others notice and end.
"""

import asyncio
import gc
import mmap
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

import numpy as np
import uvicorn
import uvloop
from numpy.typing import NDArray
from rich.markup import escape

from comity.api import Process
from comity.api.guard import log_unexpected
from comity.api.searchers import Channels, InSearchers, is_orphaned, new_pair, search
from comity.app import node_directory, open_node
from comity.cli.accepting import Server
from comity.cli.connection import connection_with
from comity.cli.evenness import Counts, Share
from comity.cli.patience import sweep_until_cancelled
from comity.cli.place import HERE, Place
from comity.cli.show import ERRORS
from comity.cli.speaking import said
from comity.cli.ticking import keep_time, let_arrays_go
from comity.doors import build_doors
from comity.names.forms import share_forms
from comity.names.shared_forms import SharedForms
from comity.procedures.glancing import prepare
from comity.procedures.keeper import keep
from comity.procedures.warming import warm_up
from comity.registry.engine import SERVED_PAGES_KIB

SERIES_MAX = 8192
END_WITHIN_S = 15.0
RESTART_PAUSE_S = 1.0
LIVED_S = 5.0
"""A process that died younger is replaced after a pause."""

SWITCH_S = 0.0005
"""How long one thread keeps the interpreter while another waits: the loop waits for threads no longer than that."""

SEARCHER_NICENESS = 5
"""Searchers step back behind workers, so that a check by number goes first."""

CLOCK_NICENESS = 10
"""The clock steps back behind both: what it gathers for alerts can wait until fewer ask, what has a time is little."""

BACKLOG = 2048


@dataclass(frozen=True, slots=True)
class Serving:
    """What all processes that serve one node share."""

    directory: Path
    listening: socket.socket
    channels: Channels
    rows: NDArray[np.float64]
    held: Counts


class _EndError(Exception):
    """Somebody has asked for the end."""


def serve(*, workers: int | None = None, port: int = 8470, place: Place = HERE) -> None:
    """Serve the console and the HTTP API on loopback; put a TLS proxy in front of it for others.

    --workers says how many processes answer; without it there is one a core.
    """
    run_server(node_directory(place.node), port, workers)


def run_server(directory: Path, port: int, workers: int | None = None) -> None:
    """Serve until interrupted, by so many workers; without a number, by one a core."""
    count = workers or os.cpu_count() or 1
    start = time.perf_counter()
    with open_node(directory) as node:
        node.desk.registry.settle()
        node.desk.follower.catch_up()
        prepare(node.desk)
    serving = Serving(
        directory, _listening(port), _channels(count), _shared_rows(count), _shared_counts(count)
    )
    share_forms(SharedForms())
    roles: list[Callable[[], None]] = [partial(_work, serving, slot) for slot in range(count)]
    roles += [partial(_keep, serving), partial(_tick, serving)]
    searching: list[Callable[[], None]] = [partial(_search, serving)] * count
    # What is there now is shared by all and never collected, so that no collector copies its pages.
    gc.collect()
    gc.freeze()
    taken = f"{time.perf_counter() - start:.1f}"
    address = f"127.0.0.1:{port}"
    ERRORS.print(
        escape(said("Ready after {seconds} s; serving on {address}.", seconds=taken, address=address))
    )
    _supervise(roles, searching)
    with open_node(directory) as node:
        node.desk.registry.settle()


def _listening(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(BACKLOG)
    return listening


def _channels(count: int) -> Channels:
    return Channels(new_pair(), [new_pair() for _ in range(count)])


def _shared_rows(count: int) -> NDArray[np.float64]:
    """Return counters in memory that every process forked from this one shares."""
    memory = mmap.mmap(-1, count * SERIES_MAX * 8)
    return np.frombuffer(memory, np.float64).reshape(count, SERIES_MAX)


def _shared_counts(count: int) -> Counts:
    """Return a count a worker in memory that every process forked from this one shares."""
    return np.frombuffer(mmap.mmap(-1, count * 8), np.int64)


def _supervise(roles: list[Callable[[], None]], searching: list[Callable[[], None]]) -> None:
    """Keep one process for each role, until interrupted."""
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, _end)
    running: dict[int, Callable[[], None]] = {}
    begun: dict[int, float] = {}

    def begin(role: Callable[[], None]) -> int:
        process = _forked(role)
        running[process], begun[process] = role, time.monotonic()
        return process

    try:
        for role in roles:
            begin(role)
        cold = [begin(role) for role in searching]
        _warm_up()
        # Those forked from now on find compiled, and share, what each would have to make for itself.
        for process in cold:
            begun[process] = 0.0
            os.kill(process, signal.SIGTERM)
        while True:
            process, _status = os.wait()
            role = running.pop(process)
            # One that dies at once, again and again, must not take the machine from the others.
            if time.monotonic() - begun.pop(process) < LIVED_S:
                time.sleep(RESTART_PAUSE_S)
            begin(role)
    except _EndError:
        _end_all(running)


def _warm_up() -> None:
    """Compile what a search of names needs, or read it from a cache: half a minute the first time, then a second."""
    _asked_to_end.clear()
    try:
        warm_up()
    except Exception:
        # A compiler that is interrupted may say so in words of its own.
        if not _asked_to_end:
            raise
    if _asked_to_end:
        raise _EndError
    gc.collect()
    gc.freeze()


_asked_to_end: list[bool] = []


def _end(_signal: int, _frame: FrameType | None) -> None:
    _asked_to_end.append(True)
    raise _EndError


def _forked(role: Callable[[], None]) -> int:
    """Return the number of a new process in this role."""
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, signal.SIG_DFL)
        role()
        code = 0
    except Exception as error:  # noqa: BLE001 - the supervisor replaces it; why it died is logged, without words
        log_unexpected(error)
    finally:
        os._exit(code)


def _end_all(running: dict[int, Callable[[], None]]) -> None:
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_IGN)
    for process in running:
        os.kill(process, signal.SIGTERM)
    until = time.monotonic() + END_WITHIN_S
    left = set(running)
    while left and time.monotonic() < until:
        process, _status = os.waitpid(-1, os.WNOHANG)
        left.discard(process)
        if not process:
            time.sleep(0.02)
    for process in left:
        os.kill(process, signal.SIGKILL)


def _ending() -> Callable[[], bool]:
    """Return what tells whether this process is to end: asked to, or left alone by its supervisor."""
    asked: list[bool] = []

    def ask(_signal: int, _frame: FrameType | None) -> None:
        asked.append(True)

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, ask)
    is_alone = is_orphaned(os.getppid())
    return lambda: bool(asked) or is_alone()


def _work(serving: Serving, slot: int) -> None:
    sys.setswitchinterval(SWITCH_S)
    with open_node(serving.directory, SERVED_PAGES_KIB) as node:
        node.desk.registry.begin_journal()
        node.desk.follower.catch_up()
        process = Process(InSearchers(serving.channels, slot), serving.rows, slot)
        doors, share = build_doors(node.desk, process), Share(serving.held, slot)
        config = uvicorn.Config(
            doors,
            http=connection_with(doors.express, share),
            ws="none",
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=int(END_WITHIN_S) - 5,
            lifespan="off",
        )
        gc.collect()
        gc.freeze()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(Server(config, share), serving.listening))


async def _serve(server: uvicorn.Server, listening: socket.socket) -> None:
    is_alone = is_orphaned(os.getppid())

    async def watch() -> None:
        while True:
            await asyncio.sleep(0.5)
            if is_alone():
                server.should_exit = True
                return

    beside = [
        asyncio.create_task(watch()),
        asyncio.create_task(sweep_until_cancelled(server.server_state)),
    ]
    await server.serve(sockets=[listening])
    for task in beside:
        task.cancel()


def _search(serving: Serving) -> None:
    os.nice(SEARCHER_NICENESS)
    is_ended = _ending()
    with open_node(serving.directory, SERVED_PAGES_KIB) as node:
        node.desk.registry.begin_journal()
        node.desk.follower.catch_up()
        search(serving.channels, node.desk, is_ended, log_unexpected)


def _keep(serving: Serving) -> None:
    os.nice(SEARCHER_NICENESS)
    is_ended = _ending()
    # Lines come and go by the thousand and make no circles: looking for some would take a third of the time.
    gc.set_threshold(100_000, 50, 100)
    with open_node(serving.directory, SERVED_PAGES_KIB) as node:
        keep(node.desk, is_ended)


def _tick(serving: Serving) -> None:
    os.nice(CLOCK_NICENESS)
    is_ended = _ending()
    let_arrays_go()
    with open_node(serving.directory, SERVED_PAGES_KIB) as node:
        keep_time(node, is_ended)
