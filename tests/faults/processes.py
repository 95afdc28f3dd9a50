"""Processes of a node, to be killed: each is forked, so that a kill meets the work and not the start of Python.

`comity` runs in the fork as its users run it. A fork server holds the modules; pytest is not forked.
"""

import http.client
import multiprocessing
import os
import random
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.context import ForkServerProcess
from multiprocessing.process import BaseProcess
from pathlib import Path

from comity.cli import main
from comity.cli.commands import PLACES

CONTEXT = multiprocessing.get_context("forkserver")
SEED_NAME = "COMITY_FAULT_SEED"
WAIT_S = 30


def seeded(what: str) -> random.Random:
    """Return the source of instants; its seed is printed, and may be given."""
    seed = int(os.environ.get(SEED_NAME) or secrets.randbelow(2**32))
    sys.stdout.write(f"{what}: {SEED_NAME}={seed}\n")
    return random.Random(seed)


def instants(count: int, span_s: float, source: random.Random) -> list[float]:
    """Return instants spread over a span: one at random in each of its equal parts, in random order."""
    spread = [(place + source.random()) * span_s / count for place in range(count)]
    source.shuffle(spread)
    return spread


def run(words: Sequence[str], output: str) -> None:
    """Run the command line in this process, as its users do; it and what it forks can be killed together."""
    os.setpgid(0, 0)
    handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    sys.argv = ["comity", *words]
    main()


def started(words: Sequence[str], output: Path) -> BaseProcess:
    """Start `comity` with these words; what it prints is added to a file."""
    # What commands would import when they are called, too: a kill is to meet the work.
    parts = sorted({f"comity.cli.{place.partition(':')[0]}" for place in PLACES.values()})
    CONTEXT.set_forkserver_preload([*parts, "comity.doors", "numba", "processes"])
    process: ForkServerProcess = CONTEXT.Process(target=run, args=(list(words), str(output)), daemon=True)
    process.start()
    return process


def killed_after(process: BaseProcess, instant_s: float) -> bool:
    """Kill a process with signal 9 at an instant; return whether it was still at work."""
    process.join(instant_s)
    was_at_work = process.is_alive()
    kill(process)
    return was_at_work


def killed_once(process: BaseProcess, is_met: Callable[[], bool], instant_s: float) -> bool:
    """Kill a process with signal 9 at an instant after something is so; return whether it was still at work."""
    end = time.monotonic() + WAIT_S
    while process.is_alive() and not is_met() and time.monotonic() < end:
        time.sleep(0.002)
    return killed_after(process, instant_s)


def kill(process: BaseProcess) -> None:
    """Kill a process and all that it has forked, with signal 9."""
    assert process.pid is not None, "it was started"
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.join(WAIT_S)


def finished(words: Sequence[str], output: Path) -> int | None:
    """Run `comity` to its end; return its exit code."""
    process = started(words, output)
    process.join(300)
    return process.exitcode


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def served(node: Path, output: Path) -> Iterator[tuple[BaseProcess, int]]:
    """Serve a node; yield the process once it answers, and its port; it is dead afterwards."""
    port = free_port()
    process = started(["serve", "--port", str(port), "--node", str(node)], output)
    try:
        while not _answers(port):
            process.join(0.01)
            assert process.is_alive(), output.read_text()
        yield process, port
    finally:
        kill(process)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_S)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
