"""Every example in the documents runs, page by page, as a reader would type it."""

import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docs.examples import DRAWINGS, Block, blocks
from tests.docs.invented_lists import write_lists
from tests.docs.session import Session

from comity.sources.mapping import read_mapping

BLOCKS = list(blocks())
SESSIONS = sorted({block.page for block in BLOCKS if block.language == "sh"})
BETWEEN_TWO = "needs two bureaus over a network: tests/journeys/test_sealed_messages.py runs all of it"
NOT_RUN = {
    "comity keys new egypt.key": BETWEEN_TWO,
    "comity keys publish egypt.key": BETWEEN_TWO,
    "comity message send --to FRA --subject": BETWEEN_TWO,
    "comity message read MESSAGE": BETWEEN_TWO,
    "comity restore backups/monday.comity moved --registry": "needs an empty PostgreSQL database of the reader's",
}
"""How a line begins that is not run here, and why."""


def named(block: Block) -> str:
    return f"{block.page}:{block.line}"


def of(language: str) -> list[Block]:
    return [block for block in BLOCKS if block.language == language]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a node once, for the pages that begin with a node."""
    directory = tmp_path_factory.mktemp("template")
    code, _ = Session(directory, 0).comity(["init", "node", "--name", "Test"])
    assert code == 0
    return directory


@pytest.fixture
def session(template: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Session]:
    """Open a terminal at the beginning of a page."""
    lines = session_lines(request.param)
    if not any(line.startswith("comity init") for line in lines):
        shutil.copytree(template / "node", tmp_path / "node")
    write_lists(tmp_path)
    for block in of("toml"):
        if block.page == request.param:
            (tmp_path / "mine.toml").write_text("\n".join(block.lines), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    opened = Session(tmp_path, port, {"COMITY_HOME": "node", "COMITY_LANGUAGE": "en"})
    try:
        yield opened
    finally:
        opened.close()


def session_lines(page: str) -> list[str]:
    """Return what a page lets its reader type, in order, lines that go on joined."""
    typed = "\n".join(
        line for block in BLOCKS if block.page == page and block.language == "sh" for line in block.lines
    )
    return [line.strip() for line in typed.replace("\\\n", " ").splitlines() if line.strip()]


def prepare(session: Session, line: str) -> None:
    """Fill the places that a reader fills from what an earlier command has shown."""
    if "$COMITY_KEY" in line and "COMITY_KEY" not in session.variables:
        _, shown = session.comity(["key", "new", "--json"])
        session.variables["COMITY_KEY"] = json.loads(shown)["key"]
    if "$KEY" in line:
        account = line.partition("--as ")[2].split()[0]
        _, shown = session.comity(["key", "list", "--as", account, "--json"])
        session.variables["KEY"] = json.loads(shown.splitlines()[0])["key"]
    for name in ("DIGEST", "MESSAGE", "THREAD", "DRAFT"):  # what an answer before said
        if f"${name}" in line and name.lower() in session.answered:
            session.variables[name] = str(session.answered[name.lower()])
    if "$CASE" in line and "CASE" not in session.variables:
        account = line.partition("--as ")[2].split()[0]
        _, shown = session.comity(["redress", "cases", "--as", account, "--json"])
        session.variables["CASE"] = json.loads(shown.splitlines()[0])["case"]
    if "$RECORD" in line and "RECORD" not in session.variables:
        _, shown = session.comity(["check", "vehicle", "--plate", "KDA 001Z", "--json"])
        session.variables["RECORD"] = json.loads(shown)["hits"][0]["record"]


@pytest.mark.parametrize(
    ("session", "page"), [(page, page) for page in SESSIONS], indirect=["session"], ids=SESSIONS
)
def test_what_a_page_lets_its_reader_type_works(session: Session, page: str) -> None:
    failed: list[tuple[str, int]] = []
    for line in session_lines(page):
        if line.startswith(tuple(NOT_RUN)):
            continue
        prepare(session, line)
        code = session.run(line)
        if code:
            failed.append((line, code))
    assert failed == []


@pytest.mark.parametrize("block", of("json"), ids=named)
def test_json_shown_is_json(block: Block) -> None:
    assert all(isinstance(json.loads(line), dict) for line in block.lines if line.strip())


@pytest.mark.parametrize("block", of("toml"), ids=named)
def test_a_mapping_shown_is_a_mapping(block: Block, tmp_path: Path) -> None:
    written = tmp_path / "mine.toml"
    written.write_text("\n".join(block.lines), "utf-8")
    assert read_mapping(str(written)).kinds


@pytest.mark.parametrize("page", sorted({block.page for block in of("python")}))
def test_python_shown_runs(page: str) -> None:
    told: dict[str, object] = {"__name__": "example"}
    for block in of("python"):
        if block.page == page:
            exec(compile("\n".join(block.lines), named(block), "exec"), told)
    assert len(told) > 2


def test_whatever_else_is_shown_is_a_drawing() -> None:
    other = [block for block in BLOCKS if block.language not in {"sh", "json", "toml", "python"}]
    first = {named(block): next(line for line in block.lines if line.strip()) for block in other}
    assert {place: line for place, line in first.items() if not line.startswith(tuple(DRAWINGS))} == {}
