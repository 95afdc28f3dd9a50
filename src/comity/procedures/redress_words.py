"""What messages say of a person: the words of a name, a number, a reference, a coded phrase.

    messages ─ sieved, many at once, so that none is lost: those with the traces of the words, the numbers,
               an identifier in quotation marks, a coded phrase ─ read and looked at one by one

Names are found as they are written, folded; what may be the name in another spelling or script is compared.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import msgspec

from comity.matching.score import is_by_name
from comity.names import fold
from comity.names.hearing import is_of_word, ways_to_sound, words_in
from comity.names.scripts import script_of
from comity.names.traces import BETWEEN, UNTOLD, needle, trace
from comity.procedures.desk import Desk
from comity.procedures.redress_likeness import likelihoods
from comity.procedures.redress_spelling import Heard, spellings
from comity.records.check import Check
from comity.records.fieldtype import Json
from comity.records.handling import Handling
from comity.records.kinds import KINDS
from comity.records.record import Record
from comity.registry.messages_held import MessageText

PHRASE_NAMES = ("name", "beneficiary", "payer", "kin")
NOT_LETTERS = re.compile(r"[\W_]+")
WORD_CHARS_MIN = 2
"""A name of shorter words is looked for in coded phrases alone: two letters stand in any text."""

UNPARTED = frozenset({"han", "kana", "hangul", "thai", "lao", "khmer", "myanmar"})
"""Scripts in which a name stands in a text without blanks around it, or with endings."""

JOINED = frozenset({"han", "kana", "hangul"})
"""Scripts in which a name's own words are written together."""

PHRASE, NOTE = b'"phrase":{', b'"handling_note":"'
SEAM = BETWEEN.encode()
ESCAPED = re.compile(rb"\\(?:[^u]|u....)")
"""What is escaped in JSON as it is stored: a sign or a control character, never a letter."""


class Sieved(NamedTuple):
    """A message that may be about the person; by words at most where no phrase and no reference is in it.

    `may_name` is whether all the words of a name, or a number, may stand in it as they are written.
    """

    message: MessageText
    is_by_words_at_most: bool
    may_name: bool


class Among(NamedTuple):
    """Which messages, by number, may name the person as written, and which in another spelling: no others do."""

    written: frozenset[int]
    spelt: frozenset[int]


class Sought:
    """What is looked for in messages: the words of each name, each number, and identifiers."""

    def __init__(self, check: Check, ids: Collection[str]) -> None:
        self.check = check
        self.ids = frozenset(ids)
        self.names = [words for _, text in check.names() for words in _ways_to_write(text)]
        keys = (NOT_LETTERS.sub("", key).casefold() for _, key in check.keys())  # noqa: SIM118 - no mapping
        self.numbers = [key for key in keys if key]
        self.by_name = is_by_name(check)
        self.heard = [Heard(way) for _, text in check.names() for way in ways_to_sound(text)]
        self._needles = [[needle(word) for word in words] for words in self.names]
        self._needles += [[needle(number)] for number in self.numbers]
        self._quoted = frozenset(one.encode() for one in self.ids)

    def sieved(self, messages: Sequence[MessageText]) -> list[Sieved]:
        """Return those that may be about the person; the others are not, for sure."""
        whole = SEAM.join(map(_said, messages))
        if b"\\" in whole:
            whole = ESCAPED.sub(b" ", whole)
        bones = trace(whole.decode())
        is_phrased = self.by_name and PHRASE in whole
        is_referring = not self._quoted.isdisjoint(whole.split(b'"'))
        is_named = self._may_name(bones)
        if not (is_phrased or is_referring or is_named):
            return []  # most pages are told by one look
        found: list[Sieved] = []
        for one, text, bone in zip(messages, whole.split(SEAM), bones.split(BETWEEN), strict=True):
            if (is_phrased and PHRASE in text) or (
                is_referring and not self._quoted.isdisjoint(text.split(b'"'))
            ):
                may_name = is_named and self._may_name(bone)
                found.append(Sieved(one, is_by_words_at_most=False, may_name=may_name))
            elif is_named and self._may_name(bone):
                found.append(Sieved(one, is_by_words_at_most=True, may_name=True))
        return found

    def may_stand_in(self, texts: Sequence[str]) -> list[bool]:
        """Return of each text whether all the words of a name, or a number, may stand in it: in no other do they."""
        if not texts:
            return []
        return [self._may_name(bones) for bones in trace(BETWEEN.join(texts)).split(BETWEEN)]

    def _may_name(self, bones: str) -> bool:
        if UNTOLD in bones:
            return True
        return any(all(part in bones for part in parts) for parts in self._needles)

    def stand_in(self, texts: Sequence[str]) -> bool:
        """Return whether all the words of a name, or a whole number in one place, stand in these texts."""
        if any(number in NOT_LETTERS.sub("", text).casefold() for text in texts for number in self.numbers):
            return True
        if not self.names:
            return False
        folded = fold(" ".join(texts))
        return any(all(stands_in(folded, word) for word in words) for words in self.names)


