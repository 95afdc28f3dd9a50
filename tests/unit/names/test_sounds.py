"""The sounds of many spellings at once are those of each alone."""

import random

from comity.names.sounds import ALPHABET, consonants_of, consonants_of_all


def test_consonants_of_many_spellings_are_those_of_each() -> None:
    chosen = random.Random(5)
    spellings = ["".join(chosen.choices(ALPHABET, k=chosen.randint(0, 50))) for _ in range(500)]

    assert consonants_of_all(spellings) == [consonants_of(spelling) for spelling in spellings]


def test_no_spelling_has_no_consonants() -> None:
    assert consonants_of_all([]) == []


def test_signs_part_no_spelling() -> None:
    assert consonants_of_all(["o'bri en", "petit"]) == [consonants_of("obrien"), consonants_of("petit")]
