"""What the conventions are made of: a language with its ways to write a name, letter tables, rules in order."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Write = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Language:
    """A language: ways to write its names by the conventions' own names, which ones the names come from."""

    name: str
    ways: Mapping[str, Write]


def words(text: str) -> list[str]:
    """Return the words of a list written compactly."""
    return text.split()


def table(text: str) -> dict[str, str]:
    """Return a letter table written compactly: letters and what is written for them by turns, - for nothing."""
    pieces = text.split()
    return {
        letter: "" if written == "-" else written
        for letter, written in zip(pieces[::2], pieces[1::2], strict=True)
    }


def by_letters(
    letters: Mapping[str, str], *before: tuple[str, str], after: tuple[tuple[str, str], ...] = ()
) -> Write:
    """Return a way to write: rules on the lower-case name, then each letter, then rules on the result."""

    def write(name: str) -> str:
        text = unicodedata.normalize("NFC", name).lower()
        for pattern, instead in before:
            text = re.sub(pattern, instead, text)
        text = "".join(letters.get(letter, letter) for letter in text)
        for pattern, instead in after:
            text = re.sub(pattern, instead, text)
        return capitals(text)

    return write


def by_rules(*rules: tuple[str, str]) -> Write:
    """Return a way to write that applies rules in order to the name in lower case."""
    return by_letters({}, *rules)


def then(*ways: Write) -> Write:
    """Return the ways one after the other as one."""

    def write(name: str) -> str:
        for way in ways:
            name = way(name)
        return name

    return write


def capitals(text: str) -> str:
    """Return the words with a capital each, blanks single."""
    return " ".join(word[:1].upper() + word[1:] for word in text.split())


def bare(name: str) -> str:
    """Return a name in Latin letters without marks, as a plain keyboard writes it."""
    text = name.translate(
        str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ı": "i", "ß": "ss"})
    )
    text = text.replace("æ", "ae").replace("Æ", "Ae")
    return "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    )


def swapped(name: str) -> str:
    """Return the name with its first word last."""
    first, *others = name.split()
    return " ".join([*others, first])


def as_it_stands(name: str) -> str:
    """Return the name as it was given."""
    return name
