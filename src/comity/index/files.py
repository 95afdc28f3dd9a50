"""Files that a crash cannot leave half written: made whole, made durable, then named."""

import fcntl
import os
import re
import time
from collections.abc import Generator
from contextlib import contextmanager
from math import prod
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from comity.errors import DamagedError

Number = TypeVar("Number", bound=np.generic)

_LOOKS_APART_S = (0.0005, 0.001, 0.002, 0.004, 0.0)
_HEAD_BYTES, _MAGIC_BYTES = 256, 10
# The head of numpy's files, version 1.0, as `numpy.save` writes it for arrays of plain numbers.
_FORM = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '(\S+)', 'fortran_order': False, 'shape': \(([\d, ]*)\), \} *\n",
    re.DOTALL,
)


def save_array(path: Path, array: NDArray[np.generic]) -> None:
    """Write an array to a new file, durable when this returns."""
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


def load_array(path: Path, dtype: type[Number]) -> NDArray[Number]:
    """Return the array, mapped read-only and shared by all processes; raises `DamagedError`."""
    try:
        with path.open("rb") as file:
            shape, start = _form_of(file.read(_HEAD_BYTES), np.dtype(dtype))
            mapped = mmap(file.fileno(), 0, access=ACCESS_READ)
        return np.frombuffer(mapped, dtype, prod(shape), start).reshape(shape)
    except (OSError, ValueError) as error:
        raise DamagedError(what=path.name) from error


def _form_of(head: bytes, dtype: np.dtype[np.generic]) -> tuple[tuple[int, ...], int]:
    """Return the shape of an array and where in its file its numbers begin; raises `ValueError`.

    numpy's own reading takes a Python literal of any form, and four times as long: a segment is of some fifty files.
    """
    end = _MAGIC_BYTES + int.from_bytes(head[_MAGIC_BYTES - 2 : _MAGIC_BYTES], "little")
    form = _FORM.fullmatch(head[:end])
    if form is None or form[1].decode() != dtype.str:
        raise ValueError
    return tuple(int(size) for size in form[2].split(b",") if size.strip()), end


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


@contextmanager
def keeping(directory: Path) -> Generator[None, None, None]:
    """Tell every process that this one saves what is followed, until it ends; waits for none that does the same."""
    handle = os.open(directory / "kept", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def is_kept(directory: Path) -> bool:
    """Return whether a process is `keeping` a directory; a dead one is not."""
    try:
        handle = os.open(directory / "kept", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        for pause_s in _LOOKS_APART_S:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                # Another that asks holds it as well, for some microseconds.
                time.sleep(pause_s)
            else:
                return False
        return True
    finally:
        os.close(handle)
