"""By which keys are messages found again? As they are written, as their names sound, by numbers, by identifiers.

    open messages -> what they say -> keys -> keyed digests, in blocks (the clock does this, a while after they came)
    whom a check asks for -> ways to find it, each of some keys -> the messages that may be meant

The digests tell nothing of what is said to whoever lacks the node's key. What is in no block yet is looked at as if
it were in one. A message that a search finds by reading it is always among those that its keys lead to, unless it
is found by its spelling alone, or its coded phrase names somebody no word of whose name sounds alike.
"""

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from comity.errors import MalformedError
from comity.names import fold
from comity.names.edition import readings_edition
from comity.names.hearing import HEARD_AS, pieces, sounds_of_name, words_in
from comity.names.plain import plain
from comity.names.scripts import script_of, script_of_letter
from comity.procedures.desk import Desk
from comity.procedures.redress_words import NOT_LETTERS, UNPARTED, Sought, names_of, what_it_says
from comity.registry import message_keys, messages_held, positions
from comity.registry.message_keys import BLOCK, Block
from comity.registry.messages_held import MessageText

WORD_CHARS_MIN: Final = 3
ID_CHARS_MAX: Final = 64
GRAM: Final = 3
STARTS: Final = (WORD_CHARS_MIN, 5)
"""By so many letters at its beginning a word is found: by the first few, or nearly surely."""

PHRASED, FAINT = "phrase", "faint phrase"
"""Of a message whose coded phrase names a person; of one whose name tells too little to be heard."""

BLOCKS_A_ROUND: Final = 4
"""So many blocks are made at once by the clock, which has other things to do."""


def keys_of(texts: Sequence[str], named: Sequence[str] = ()) -> set[str]:
    """Return the keys of a message that says these texts, and whose coded phrases name these persons."""
    found = {PHRASED} if named else set[str]()
    for name in named:
        sounds = _sounds(name)
        found.update([f"sound {sound}" for sound in sounds] or [FAINT])
    for word in set(words_in(fold(" ".join(texts)))):
        found.update(_written(word))
    for text in texts:
        found.update(keys_of_number(NOT_LETTERS.sub("", text).casefold()))
        if len(text) <= ID_CHARS_MAX:
            found.add(f"id {text}")
        found.update(f"sound {sound}" for piece in pieces(text) for sound in piece.sounds)
    return found


def starts_of(texts: Sequence[str]) -> set[str]:
    """Return the keys of how the words of these texts begin, without their marks: for who remembers a beginning."""
    words = set(words_in(plain(" ".join(texts))))
    return {f"start {word[:size]}" for word in words for size in STARTS if len(word) >= size}


def key_of_start(word: str) -> str:
    """Return the key by which words that begin with a plain word are looked for; it has three letters at least."""
    size = max(size for size in STARTS if size <= len(word))
    return f"start {word[:size]}"


def _sounds(name: str) -> frozenset[str]:
    try:
        return sounds_of_name(name)
    except MalformedError:  # no name by itself: it is compared with every question
        return frozenset()


def _written(word: str) -> Iterator[str]:
    """Yield the keys of a folded word: itself, and the pairs of letters of a script that parts no words."""
    if len(word) >= WORD_CHARS_MIN:
        yield f"word {word}"
    if not word.isascii() and any(script_of_letter(sign) in UNPARTED for sign in word):
        yield from _pairs(word)


def _pairs(word: str) -> Iterator[str]:
    yield from (f"pair {word[place : place + 2]}" for place in range(len(word) - 1))


