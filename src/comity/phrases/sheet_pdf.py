"""A sheet as a PDF: typeset by Typst, with fonts that come in wheels.

Typst shapes Arabic and runs text from right to left; what it is given is data, never markup. Names in scripts
that the two fonts do not have are set in fonts of the machine, where it has any.
"""

from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import msgspec
import typst

from comity.phrases.sheet import Section, Sheet, sheet
from comity.phrases.speech import Speaker
from comity.procedures.notices.reading import SeenNotice
from comity.records.fieldtype import Json

FONTS = (fontpkg_noto_sans.ROOT, fontpkg_noto_sans_arabic.ROOT)


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
    head: list[Json] = [line.to_json() for line in made.head]
    sections: list[Json] = [_section(one) for one in made.sections]
    return {
        "language": speaker.language,
        "direction": speaker.direction,
        "colour": made.colour,
        "title": made.title,
        "heading": made.heading,
        "standing": made.standing,
        "warning": made.warning,
        "action_title": speaker.say("What to do"),
        "action": made.action,
        "head": head,
        "sections": sections,
        "footer": made.footer,
    }


def _section(section: Section) -> Json:
    lines: list[Json] = [line.to_json() for line in section.lines]
    return {"title": section.title, "lines": lines}
