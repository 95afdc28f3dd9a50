"""Make the sound table of one script from a list of name pairs.

    python tools/tables/sounds.py arabic PAIRS_DIRECTORY
    python tools/tables/sounds.py heard PAIRS_DIRECTORY

The table "heard" says how a name in Latin letters sounds, whatever language spells it: what Cyrillic writes for it.

The list is tab-separated: the word in Latin letters, the word in the script with spaces between the letters, a count.
It is noisy: pairs that align badly are names of different persons, and are left out.
"""

import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
from alignment import Group, Shape, align, lay_lattices, learn_chances
from ngrams import State, automaton, count_followers

from comity.names.readings.arabic import fold_arabic
from comity.names.readings.cyrillic import fold_cyrillic
from comity.names.readings.han import fold_han
from comity.names.readings.hangul import fold_hangul
from comity.names.readings.hebrew import fold_hebrew
from comity.names.readings.kana import fold_kana
from comity.names.readings.latin import plain

_SOURCE = (
    "NETransliteration-COLING2018 wd_*_64 (github.com/steveash/NETransliteration-COLING2018), Wikidata labels"
)
_LICENCE = "CC0 1.0"
_DATE = "2018"
_SCALE = 20.0
_PAIRS_MAX = 45000
_LETTERS_MAX = 20
_SPELLINGS_MAX = 12
_OFTEN = 4
_SOUND_OF_CYRILLIC = dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziyklmnoprstufhie", strict=True)) | {
    "ё": "yo", "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "yu", "я": "ya",
}  # fmt: skip
DATA = Path(__file__).parents[2] / "src" / "comity" / "names" / "data"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which lists a table is made from, how its letters are prepared, how long its groups are."""

    lists: tuple[str, ...]
    shape: Shape
    order: int = 4
    count_min: float = 1.9
    group_min: float = 3.0
    group_share_min: float = 0.002
    cost_max: float = 2.3
    words_min: int = 3


PREPARE: dict[str, Callable[[str], str]] = {
    "arabic": fold_arabic,
    "hebrew": fold_hebrew,
    "han": fold_han,
    "kana": fold_kana,
    "hangul": fold_hangul,
    "cyrillic": fold_cyrillic,
    "heard": plain,
}
"""How a word's letters are prepared: the same functions the package applies before it reads."""

RECIPES: dict[str, Recipe] = {
    "arabic": Recipe(("arabic",), Shape(4, 3), cost_max=2.5),
    "hebrew": Recipe(("hebrew",), Shape(4, 3), cost_max=2.5),
    "han": Recipe(("chinese",), Shape(5, 4), cost_max=2.8),
    "kana": Recipe(("katakana", "japanese"), Shape(3, 4)),
    "hangul": Recipe(("korean",), Shape(3, 3), cost_max=2.7),
    "cyrillic": Recipe(("russian",), Shape(3, 3)),
    "heard": Recipe(("russian",), Shape(3, 3), cost_max=2.0, words_min=4),
}


def read_pairs(folder: Path, recipe: Recipe) -> list[tuple[str, str, int]]:
    """Return the rows of the recipe's lists as (script, Latin, count); a pair in two lists counts as in the one."""
    counts: dict[tuple[str, str], int] = {}
    for name in recipe.lists:
        with gzip.open(folder / f"pairs_{name}.tsv.gz", "rt", encoding="utf-8") as rows:
            for row in rows:
                latin, letters, count = row.rstrip("\n").split("\t")
                pair = (letters.replace(" ", "").lower(), plain(latin))
                counts[pair] = max(counts.get(pair, 0), int(count))
    return [(word, latin, count) for (word, latin), count in counts.items()]


def heard_pairs(folder: Path, recipe: Recipe) -> list[tuple[str, str, int]]:
    """Return the pairs of a list turned round: the Latin word, then the sounds that Cyrillic writes for it."""
    return [(latin, sounds_written(word), count) for word, latin, count in read_pairs(folder, recipe)]


def sounds_written(cyrillic: str) -> str:
    """Return a Russian word letter by letter in Latin ones, each letter's usual sound."""
    return "".join(_SOUND_OF_CYRILLIC.get(letter, "") for letter in fold_cyrillic(cyrillic))