def keys_of_number(bare: str) -> Iterator[str]:
    """Yield the keys of what has a digit in it, bare of all but letters and digits: three signs each."""
    for place in range(len(bare) - GRAM + 1):
        gram = bare[place : place + GRAM]
        if not gram.isalpha():
            yield f"number {gram}"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to find messages: so many of these groups must be there, each by one of its keys."""

    groups: tuple[frozenset[str], ...]
    needed: int


def _as_written(words: Sequence[str]) -> Way | None:
    return _all_of([key for word in words for key in keys_of_word(word)])


def keys_of_word(word: str) -> Iterator[str]:
    """Yield the keys by which a word is looked for: in a script that parts no words it may stand in a longer one."""
    return _pairs(word) if script_of(word) in UNPARTED else _written(word)


def _all_of(keys: Collection[str]) -> Way | None:
    groups = tuple(frozenset((key,)) for key in dict.fromkeys(keys))
    return Way(groups, len(groups)) if groups else None


def written_ways(sought: Sought) -> list[Way] | None:
    """Return the ways to what is found as it is written.

    None where something has no key, as it is too short: then every message has to be looked at.
    """
    ways = possible_ways(sought)
    if sought.ids:
        ways.append(Way((frozenset(f"id {one}" for one in sought.ids),), 1))
    if sought.by_name:
        ways += _phrased_ways(sought)
    known = [one for one in ways if one is not None]
    return known if len(known) == len(ways) else None


def _phrased_ways(sought: Sought) -> list[Way | None]:
    """Return the ways to coded phrases that may name the person: some word sounds alike, or tells too little."""
    heard = [_sounds(text) for _, text in sought.check.names()]
    if not all(heard):
        return [_all_of([PHRASED])]
    sounds = frozenset(f"sound {sound}" for sounds in heard for sound in sounds)
    return [Way((frozenset((PHRASED,)), sounds), 2), _all_of([FAINT])]


def possible_ways(sought: Sought) -> list[Way | None]:
    """Return the ways to each name and number as it is written; None for one that is too short to have a key."""
    ways = [_as_written(words) for words in sought.names]
    return ways + [_all_of(list(keys_of_number(number))) for number in sought.numbers]


def heard_ways(sought: Sought) -> list[Way]:
    """Return the ways to what may be a name in another spelling or script."""
    return [
        Way(tuple(frozenset(f"sound {sound}" for sound in word) for word in one.words), one.needed)
        for one in sought.heard
    ]


@dataclass(frozen=True, slots=True)
class Led:
    """The numbers of the messages that keys lead to, in order, and those of them that may spell a name otherwise."""

    numbers: Sequence[int]
    spelt: frozenset[int]


def led_to(sought: Sought, connection: Connection, desk: Desk) -> Led:
    """Return the messages that may be about whom is sought."""
    written, heard = written_ways(sought), heard_ways(sought)
    met = led_by([*heard, *(written or ())], _blocks(connection, desk), desk)
    spelt = frozenset(number for some in met[: len(heard)] for number in some)
    if written is None:
        return Led(range(1, messages_held.last_number(connection) + 1), spelt)
    return Led(sorted({number for some in met[len(heard) :] for number in some} | spelt), spelt)


def led_by(ways: Sequence[Way], blocks: Iterator[Block], desk: Desk) -> list[list[int]]:
    """Return the numbers to which each of some ways leads, in blocks that are read once."""
    keys = list({key for way in ways for group in way.groups for key in group})
    found = _numbers_by_key(keys, blocks, desk)
    return [_met(way, found) for way in ways]


def _met(way: Way, found: Mapping[str, NDArray[np.int64]]) -> list[int]:
    """Return the messages in which enough groups of a way are there."""
    nothing = np.empty(0, np.int64)
    groups = [
        np.unique(np.concatenate([nothing, *(found[key] for key in group if key in found)]))
        for group in way.groups
    ]
    numbers, counts = np.unique(np.concatenate(groups), return_counts=True)
    met: list[int] = numbers[counts >= way.needed].tolist()
    return met


def _numbers_by_key(keys: Sequence[str], blocks: Iterator[Block], desk: Desk) -> dict[str, NDArray[np.int64]]:
    digests = np.array(digests_of(keys, desk), np.uint32)
    found: defaultdict[int, list[NDArray[np.int64]]] = defaultdict(list)
    for block in blocks:
        for which, numbers in block.with_digest(digests):
            found[which].append(numbers)
    return {keys[which]: np.concatenate(some) for which, some in found.items()}


def _blocks(connection: Connection, desk: Desk) -> Iterator[Block]:
    """Yield what is kept in blocks, and the later messages as if they were."""
    yield from message_keys.blocks(connection)
    after: int | None = message_keys.last_kept(connection)
    while after is not None:
        page, last = messages_held.texts_after(connection, after, BLOCK)
        if last is not None:
            yield _blocks_of(after + 1, last, page, desk)[0]
        after = last


def _blocks_of(first: int, last: int, page: Sequence[MessageText], desk: Desk) -> tuple[Block, Block]:
    """Return the keys of messages, and those of how their words begin."""
    digests: dict[int, Collection[int]] = {}
    starts: dict[int, Collection[int]] = {}
    for one in page:
        texts, named = what_it_says(one)
        names = [name for person in named for name in names_of(person)]
        digests[one.number] = digests_of(keys_of(texts, names), desk)
        starts[one.number] = digests_of(starts_of(texts), desk)
    return message_keys.block_of(first, last, digests), message_keys.block_of(first, last, starts)


def digests_of(keys: Collection[str], desk: Desk) -> list[int]:
    """Return what stands for keys under the node's own key, one number each."""
    secret = desk.registry.mark("keys of messages").encode()
    return [
        int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=4, key=secret).digest())
        for key in keys
    ]


