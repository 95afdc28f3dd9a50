"""The compiled search for spellings against a slow, plain one."""

import random
from heapq import nlargest

import pytest

from comity.names.readings.learnt import SoundTable, sound_table
from comity.names.readings.sound_automaton import pack_sounds
from comity.names.readings.sound_search import (
    BEAM_WIDTH,
    STRANGER_COST,
    likely_spellings,
    likely_spellings_of_all,
)
from comity.names.readings.tables import table_rows

Beam = dict[tuple[int, str], float]
COST_STEPS = 20


class PlainStates:
    """The states of a table, read line by line into dictionaries."""

    def __init__(self, name: str) -> None:
        self.retreats: list[tuple[float, int]] = []
        self.arcs: list[dict[int, tuple[float, int]]] = []
        for row in table_rows(f"sounds_{name}.tsv.gz"):
            if row.startswith("s\t"):
                target, cost, *arcs = (int(number) for number in row[2:].split())
                self.retreats.append((cost / COST_STEPS, target))
                triples = zip(arcs[::3], arcs[1::3], arcs[2::3], strict=True)
                self.arcs.append({group: (step / COST_STEPS, to) for group, step, to in triples})


# Invented words, in letters that each table knows, with a stranger among them.
WORDS = [
    ("arabic", "باكو"),
    ("arabic", "روبوبو"),
    ("arabic", "بيعاموقنشت"),
    ("hebrew", "שלומית"),
    ("hebrew", "בקרתון"),
    ("cyrillic", "ребуково"),
    ("cyrillic", "щукьянеж"),
    ("kana", "カラミスト"),
    ("kana", "じょんそん"),
    ("han", "翰森"),
    ("han", "阿都米克里"),
    ("hangul", "김보라"),
    ("hangul", "스밀손"),
    ("arabic", "ب9و"),
    ("cyrillic", "☃"),
]


def plain_spellings(table: SoundTable, states: PlainStates, word: str, limit: int) -> list[tuple[str, float]]:
    """Return what the search returns, by dictionaries."""
    beams: list[Beam] = [{} for _ in range(len(word) + 1)]
    beams[0][1, ""] = 0.0
    for place in range(len(word)):
        paths = nlargest(BEAM_WIDTH, beams[place].items(), key=lambda path: path[1])
        moved = False
        for length in (1, 2):
            groups = table.groups.get(word[place : place + length])
            if groups and place + length <= len(word):
                moved = True
                for (start, text), belief in paths:
                    for group, latin in groups:
                        state, score = stepped(states, start, belief, group)
                        arrive(beams[place + length], (state, text + latin), score)
        if not moved:
            for (_, text), belief in paths:
                arrive(beams[place + 1], (0, text), belief - STRANGER_COST)
    texts: dict[str, float] = {}
    for (end, text), belief in beams[-1].items():
        score = stepped(states, end, belief, 0)[1]
        if text and texts.get(text, -1e9) < score:
            texts[text] = score
    return nlargest(limit, texts.items(), key=lambda entry: entry[1])


def stepped(states: PlainStates, state: int, score: float, group: int) -> tuple[int, float]:
    """Return the state and the belief after a group."""
    while (arc := states.arcs[state].get(group)) is None:
        cost, state = states.retreats[state]
        score -= cost
    return arc[1], score - arc[0]


def arrive(beam: Beam, key: tuple[int, str], score: float) -> None:
    """Keep the likelier of two ways to one end."""
    if beam.get(key, -1e9) < score:
        beam[key] = score


@pytest.mark.parametrize(("name", "word"), WORDS)
def test_the_compiled_search_finds_the_spellings_of_the_plain_one(name: str, word: str) -> None:
    table = sound_table(name)

    found = likely_spellings(pack_sounds(table.groups, table.states), word, 12)

    assert dict(found) == pytest.approx(dict(plain_spellings(table, PlainStates(name), word, 12)))


@pytest.mark.parametrize("limit", [1, 6, 12])
@pytest.mark.parametrize("name", ["arabic", "cyrillic", "hangul", "heard", "hebrew", "kana"])
def test_what_is_left_out_early_would_have_been_no_result(name: str, limit: int) -> None:
    table, chosen = sound_table(name), random.Random(limit)
    letters = sorted({letter for group in table.groups for letter in group} | {"☃"})
    words = ["".join(chosen.choices(letters, k=chosen.randint(1, 9))) for _ in range(20)]

    found = likely_spellings_of_all(pack_sounds(table.groups, table.states), words, limit)

    states = PlainStates(name)
    for word, spellings in zip(words, found, strict=True):
        plain = plain_spellings(table, states, word, limit)
        assert [score for _, score in spellings] == pytest.approx([score for _, score in plain])


def test_many_words_at_once_are_spelt_as_each_alone() -> None:
    table = sound_table("cyrillic")
    packed, words = pack_sounds(table.groups, table.states), ["ребуково", "", "☃", "щукьянеж"]

    found = likely_spellings_of_all(packed, words, 6)

    assert found == [likely_spellings(packed, word, 6) for word in words]


def test_an_empty_word_has_no_spelling() -> None:
    table = sound_table("arabic")

    assert likely_spellings(pack_sounds(table.groups, table.states), "", 12) == []


def test_a_word_of_strangers_has_no_spelling() -> None:
    table = sound_table("arabic")

    assert likely_spellings(pack_sounds(table.groups, table.states), "☃☃☃", 12) == []


def test_spellings_come_best_first() -> None:
    table = sound_table("arabic")

    scores = [s for _, s in likely_spellings(pack_sounds(table.groups, table.states), "باكو", 12)]

    assert scores == sorted(scores, reverse=True)
