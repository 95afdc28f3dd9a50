"""Forms with files, however they are cut on their way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from comity.console.multipart import HEAD_BYTES_MAX, PARTS_MAX, PartReader

EDGE = b"----edge"
CONTENTS = st.lists(
    st.binary(max_size=60) | st.sampled_from([b"\r\n", b"--" + EDGE, b"\r\n--", b"\r\n----edg"])
)


def head(name: str, file_name: str | None = None) -> bytes:
    chosen = "" if file_name is None else f'; filename="{file_name}"\r\nContent-Type: image/png'
    return f'Content-Disposition: form-data; name="{name}"{chosen}\r\n\r\n'.encode()


def form(*parts: bytes) -> bytes:
    return b"".join(b"--" + EDGE + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + EDGE + b"--\r\n"


def read(body: bytes, *, file_bytes: int = 1000, cut: int = 7) -> list[tuple[str, str | None, bytes]]:
    reader = PartReader(EDGE, file_bytes)
    return [
        (part.name, part.file_name, bytes(part.body))
        for place in range(0, len(body), cut)
        for part in reader.feed(body[place : place + cut])
    ]


@given(contents=CONTENTS, cut=st.integers(1, 80))
def test_every_byte_of_a_file_arrives(contents: list[bytes], cut: int) -> None:
    parts = [head(f"file-{place}", "a.png") + content for place, content in enumerate(contents)]
    assert [one[2] for one in read(form(*parts), cut=cut)] == contents


def test_a_field_and_a_file_are_told_apart() -> None:
    found = read(form(head("text") + "نص".encode(), head("file", "خطة.pdf") + b"%PDF"))
    assert found == [("text", None, "نص".encode()), ("file", "خطة.pdf", b"%PDF")]


def test_no_file_chosen_is_a_file_without_a_name() -> None:
    assert read(form(head("file", ""))) == [("file", "", b"")]


def test_a_file_that_is_too_large_is_cut_and_the_rest_is_read() -> None:
    found = read(form(head("file", "a.png") + b"x" * 500, head("text") + b"after"), file_bytes=100)
    assert found == [("file", "a.png", b"x" * 101), ("text", None, b"after")]


@pytest.mark.parametrize(
    "body",
    [
        form(b"Content-Disposition: form-data\r\n\r\nnameless"),
        form(b"X: " + b"y" * HEAD_BYTES_MAX + b"\r\n\r\n"),
        form(*[head("a")] * (PARTS_MAX + 1)),
    ],
)
def test_what_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(HTTPException):
        read(body)


def test_a_form_that_breaks_off_is_not_over() -> None:
    reader = PartReader(EDGE, 100)
    list(reader.feed(form(head("a") + b"b")[:-8]))
    assert not reader.is_over


def test_fields_of_any_length_are_not_read() -> None:
    with pytest.raises(HTTPException, match="413"):
        read(form(*[head("text") + b"x" * 200_000] * 2), cut=4096)
