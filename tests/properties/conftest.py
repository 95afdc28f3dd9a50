"""What several lives at random are lived in."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.procedures.writing import Post, post


@pytest.fixture(scope="module")
def world() -> Iterator[Post]:
    """A node with bureaus that write to each other."""
    with tempfile.TemporaryDirectory() as directory, post(Path(directory)) as made:
        yield made
