"""A sealed file: opened by its passphrase alone, and every change of it shows."""

import io
import itertools
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.access.credentials import Secret
from comity.errors import DamagedError, MalformedError
from comity.procedures.sealed_file import COSTS, MAGIC, SealedWriter, read_sealed

WORD = Secret("a passphrase of a test")
PARTS = [b"first", b"", b"x" * 5000]
HEAD_BYTES = len(MAGIC) + 28
CHEAP = (1, 8, 1)
"""Costs of no protection: what is tried many times has no need of any."""


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return sealed_at(CHEAP)


def sealed_at(costs: tuple[int, int, int]) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, WORD, costs)
    for part in PARTS[:-1]:
        writer.write(part)
    writer.finish(PARTS[-1])
    return file.getvalue()


def opened(content: bytes, passphrase: Secret = WORD) -> list[bytes]:
    return list(read_sealed(io.BytesIO(content), passphrase))


def test_what_was_written_is_read(sealed: bytes) -> None:
    assert opened(sealed) == PARTS


def test_what_was_written_at_the_full_costs_is_read() -> None:
    assert opened(sealed_at(COSTS)) == PARTS


def test_the_full_costs_are_what_a_file_is_written_at() -> None:
    file = io.BytesIO()
    SealedWriter(file, WORD).finish(b"")
    costs = struct.unpack(">III", file.getvalue()[HEAD_BYTES - 12 : HEAD_BYTES])
    assert costs == COSTS == (3, 65_536, 4)


def test_another_passphrase_opens_nothing(sealed: bytes) -> None:
    with pytest.raises(MalformedError):
        opened(sealed, Secret("another passphrase"))


def test_nothing_of_a_part_can_be_read_in_the_file(sealed: bytes) -> None:
    assert b"first" not in sealed


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_changed_byte_is_found(sealed: bytes, data: st.DataObject) -> None:
    # The costs are left out: some changes of them ask for much memory before they are found.
    place = data.draw(st.integers(HEAD_BYTES, len(sealed) - 1))
    changed = bytearray(sealed)
    changed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises((DamagedError, MalformedError)):
        opened(bytes(changed))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_file_cut_off_is_found(sealed: bytes, data: st.DataObject) -> None:
    with pytest.raises(DamagedError):
        opened(sealed[: data.draw(st.integers(0, len(sealed) - 1))])


def test_a_byte_too_many_is_found(sealed: bytes) -> None:
    with pytest.raises(DamagedError):
        opened(sealed + b"\0")


def test_a_file_that_was_never_finished_is_found() -> None:
    file = io.BytesIO()
    SealedWriter(file, WORD).write(b"one")
    with pytest.raises(DamagedError):
        opened(file.getvalue())


def test_parts_exchanged_are_found() -> None:
    file = io.BytesIO()
    writer = SealedWriter(file, WORD)
    ends = [file.tell()]
    for part in (b"one", b"two", b"six"):
        writer.write(part)
        ends.append(file.tell())
    writer.finish(b"end")
    whole = file.getvalue()
    first, second, third = (whole[start:end] for start, end in itertools.pairwise(ends))
    with pytest.raises(DamagedError):
        opened(whole[: ends[0]] + first + third + second + whole[ends[3] :])


@pytest.mark.parametrize("costs", [b"\xff" * 12, b"\0" * 12])
def test_costs_out_of_bounds_are_refused_before_they_are_paid(sealed: bytes, costs: bytes) -> None:
    with pytest.raises(DamagedError):
        opened(sealed[: HEAD_BYTES - 12] + costs + sealed[HEAD_BYTES:])
