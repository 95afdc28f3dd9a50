"""The lines of a batch, however its body is cut on its way."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from comity.api.application import _chunks

LINE = st.binary(min_size=1, max_size=20).filter(lambda line: b"\n" not in line and bool(line.strip()))


def chunks_of(parts: Sequence[bytes]) -> list[bytes]:
    """Return the chunks that a body in these parts gives; the last part says that it is the last."""
    coming = [
        {"type": "http.request", "body": part, "more_body": place < len(parts) - 1}
        for place, part in enumerate(parts)
    ]

    async def receive() -> dict[str, object]:
        return coming.pop(0)

    async def read() -> list[bytes]:
        return [chunk async for chunk in _chunks(Request({"type": "http"}, receive))]

    return asyncio.run(read())


@given(
    lines=st.lists(LINE, max_size=8),
    is_ended=st.booleans(),
    cuts=st.lists(st.integers(0, 200), max_size=5),
)
def test_every_line_arrives_once_and_in_order(lines: list[bytes], is_ended: bool, cuts: list[int]) -> None:
    body = b"\n".join(lines) + (b"\n" if is_ended else b"")
    places = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    parts = [body[start:end] for start, end in pairwise(places)]
    assert b"\n".join(chunks_of(parts)).split(b"\n") == (lines or [b""])


def test_a_body_that_comes_whole_is_one_chunk_without_a_last_line_end() -> None:
    assert chunks_of([b"one\ntwo\nthree"]) == [b"one\ntwo\nthree"]
