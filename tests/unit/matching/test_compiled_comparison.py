"""The compiled comparison of names against the plain rules that it carries out, and against its own words."""

from functools import lru_cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from comity.matching.name_evidence import evidence_of_all, name_evidence
from comity.matching.names import Rarity, RecordName, compare_all
from comity.matching.names.meetings import meet
from comity.matching.names.packing import Lexicon, _Fresh, lexicon, numbered
from comity.matching.names.traits import FORMS, FORMS_END, MARKS, WORD
from comity.matching.names.weights import TYPE_WEIGHTS
from comity.names import parse_name
from comity.names.forms import Form, asked_forms, forms_of
from comity.names.likeness import FAR, price_limit, sound_distance
from comity.names.parts import Word
from comity.names.sounds import sound_codes

word = st.text("aeiouhkmnrstvy", min_size=1, max_size=9) | st.sampled_from(
    ["Jr", "Sr", "bin", "van", "A.", "Petrovich", "Ivanovna", "William", "Bill", "Maria", "Mario", "Dr."]
)
far_word = st.sampled_from(
    ["林佳蓉", "佳蓉", "Лозинцев", "Сергей", "طارق", "도한결", "Lozintsev", "Chia-jung"]
)
name = st.lists(word | far_word, min_size=1, max_size=5).map(" ".join)
names = st.lists(
    st.builds(RecordName, name | st.sampled_from(["", "---"]), st.sampled_from(["primary", "alias", "weak"])),
    min_size=1,
    max_size=6,
)


class RarityByLength(Rarity):
    """How rare a word is by its length alone."""

    def idf(self, text: str) -> float:
        return 1.0 + 1.1 * min(len(text), 9)


@settings(max_examples=200, deadline=None)
@given(name, names)
def test_the_words_told_weigh_together_what_the_kernel_says(asked: str, held: list[RecordName]) -> None:
    found = compare_all(parse_name(asked), held, RarityByLength())
    told = [found.told(place) for place in range(len(held)) if len(found.held[place].cuts)]
    types = [
        TYPE_WEIGHTS.get(one.type, 0.0)
        for one, packed in zip(held, found.held, strict=True)
        if len(packed.cuts)
    ]
    sums = [sum(part.weight for part in one.words) + kind for one, kind in zip(told, types, strict=True)]
    assert sums == [weight for weight in found.weight.tolist() if weight > -np.inf]


@settings(max_examples=200, deadline=None)
@given(name, names)
def test_all_names_at_once_are_worth_what_each_is_worth_alone(asked: str, held: list[RecordName]) -> None:
    together = evidence_of_all(compare_all(parse_name(asked), held, RarityByLength())).tolist()
    alone = [compare_all(parse_name(asked), [one], RarityByLength()).told(0) for one in held]
    assert together == [name_evidence(one) for one in alone]


@settings(max_examples=300, deadline=None)
@given(word | far_word, word | far_word)
def test_the_price_between_two_words_is_the_least_between_their_forms(one: str, other: str) -> None:
    asked, held = parse_name(one).words[0], parse_name(other).words[0]
    # Of two roles that say nothing, so that no doubt is added: those of Han characters and short Latin names have some.
    assert price_between(asked, held) >= np.float32(plain_price(asked, held)) or asked.text == held.text


@settings(max_examples=300, deadline=None)
@given(st.text("aeiouhkmnrstvy", min_size=7, max_size=11), st.data())
def test_the_price_between_long_words_is_the_least_between_their_forms(one: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(one) - 1))
    other = one[:place] + data.draw(st.text("aeioukst", max_size=2)) + one[place + 1 :] + "nu"
    asked, held = Word(one, "latin"), Word(other, "latin")
    assert price_between(asked, held) == np.float32(plain_price(asked, held))


@given(st.lists(st.integers(0, 2**31 - 1), max_size=60))
def test_parts_are_numbered_in_the_order_of_their_coming(parts: list[int]) -> None:
    distinct, places = numbered(np.array(parts, dtype=np.int32))
    assert distinct.tolist() == list(dict.fromkeys(parts))
    assert distinct[places].tolist() == parts


