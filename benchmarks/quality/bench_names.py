"""How well are persons found by name? Recall by pair of scripts, spoiled names, false hits, calibration, speed.

    python benchmarks/quality/bench_names.py [--sample N] [--results DIRECTORY]

Reads the development set beside the repository (`COMITY_SHARED` names another place) and says so plainly where it is
absent. Prints a table; writes JSON and a picture into the results directory. `--sample N` takes N queries a part
instead of all, for a run of a few minutes.
"""

import argparse
import datetime as dt
import json
import platform
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from altered_names import altered
from development_set import Asked, DevelopmentSet, every, names_directory, read_development_set
from measures import Cell, is_latin_pair, macro, recalls, reliability
from peer import search_by_ratio
from picture import bars
from searching import PersonSearch, rank_of
from travellers import Evidence, gather_evidence, hits_at

from comity.matching.profiles import BORDER, PROFILES

PEER_SAMPLE = 300
ALTERED_EACH = 300
EVIDENCE_MAX = 1500
Report = dict[str, object]


def main() -> None:
    """Measure, print, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--sample", type=int, default=0, help="queries a part; all where absent")
    options.add_argument("--results", type=Path, default=Path("benchmarks/results"))
    chosen = options.parse_args()
    directory = names_directory()
    if directory is None:
        print("names: the development set (shared/data/names) is not beside the repository; nothing measured")
        return
    report = measure(read_development_set(directory), chosen.sample)
    print(table(report))
    write(report, chosen.results)


def measure(given: DevelopmentSet, sample: int) -> Report:
    """Return all measures; `sample` bounds each part's queries, 0 takes all."""
    asked = every(given.asked, sample)
    with tempfile.TemporaryDirectory() as home:
        search = PersonSearch(given.listed, Path(home) / "names")
        search.candidates("warm up the kernels")
        report: Report = {
            "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "commit": _commit(),
            "machine": f"{platform.machine()}, Python {platform.python_version()}",
            "listed": len(given.listed),
            "build_s": round(search.built.seconds, 1),
            "open_s": round(search.built.open_seconds, 4),
            "index_mib": round(search.built.bytes / 2**20, 1),
        }
        report["candidates"] = _candidates(search, asked)
        report["spoiled"] = _spoiled(search, min(ALTERED_EACH, sample // 4 or ALTERED_EACH))
        report |= _answers(search, given, min(EVIDENCE_MAX, sample // 2 or EVIDENCE_MAX))
        report["peer"] = _peer(search, asked)
    return report


def _candidates(search: PersonSearch, asked: Sequence[Asked]) -> Report:
    """Measure the index alone: each query once, none seen before."""
    by_cell: dict[Cell, list[int]] = {}
    seconds: list[float] = []
    for one in asked:
        begun = time.perf_counter()
        places = search.candidates(one.name)
        seconds.append(time.perf_counter() - begun)
        by_cell.setdefault(one.cell, []).append(rank_of(one.truths, places, search.listed))
    return {"speed": _speed(seconds), **_by_cell(by_cell)}


def _by_cell(by_cell: dict[Cell, list[int]]) -> Report:
    latin = {cell: ranks for cell, ranks in by_cell.items() if is_latin_pair(cell)}
    whole = [rank for ranks in by_cell.values() for rank in ranks]
    cross = [rank for cell, ranks in by_cell.items() if cell[0] != cell[1] for rank in ranks]
    same = [rank for cell, ranks in by_cell.items() if cell[0] == cell[1] for rank in ranks]
    return {
        "macro_latin_pairs": macro(latin),
        "all": recalls(whole),
        "cross_script": recalls(cross),
        "same_script": recalls(same),
        "cells": {f"{cell[0]} -> {cell[1]}": recalls(ranks) for cell, ranks in sorted(by_cell.items())},
    }


def _speed(seconds: Sequence[float]) -> Report:
    p50, p99 = np.percentile(seconds, [50, 99]) * 1000
    return {
        "queries_per_s": round(len(seconds) / sum(seconds), 1),
        "p50_ms": round(float(p50), 2),
        "p99_ms": round(float(p99), 2),
    }


def _spoiled(search: PersonSearch, each: int) -> Report:
    return {
        way: recalls([rank_of(one.truths, search.candidates(one.name), search.listed) for one in asked])
        for way, asked in altered(search.listed, each)
    }


def _answers(search: PersonSearch, given: DevelopmentSet, each: int) -> Report:
    """Measure what a check answers: candidates compared, weighed with birth date and sex, cut at a floor."""
    begun = time.perf_counter()
    asked = gather_evidence(search, every(given.asked, each), BORDER)
    seconds = time.perf_counter() - begun
    travellers = gather_evidence(search, every(given.travellers, each), BORDER)
    said_and_held = [
        _said_and_held(one, beside=beside) for one in [*asked, *travellers] for beside in (False, True)
    ]
    bins, error = reliability([said for said, _ in said_and_held], [held for _, held in said_and_held])
    return {
        "answers": {
            "compared_per_s": round(len(asked) / seconds, 1),
            "by_name": _ranked(search, asked, beside=False),
            "with_born_and_sex": _ranked(search, asked, beside=True),
            # Some lists give no birth date or no sex: these queries are the ones that a check can give both of.
            "where_both_are_known": _ranked(
                search, [one for one in asked if one.asked.born and one.asked.sex], beside=True
            ),
        },
        "profiles": {
            name: hits_at(profile, profile.floor, asked, travellers) for name, profile in PROFILES.items()
        },
        "travellers": len(travellers),
        "calibration_error": round(error, 4),
        "reliability": [(one.count, round(one.said, 3), round(one.held, 3)) for one in bins],
    }


def _said_and_held(one: Evidence, *, beside: bool) -> tuple[float, bool]:
    said = one.best(BORDER, beside=beside)
    ranked = one.ranked(BORDER, beside=beside)
    return said, bool(ranked) and ranked[0] in one.truths


def _ranked(search: PersonSearch, evidence: Sequence[Evidence], *, beside: bool) -> Report:
    by_cell: dict[Cell, list[int]] = {}
    for one in evidence:
        rank = rank_of(one.asked.truths, one.ranked(BORDER, beside=beside), search.listed)
        by_cell.setdefault(one.asked.cell, []).append(rank)
    measured = _by_cell(by_cell)
    del measured["cells"]
    return measured


def _peer(search: PersonSearch, asked: Sequence[Asked]) -> Report:
    some = every(asked, PEER_SAMPLE)
    run = search_by_ratio(search.listed, some)
    ours = [rank_of(one.truths, search.candidates(one.name), search.listed) for one in some]
    return {
        "peer": "RapidFuzz ratio, brute force, ICU Latin, words sorted",
        "speed": _speed(run.seconds),
        "theirs": recalls(run.ranks),
        "ours_same_queries": recalls([rank if rank <= 10 else 0 for rank in ours]),
    }


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def table(report: Report) -> str:
    """Return the report as indented text: one line a measure."""
    lines: list[str] = []
    for name, value in report.items():
        _lines(name, value, 0, lines)
    return "\n".join(lines)


def _lines(name: str, value: object, depth: int, lines: list[str]) -> None:
    if isinstance(value, dict) and any(isinstance(inner, dict) for inner in value.values()):
        lines.append("  " * depth + name)
        for inner_name, inner in value.items():
            _lines(inner_name, inner, depth + 1, lines)
    elif isinstance(value, dict):
        inside = "  ".join(f"{key} {inner}" for key, inner in value.items())
        lines.append(f"{'  ' * depth}{name:<28}{inside}")
    else:
        lines.append(f"{'  ' * depth}{name:<28}{value}")


def write(report: Report, directory: Path) -> None:
    """Write the report as JSON, one file a run, and its picture."""
    directory.mkdir(parents=True, exist_ok=True)
    stem = f"names-{str(report['date'])[:16].replace(':', '')}-{report['commit']}"
    text = json.dumps(report, indent=1, ensure_ascii=False)
    (directory / f"{stem}.json").write_text(text + "\n", "utf-8")
    candidates = report["candidates"]
    assert isinstance(candidates, dict)
    rows = {cell: found["recall@10"] for cell, found in candidates["cells"].items() if found["asked"] >= 10}
    (directory / f"{stem}.svg").write_text(bars("Recall@10 by script, query -> stored", rows), "utf-8")
    print(f"written: {directory / stem}.json, .svg")


if __name__ == "__main__":
    main()
