"""Which names are not found, and why? One line a miss, by script pair and by whose name it is.

    python benchmarks/quality/misses.py [--half read|held] [--beside] [--compare | --born] [--only WORD] [--sample N]
        [--show N]
    python benchmarks/quality/misses.py [--half read|held] --spoiled WAY [--sample N] [--show N]

Persons are split in two by their number. Misses are read, and rules made, on the half that is read; the half that is
held is only counted: where it lags behind, a rule was made for a person instead of for a language. Queries beside the
core (`--beside`) are never read either. Names spoiled one way ("two edits", "joined") are others than those that
`bench_names.py` asks for.

Some queries are other names of the person altogether: a nom de guerre, a title, a name in religion. No word of theirs
meets a word of the stored name under any reading, so that no index by name can find them. They are counted apart, and
recall is printed of all queries and of the others.
"""

import argparse
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from altered_names import WAYS, altered
from development_set import Asked, DevelopmentSet, every, names_directory, read_development_set
from measures import Cell, recall
from searching import PersonSearch, rank_of
from travellers import sureness

from comity.matching.profiles import BORDER
from comity.names import parse_name
from comity.names.forms import forms_of

RANK_MAX = 10
# A particle or an initial in common tells nobody apart.
NO_MEETING = frozenset({"missing", "extra", "contradicts", "particle", "initial", "stands-for"})
SPOILED_SEED = 777
SPOILED_EACH = 1_200
FORMS_SHOWN = 4
Group = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where the person meant stands: among the candidates, and after comparison (0: not there at all)."""

    asked: Asked
    by_index: int
    by_comparison: int
    ahead: str
    shares_word: bool

    @property
    def why(self) -> str:
        """Say where the person was lost."""
        if not self.by_index:
            return "no candidate"
        return "outranked" if self.by_comparison > RANK_MAX else "found"


def half_of(asked: Asked) -> str:
    """Return which half the persons asked for belong to: "read" or "held"."""
    return "held" if zlib.crc32(min(asked.truths).encode()) % 2 else "read"


def outcome(search: PersonSearch, asked: Asked, *, compare: bool, born: bool) -> Outcome:
    """Return where the person meant stands; the index's own order counts unless candidates are compared.

    With `born` the check gives birth date and sex too, and they count.
    """
    places = search.candidates(asked.name, asked.born if born else "")
    by_index = rank_of(asked.truths, places, search.listed)
    if (compare or born) and places:
        found = search.compared(asked, places, BORDER)
        found.sort(key=lambda one: -sureness(one, BORDER, beside=born))
        places = [one.place for one in found]
    ahead = search.listed[places[0]].name if places else ""
    by_comparison = rank_of(asked.truths, places, search.listed)
    return Outcome(asked, by_index, by_comparison, ahead, shares_word(search, asked))


def shares_word(search: PersonSearch, asked: Asked) -> bool:
    """Return whether a word of the name asked for meets a word of the person's stored name, under any reading."""
    return any(
        word.weight > 0.0 and word.rule not in NO_MEETING
        for place in search.places_of(asked.truths)
        for word in search.meeting(asked.name, place).words
    )


def report(outcomes: Sequence[Outcome]) -> None:
    """Print recall by script pair and group, then the means over the pairs of Latin and another script."""
    groups: dict[Group, list[Outcome]] = {}
    for one in outcomes:
        groups.setdefault((*one.asked.cell, one.asked.group), []).append(one)
    for (asked, held, group), some in sorted(groups.items(), key=lambda entry: -len(entry[1])):
        ranks = [one.by_comparison for one in some]
        lost = sum(not one.by_index for one in some)
        sharing = [one.by_comparison for one in some if one.shares_word]
        print(
            f"{asked + ' -> ' + held:24} {group:9} {len(some):5}  @1 {recall(ranks, 1):.3f}  "
            f"@10 {recall(ranks, RANK_MAX):.3f}  no candidate {lost / len(some):.3f}  "
            f"sharing a word {len(sharing):5}  @1 {recall(sharing, 1):.3f}  @10 {recall(sharing, RANK_MAX):.3f}"
        )
    print_means("all queries", outcomes)
    print_means("sharing a word", [one for one in outcomes if one.shares_word])


