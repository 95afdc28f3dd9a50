"""Is a person found whose name is stored by one convention and asked for by another? Recall by pair of conventions.

    python benchmarks/quality/romanised_otherwise.py [--only WORD] [--sample N] [--show N] [--results DIRECTORY]

persons of the development set -> their names by each convention (`conventions/`) -> all on the list -> asked across

A name that a passport office spells Yuriy, a newspaper spells Yuri and a German court Jurij is one name. Each person is
put on the list beside everyone else, once by each convention; for a pair of them (either way round, by the person's
number) those copies count that are stored as the pair says, and no other copy of anyone takes a place. Who is
spelt the very same is meant, too. A person whom both conventions spell alike is not asked for.

Persons are split in two by their number. Misses are shown (`--show`), and rules made, of the half that is read; the
half that is held is only counted.
"""

import argparse
import datetime as dt
import json
import subprocess
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from pathlib import Path

from conventions.people import LANGUAGES, people_of
from conventions.pools import Person
from conventions.writing import Language, Write
from development_set import DevelopmentSet, Listed, names_directory, read_development_set
from measures import recall
from searching import PersonSearch

BAR, RANK_MAX = 0.97, 10
POOL_PER_SAMPLE = 3
Report = dict[str, object]


@dataclass(frozen=True, slots=True)
class Copy:
    """A person stored by one convention of a language."""

    language: str
    way: str
    person: Person


@dataclass(frozen=True, slots=True)
class Answered:
    """A question across two conventions: what was stored, what was asked, and where the person stands (0: nowhere)."""

    language: str
    pair: tuple[str, str]
    half: str
    stored: str
    asked: str
    rank: int


