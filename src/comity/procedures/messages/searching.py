"""Searching one's own bureau's box: by how words begin, by numbers in messages, by bureau, by what they are about.

    asked -> authorised -> the messages of the box that keys lead to, newest first -> read, compared -> logged -> shown

Keys only save reading: what they lead to is read, and what has no keys yet is read too, so that an answer is a function
of the box alone, whatever else the node holds. Of a sealed message nothing but its header is compared. One that a
redress case withholds is not found. The log keeps a mark of the words, not the words.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import MalformedError
from comity.names.hearing import is_of_word, words_in
from comity.names.plain import plain
from comity.names.scripts import script_of
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.message_keys import (
    WORD_CHARS_MIN,
    Way,
    are_current,
    key_of_start,
    keys_of_number,
    keys_of_word,
    led_by,
)
from comity.procedures.messages.clocks import pass_on_overdue
from comity.procedures.messages.reading import check_limit, cursor, log_delivered
from comity.procedures.messages.shown import seen_readers, withheld_for
from comity.procedures.noting import noting
from comity.procedures.redress_words import NOT_LETTERS, UNPARTED, stands_in
from comity.records.fieldtype import Json, clean_text
from comity.records.handling import bureau_code
from comity.records.messages.message import Header, header_from_bytes, parse_id
from comity.registry import message_finding, message_keys, redress
from comity.registry.messages import AUTHOR, Boxed

FIELDS: Final = frozenset({"text", "bureau", "about", "limit", "before"})
TEXT_CHARS_MAX: Final = 200
LINES_DEFAULT: Final = 50
PAGE: Final = 2000
READ_AT_ONCE: Final = 100
PLACES_MAX: Final = 50_000
"""So much of the box is gone through for one answer, however much of it has to be read: then it says how to go on."""

EXCERPT_CHARS: Final = 80
"""So much of a text is shown before and after what was found in it."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What is searched for: plain words and bare numbers, all of which must be there; a bureau; an identifier."""

    words: tuple[str, ...]
    numbers: tuple[str, ...]
    bureau: str | None
    about: str | None

    @property
    def is_of_content(self) -> bool:
        """Whether anything is asked that a sealed message does not tell."""
        return bool(self.words or self.numbers or self.about)


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A message that was found: its header as its reader may see it, and the words about what was found."""

    boxed: Boxed
    header: Header
    to: tuple[str, ...]
    subject: str | None
    phrase: str | None
    excerpt: str

    @property
    def is_own(self) -> bool:
        """Whether the reader's bureau wrote it."""
        return self.boxed.part == AUTHOR

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        boxed = self.boxed
        return {
            "message": boxed.public_id,
            "thread": boxed.thread,
            "author": boxed.author,
            "to": [*self.to],
            "at": boxed.at.isoformat(),
            "subject": self.subject,
            "phrase": self.phrase,
            "is_sealed": boxed.envelope is not None,
            "priority": self.header.priority.value,
            "handling_code": self.header.handling_code,
            "excerpt": self.excerpt,
        }


@dataclass(frozen=True, slots=True)
class FoundMessages:
    """A page of what was found, newest first; `next` goes on from there, None where all was looked through."""

    lines: tuple[FoundMessage, ...]
    next: str | None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"messages": [one.to_json() for one in self.lines], "next": self.next}


def search(data: Json, officer: Officer, desk: Desk) -> FoundMessages:
    """Return the messages of the bureau's box in which all words and numbers of `text` stand, newest first.

    A word of three letters or more stands wherever one begins with it; marks on letters count for nothing.

    `bureau` keeps those that it wrote or that were written to it, `about` those that refer to an identifier. `limit`
    and `before` are as in lists. Raises, after logging, `RefusedError` and `MalformedError`.
    """
    stated: Mapping[str, Json] = data if isinstance(data, dict) else {}
    asked: dict[str, Json] = {"search": desk.box.mark(repr(stated.get("text")))}
    asked |= {name: stated[name] for name in ("bureau", "about", "before") if stated.get(name)}
    leave(officer, Act.MESSAGE_READ, desk, asked)
    with noting(officer, Act.MESSAGE_READ, desk, asked):
        if not isinstance(data, dict):
            raise MalformedError("object-expected", "body")
        searched = _parsed(stated)
        limit, place = _page(stated)
    pass_on_overdue(desk)
    own = officer.bureau.code
    with desk.registry.read() as connection:
        found, last = _found(searched, own, (limit, place), connection, desk)
    log_delivered(
        entry_of(officer, Act.MESSAGE_READ, desk.clock(), "done", query=asked_terms(asked)), own, desk
    )
    return FoundMessages(tuple(found), None if last is None else str(last))