def usable_pairs(folder: Path, name: str, recipe: Recipe) -> list[tuple[str, str, int]]:
    """Return the prepared pairs, the most frequent ones where there are very many."""
    prepare = PREPARE[name]
    counts: Counter[tuple[str, str]] = Counter()
    found = heard_pairs(folder, recipe) if name == "heard" else read_pairs(folder, recipe)
    for word, latin, count in found:
        prepared = prepare(word)
        if prepared and 1 <= len(prepared) <= _LETTERS_MAX and 1 <= len(latin) <= _LETTERS_MAX:
            counts[prepared, latin] += count
    pairs = [(word, latin, count) for (word, latin), count in counts.items()]
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))[:_PAIRS_MAX]


def group_sequences(
    pairs: Sequence[tuple[str, str, int]], recipe: Recipe
) -> list[tuple[tuple[str, str, int], list[Group]]]:
    """Return the pairs that align well, each with its groups. Rare groups are dropped and pairs aligned anew.

    What then cannot be aligned, or only at a high cost per letter, is taken to be two names, not one.
    """
    lattices = lay_lattices([(word, latin) for word, latin, _ in pairs], recipe.shape)
    weights = np.array([1.0 + log(count) for _, _, count in pairs])
    chances = learn_chances(lattices, weights)
    used: dict[Group, float] = defaultdict(float)
    letters: dict[str, float] = defaultdict(float)
    for (_, groups), weight in zip(align(lattices, chances), weights, strict=True):
        for group in groups:
            used[group] += weight
            letters[group[0]] += weight
    for number, group in enumerate(lattices.names):
        if used[group] < max(recipe.group_min, recipe.group_share_min * letters[group[0]]):
            chances[number] = 0.0
    aligned = []
    for pair, (score, groups) in zip(pairs, align(lattices, chances), strict=True):
        cost = -score / (len(pair[0]) + len(pair[1]))
        if groups and cost < recipe.cost_max:
            aligned.append((pair, groups))
    return aligned


def table_lines(
    name: str,
    aligned: Sequence[tuple[tuple[str, str, int], list[Group]]],
    often: Sequence[tuple[str, str, int]],
) -> list[str]:
    """Return the lines of the table: its facts, its groups, its states, its frequent words."""
    recipe = RECIPES[name]
    used = Counter(group for _, groups in aligned for group in groups)
    numbers = {group: number for number, (group, _) in enumerate(_most_common(used), start=1)}
    sequences = [([numbers[group] for group in groups], 1.0 + log(pair[2])) for pair, groups in aligned]
    lines = [
        f"# source: {_SOURCE}: {', '.join(recipe.lists)}",
        f"# licence: {_LICENCE}",
        f"# date: {_DATE}",
        f"# made by: tools/tables/sounds.py {name}",
    ]
    lines += [f"g\t{number}\t{letters}\t{latin}" for (letters, latin), number in numbers.items()]
    lines += [
        _state_line(state) for state in automaton(count_followers(sequences, recipe.order, recipe.count_min))
    ]
    return lines + _word_lines([*often, *(pair for pair, _ in aligned if pair[2] < _OFTEN)], recipe.words_min)


def _most_common(used: Counter[Group]) -> list[tuple[Group, int]]:
    return sorted(used.items(), key=lambda entry: (-entry[1], entry[0]))


def _state_line(state: State) -> str:
    arcs = " ".join(
        f"{group} {round(cost * _SCALE)} {target}" for group, (cost, target) in sorted(state.arcs.items())
    )
    return f"s\t{state.retreat} {round(state.retreat_cost * _SCALE)} {arcs}"


def _word_lines(pairs: Iterable[tuple[str, str, int]], words_min: int) -> list[str]:
    words: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for word, latin, count in pairs:
        words[word].append((-count, latin))
    lines = []
    for word in sorted(words):
        counted = sorted(words[word])
        total = -sum(count for count, _ in counted)
        if total >= words_min:
            kept = [f"{latin}:{-count}" for count, latin in counted[:_SPELLINGS_MAX] if -count * 50 >= total]
            lines.append("\t".join(["w", word, *kept]))
    return lines


def write_table(path: Path, lines: Iterable[str]) -> None:
    """Write a gzipped table, the same bytes for the same lines."""
    content = ("\n".join(lines) + "\n").encode()
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(content)


def main() -> None:
    """Make the table named on the command line and write it where the package keeps its tables."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    recipe = RECIPES[name]
    pairs = usable_pairs(folder, name, recipe)
    aligned = group_sequences(pairs, recipe)
    # A pair met this often is a name and its spelling, however little their letters have in common.
    often = [pair for pair in pairs if pair[2] >= _OFTEN]
    target = Path(sys.argv[3]) if len(sys.argv) > 3 else DATA / f"sounds_{name}.tsv.gz"
    write_table(target, table_lines(name, aligned, often))
    print(f"{name}: {len(aligned)} pairs, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
