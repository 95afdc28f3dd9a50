"""Compiled code that takes addresses neither reads nor writes beyond what it was given: the next page is forbidden."""

import ctypes
import mmap
import multiprocessing
import random

import numpy as np
from numpy.typing import NDArray

from comity.procedures import glancing
from comity.procedures.glancing import read_plain
from comity.procedures.kernels import lines as kernels

LINES_COUNT, SEED = 20_000, 11
PLAIN_LINES = (
    b'{"id":"7","kind":"travel_document","type":"P","issuer":"EGY","number":"Z0012345"}',
    b'{"kind":"vehicle","vin":"WVWZZZ1KZAW000999","plate":"B-MW 999","country":"DEU","make":"VW"}',
    b'{"kind":"device","imei":"490154203237518"}',
    b'{ "kind" : "firearm" , "serial" : "KX 12" }',
    b'{"kind":"firearm","serial":"' + b"x" * 59 + b'"}',
)
ODD = (
    b'"',
    b"\\",
    b"{",
    b"}",
    b",",
    b":",
    b"\n",
    b"\x7f",
    b"\x80",
    b"\x1f",
    b" ",
    b'","',
    b'"kind":"',
    b'{"id":"',
)


def guarded(dtype: type[np.generic], shape: tuple[int, ...]) -> NDArray[np.generic]:
    """Return an array behind whose last byte lies a page that nobody may touch."""
    item, page = np.dtype(dtype).itemsize, mmap.PAGESIZE
    size = item * int(np.prod(shape))
    pages = -(-size // page)
    room = mmap.mmap(-1, (pages + 1) * page)
    start = ctypes.addressof(ctypes.c_char.from_buffer(room))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.mprotect(ctypes.c_void_p(start + pages * page), page, 0) == 0
    return np.frombuffer(room, dtype, size // item, pages * page - size).reshape(shape)


def spoilt(chosen: random.Random) -> bytes:
    """Return a plain line cut off, with odd characters in it, or with fields of another."""
    line = chosen.choice(PLAIN_LINES)
    for _ in range(chosen.choice((0, 1, 1, 2, 4))):
        place = chosen.randrange(len(line) + 1)
        turn = chosen.randrange(4)
        if turn == 0:
            line = line[:place]
        elif turn == 1:
            line = line[:place] + chosen.choice(ODD) + line[place:]
        elif turn == 2:
            line = line[:place] + chosen.choice(PLAIN_LINES)[1:]
        else:
            line = line[:place] + line[place + 1 :]
    return line


def scanned(data: bytes) -> tuple[list[int], bytes]:
    """Return what is read of lines whose bytes, and all that is written of them, end before forbidden pages."""
    plain = glancing._plain()
    most, names = data.count(b"\n") + 1, plain.names_count
    raw = guarded(np.uint8, (len(data),))
    raw[:] = np.frombuffer(data, np.uint8)
    raw.flags.writeable = False
    lines, spans = guarded(np.int64, (most, 2)), guarded(np.int32, (most, 2, names))
    states, asked, doubted = (guarded(np.int64, (most,)) for _ in range(3))
    keys = guarded(np.uint8, (len(data) + names * most * plain.key_bytes_max,))
    key_lines = guarded(np.int64, (names * most,))
    before = guarded(np.int32, kernels.room_before(names).shape)
    count, _, filled = kernels.scan(
        raw, plain.context, before, lines, states, asked, doubted, spans, keys, key_lines
    )
    return states[:count].tolist(), keys[:filled].tobytes()


def read_all(seed: int) -> None:
    chosen = random.Random(seed)
    for _ in range(LINES_COUNT // 10):
        data = b"\n".join(spoilt(chosen) for _ in range(chosen.choice((1, 1, 2, 30)))) or b"{"
        states, keys = scanned(data)
        assert set(states) <= {kernels.PLAIN, kernels.OTHER}
        assert keys.split(b"\0")[:-1] == read_plain(data).keys


def test_spoilt_lines_are_read_within_their_bounds() -> None:
    reading = multiprocessing.get_context("spawn").Process(target=read_all, args=(SEED,))
    reading.start()
    reading.join(240)
    assert reading.exitcode == 0, "a process that touches a forbidden page is ended by the system"


def test_a_page_behind_an_array_is_forbidden() -> None:
    reading = multiprocessing.get_context("spawn").Process(target=beyond)
    reading.start()
    reading.join(60)
    assert reading.exitcode == -11


def beyond() -> None:
    held = guarded(np.uint8, (5,))
    ctypes.string_at(held.ctypes.data, 6)
