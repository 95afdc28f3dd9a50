"""Every example in a docstring gives what it says."""

import doctest
import importlib
from pathlib import Path

import pytest

import comity

SOURCE = Path(comity.__file__).parent
MODULES = [
    ".".join(("comity", *path.relative_to(SOURCE).with_suffix("").parts))
    for path in sorted(SOURCE.rglob("*.py"))
    if ">>> " in path.read_text("utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples_to_hold() -> None:
    assert len(MODULES) > 3