def print_means(which: str, outcomes: Sequence[Outcome]) -> None:
    """Print recall over all of them, and its mean over the pairs of Latin and another script."""
    cells: dict[Cell, list[int]] = {}
    for one in outcomes:
        if one.asked.cell[0] != one.asked.cell[1] and "Latin" in one.asked.cell:
            cells.setdefault(one.asked.cell, []).append(one.by_comparison)
    for at in (1, RANK_MAX):
        mean = sum(recall(ranks, at) for ranks in cells.values()) / max(1, len(cells))
        whole = recall([one.by_comparison for one in outcomes], at)
        print(
            f"{which}: recall@{at}: mean over {len(cells)} Latin pairs {mean:.4f}, all {len(outcomes)} {whole:.4f}"
        )


def explain(search: PersonSearch, one: Outcome) -> str:
    """Return a miss as text: asked, meant, who stands first, and how the words of both are spelt in Latin letters."""
    meant = next(each.name for each in search.listed if each.id in one.asked.truths)
    cell = f"{one.asked.cell[0]} -> {one.asked.cell[1]} {one.asked.group}"
    ranks = f"index {one.by_index}, compared {one.by_comparison}"
    spelt = f"{_spelt(one.asked.name)} / {_spelt(meant)}"
    return f"{cell}\t{one.why}\t{ranks}\t{one.asked.name}\t{meant}\t{one.ahead}\n    {spelt}"


def _spelt(name: str) -> str:
    words = parse_name(name).words
    spelt = [[form.text for form in forms_of(word.text, word.script)[:FORMS_SHOWN]] for word in words]
    return "  ".join(f"{word.text}: {' '.join(forms)}" for word, forms in zip(words, spelt, strict=True))


def _asked(given: DevelopmentSet, spoiled: str | None) -> Sequence[Asked]:
    if spoiled is None:
        return given.asked
    return dict(altered(given.listed, SPOILED_EACH, SPOILED_SEED))[spoiled]


def main() -> None:
    """Search, count, list."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--half", choices=("read", "held"), default="read")
    options.add_argument("--beside", action="store_true", help="queries beside the core, counted only")
    options.add_argument("--spoiled", choices=tuple(WAYS), help="names spoiled so instead of those asked for")
    options.add_argument("--compare", action="store_true", help="rank by comparison, as a check answers")
    options.add_argument("--born", action="store_true", help="with birth date and sex, ranked by comparison")
    options.add_argument("--only", default="", help="script pairs and groups that hold this word")
    options.add_argument("--sample", type=int, default=0)
    options.add_argument("--show", type=int, default=0, help="misses listed, of the half that is read")
    chosen = options.parse_args()
    directory = names_directory()
    if directory is None:
        print("names: the development set (shared/data/names) is not beside the repository; nothing measured")
        return
    given = read_development_set(directory, core="0" if chosen.beside else "1")
    wanted = [
        one
        for one in _asked(given, chosen.spoiled)
        if (chosen.beside or half_of(one) == chosen.half) and chosen.only in f"{one.cell} {one.group}"
    ]
    with tempfile.TemporaryDirectory() as home:
        search = PersonSearch(given.listed, Path(home) / "names")
        outcomes = [
            outcome(search, one, compare=chosen.compare, born=chosen.born)
            for one in every(wanted, chosen.sample)
        ]
    report(outcomes)
    shown = chosen.show if chosen.half == "read" and not chosen.beside else 0
    for one in [each for each in outcomes if not 0 < each.by_comparison <= RANK_MAX][:shown]:
        print(explain(search, one))


if __name__ == "__main__":
    main()