def test_a_full_lexicon_is_followed_by_a_new_one(monkeypatch) -> None:
    monkeypatch.setattr("comity.matching.names.packing.LEXICON_WORDS_MAX", 1)
    before = lexicon()
    before.met(parse_name("Margery"), ["Margery Thistlewood"])
    assert lexicon() is not before


def test_a_word_has_one_number_in_all_names() -> None:
    known = Lexicon()
    _, (first,) = known.met(parse_name("Margery"), ["Margery Thistlewood"])
    _, (second, third) = known.met(parse_name("Margery"), ["Thistlewood Margery", "Margery Quorblin"])
    assert set(first.parts[:2].tolist()) == set(second.parts[:2].tolist())
    assert second.parts[1] == third.parts[0]


def test_names_taken_in_at_once_are_as_one_by_one() -> None:
    texts = ["Margery Thistlewood", "李小龍", "?!", "Thistlewood Вера", "Margery Thistlewood"]
    query = parse_name("Vera Thistelwood")
    together, apart = Lexicon(), Lexicon()
    asked, held = together.met(query, texts)
    for text in texts:
        one, (alone,) = apart.met(query, [text])
        packed = held[texts.index(text)]
        assert packed.words == alone.words
        assert spelt(together, packed.parts) == spelt(apart, alone.parts)
        assert spelt(together, asked.distinct) == spelt(apart, one.distinct)


def spelt(known: Lexicon, parts: NDArray[np.int32]) -> list[list[tuple[bytes, bytes, float]]]:
    """Return the letters, the sounds and the price of each form of some parts."""
    letters, sounds, prices = known.letters.values, known.sounds.values, known.prices.values
    starts, sound_starts = known.letter_starts.values, known.sound_starts.values
    return [
        [
            (
                letters[starts[form] : starts[form + 1]].tobytes(),
                sounds[sound_starts[form] : sound_starts[form + 1]].tobytes(),
                float(prices[form]),
            )
            for form in range(known.traits.values[part, FORMS], known.traits.values[part, FORMS_END])
        ]
        for part in parts.tolist()
    ]


def price_between(asked: Word, held: Word) -> float:
    """Return the price by the kernel."""
    known = Lexicon()
    fresh = _Fresh(0, 0, 0)
    known._draft([(asked,)], fresh, asked=True)
    known._draft([(held,)], fresh, asked=False)
    one, two = fresh.parts
    known._take(fresh)
    assert known.traits.values[one, MARKS] & WORD
    price, *_ = meet(
        np.array([one], dtype=np.int32), np.array([two], dtype=np.int32), known.traits.values,
        known.signs.values, known.letters.values, known.letter_starts.values, known.sounds.values,
        known.sound_starts.values, known.prices.values, known.nicknames.values,
    )  # fmt: skip
    return float(price[0, 0])


def plain_price(asked: Word, held: Word) -> float:
    """Return the least price of spelling, form by form."""
    return min(
        (
            price_of_forms(one, other)
            for one in asked_forms(asked.text, asked.script)
            for other in forms_of(held.text, held.script)
        ),
        default=FAR,
    )


def price_of_forms(one: Form, other: Form) -> float:
    start = np.float32(one.price) + np.float32(other.price)
    limit = price_limit(max(len(one.text), len(other.text))) - float(start)
    if limit < 0:
        return FAR
    sounds, facing = (np.frombuffer(sound_codes(form.text), dtype=np.uint8) for form in (one, other))
    heard = sound_distance(sounds, sounds.size, facing, facing.size, limit)
    typed = float(typing_distance(one.text, other.text))
    least = min(heard, typed if typed <= limit else FAR)
    return float(start) + least if least < FAR else FAR


@lru_cache(maxsize=4096)
def typing_distance(one: str, other: str) -> int:
    """Return the least number of letters more, less, other, or swapped with a neighbour."""
    if not one or not other:
        return len(one) + len(other)
    least = min(
        typing_distance(one[:-1], other[:-1]) + (one[-1] != other[-1]),
        typing_distance(one[:-1], other) + 1,
        typing_distance(one, other[:-1]) + 1,
    )
    if one[-2:] == other[-2:][::-1] and len(one) > 1 and len(other) > 1:
        least = min(least, typing_distance(one[:-2], other[:-2]) + 1)
    return least
