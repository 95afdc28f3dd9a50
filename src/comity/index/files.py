"""Files that a crash cannot leave half written: made whole, made durable, then named."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from comity.errors import DamagedError

Number = TypeVar("Number", bound=np.generic)


def save_array(path: Path, array: NDArray[np.generic]) -> None:
    """Write an array to a new file, durable when this returns."""
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


def load_array(path: Path, dtype: type[Number]) -> NDArray[Number]:
    """Return the array, mapped read-only and shared by all processes; raises `DamagedError`."""
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DamagedError(what=path.name) from error
    if array.dtype != dtype:
        raise DamagedError(what=path.name)
    mapped: NDArray[Number] = array
    return mapped


def save_text(path: Path, text: str) -> None:
    """Write a text durably in place of what the path held, all of it or nothing."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def exclusive(directory: Path) -> Generator[None, None, None]:
    """Hold a directory against every other process that asks the same; a dead process holds nothing."""
    handle = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
