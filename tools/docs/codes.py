"""Every code that the source can raise, read from the source itself.

A code that only appears at run time would escape this reading; the few that are put together from parts
stand in `COMPOSED`, and `unread` lists what none of the rules here understands, so that a test can fail.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "comity"
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")

# Codes put together from parts, by how the source writes them.
COMPOSED = {
    "f'{what}-form'": ("height-form", "weight-form"),
    "f'{what}-range'": ("height-range", "weight-range"),
    "error.rule": (),  # a refusal's rule, which is collected where it is raised
    "*self.fault": (),  # a fault found before, with its own code
    "error.code": (),  # another error, told again
    "code": (),  # handed over by the callers in HANDING
}
HANDING = {"parse_compact": 3, "_digits": 3}
"""Functions that raise the code they are given, and its place among their arguments."""

MALFORMED = ("MalformedError", "UnreadError")
RULED = ("RefusedError", "ConflictError")
READ = {*HANDING, *MALFORMED, *RULED, "entry_of"}
"""Whose calls are read: what raises a code, and what makes an entry of the log."""


@cache
def calls() -> Sequence[tuple[str, ast.Call]]:
    """Return every call in the source of what is read here: its name and the call. The source is read once."""
    return [
        (node.func.id, node)
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in READ
    ]


def argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    """Return an argument given by place or by name."""
    if len(call.args) > place:
        return call.args[place]
    return next((one.value for one in call.keywords if one.arg == name), None)


def texts(node: ast.expr | None) -> Sequence[str] | None:
    """Return the texts that an expression can be, or None where that cannot be read."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (node.value,)
    if isinstance(node, ast.IfExp):
        both = texts(node.body), texts(node.orelse)
        return None if both[0] is None or both[1] is None else (*both[0], *both[1])
    return COMPOSED.get(ast.unparse(node)) if node is not None else ()


def malformed_codes() -> set[str]:
    """Return the codes of malformed input."""
    found: set[str] = set()
    for name, call in calls():
        if name in MALFORMED:
            found.update(texts(argument(call, 0, "code")) or ())
        elif name in HANDING:
            found.update(texts(argument(call, HANDING[name], "code")) or ())
    return found


def unread() -> list[str]:
    """Return the codes in the source that cannot be read here, as they are written."""
    codes = (argument(call, 0, "code") for name, call in calls() if name in MALFORMED)
    return [ast.unparse(code) for code in codes if code is not None and texts(code) is None]


def rules() -> dict[str, set[str]]:
    """Return the rules of refusals and conflicts, by the error's name."""
    found: dict[str, set[str]] = {name: set() for name in RULED}
    for name, call in calls():
        if name in found:
            found[name].update(texts(argument(call, 1, "rule")) or ())
    return found


def doubts() -> set[str]:
    """Return the codes of doubts: what functions named so hold, and the machine-readable zone's."""
    zone = ast.parse((SOURCE / "records" / "types" / "mrz.py").read_text("utf-8"))
    found = {one for one in _constants(zone) if one.startswith("mrz-") and CODE.fullmatch(one)}
    found -= malformed_codes()
    for path in sorted((SOURCE / "records" / "types").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.endswith("_doubts"):
                found.update(one for one in _constants(node) if CODE.fullmatch(one))
    return found


def _constants(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
