"""The house's structure: functions fit a screen, modules fit a mind, one place makes grants."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "comity"
MODULES = sorted(SOURCE.rglob("*.py"))
LINES_MAX, MODULE_LINES_MAX, PARAMETERS_MAX = 60, 500, 6
KERNEL = frozenset({"kernel", "uncounted"})
COMMAND = frozenset({"command", "default"})
Function = ast.FunctionDef | ast.AsyncFunctionDef


def named(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def decorators(function: Function) -> set[str]:
    """Return the last word of each decorator: `kernel`, `command`."""
    plain = (one.func if isinstance(one, ast.Call) else one for one in function.decorator_list)
    return {getattr(one, "attr", getattr(one, "id", "")) for one in plain}


def length(function: Function) -> int:
    """Return the lines of a function; of compiled code, which takes its arrays one by one, those of its body."""
    begin = function.body[0].lineno if decorators(function) & KERNEL else function.lineno
    return (function.end_lineno or begin) - begin + 1


def parameters(function: Function) -> list[ast.arg]:
    stated = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return [one for one in stated if one.arg not in {"self", "cls"}]


def annotations(function: Function) -> Iterator[ast.expr]:
    for annotation in (function.returns, *(one.annotation for one in parameters(function))):
        if annotation is not None:
            yield annotation


@dataclass(frozen=True)
class Shape:
    """What is judged of a function."""

    name: str
    decorators: frozenset[str]
    length: int
    parameters_count: int
    says_any: bool


@dataclass(frozen=True)
class Module:
    """What is judged of a module."""

    lines_count: int
    functions: tuple[Shape, ...]
    makes_grants: bool


def shape(function: Function) -> Shape:
    return Shape(
        function.name,
        frozenset(decorators(function)),
        length(function),
        len(parameters(function)),
        any(
            isinstance(node, ast.Name) and node.id == "Any"
            for annotation in annotations(function)
            for node in ast.walk(annotation)
        ),
    )


@cache
def judged(path: Path) -> Module:
    """Return what is judged of a module: read and walked once for all tests, which takes longer than they do."""
    text = path.read_text("utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    return Module(
        len(text.splitlines()),
        tuple(shape(node) for node in nodes if isinstance(node, Function)),
        any(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Grant"
            for node in nodes
        ),
    )


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_has_at_most_500_lines(path: Path) -> None:
    assert judged(path).lines_count <= MODULE_LINES_MAX


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_function_fits_a_screen(path: Path) -> None:
    lengths = {one.name: one.length for one in judged(path).functions}
    assert {name: count for name, count in lengths.items() if count > LINES_MAX} == {}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_function_takes_at_most_six_parameters(path: Path) -> None:
    # Compiled code takes its arrays one by one, and a command its options: neither can take a value for them.
    plain = [one for one in judged(path).functions if not one.decorators & (KERNEL | COMMAND)]
    counts = {one.name: one.parameters_count for one in plain if one.name not in LONG}
    assert {name: count for name, count in counts.items() if count > PARAMETERS_MAX} == {}


LONG: frozenset[str] = frozenset({"entry_of", "import_", "show_picture"})
"""Functions that take more all the same: parts of a line of the log, options of a command that is found by its name."""


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_no_public_signature_says_any(path: Path) -> None:
    said = {one.name for one in judged(path).functions if one.says_any and not one.name.startswith("_")}
    assert said == ANY.get(named(path), set())


ANY = {"registry/schema.py": {"process_result_value"}}
"""Signatures that a library dictates."""


def test_grants_are_made_in_one_place() -> None:
    makers = {named(path) for path in MODULES if judged(path).makes_grants}
    assert makers == {"access/decide.py"}
