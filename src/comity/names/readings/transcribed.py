"""Foreigners' names in Han characters: read as their bearers spell them, and cut where no blank parts them.

The learnt table holds what Wikidata writes; beside it stand two lists: of how the Chinese press of South-East Asia
writes Malay and Indian names, by the sounds of Hokkien and Cantonese, and of the commonest names of the West as the
presses of the mainland, Hong Kong and Taiwan write them, each by its own custom.
"""

from math import log

from anyascii import anyascii

from comity.names.readings.characters import character_readings, fold_han
from comity.names.readings.learnt import Ask, read_learnt, sound_table
from comity.names.readings.reading import Reading, ranked

_LETTERS_MAX = 16
_LEARNT_MAX = 11
_WORD_LETTERS_MAX = 5
_LISTED_COST = 1.0
_LISTED_LETTER_COST = 2.5
_LEARNT_COST = 3.0
_LEARNT_COST_PER_NAT = 0.25
_UNKNOWN_COST = 2.5
_UNKNOWN_LETTER_COST = 0.8
_UNKNOWN_LETTERS = (2, 4)
_CUTS_MAX = 2
_KEPT_MAX = 4
_PINYIN_WEIGHT = 0.3
_BESIDE_LISTED = 0.6


def listed_readings(word: str) -> tuple[Reading, ...]:
    """Return the readings of a folded word that stands in the list of Malay and Indian names."""
    return tuple(
        Reading(text, 1.0 - 0.1 * rank, "han-transcribed")
        for rank, text in enumerate(character_readings("transcribed").get(word, ()))
    )


def _common_readings(word: str) -> tuple[Reading, ...]:
    """Return the spellings of a folded word that is one of the commonest foreign names."""
    return tuple(
        Reading(text, 1.0 - 0.1 * rank, "han-transcribed")
        for rank, text in enumerate(character_readings("foreign").get(word, ()))
    )


def ask_transcribed(word: str) -> tuple[Ask, ...]:
    """Return what the readings of a word will ask of the learnt table."""
    return (("han", fold_han(word)[:_LETTERS_MAX], _LEARNT_MAX),)


def read_transcribed(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Han characters that is known to be a foreigner's.

    >>> read_transcribed("莫哈末")[0].text
    'mohamad'
    """
    folded = fold_han(word)[:_LETTERS_MAX]
    pinyin = "".join(anyascii(letter).strip().lower() for letter in folded)
    listed = [*listed_readings(folded), *_common_readings(folded)]
    share = _BESIDE_LISTED if listed else 1.0
    return ranked(
        [
            *listed,
            *(
                Reading(text, weight * share, rule)
                for text, weight, rule in read_learnt("han", folded, _LEARNT_MAX)
            ),
            Reading(pinyin, _PINYIN_WEIGHT, "han-mandarin"),
        ]
    )


def transcribed_splits(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the likeliest cuts of an unspaced foreigner's name into words, none where no word of it is known.

    >>> transcribed_splits("慕斯达法莫哈末")[0]
    ('慕斯达法', '莫哈末')
    """
    if not 4 <= len(name) <= _LETTERS_MAX:
        return ()
    folded = fold_han(name)
    if len(folded) != len(name):
        return ()
    # The cheapest few cuts up to each place: their cost, the words, whether all of them are known.
    best: list[list[tuple[float, tuple[str, ...], bool]]] = [[] for _ in range(len(name) + 1)]
    best[0] = [(0.0, (), True)]
    for start in range(len(name)):
        for end in range(start + 1, min(len(name), start + _WORD_LETTERS_MAX) + 1):
            cost, known = _cost(folded[start:end])
            if cost is None:
                continue
            longer = [
                (total + cost, (*words, name[start:end]), whole and known)
                for total, words, whole in best[start]
                if known or whole
            ]
            best[end] = sorted([*best[end], *longer])[:_KEPT_MAX]
    cuts = [words for _, words, _ in best[-1] if len(words) > 1]
    return (
        tuple(cuts[:_CUTS_MAX]) if any(_cost(fold_han(word))[1] for words in cuts for word in words) else ()
    )


def _cost(word: str) -> tuple[float | None, bool]:
    """Return what it costs to take characters for one word, None where they can be none, and whether it is known."""
    if word in character_readings("transcribed"):
        return _LISTED_COST + (_LISTED_LETTER_COST if len(word) == 1 else 0.0), True
    counted = sound_table("han").counted(word)
    if counted and len(word) > 1:
        return _LEARNT_COST - _LEARNT_COST_PER_NAT * log(sum(count for _, count in counted)), True
    if _UNKNOWN_LETTERS[0] <= len(word) <= _UNKNOWN_LETTERS[1]:
        return _UNKNOWN_COST + _UNKNOWN_LETTER_COST * len(word), False
    return None, False
