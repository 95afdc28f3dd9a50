"""Nothing of a printed sheet runs past the edge of its paper, however long a word is."""

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import typst
from tests.unit.procedures.offices import RED, enter, officer, offices

from comity.app import Node
from comity.phrases.sheet_pdf import WORD_CHARS_MAX, breakable, sheet_pdf
from comity.phrases.words import CODES, SPEECH
from comity.procedures.notices.reading import read_notice
from comity.records.fieldtype import Json
from comity.records.notices.states import Form

PPI = 18
MARGIN = round(17 / 25.4 * PPI)
"""Pixels of a sheet's margin at the side, which is 18 mm wide."""

WALLET: dict[str, Json] = {
    "colour": "silver",
    "record": {"kind": "account", "type": "wallet", "wallet": "8" + "4xKq" * 23 + "Mn", "currency": "XMR"},
}
LONG: dict[str, Json] = {
    **RED,
    "record": {
        **RED["record"],
        "names": [
            {"name": "Ferhat " + "Dalamanoglu" * 12, "type": "primary"},
            {"name": "فرحات" * 40, "type": "original"},
        ],
        "marks": "M" * 200,
    },
    "particulars": {
        **RED["particulars"],
        "facts": "باع " + "ك" * 200 + " https://example.org/" + "a" * 200,
        "facts_place": "P" * 200,
    },
}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with offices(tmp_path) as node:
        yield node


def pixels(png: bytes) -> np.ndarray:
    """Return the pixels of a PNG with 8 bits a channel, alpha included."""
    width, height = (int.from_bytes(png[place : place + 4]) for place in (16, 20))
    packed, place = b"", 8
    while place < len(png):
        length = int.from_bytes(png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            packed += png[place + 8 : place + 8 + length]
        place += length + 12
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + 4 * width)
    made = np.zeros((height + 1, 4 * (width + 1)), np.uint8)
    for y, row in enumerate(rows, 1):
        for x in range(4, 4 * (width + 1)):
            left, up, corner = int(made[y, x - 4]), int(made[y - 1, x]), int(made[y - 1, x - 4])
            made[y, x] = (int(row[x - 3]) + _foretold(int(row[0]), left, up, corner)) % 256
    return made[1:, 4:].reshape(height, width, 4)


def _foretold(how: int, left: int, up: int, corner: int) -> int:
    near = min((left, up, corner), key=lambda one: abs(left + up - corner - one))
    return (0, left, up, (left + up) // 2, near)[how]


def printed(node: Node, content: dict[str, Json], language: str) -> list[np.ndarray]:
    """Return the pages of a sheet as pictures."""
    held = enter(node, {**content, "reference": language})
    seen = read_notice(held.id, Form.NOTICE, officer(node, "egy-registrar"), None, node.desk)
    made: list[bytes] = []
    usual = typst.compile

    def as_pictures(*given: object, **how: object) -> bytes:
        pages = usual(*given, **{**how, "format": "png", "ppi": float(PPI)})
        made.extend(pages if isinstance(pages, list) else [pages])
        return b""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typst, "compile", as_pictures)
        sheet_pdf(seen, SPEECH.speaker(language), datetime(2026, 3, 4, tzinfo=UTC))
    return [pixels(one) for one in made]


@pytest.mark.parametrize("content", [LONG, WALLET], ids=["words", "wallet"])
@pytest.mark.parametrize("language", CODES)
def test_nothing_stands_in_the_margin(node: Node, content: dict[str, Json], language: str) -> None:
    for page in printed(node, content, language):
        assert page[:, :MARGIN].min() == 255
        assert page[:, -MARGIN:].min() == 255


@pytest.mark.parametrize("word", ["a" * WORD_CHARS_MAX, "Wolfeschlegelsteinhausenbergerdorff", "Łódź", ""])
def test_a_word_that_fits_is_left_as_it_is(word: str) -> None:
    assert breakable(f"{word} {word}") == f"{word} {word}"


@pytest.mark.parametrize("word", ["a" * 100, "ก็" * 60, "क्\u200dष" * 20])
def test_a_long_word_says_the_same_in_pieces(word: str) -> None:
    broken = breakable(word)
    assert (broken.replace("\u200b", ""), "\u200b" in broken) == (word, True)
