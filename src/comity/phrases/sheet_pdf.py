"""A sheet as a PDF: typeset by Typst, with fonts that come in wheels.

Typst shapes Arabic and runs text from right to left; what it is given is data, never markup. Names in scripts
that the two fonts do not have are set in fonts of the machine, where it has any.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import msgspec
import typst

from comity.phrases.sheet import Section, Sheet, SheetLine, sheet
from comity.phrases.speech import Speaker
from comity.procedures.notices.reading import SeenNotice
from comity.records.fieldtype import Json

FONTS = (fontpkg_noto_sans.ROOT, fontpkg_noto_sans_arabic.ROOT)

WORD_CHARS_MAX = 36
"""The longest word that surely fits a line of a sheet; sheet.typ has the same number."""

PIECE_CHARS = 6
_LONG_WORD = re.compile(rf"\S{{{WORD_CHARS_MAX + 1},}}")
_BREAK, _JOINERS = "\u200b", "\u200c\u200d"


def sheet_pdf(seen: SeenNotice, speaker: Speaker, at: datetime) -> bytes:
    """Return a request as a PDF in the language of a speaker, printed at a moment."""
    given = _given(sheet(seen, speaker, at), speaker)
    made = typst.compile(
        _template(),
        font_paths=_fonts(),
        sys_inputs={"sheet": msgspec.json.encode(given).decode()},
        timestamp=at.replace(microsecond=0),
        format="pdf",
    )
    assert isinstance(made, bytes), "one document is one file"
    return made


@cache
def _template() -> bytes:
    return files("comity.phrases").joinpath("sheet.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts, found once: those of the machine are some hundreds."""
    return typst.Fonts(
        include_system_fonts=True,
        include_embedded_fonts=False,
        font_paths=[str(Path(one)) for one in FONTS],
    )


def _given(made: Sheet, speaker: Speaker) -> Json:
    sections: list[Json] = [_section(one) for one in made.sections]
    return {
        "language": speaker.language,
        "direction": speaker.direction,
        "colour": made.colour,
        "title": made.title,
        "heading": breakable(made.heading),
        "standing": made.standing,
        "warning": made.warning,
        "action_title": speaker.say("What to do"),
        "action": made.action,
        "head": _lines(made.head),
        "sections": sections,
        "footer": made.footer,
    }


def _section(section: Section) -> Json:
    return {"title": section.title, "lines": _lines(section.lines)}


def _lines(lines: Sequence[SheetLine]) -> Json:
    return [
        {
            "label": line.label,
            "values": [
                [{**part.to_json(), "text": breakable(part.text)} for part in value] for value in line.values
            ],
        }
        for line in lines
    ]


def breakable(text: str) -> str:
    """Return a text whose long words, such as addresses of wallets or of pages, can go on in the next line.

    Paper does not scroll: what ran past its edge would be lost. Shorter words are left as they are.
    """
    return _LONG_WORD.sub(lambda found: _in_pieces(found[0]), text)


def _in_pieces(word: str) -> str:
    made, count = "", 0
    for char in word:
        # A mark stays with its letter, a joiner with both of its own.
        is_bound = unicodedata.category(char).startswith("M") or char in _JOINERS or made[-1:] in _JOINERS
        if count >= PIECE_CHARS and not is_bound:
            made, count = made + _BREAK, 0
        made, count = made + char, count + 1
    return made
