"""Whether each name and number of the real lists, asked as it is written there, finds its record.

    python benchmarks/quality/lookup_as_written.py [--sample N] [--seed N] [--misses FILE]

lists beside the repository -> a throw-away node -> each name, each identifier in four ways of writing -> ranks

A name counts as found where its record's rank is five or better. Records of the very same score share a rank: one more
than there are records of a higher score (standard competition ranking); no order is right among sixteen Jane Does.
Where it stands in the list, which breaks ties somehow, is counted beside that. Asked are all candidates, whatever their
score, so that two questions are answered apart: where it ranks, and whether the border profile shows it.
The file of misses holds names of real persons: keep it out of the repository.
"""

import argparse
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.app import CLI_ACCOUNT, Node, init_node, open_node
from comity.procedures.check import run_checks
from comity.procedures.import_list import ImportOrder, import_list
from comity.procedures.sign_in import officer_named
from comity.records.check import Answer, Hit
from comity.records.fieldtype import Comparison, Json
from comity.records.handling import Purpose, parse_share_option
from comity.records.kind import values
from comity.records.record import HeldRecord
from comity.registry import holdings
from comity.registry.imports import ImportRun
from comity.sources import reader_named
from comity.sources.placement import placement_of

SHARED = Path(os.environ.get("COMITY_SHARED", Path(__file__).resolve().parents[2].parent / "shared")) / "data"
LISTS = (
    ("un", "sanctions/un_consolidated.xml.gz", ""),
    ("ofac", "sanctions/ofac_sdn.csv.gz", ""),
    ("eu", "sanctions/eu_consolidated.csv.gz", ""),
    ("interpol", "notices/interpol_red_list.csv.gz", ""),
    ("interpol", "notices/interpol_red_details.jsonl", ""),
    ("csv", "vehicles/nz_stolen_vehicles.csv.gz", "nz_stolen_vehicles"),
    ("csv", "notices/fbi_wanted.csv.gz", "fbi_wanted"),
    ("csv", "notices/interpol_red_2020.csv.gz", "interpol_red_2020"),
    ("csv", "sanctions/cn_mfa_sanctions.csv.gz", "cn_mfa_sanctions"),
    ("csv", "vessels/ofac_vessels.csv", "ofac_vessels"),
    ("csv", "vessels/ofac_aircraft.csv", "ofac_aircraft"),
)
OWNER = "CHE"
RANK_MAX = 5
GROUP = 100
FETCH = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked, which record it must find, and how the result is to be counted."""

    query: Mapping[str, Json]
    record: str
    group: str
    text: str
    sharing: int = 1


@dataclass(frozen=True, slots=True)
class Result:
    """The record's rank, its place in the list (0 where it is not there), and whether the profile shows it.

    `outranked` is how many records came before it that do not bear the very same whole name.
    """

    wanted: Wanted
    rank: int
    place: int
    is_shown: bool
    outranked: int

    def verdict(self) -> str:
        """Return `found`, or the class of the miss."""
        if self.place == 0:
            return "no candidate"
        return "outranked" if self.rank > RANK_MAX else "found"

    @property
    def is_far_down(self) -> bool:
        """Whether others of its rank stand before it, so many that it is not among the first five of the list."""
        return self.place == 0 or self.place > RANK_MAX


def fill(node: Node) -> None:
    """Import every list."""
    officer = officer_named(CLI_ACCOUNT, node.desk)
    for source, file, mapping in LISTS:
        placed = placement_of(source, SHARED / file, mapping)
        run = ImportRun(placed.digest(), source, OWNER, placed.list_name, placed.origin)
        rows = reader_named(source, mapping)(SHARED / file)
        order = ImportOrder(run, parse_share_option("all"))
        import_list(rows, order, officer, node.desk, lambda _one: None, lambda _done: None)
    node.desk.follower.catch_up()
    node.desk.index.save()


def held_records(node: Node) -> Iterator[HeldRecord]:
    """Yield every active record."""
    after = 0
    with node.desk.registry.read() as connection:
        while rows := holdings.active_after(connection, after, FETCH):
            yield from (held for held, _ in rows)
            after = rows[-1][0].number


def names_wanted(records: Iterable[HeldRecord]) -> list[Wanted]:
    """Return a question for every name of every person."""
    persons = [held for held in records if held.record.kind.code == "person"]
    named = [(held, *one) for held in persons for one in _names(held)]
    bearers = Counter(_plain(name) for _, name, _ in named)
    return [
        Wanted(
            {"kind": "person", "name": name, "limit": 100, "floor": 0.0},
            held.public_id,
            f"{type_}, {_words(name)}",
            _plain(name),
            bearers[_plain(name)],
        )
        for held, name, type_ in named
    ]


def _names(held: HeldRecord) -> list[tuple[str, str]]:
    names = held.record.data.get("names")
    found = names if isinstance(names, list) else []
    return [(str(one["name"]), str(one.get("type") or "primary")) for one in found if isinstance(one, dict)]


def _words(name: str) -> str:
    count = len(name.split())
    return "one word" if count == 1 else "two words" if count == 2 else "more words"


def _plain(name: str) -> str:
    return " ".join(sorted(name.casefold().replace("-", " ").replace(",", " ").split()))


def numbers_wanted(records: Iterable[HeldRecord]) -> list[Wanted]:
    """Return questions for every identifier that leads to a record, in four ways of writing."""
    return [
        Wanted({"kind": held.record.kind.code, question: text, "limit": 100}, held.public_id, group, text)
        for held in records
        for question, written in _numbers(held)
        for group, text in _ways(question, written)
    ]


def _numbers(held: HeldRecord) -> list[tuple[str, str]]:
    kind = held.record.kind
    questions = {
        question.meaning: question.name
        for question in kind.questions
        if question.finds and question.type.comparison is Comparison.IDENTIFIER
    }
    return [
        (questions[value.field.meaning], str(value.value))
        for value in values(kind.searched, held.record.data)
        if value.field.meaning in questions
    ]


def _ways(question: str, written: str) -> list[tuple[str, str]]:
    ways = {"as written": written}
    # Letters of either case differ in a wallet's address, and a space or dash is part of an address.
    if question != "wallet":
        ways["lower case"] = written.lower()
    if question not in {"wallet", "email"}:
        middle = len(written) // 2
        ways["with a space"] = f"{written[:middle]} {written[middle:]}"
        ways["with a dash"] = f"{written[:middle]}-{written[middle:]}"
    return [(f"{question}, {way}", text) for way, text in ways.items()]


def ask(node: Node, wanted: Sequence[Wanted], names_of: Mapping[str, frozenset[str]]) -> Iterator[Result]:
    """Yield the result of each question, asked at the border."""
    officer = officer_named(CLI_ACCOUNT, node.desk)
    for start in range(0, len(wanted), GROUP):
        some = wanted[start : start + GROUP]
        answers = run_checks([dict(one.query) for one in some], officer, Purpose.BORDER, node.desk)
        for one, answer in zip(some, answers, strict=True):
            yield _result(one, answer, node.desk.profile.floor, names_of)


def _result(one: Wanted, answer: Answer, floor: float, names_of: Mapping[str, frozenset[str]]) -> Result:
    place = next((place for place, hit in enumerate(answer.hits) if hit.record == one.record), -1)
    if place < 0:
        return Result(one, 0, 0, is_shown=False, outranked=0)
    before: Sequence[Hit] = answer.hits[:place]
    score = answer.hits[place].score
    rank = 1 + sum(1 for hit in before if hit.score > score)
    outranked = sum(1 for hit in before if one.text not in names_of.get(hit.record, frozenset()))
    return Result(one, rank, place + 1, is_shown=score >= floor and rank <= RANK_MAX, outranked=outranked)


def report(title: str, results: Sequence[Result]) -> None:
    """Print shares found, by group, and the misses by class."""
    if not results:
        return
    found = sum(result.verdict() == "found" for result in results)
    listed = sum(not result.is_far_down for result in results)
    listed_or_same = sum(
        not result.is_far_down or result.outranked < RANK_MAX for result in results if result.place
    )
    shown = sum(result.is_shown for result in results)
    total = len(results)
    print(f"\n{title}: {total:,} asked, {found / total:.3%} at rank {RANK_MAX} or better")
    print(f"  {listed / total:.3%} among the first {RANK_MAX} of the list, ties broken somehow")
    print(f"  {listed_or_same / total:.3%} the same, but for records that bear the very same whole name")
    print(f"  {shown / total:.2%} at rank {RANK_MAX} or better and above the profile's floor")
    print("  misses:", dict(Counter(one.verdict() for one in results if one.verdict() != "found")))
    for group, count in sorted(Counter(result.wanted.group for result in results).items()):
        good = sum(one.verdict() == "found" for one in results if one.wanted.group == group)
        print(f"  {group:42} {count:7,} {good / count:9.2%}")


def main() -> None:
    """Print what is found."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--sample", type=int, default=0, help="so many names and so many numbers, not all")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--misses", type=Path, help="write the misses, tab-separated")
    chosen = options.parse_args()
    if not SHARED.is_dir():
        print("the real lists are not beside the repository (COMITY_SHARED names another place)")
        return
    with tempfile.TemporaryDirectory() as home:
        init_node(Path(home) / "node", "Look-up")
        with open_node(Path(home) / "node") as node:
            _run(node, chosen.sample, chosen.seed, chosen.misses)


def _run(node: Node, sample: int, seed: int, misses: Path | None) -> None:
    begun = time.perf_counter()
    fill(node)
    records = list(held_records(node))
    print(f"{len(records):,} records imported and indexed in {time.perf_counter() - begun:.0f} s")
    names_of = {held.public_id: frozenset(_plain(name) for name, _ in _names(held)) for held in records}
    missed: list[str] = []
    for title, wanted in (("numbers", numbers_wanted(records)), ("names", names_wanted(records))):
        chosen = random.Random(seed).sample(wanted, min(sample or len(wanted), len(wanted)))
        results = list(ask(node, chosen, names_of))
        if title == "numbers":
            # A number is found wherever its record is answered; some are borne by very many records.
            results = [
                Result(one.wanted, min(one.rank, 1), min(one.place, 1), one.is_shown, one.outranked)
                for one in results
            ]
        report(title, results)
        missed += [
            f"{one.verdict()}\t{one.rank}\t{one.outranked}\t{one.wanted.sharing}\t{one.wanted.group}"
            f"\t{one.wanted.query}"
            for one in results
            if one.verdict() != "found"
        ]
    if misses is not None:
        misses.write_text("\n".join(missed) + "\n", "utf-8")


if __name__ == "__main__":
    main()
