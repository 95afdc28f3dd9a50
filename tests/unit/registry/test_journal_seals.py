"""Frames of a journal: sealed with a key of the file's own, those of an earlier release still read."""

import os
import struct
from hashlib import blake2b
from pathlib import Path

import pytest

from comity.registry.journal import FIRST, JournalFile, JournalWriter, journal_files

KEY = bytes(range(32))


def written(directory: Path, *groups: list[bytes]) -> JournalFile:
    writer = JournalWriter(directory, KEY)
    for lines in groups:
        writer.append(lines)
    writer.close()
    return journal_files(directory, KEY)[0]


def lines_of(file: JournalFile) -> list[bytes]:
    return [line for frame in file.frames(*FIRST) for line in frame.lines]


def older_frame(file: JournalFile, order: int, body: bytes) -> bytes:
    """Return a frame as the releases before wrote it."""
    head = struct.pack("<QQ", order, len(body))
    seal = blake2b(head + body, digest_size=16, key=KEY, salt=bytes.fromhex(file.name)).digest()
    return struct.pack("<4sIQ16s", b"CJF1", len(body), order, seal) + body


def put(file: JournalFile, place: int, frame: bytes) -> None:
    with file.path.open("r+b") as target:
        target.seek(place)
        target.write(frame)


def test_frames_of_an_earlier_release_are_read(tmp_path: Path) -> None:
    file = written(tmp_path, [b"one"])
    put(file, FIRST[0], older_frame(file, 0, b"two\n"))
    assert lines_of(file) == [b"two"]


def test_a_frame_of_an_earlier_release_beyond_damage_is_found(tmp_path: Path) -> None:
    file = written(tmp_path, [b"one"])
    put(file, FIRST[0], bytes(64))
    put(file, FIRST[0] + 128, older_frame(file, 1, b"two\n"))
    beyond = file.frame_beyond(*FIRST)
    assert beyond is not None
    assert beyond.body == b"two\n"


def test_an_older_seal_does_not_hold_for_a_frame_of_the_present_form(tmp_path: Path) -> None:
    file = written(tmp_path, [b"one"])
    put(file, FIRST[0], older_frame(file, 0, b"two\n").replace(b"CJF1", b"CJF2"))
    assert lines_of(file) == []


@pytest.mark.parametrize("at", [4, 8, 16, 31, 32, 36])
def test_a_frame_of_which_anything_is_altered_does_not_hold(tmp_path: Path, at: int) -> None:
    file = written(tmp_path, [b"lines"])
    byte = file.path.read_bytes()[FIRST[0] + at]
    put(file, FIRST[0] + at, bytes([byte ^ 1]))
    assert lines_of(file) == []


def test_a_frame_does_not_hold_in_another_file(tmp_path: Path) -> None:
    one, other = written(tmp_path / "one", [b"one"]), written(tmp_path / "other", [b"two"])
    put(other, FIRST[0], one.path.read_bytes()[FIRST[0] : FIRST[0] + 64])
    assert lines_of(other) == []


def test_the_same_lines_are_sealed_otherwise_at_each_place(tmp_path: Path) -> None:
    file = written(tmp_path, [b"one"], [b"one"])
    content = file.path.read_bytes()
    seals = {content[place + 16 : place + 32] for place in (FIRST[0], FIRST[0] + 64)}
    assert len(seals) == 2


def test_lines_handed_in_with_their_last_end_have_no_empty_one(tmp_path: Path) -> None:
    file = written(tmp_path, [b"one\ntwo\n", b"three"], [b"four\n"])
    assert lines_of(file) == [b"one", b"two", b"three", b"four"]


def test_no_other_frame_gets_the_place_of_one_that_may_lie_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_handle: int) -> None:
        raise KeyboardInterrupt

    writer = JournalWriter(tmp_path, KEY)
    writer.append([b"one"])
    with monkeypatch.context() as patched:
        patched.setattr(os, "fdatasync", failing)
        with pytest.raises(KeyboardInterrupt):
            writer.append([b"two"])
    writer.append([b"three"])
    writer.close()
    assert len(journal_files(tmp_path, KEY)) == 2


def test_a_frame_that_is_written_in_pieces_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def in_part(handle: int, parts: tuple[bytes, bytes], place: int) -> int:
        return os.pwrite(handle, parts[0][:5], place)

    monkeypatch.setattr(os, "pwritev", in_part)
    assert lines_of(written(tmp_path, [b"one", b"two"])) == [b"one", b"two"]
