"""How do the words of a text sound that may be somebody's name, whatever script they are in?

    text -> words, as they stand -> those that look like names -> pieces: a word, two that follow each other,
            a stretch of an unparted script that begins with a family name -> the sounds of each

Two spellings of one name share a sound; so do strangers: sounds propose, and never decide.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from comity.names.fold import fold
from comity.names.forms import forms_of
from comity.names.parts import parse_name
from comity.names.readings import name_splits, skeleton
from comity.names.readings.splits import begins_with_family
from comity.names.scripts import script_of

FORMS_MAX: Final = 4
SOUND_CHARS_MIN: Final = 2
"""A sound of one letter tells nobody from anybody."""

UNPARTED: Final = frozenset({"han", "hangul", "kana"})
"""Scripts in which a name's own words are written together, and a text's in part."""

STRETCHES: Final = (4, 3, 2)
STRETCHES_MAX: Final = 400
"""So many stretches of one text are heard at most."""

UNPARTED_CHARS_MAX: Final = 8
"""A longer word of an unparted script is a sentence: only stretches of it are heard."""

_FOREIGN: Final = re.compile("[ァ-ヺー]{2,20}")
"""Katakana amid other signs: a foreigner's name, as often as not."""

WORDS_JOINED: Final = 2
"""So many words are heard as one wherever they stand; more of them only where all are a name."""

_SENTENCE_END: Final = re.compile(r"[.!?;:\n]")

SMALL_WORDS_MAX: Final = 40
"""A text of so many words at most is heard whole where capitals stand at the beginnings of its sentences alone."""

HEARD_AS: Final = 2
"""Raised whenever a text is heard otherwise than before, though its words are read alike: keys are made anew."""

CASED: Final = frozenset({"latin", "cyrillic", "greek", "armenian"})


class Piece(NamedTuple):
    """A piece of a text that may be a name or a part of one: its words by place, and how it may sound."""

    start: int
    end: int
    text: str
    sounds: frozenset[str]


def words_in(text: str) -> list[str]:
    """Return the words of a text as they stand: letters, digits and the marks on them."""
    return "".join(sign if is_of_word(sign) else " " for sign in text).split()


@lru_cache(maxsize=1 << 14)
def is_of_word(sign: str) -> bool:
    """Return whether a sign is a letter, a digit, or a mark on one; it may be nothing."""
    return sign.isalnum() or (bool(sign) and unicodedata.category(sign).startswith("M"))


def pieces(text: str) -> Iterator[Piece]:
    """Yield the pieces of a text that may be names, in order; a piece without a sound is left out."""
    words = words_in(text)
    is_written_small = _is_written_small(text, words)
    left = STRETCHES_MAX
    before: tuple[str, str] | None = None
    for place, word in enumerate(words):
        folded = fold(word)
        script = script_of(folded)
        if script in UNPARTED:
            some = _stretches(word, folded, script)[:left]
            left -= len(some)
            yield from (Piece(place, place + 1, one, sounds) for one in some if (sounds := _any_way(one)))
        is_heard = script not in UNPARTED or len(folded) <= UNPARTED_CHARS_MAX
        if script in CASED:
            is_heard = is_written_small or _is_capital(word)
        if not (script and is_heard):
            before = None
            continue
        if sounds := sounds_of_word(folded, script):
            yield Piece(place, place + 1, word, sounds)
        if before is not None and (sounds := _sounds_together(*before, folded, script)):
            yield Piece(place - 1, place + 1, f"{words[place - 1]} {word}", sounds)
        before = folded, script


def ways_to_sound(name: str) -> list[list[frozenset[str]]]:
    """Return the ways in which a name parts into words that can be heard: of each word its sounds.

    Two words that may be written as one sound so, too. Raises `MalformedError` where it is no name.
    """
    words = [(word.text, word.script) for word in parse_name(name).core]
    ways = [_each(words)]
    if len(words) == 1 and words[0][1] in UNPARTED:
        ways += [_each([(part, script_of(part)) for part in split]) for split in name_splits(words[0][0])]
    return [way for way in ways if way]


def sounds_of_name(name: str) -> frozenset[str]:
    """Return every way in which some word of a name may sound, two of them or all of them written as one, too.

    Names that are alike share one, but for slips in every word. Empty where no word tells enough: a sound of one
    letter, a stranger's name in a script that parts no words. Raises `MalformedError` where it is no name.
    """
    words = [(word.text, word.script) for word in parse_name(name).core]
    if len(words) == 1 and words[0][1] in UNPARTED and len(words[0][0]) > max(STRETCHES):
        return frozenset()
    found = {sound for way in ways_to_sound(name) for word in way for sound in word}
    usual = [forms_of(*word)[:1] for word in words]
    if found and len(words) > WORDS_JOINED and all(usual):
        found.add(skeleton("".join(form.text for (form,) in usual)))
    return frozenset(found)


def _each(words: Sequence[tuple[str, str]]) -> list[frozenset[str]]:
    found: list[set[str]] = [set(sounds_of_word(*word)) for word in words]
    for place, (one, other) in enumerate(zip(words, words[1:], strict=False)):
        together = _sounds_together(*one, *other)
        found[place] |= together
        found[place + 1] |= together
    return [frozenset(sounds) for sounds in found if sounds]


def _is_written_small(text: str, words: Sequence[str]) -> bool:
    """Return whether no capital tells a name: in a short text there is none but where a sentence begins.

    Some devices set that one by themselves. To hear every word of long ones costs three times the keys.
    """
    capitals = {place for place, word in enumerate(words) if len(word) > 1 and _is_capital(word)}
    if not capitals or len(words) > SMALL_WORDS_MAX:
        return not capitals
    begun, starts = 0, set[int]()
    for sentence in _SENTENCE_END.split(text):
        starts.add(begun)
        begun += len(words_in(sentence))
    return capitals <= starts


def _is_capital(word: str) -> bool:
    return word[0] != word[0].lower()


def sounds_of_word(word: str, script: str) -> frozenset[str]:
    """Return how a folded word may sound, in its likeliest spellings; nothing where that tells too little."""
    found = {skeleton(form.text) for form in forms_of(word, script)[:FORMS_MAX]}
    return frozenset(sound for sound in found if len(sound) >= SOUND_CHARS_MIN)


def _sounds_together(one: str, script: str, other: str, other_script: str) -> frozenset[str]:
    """Return how two words sound that are written as one, in the likeliest spelling of each."""
    first, second = forms_of(one, script)[:1], forms_of(other, other_script)[:1]
    if not (first and second):
        return frozenset()
    sound = skeleton(first[0].text + second[0].text)
    return frozenset((sound,)) if len(sound) > SOUND_CHARS_MIN else frozenset()


def _stretches(word: str, folded: str, script: str) -> list[str]:
    """Return the stretches of an unparted word that may be names: in Hangul these begin words."""
    foreign = _FOREIGN.findall(word) if script != "hangul" else []
    starts = range(len(folded) - 1) if script == "han" else (0,)
    return foreign + [
        folded[start : start + size]
        for start in starts
        for size in STRETCHES
        if start + size <= len(folded) and begins_with_family(folded[start : start + size])
    ]


@lru_cache(maxsize=1 << 14)
def _any_way(name: str) -> frozenset[str]:
    """Return how the parts of an unparted name may sound, whichever way it parts."""
    parts = {part for split in name_splits(name) for part in split}
    return frozenset[str]().union(*(sounds_of_word(part, script_of(part)) for part in parts))
