"""The examples of the documents, read from the pages: blocks of indented or fenced lines, and what they are.

A block is what its first line says: `comity`, `export`, `curl`: a shell session; `{` JSON, one value a line;
fenced `python`; TOML where a mapping is shown. Whatever is none of these stands in `DRAWINGS`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).parents[2]
PAGES = [
    HOUSE / "README.md",
    *sorted(page for page in (HOUSE / "docs").rglob("*.md") if page.parent.name != "reference"),
]
SHELL = re.compile(r"(comity|export|curl) ")
FENCE = re.compile(r"```(\w*)")

DRAWINGS = {
    "check:  parse": "a flow, drawn",
    "record: parse": "a flow, drawn",
    "open -> asked": "the states of a hit, drawn",
    "police.example/node": "the form of a head, with a place for its signature",
    "make ": "the targets of the Makefile: CI runs them, or a test runs what they run",
}
"""What a block begins with that nothing can run, and why."""


@dataclass(frozen=True)
class Block:
    """One example: its page, the line it begins at, its language, its lines."""

    page: str
    line: int
    language: str
    lines: tuple[str, ...]


def blocks() -> Iterator[Block]:
    """Yield every example of every page, in order."""
    for path in PAGES:
        yield from _blocks(path)


def _blocks(path: Path) -> Iterator[Block]:
    page = path.relative_to(HOUSE).as_posix()
    found: list[str] = []
    start, language, in_fence = 0, "", False
    for number, line in enumerate([*path.read_text("utf-8").splitlines(), ""], 1):
        fence = FENCE.fullmatch(line.strip())
        if fence and not in_fence:
            in_fence, language, start, found = True, fence.group(1), number, []
        elif fence:
            in_fence = False
            yield Block(page, start, language or _language(found), tuple(found))
            found = []
        elif in_fence:
            found.append(line)
        elif line.startswith("    ") and (found or not line.lstrip().startswith(("-", "*"))):
            start = start if found else number
            found.append(line[4:])
        elif found and line.strip():
            yield Block(page, start, _language(found), tuple(found))
            found = []
        elif found and not line.strip():
            found.append("")
    if found and any(one.strip() for one in found):
        yield Block(page, start, _language(found), tuple(found))


def _language(lines: list[str]) -> str:
    first = next((line for line in lines if line.strip()), "")
    if SHELL.match(first):
        return "sh"
    if first.startswith("{"):
        return "json"
    return "toml" if re.match(r"\w+ = ", first) else ""