def stands_in(folded: str, word: str) -> bool:
    """Return whether a word stands in a text by itself; in a script that parts no words, anywhere."""
    if script_of(word) in UNPARTED:
        return word in folded
    start = folded.find(word)
    while start >= 0:
        end = start + len(word)
        if not is_of_word(folded[start - 1 : start]) and not is_of_word(folded[end : end + 1]):
            return True
        start = folded.find(word, start + 1)
    return False


def _ways_to_write(name: str) -> list[list[str]]:
    """Return the words of a name to be looked for; none where they are too short to tell anything."""
    words = words_in(fold(name))
    if words and all(script_of(word) in JOINED for word in words):
        whole = "".join(words)
        apart = [words] if len(words) > 1 and min(map(len, words)) >= WORD_CHARS_MIN else []
        return [*apart, [whole]] if len(whole) >= WORD_CHARS_MIN else []
    return [words] if any(len(word) > WORD_CHARS_MIN for word in words) else []


def _said(message: MessageText) -> bytes:
    """Return everything that a message says, as it is stored."""
    if message.forwards is None and NOTE not in message.header:
        return message.body
    return b" ".join((message.body, message.forwards or b"", message.header))


def found_in(
    messages: Sequence[MessageText], sought: Sought, among: Among, desk: Desk
) -> Iterator[tuple[MessageText, float, str]]:
    """Yield those of sieved messages that are about the person, how surely, and by what they were found.

    Where very many have coded phrases, most are compared by these alone: their words are looked at where `among` says.
    """
    read = [(one, *what_it_says(one)) for one in messages]
    sure = _likelihoods([phrases for _, _, phrases in read], sought, desk)
    left: list[tuple[MessageText, list[Record]]] = []
    for (one, texts, _), likelihood in zip(read, sure, strict=True):
        if not sought.ids.isdisjoint(texts):
            yield one, 1.0, "reference"
        elif likelihood:
            yield one, likelihood, "likeness"
        elif one.number in among.written and sought.stand_in(texts):
            yield one, 0.0, "words"
        elif one.number in among.spelt:
            left.append((one, [person_named([name]) for name in spellings(texts, sought.heard)]))
    alike = _likelihoods([persons for _, persons in left], sought, desk)
    yield from ((one, 0.0, "spelling") for (one, _), sure in zip(left, alike, strict=True) if sure)


def what_it_says(message: MessageText) -> tuple[list[str], list[Record]]:
    """Return all that a message says, and the persons that its coded phrases name."""
    content: Json = msgspec.json.decode(message.body)
    passed: Json = None if message.forwards is None else msgspec.json.decode(message.forwards)
    texts = [*_texts(content), *_texts(passed)]
    if NOTE in message.header:
        texts.append(msgspec.json.decode(message.header)["handling_note"])
    return texts, [one for values in _phrases(content, passed) if (one := _named(values)) is not None]


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _phrases(*contents: Json) -> Iterator[Mapping[str, Json]]:
    """Yield the values of the coded phrases of a message and of what it passes on."""
    for content in contents:
        if not isinstance(content, dict):
            continue
        phrase = content.get("phrase")
        if isinstance(phrase, dict) and isinstance(values := phrase.get("values"), dict):
            yield values
        yield from _phrases(content.get("content"), content.get("forwarded"))


def _named(values: Mapping[str, Json]) -> Record | None:
    """Return whom a coded phrase names, in the form of a record, or None where it names nobody."""
    names = [str(values[name]) for name in PHRASE_NAMES if values.get(name)]
    if not names:
        return None
    data: dict[str, Json] = {}
    for name, many in (("born", "born"), ("nationality", "nationalities")):
        if values.get(name):
            data[many] = [values[name]]
    if values.get("sex"):
        data["sex"] = values["sex"]
    if values.get("document"):
        data["documents"] = [{"number": values["document"]}]
    return person_named(names, data)


def names_of(person: Record) -> list[str]:
    """Return the names of a person as `person_named` makes them."""
    elements = person.data["names"]
    assert isinstance(elements, list), "that is how they are made"
    return [str(one["name"]) for one in elements if isinstance(one, dict)]


def person_named(names: Sequence[str], more: Mapping[str, Json] | None = None) -> Record:
    """Return a person of these names, in the form of a record, so that a check can be compared with it."""
    named: list[Json] = [{"name": name, "type": "primary"} for name in names]
    return Record(KINDS["person"], "said", None, {"names": named, **(more or {})}, Handling())


def _likelihoods(named: Sequence[Sequence[Record]], sought: Sought, desk: Desk) -> list[float]:
    """Return how surely the check means the likeliest of each message's persons: 0 where none of them."""
    if not sought.by_name:
        return [0.0] * len(named)
    scored = iter(likelihoods(sought.check, list(chain(*named)), desk))
    return [max((next(scored) for _ in persons), default=0.0) for persons in named]
