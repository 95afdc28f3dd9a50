"""Free text and names: cleaned of what cannot be seen, otherwise kept as entered."""

import re
import unicodedata

from comity.errors import MalformedError
from comity.records.fieldtype import TEXT_MAX, Comparison, FieldType, Json, clean_text

NAME_MAX = 1000
"""The longest name, in characters: some lists put several spellings into one."""

LABEL_MAX = 300
LONG_TEXT_MAX = 20_000

# Direction marks, byte order marks and soft hyphens come along when text is pasted; they change no name.
# The joiners U+200C and U+200D stay: Persian and Indic spellings need them.
UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x7f-\x84\x86-\x9f]"
)
SPACES = re.compile(r"\s+")


def without_unseen(text: str) -> str:
    """Return `text` without characters that show nothing and mean nothing, in composed form (NFC)."""
    return unicodedata.normalize("NFC", UNSEEN.sub("", text))


def parse_line(value: Json, field: str, chars_max: int = LABEL_MAX) -> str:
    """Return `value` as one line: no unseen characters, each run of white space one space.

    Raises `MalformedError` as `clean_text` does.
    """
    if isinstance(value, str) and value.isprintable():
        # Nearly all text: no control character, nothing unseen, no space but the plain one.
        text = unicodedata.normalize("NFC", " ".join(value.split()))
        if text and len(value) <= chars_max >= len(text):
            return text
    return _bounded(SPACES.sub(" ", without_unseen(clean_text(value, field, chars_max))), field, chars_max)


def parse_paragraphs(value: Json, field: str, chars_max: int = TEXT_MAX) -> str:
    """Return `value` as text whose line ends are kept. Raises `MalformedError` as `clean_text` does."""
    return _bounded(without_unseen(clean_text(value, field, chars_max)), field, chars_max)


def _bounded(text: str, field: str, chars_max: int) -> str:
    # Composing may lengthen a text, and taking the unseen away may leave nothing.
    text = text.strip()
    if not text:
        raise MalformedError("text-empty", field)
    if len(text) > chars_max:
        raise MalformedError("text-too-long", field)
    return text


def parse_name(value: Json, field: str) -> str:
    """Return a name as it was entered, in one line of at most 1,000 characters.

    Raises `MalformedError` as `clean_text` does, and `name-letters` where there is no letter in it.
    """
    name = parse_line(value, field, NAME_MAX)
    if not any(map(str.isalnum, name)):
        raise MalformedError("name-letters", field)
    return name


def parse_long_text(value: Json, field: str) -> str:
    """Return text of at most 20,000 characters, line ends kept."""
    return parse_paragraphs(value, field, LONG_TEXT_MAX)


LABEL = FieldType("label", Comparison.NONE, parse_line)
TEXT = FieldType("text", Comparison.NONE, parse_paragraphs)
LONG_TEXT = FieldType("long_text", Comparison.NONE, parse_long_text)
NAME = FieldType("name", Comparison.NAME, parse_name)
