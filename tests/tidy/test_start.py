"""A command waits for nothing that it does not use: what is imported, not how long it takes."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.copies import copy_node

from comity.cli.commands import PLACES

DOORS = ("comity.api", "comity.console", "starlette", "uvicorn")


def imported(*typed: str) -> set[str]:
    """Return the modules that a command has imported when it ends."""
    program = (
        "import atexit, sys\n"
        "from comity.cli import main\n"
        "atexit.register(lambda: print('imported', *sys.modules))\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *typed], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.splitlines()[-1].split())


def test_help_waits_for_nothing() -> None:
    met = imported("--help")
    assert met & {"numba", "sqlalchemy", "comity.app", "comity.registry", "comity.index", *DOORS} == set()
    assert {place.partition(":")[0] for place in PLACES.values()} & {
        name.removeprefix("comity.cli.") for name in met if name.startswith("comity.cli.")
    } == set()


@pytest.mark.parametrize("typed", [("account", "list"), ("hits", "list"), ("stats",)], ids=" ".join)
def test_what_only_reads_the_registry_compiles_nothing(typed: tuple[str, ...], tmp_path: Path) -> None:
    copy_node(tmp_path / "node")
    assert imported(*typed, "--node", str(tmp_path / "node")) & {"numba", *DOORS} == set()


def test_a_check_waits_for_no_door(tmp_path: Path) -> None:
    copy_node(tmp_path / "node")
    typed = ("check", "person", "--name", "Zoltan Quillfeather", "--node", str(tmp_path / "node"))
    assert imported(*typed) & set(DOORS) == set()
