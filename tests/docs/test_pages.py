"""Links lead somewhere, and a word that competes with one of the glossary's is not used."""

import re

import pytest
from tests.docs.examples import HOUSE, PAGES

LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
COMPETING = {
    "blacklist": "list",
    "black list": "list",
    "watchlist": "list",
    "watch list": "list",
    "suspect list": "list",
    "super user": "operator",
    "superuser": "operator",
    "false positive": "false hit",
    "false negative": "miss",
    "data subject": "person",
    "end user": "officer",
}
"""Words that the field uses loosely, and the one that the glossary chose."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HOUSE).as_posix())
def test_every_link_leads_somewhere(page) -> None:
    links = LINK.findall(page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HOUSE).as_posix())
def test_a_page_uses_the_glossary_s_words(page) -> None:
    text = page.read_text("utf-8").lower()
    assert {word: better for word, better in COMPETING.items() if word in text} == {}


def test_every_page_is_reached_from_the_index_or_from_another() -> None:
    linked = {
        (page.parent / link).resolve() for page in PAGES for link in LINK.findall(page.read_text("utf-8"))
    }
    inside = {page for page in linked | {one.parent for one in linked if one.is_dir()} if page.exists()}
    folders = {folder for folder in inside if folder.is_dir()}
    alone = [
        page.relative_to(HOUSE).as_posix()
        for page in PAGES
        if page.resolve() not in inside and page.parent.resolve() not in folders and page.name != "README.md"
    ]
    assert alone == []
