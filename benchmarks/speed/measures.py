"""What was measured and where: percentiles, the machine, one table, one JSON file."""

import json
import os
import platform
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parents[1] / "results"


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table.

    `per_processor_s` is the rate in a second of this process's own processor time: what is left of `per_s` when
    others use the machine too. It is None where another process did the work, `ms_p50` and `ms_p99` where only
    the whole was timed.
    """

    way: str
    kind: str
    count: int
    per_s: float
    per_processor_s: float | None = None
    ms_p50: float | None = None
    ms_p99: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock on the wall, and of this process's processor time where it did the work."""

    wall: float
    processor: float | None = None

    def rates(self, count: int) -> tuple[float, float | None]:
        """Return how many a second so many were, by either clock."""
        return count / self.wall, count / self.processor if self.processor else None


class Clock:
    """Runs from its making on."""

    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def spent(self) -> Spent:
        """Return what was spent so far."""
        return Spent(time.perf_counter() - self._wall, time.process_time() - self._processor)


def summary(way: str, kind: str, seconds: Sequence[float], spent: Spent, each: int = 1) -> Measure:
    """Return the measure of requests that took so many seconds each, `each` checks to a request."""
    ordered = sorted(seconds)
    middle, late = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    count = len(ordered) * each
    note = f"times of {each} checks" if each > 1 else ""
    return Measure(way, kind, count, *spent.rates(count), middle * 1000, late * 1000, note)


def machine() -> dict[str, str | int | float]:
    """Return what the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
        "python": platform.python_version(),
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory_gib": round(memory, 1),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent)
    return found.stdout.strip() or "unknown"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def table(measures: Sequence[Measure]) -> str:
    """Return the measures as a Markdown table."""
    lines = [
        "| way | kind | records or checks | per second | per processor second | p50 ms | p99 ms | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_line(one) for one in measures]
    return "\n".join(lines)


def _line(one: Measure) -> str:
    rates = f"{one.per_s:,.0f} | {'' if one.per_processor_s is None else format(one.per_processor_s, ',.0f')}"
    times = f"{_ms(one.ms_p50)} | {_ms(one.ms_p99)}"
    return f"| {one.way} | {one.kind} | {one.count:,} | {rates} | {times} | {one.note} |"


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def write_results(path: Path, about: Mapping[str, object], measures: Sequence[Measure]) -> None:
    """Write everything as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stated = {"machine": dict(about), "measures": [asdict(one) for one in measures]}
    path.write_text(json.dumps(stated, indent=1) + "\n", "utf-8")