def are_current(connection: Connection, desk: Desk) -> bool:
    """Return whether the keys that are kept are of the readings of this release."""
    return positions.position(connection, positions.READINGS_OF_MESSAGES) == readings_number(desk)


def readings_number(desk: Desk) -> int:
    """Return what stands for the readings of names of this release, where keys of theirs are kept."""
    return desk.registry.number("readings", f"{readings_edition()} {HEARD_AS}")


def begin_anew(name: str, drop: Callable[[Connection], None], desk: Desk) -> None:
    """Drop keys of names that were read otherwise, or nobody knows how; what is at `name` says how they were read."""
    number = readings_number(desk)
    with desk.registry.read() as connection:
        if positions.position(connection, name) == number:
            return
    with desk.registry.quietly() as connection:
        # Another process may have been here meanwhile.
        if positions.position(connection, name) != number:
            drop(connection)
            positions.move(connection, name, number)


def keep_keys(desk: Desk, rounds: int | None = BLOCKS_A_ROUND) -> int:
    """Make blocks of the messages that are in none, `rounds` at most, each once it is full; return how many.

    Where names are read otherwise than when the keys were made, all are made anew.
    """
    begin_anew(positions.READINGS_OF_MESSAGES, message_keys.drop, desk)
    made = 0
    while rounds is None or made < rounds:
        with desk.registry.read() as connection:
            start = message_keys.last_kept(connection)
            if messages_held.last_number(connection) < start + BLOCK:
                return made
            page, _ = messages_held.texts_after(connection, start, BLOCK)
        # Messages are numbered one by one, and never removed.
        block, starts = _blocks_of(start + 1, start + BLOCK, page, desk)
        with desk.registry.quietly() as connection:
            if message_keys.last_kept(connection) != start:
                continue  # another process was here meanwhile
            message_keys.keep(connection, block, starts)
        made += 1
    return made


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of all messages stand in blocks. The last ones, too few for a block, wait for none."""

    count: int
    total: int

    @property
    def is_all(self) -> bool:
        """Whether no full block is left to be made."""
        return self.total < self.count + BLOCK


def keep_within(desk: Desk, seconds: float) -> Kept:
    """Make blocks for so long at most, one at least where one is full; return how far that has come."""
    end = time.monotonic() + seconds
    while keep_keys(desk, 1) and time.monotonic() < end:
        pass
    with desk.registry.read() as connection:
        return Kept(message_keys.last_kept(connection), messages_held.last_number(connection))
