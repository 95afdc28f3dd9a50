"""What the repository may hold: no path of a machine, no registry's host, nothing half done, no unsourced table."""

import gzip
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
TEXT_BYTES_MAX = 1024 * 1024


def tracked() -> list[Path]:
    """Return the files that the repository holds; in a copy without git, those that lie there."""
    listed = subprocess.run(["git", "ls-files"], cwd=HOUSE, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [HOUSE / line for line in listed.stdout.splitlines() if (HOUSE / line).is_file()]
    places = ("src", "tests", "docs", "tools", "benchmarks", "requirements", "changelog.d")
    return [path for place in places for path in (HOUSE / place).rglob("*") if path.is_file()]


def texts() -> list[tuple[str, str]]:
    """Return every text file with its path."""
    found: list[tuple[str, str]] = []
    for path in tracked():
        if path.stat().st_size > TEXT_BYTES_MAX or path == Path(__file__):
            continue
        try:
            found.append((path.relative_to(HOUSE).as_posix(), path.read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return found


TEXTS = texts()
FORBIDDEN = {
    "a path of a machine": re.compile(r"/(?:home|work|Users)/[a-z]|/root/"),
    "a package registry's address": re.compile(
        r"https?://[^\s\"')]*(?:/simple/|/packages/|pypi|registry\.npm)"
    ),
    "something left half done": re.compile(r"\b(?:TODO|FIXME|XXX:|HACK)\b"),
    "a lock of addresses": re.compile(r"--(?:extra-)?index-url|--find-links"),
}
ALLOWED = {("Makefile", "a lock of addresses")}
"""The Makefile tells the locker to leave addresses out."""


def head(path: Path) -> str:
    """Return how a table begins, as text."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return content[:1000].decode("utf-8", "replace").lower()


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    pattern = FORBIDDEN[what]
    holding = {name for name, text in TEXTS if pattern.search(text)}
    assert holding - {name for name, allowed in ALLOWED if allowed == what} == set()


def test_every_requirement_is_pinned_and_hashed() -> None:
    for name in ("run.txt", "dev.txt"):
        lines = (HOUSE / "requirements" / name).read_text("utf-8").splitlines()
        pinned = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert [line for line in pinned if "==" not in line] == []
        assert sum("--hash=sha256:" in line for line in lines) >= len(pinned)


def test_every_table_of_data_says_where_it_comes_from() -> None:
    tables = [
        path for path in tracked() if path.parent.name == "data" and path.suffix in {".tsv", ".csv", ".gz"}
    ]
    heads = {path.name: head(path) for path in tables}
    assert heads
    assert [
        name
        for name, said in heads.items()
        if not all(word in said for word in ("source:", "licence:", "date:"))
    ] == []


def test_every_change_is_told_to_users() -> None:
    kinds = {path.name.split(".")[1] for path in (HOUSE / "changelog.d").glob("*.md")}
    assert kinds <= {"added", "changed", "fixed", "removed", "security"}


def test_no_two_test_files_have_the_same_name() -> None:
    # Two of one name cannot be collected together: which of them is missed depends on the order.
    names = Counter(
        path.name
        for path in (HOUSE / "tests").rglob("*.py")
        if path.name not in {"__init__.py", "conftest.py"}
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_the_frame_of_every_page_takes_no_name_from_the_pages() -> None:
    # What the frame sets is set for the page inside it as well.
    templates = HOUSE / "src" / "comity" / "console" / "templates"
    names = re.findall(r"{%-? set (\w+)", (templates / "page.html").read_text())
    others = "".join(one.read_text() for one in templates.glob("*.html") if one.name != "page.html")
    assert names
    assert [name for name in names if re.search(rf"\b{name}\b", others)] == []