def _parsed(stated: Mapping[str, Json]) -> Searched:
    for name in stated:
        if name not in FIELDS:
            raise MalformedError("unknown-field", name[:200])
    text, about = stated.get("text"), stated.get("about")
    bureau = stated.get("bureau")
    words: list[str] = []
    numbers: list[str] = []
    for token in clean_text(text, "text", TEXT_CHARS_MAX).split() if text else ():
        bare = NOT_LETTERS.sub("", token).casefold()
        if any(sign.isdigit() for sign in bare):
            numbers.append(bare)
        else:
            words += words_in(plain(token))
    if text and not (words or numbers):
        raise MalformedError("text-empty", "text")
    searched = Searched(
        tuple(words),
        tuple(numbers),
        bureau_code(bureau, "bureau") if bureau else None,
        parse_id(about, "about") if about else None,
    )
    if not (searched.is_of_content or searched.bureau):
        raise MalformedError("field-missing", "text")
    return searched


def _page(stated: Mapping[str, Json]) -> tuple[int, int | None]:
    limit, before = stated.get("limit"), stated.get("before")
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int)):
        raise MalformedError("number-expected", "limit")
    check_limit(LINES_DEFAULT if limit is None else limit)
    if before is not None and not isinstance(before, str):
        raise MalformedError("cursor-form", "before")
    return LINES_DEFAULT if limit is None else limit, cursor(before, "before")


def _found(
    searched: Searched, own: str, page: tuple[int, int | None], connection: Connection, desk: Desk
) -> tuple[list[FoundMessage], int | None]:
    """Return what is found, and the place to go on from, None at the end of the box."""
    limit, place = page
    led = _led(searched, connection, desk)
    found: list[FoundMessage] = []
    passed = 0
    authors = () if searched.bureau is None else (searched.bureau, own)
    while some := message_finding.places_before(connection, own, place, PAGE, authors):
        chosen = [position for position, number in some if led is None or led.may_be(number)]
        for start in range(0, len(chosen), READ_AT_ONCE):
            boxes = message_finding.at_places(connection, own, chosen[start : start + READ_AT_ONCE])
            blocked = redress.blocked_things(connection, [boxed.public_id for boxed in boxes])
            for boxed in boxes:
                one = None if withheld_for(boxed, blocked) else _as_found(boxed, searched)
                if one is not None:
                    found.append(one)
                if len(found) == limit:
                    return found, boxed.position
        place, passed = some[-1][0], passed + len(some)
        if passed >= PLACES_MAX:
            return found, place
    return found, None


@dataclass(frozen=True, slots=True)
class _Led:
    numbers: frozenset[int]
    kept_to: int

    def may_be(self, number: int) -> bool:
        """Return whether a message may be meant: keys lead to it, or it has none yet."""
        return number > self.kept_to or number in self.numbers


def _led(searched: Searched, connection: Connection, desk: Desk) -> _Led | None:
    """Return which messages keys lead to; None where no key tells: all are read."""
    keys = [key for number in searched.numbers for key in keys_of_number(number)]
    keys += [] if searched.about is None else [f"id {searched.about}"]
    keys += [key for word in searched.words if is_unparted(word) for key in keys_of_word(word)]
    starts = [key_of_start(word) for word in searched.words if is_by_start(word)]
    if not are_current(connection, desk):
        return None
    led: list[frozenset[int]] = []
    for wanted, table in ((keys, message_keys.MESSAGE_KEYS), (starts, message_keys.MESSAGE_STARTS)):
        if wanted:
            groups = tuple(frozenset((key,)) for key in dict.fromkeys(wanted))
            numbers = led_by([Way(groups, len(groups))], message_keys.blocks(connection, table), desk)[0]
            led.append(frozenset(numbers))
    if not led:
        return None
    return _Led(frozenset[int].intersection(*led), message_keys.last_kept(connection))


def is_unparted(word: str) -> bool:
    """Return whether a word is of a script that parts none: then it may stand anywhere in a longer one."""
    return script_of(word) in UNPARTED


