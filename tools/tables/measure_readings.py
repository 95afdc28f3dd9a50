"""Print how often a reading of a name word meets the word it should, per script pair of the development queries.

    python tools/tables/measure_readings.py DATA_DIRECTORY [--all]

For each true pair the words of the side with fewer words are counted; a word is met when one of its readings equals
a reading of some word of the other side: exactly, by normal spelling, by skeleton, or within the edits an index
forgives (one in words of four letters and more, two in words of eight). Prints numbers only.
"""

import csv
import gzip
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein

from comity.names.readings import name_splits, readings_of, skeleton, spellings

_BREAKS = re.compile(r"[\s\-.,()/·・‧•＝=،]+")
_UNSPACED = {"Han", "Kana", "Hangul", "Mixed"}
_TESTS = ("exact@1", "exact", "spelling", "skeleton", "near")
Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a gzipped tab-separated table by column."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def word_sets(name: str, script: str) -> list[list[str]]:
    """Return the ways a name may part into words, each a list of words."""
    name = name.lower()
    if script in _UNSPACED:
        return [list(split) for split in name_splits(name)]
    words = [word for word in _BREAKS.split(name) if any(letter.isalpha() for letter in word)]
    return [words]


def meets(word: str, others: list[str]) -> tuple[bool, ...]:
    """Return for each test whether `word` meets one of `others`."""
    mine = [reading.text for reading in readings_of(word)]
    theirs = {reading.text for other in others for reading in readings_of(other)}
    firsts = {readings_of(other)[0].text for other in others if readings_of(other)}
    return (
        bool(mine) and mine[0] in firsts,
        any(text in theirs for text in mine),
        bool({spellings(text) for text in mine} & {spellings(text) for text in theirs}),
        bool({skeleton(text) for text in mine} & {skeleton(text) for text in theirs}),
        any(_near(text, other) for text in mine for other in theirs),
    )


def _near(mine: str, other: str) -> bool:
    edits = min(len(mine), len(other)) // 4
    return DamerauLevenshtein.distance(mine, other, score_cutoff=min(edits, 2)) <= min(edits, 2)


def judge(left: tuple[str, str], right: tuple[str, str]) -> tuple[int, list[int]]:
    """Return how many words were tried and how many met by each test, for the split that meets most."""
    best: tuple[int, list[int]] = (1, [0] * len(_TESTS))
    for mine in word_sets(*left):
        for other in word_sets(*right):
            short, long = (mine, other) if len(mine) <= len(other) else (other, mine)
            marks = [meets(word, long) for word in short]
            met = [sum(column) for column in zip(*marks, strict=True)] if marks else best[1]
            if marks and sum(met) / len(short) >= sum(best[1]) / best[0]:
                best = (len(short), met)
    return best


def true_pairs(folder: Path, *, everything: bool) -> Iterator[tuple[str, tuple[str, str], tuple[str, str]]]:
    """Yield (group, query and its script, record and its script) for the core cross-script queries."""
    records = {row["id"]: row for row in read_rows(folder / "dev_records.tsv.gz")}
    for query in read_rows(folder / "dev_queries.tsv.gz"):
        if (
            query["core"] != "1"
            or query["kind"] == "alias-weak"
            or (query["cell"] != "cross" and not everything)
        ):
            continue
        record = records.get(re.split(r"[|;, ]", query["true_ids"])[0])
        if record:
            pair = " ".join(sorted((query["q_script"], query["r_script"])))
            group = f"{pair} {query['source']} {query['native'] or '-'}"
            yield group, (query["query"], query["q_script"]), (record["name"], record["script"])


def main() -> None:
    """Print the table, the largest groups first, then the time a new word takes."""
    tried: dict[str, int] = defaultdict(int)
    met: dict[str, list[int]] = defaultdict(lambda: [0] * len(_TESTS))
    started = time.perf_counter()
    for group, query, record in true_pairs(Path(sys.argv[1]), everything="--all" in sys.argv):
        words, marks = judge(query, record)
        for name in (group, "all"):
            tried[name] += words
            met[name] = [total + mark for total, mark in zip(met[name], marks, strict=True)]
    print(f"{'group':58}{'words':>6} " + " ".join(f"{test:>9}" for test in _TESTS))
    for group in sorted(tried, key=lambda name: -tried[name]):
        print(f"{group:58}{tried[group]:6} " + " ".join(f"{mark / tried[group]:9.3f}" for mark in met[group]))
    print(f"{readings_of.cache_info().currsize} words read in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