def main() -> None:
    """Measure, print, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--only", default="", help="languages with this word in their name")
    options.add_argument("--sample", type=int, default=60, help="persons a pair of conventions")
    options.add_argument("--show", type=int, default=0, help="misses shown a pair, of the half that is read")
    options.add_argument("--results", type=Path, help="where to write JSON; nowhere where absent")
    chosen = options.parse_args()
    directory = names_directory()
    if directory is None:
        print("names: the development set (shared/data/names) is not beside the repository; nothing measured")
        return
    given, beside = read_development_set(directory), read_development_set(directory, "0")
    people = [
        (language, pool[: chosen.sample * POOL_PER_SAMPLE])
        for language, pool in people_of(given, [*given.asked, *beside.asked])
        if chosen.only.lower() in language.name.lower()
    ]
    answered = ask_all(given, people, chosen.sample)
    print(table(answered, chosen.show))
    if chosen.results:
        write(answered, chosen.sample, chosen.results)


def ask_all(
    given: DevelopmentSet, people: Sequence[tuple[Language, Sequence[Person]]], sample: int
) -> list[Answered]:
    """Return every question across two conventions with its answer."""
    copies = [
        Copy(language.name, way, person)
        for language, pool in people
        for person in pool
        for way in language.ways
    ]
    spelt = {
        (one.language, one.way, one.person.id): _way(one.language, one.way)(one.person.name) for one in copies
    }
    stored = [
        Listed(f"copy-{place}", spelt[one.language, one.way, one.person.id], "Latin", "", "", "copy")
        for place, one in enumerate(copies)
    ]
    with tempfile.TemporaryDirectory() as home:
        search = PersonSearch([*given.listed, *stored], Path(home) / "names")
        ranks = Ranks(search, len(given.listed), copies)
        return [
            Answered(language.name, pair, person.half, held, asked, ranks.rank(asked, held, way, person))
            for language, pool in people
            for pair in combinations(language.ways, 2)
            for person, way, held, asked in islice(_questions(language, pair, pool, spelt), sample)
        ]


def _way(language: str, way: str) -> Write:
    return next(one for one in LANGUAGES if one.name == language).ways[way]


def _questions(
    language: Language,
    pair: tuple[str, str],
    pool: Sequence[Person],
    spelt: Mapping[tuple[str, str, str], str],
) -> Iterator[tuple[Person, tuple[str, str], str, str]]:
    """Yield the persons whom the pair spells otherwise: the way stored, what is stored, and what is asked."""
    for person in pool:
        turned = zlib.crc32(person.id.encode()) // 2 % 2
        way, other = pair[::-1] if turned else pair
        held, asked = spelt[language.name, way, person.id], spelt[language.name, other, person.id]
        if _same(held) != _same(asked) or len(held.split()) != len(asked.split()):
            yield person, (language.name, way), held, asked


def _same(name: str) -> str:
    return " ".join(name.lower().split())


class Ranks:
    """Where a person stands among the candidates, copies by other conventions than the one stored left out."""

    def __init__(self, search: PersonSearch, listed_count: int, copies: Sequence[Copy]) -> None:
        self._search = search
        self._listed_count = listed_count
        self._copies = copies

    def rank(self, asked: str, held: str, way: tuple[str, str], person: Person) -> int:
        """Return the rank of the person or of a namesake spelt the very same, from 1; 0 where there is none."""
        ahead = 0
        for place in self._search.candidates(asked):
            stored = self._search.listed[place]
            if place >= self._listed_count:
                copy = self._copies[place - self._listed_count]
                if (copy.language, copy.way) != way:
                    continue
                if copy.person.id == person.id or _same(stored.name) == _same(held):
                    return ahead + 1
            elif stored.id == person.id or _bag(stored.name) in {_bag(asked), _bag(held), _bag(person.name)}:
                continue
            ahead += 1
        return 0


def _bag(name: str) -> str:
    """Return what a name has of letters, in no order: a namesake in whatever order."""
    return "".join(sorted(letter for letter in name.lower() if letter.isalpha()))


def table(answered: Sequence[Answered], show: int) -> str:
    """Return a line a pair of conventions, those below the bar marked, then a line a language."""
    lines: list[str] = []
    for language in dict.fromkeys(one.language for one in answered):
        some = [one for one in answered if one.language == language]
        lines.append(f"{language}")
        for pair in dict.fromkeys(one.pair for one in some):
            of_pair = [one for one in some if one.pair == pair]
            below = " " if _at(of_pair, RANK_MAX) >= BAR else "*"
            lines.append(f"{below} {pair[0] + ' / ' + pair[1]:58} {_figures(of_pair)}")
            missed = [one for one in of_pair if one.half == "read" and not 0 < one.rank <= RANK_MAX]
            lines += [f"      {one.asked!r} for {one.stored!r}: {one.rank}" for one in missed[:show]]
    lines.append("all")
    for language in dict.fromkeys(one.language for one in answered):
        lines.append(f"  {language:58} {_figures([one for one in answered if one.language == language])}")
    lines.append(f"  {'all':58} {_figures(answered)}")
    return "\n".join(lines)


def _figures(some: Sequence[Answered]) -> str:
    parts = []
    for half in ("read", "held"):
        ranks = [one.rank for one in some if one.half == half]
        parts.append(f"{half} {len(ranks):5}  @1 {recall(ranks, 1):.3f}  @10 {recall(ranks, RANK_MAX):.3f}")
    return "   ".join(parts)


def _at(some: Sequence[Answered], at: int) -> float:
    return recall([one.rank for one in some], at)


def write(answered: Sequence[Answered], sample: int, directory: Path) -> None:
    """Write recall by pair and by half as JSON; no name of anyone."""
    report: Report = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "sample": sample,
        "pairs": [
            {"language": language, "conventions": pair} | _of_halves(answered, language, pair)
            for language, pair in dict.fromkeys((one.language, one.pair) for one in answered)
        ],
    }
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / f"romanised-{str(report['date'])[:16].replace(':', '')}-{report['commit']}.json"
    file.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"written: {file}")


def _of_halves(answered: Sequence[Answered], language: str, pair: tuple[str, str]) -> Report:
    found: Report = {}
    for half in ("read", "held"):
        ranks = [one.rank for one in answered if (one.language, one.pair, one.half) == (language, pair, half)]
        found[half] = {
            "asked": len(ranks),
            "recall@1": round(recall(ranks, 1), 4),
            "recall@10": round(recall(ranks, RANK_MAX), 4),
        }
    return found


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