def is_by_start(word: str) -> bool:
    """Return whether a word finds those that begin with it; a shorter one is found as it is."""
    return len(word) >= WORD_CHARS_MIN and not is_unparted(word)


def stands_at_start(said: str, word: str) -> bool:
    """Return whether a word of a plain text is this, or begins with it where it is long enough."""
    if not is_by_start(word):
        return stands_in(said, word)
    start = said.find(word)
    while start >= 0:
        if not is_of_word(said[start - 1 : start]):
            return True
        start = said.find(word, start + 1)
    return False


def _as_found(boxed: Boxed, searched: Searched) -> FoundMessage | None:
    """Return a message as it is found, or None where it is not meant."""
    header = header_from_bytes(boxed.header)
    to, _second = seen_readers(boxed, header)
    if searched.bureau is not None:
        others = to if boxed.part == AUTHOR else (boxed.author,)
        if searched.bureau not in others:
            return None
    if boxed.envelope is not None:
        return None if searched.is_of_content else FoundMessage(boxed, header, to, None, None, "")
    content: Json = msgspec.json.decode(boxed.body)
    passed: Json = None if boxed.forwards is None else msgspec.json.decode(boxed.forwards)
    assert isinstance(content, dict), "what is stored as a message's content"
    if searched.about is not None and searched.about not in _references(content, passed):
        return None
    texts = [*_texts(content), *_texts_passed(passed)]
    if header.handling_note:
        texts.append(header.handling_note)
    if not _stand_in(searched, texts):
        return None
    subject, phrase = content.get("subject"), content.get("phrase")
    code = phrase.get("code") if isinstance(phrase, dict) else None
    excerpt = _excerpt(searched, [text for text in texts if text != subject])
    return FoundMessage(boxed, header, to, _text(subject), _text(code), excerpt)


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _texts(content: Mapping[str, Json]) -> Iterator[str]:
    """Yield what somebody wrote in a message: not its codes, and not the digests of its files."""
    for name in ("text", "subject"):
        if isinstance(value := content.get(name), str):
            yield value
    phrase = content.get("phrase")
    if isinstance(phrase, dict) and isinstance(values := phrase.get("values"), dict):
        yield from (value for value in values.values() if isinstance(value, str))
    yield from (str(one["name"]) for one in _listed(content, "attachments"))
    yield from (str(one["id"]) for one in _listed(content, "references"))


def _listed(content: Mapping[str, Json], name: str) -> list[dict[str, Json]]:
    value = content.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts_passed(passed: Json) -> Iterator[str]:
    for content in _contents_passed(passed):
        yield from _texts(content)


def _contents_passed(passed: Json) -> Iterator[dict[str, Json]]:
    while isinstance(passed, dict):
        if isinstance(content := passed.get("content"), dict):
            yield content
        passed = passed.get("forwarded")


def _references(content: Mapping[str, Json], passed: Json) -> Collection[str]:
    return {
        str(one["id"]) for some in (content, *_contents_passed(passed)) for one in _listed(some, "references")
    }


def _stand_in(searched: Searched, texts: Sequence[str]) -> bool:
    bare = [NOT_LETTERS.sub("", text).casefold() for text in texts] if searched.numbers else []
    if not all(any(number in text for text in bare) for number in searched.numbers):
        return False
    if not searched.words:
        return True
    said = plain(" ".join(texts))
    return all(stands_at_start(said, word) for word in searched.words)


def _excerpt(searched: Searched, texts: Sequence[str]) -> str:
    """Return the words about the first place in these texts where something that is searched for stands, or none."""
    wanted = [*searched.words, *searched.numbers]
    for text in texts:
        for place, word in enumerate(words := text.split()):
            bare = NOT_LETTERS.sub("", word).casefold()
            if any(one in plain(word) or one in bare for one in wanted):
                return _cut(words, place)
    return _cut(texts[0].split(), 0) if texts and not wanted else ""


def _cut(words: Sequence[str], place: int) -> str:
    start, end = place, place + 1
    while start and len(" ".join(words[start:place])) < EXCERPT_CHARS:
        start -= 1
    while end < len(words) and len(" ".join(words[place:end])) < EXCERPT_CHARS:
        end += 1
    said = " ".join(words[start:end])
    return f"{'… ' if start else ''}{said}{' …' if end < len(words) else ''}"
