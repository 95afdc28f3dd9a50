"""Keys of names are made before a transaction that writes begins: others would wait for as long as they take."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine
from tests.unit.procedures.offices import RED, enter, officer, offices, published, step

from comity.app import Node
from comity.procedures import waiting_checks, watches
from comity.procedures.notices import subjects
from comity.procedures.notices.drafting import amend
from comity.procedures.owners.proposals import decide_proposal, propose
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.registry import engine

NAMES: list[Json] = [
    {"name": f"Nikodem Quillfeather {one}", "type": "alias"} for one in ("Abar", "Ebor", "Ibir")
]


class Watched:
    """Where words of names were heard: while a transaction that writes was open, or before."""

    def __init__(self) -> None:
        self.is_writing = False
        self.heard: list[bool] = []

    def hear(self) -> None:
        self.heard.append(self.is_writing)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with offices(tmp_path) as made:
        yield made


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    made = Watched()
    writing = engine.writing

    @contextmanager
    def watched_writing(one: Engine) -> Iterator[Connection]:
        with writing(one) as connection:
            made.is_writing = True
            try:
                yield connection
            finally:
                made.is_writing = False

    monkeypatch.setattr(engine, "writing", watched_writing)
    for module in (subjects, waiting_checks):
        forms = module.forms_of
        monkeypatch.setattr(module, "forms_of", lambda *asked, forms=forms: (made.hear(), forms(*asked))[1])
    subjects._name_keys.cache_clear()  # what earlier tests left
    return made


def many_names(name: str) -> Mapping[str, Json]:
    record = dict(RED["record"]) if isinstance(RED["record"], dict) else {}
    first = record["names"]
    assert isinstance(first, list)
    return {**RED, "reference": name, "record": {**record, "names": [*first, *NAMES]}}


def heard_while_writing(watched: Watched) -> tuple[bool, bool]:
    """Return whether words were heard at all, and whether while a transaction was open."""
    return bool(watched.heard), any(watched.heard)


def test_a_request_that_is_submitted(node: Node, watched: Watched) -> None:
    held = enter(node, many_names("submitted"))
    step(node, held, "submit", "egy-registrar")
    assert heard_while_writing(watched) == (True, False)


def test_an_update_of_what_is_in_force(node: Node, watched: Watched) -> None:
    held = published(node, {**RED, "reference": "in-force"})
    watched.heard.clear()
    changed = dict(many_names("in-force"))
    amend(held.id, held.form, held.version, changed, officer(node, "egy-registrar"), node.desk)
    assert heard_while_writing(watched) == (True, False)


def test_a_proposal_on_what_a_notice_rests_on(node: Node, watched: Watched) -> None:
    held = published(node, {**RED, "reference": "proposed"})
    asked: dict[str, Json] = {
        "record": held.id,
        "version": 1,
        "changes": [{"field": "names", "add": NAMES}],
        "reason": "As in our file.",
    }
    made = propose(asked, officer(node, "fra-registrar"), Purpose.INVESTIGATION, node.desk)
    watched.heard.clear()
    decide_proposal(made.request.id, {"accept": True}, officer(node, "egy-registrar"), node.desk)
    assert heard_while_writing(watched) == (True, False)


def test_another_bureau_s_request_is_heard_by_nobody(node: Node, watched: Watched) -> None:
    held = enter(node, many_names("another"))
    with pytest.raises(Exception, match="unknown"):
        step(node, held, "submit", "fra-registrar")
    assert watched.heard == []


def test_a_standing_check(node: Node, watched: Watched) -> None:
    query: dict[str, Json] = {"kind": "person", "name": "Nikodem Quillfeather Obor"}
    asking = officer(node, "fra-registrar")
    watches.set_watch({**query, "days": 30}, asking, Purpose.INVESTIGATION, node.desk)
    assert heard_while_writing(watched) == (True, False)
