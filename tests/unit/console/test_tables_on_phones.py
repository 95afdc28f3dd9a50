"""Tables that are stacked on a phone, where their heads are gone: each figure says itself what it is."""

import re
from pathlib import Path

import pytest

import comity.console

TEMPLATES = sorted(Path(comity.console.__file__).parent.joinpath("templates").glob("*.html"))
STACKED = re.compile(r'<table class="trail.*?</table>', re.DOTALL)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_cell_of_a_stacked_table_has_a_label(template: Path) -> None:
    tables = STACKED.findall(template.read_text("utf-8"))
    assert [
        cell for table in tables for cell in re.findall("<td[^>]*>", table) if "data-label" not in cell
    ] == []


def test_there_are_stacked_tables() -> None:
    assert sum(len(STACKED.findall(one.read_text("utf-8"))) for one in TEMPLATES) >= 10
