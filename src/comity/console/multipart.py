"""Forms that carry files, read part by part as they arrive: never more than one file is held in memory.

    bytes -> boundary -> head of a part -> its content, cut off where it is too large -> the next

Source: RFC 7578, multipart/form-data, as the WHATWG's HTML says that browsers write it.
"""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

BOUNDARY: Final = re.compile(r'multipart/form-data *;.*boundary="?([\w\'()+,./:=? -]{1,70})"?', re.IGNORECASE)
NAMES: Final = re.compile(rb'; *(name|filename)="([^"\r\n]*)"', re.IGNORECASE)
HEAD_BYTES_MAX: Final = 4096
PARTS_MAX: Final = 200
FIELD_BYTES_MAX: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a form may have: bytes in all, all fields included, and bytes of one file.

    A larger file is read to its end and given on with one byte more than it may have: what comes before and
    after it in the form is not lost.
    """

    form_bytes: int
    file_bytes: int


@dataclass(slots=True)
class Part:
    """One field of a form, or one file: then it has a file's name, empty where none was chosen."""

    name: str
    file_name: str | None
    body: bytearray = field(default_factory=bytearray)

    @property
    def text(self) -> str:
        """What was typed into the field."""
        return self.body.decode("utf-8", "replace")


def is_multipart(request: Request) -> bool:
    """Return whether a form is posted in parts."""
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


async def parts_of(request: Request, limits: Limits) -> AsyncIterator[Part]:
    """Yield the parts of a posted form in order; raises 400 for what is none, 413 for what is too large."""
    found = BOUNDARY.match(request.headers.get("content-type", ""))
    if found is None:
        raise HTTPException(400)
    reader = PartReader(found[1].encode(), limits.file_bytes)
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limits.form_bytes:
            raise HTTPException(413)
        for part in reader.feed(chunk):
            yield part
    if not reader.is_over:
        raise HTTPException(400)


class PartReader:
    """Cuts a body into its parts, however it is cut into chunks."""

    def __init__(self, boundary: bytes, file_bytes_max: int) -> None:
        self._delimiter = b"\r\n--" + boundary
        self._file_bytes_max = file_bytes_max
        self._buffer = bytearray(b"\r\n")  # the first delimiter has no line before it
        self._part: Part | None = None  # None before the first one
        self._is_in_head = False
        self._fields_bytes = 0
        self._count = 0
        self.is_over = False

    def feed(self, chunk: bytes) -> Iterator[Part]:
        """Take in a chunk; yield each part that ends in it."""
        self._buffer += chunk
        while not self.is_over:
            if self._is_in_head:
                if not self._read_head():
                    return
                continue
            end = self._buffer.find(self._delimiter)
            # What may be the beginning of a delimiter waits for the next chunk.
            taken = max(len(self._buffer) - len(self._delimiter) + 1, 0) if end < 0 else end
            self._take(taken)
            if end < 0:
                return
            del self._buffer[: len(self._delimiter)]
            self._is_in_head = True
            if self._part is not None:
                ended, self._part = self._part, None
                yield ended
        self._buffer.clear()

    def _take(self, count: int) -> None:
        part = self._part
        if part is not None:
            if part.file_name is None:
                self._fields_bytes += count
                if self._fields_bytes > FIELD_BYTES_MAX:
                    raise HTTPException(413)
                part.body += self._buffer[:count]
            else:
                room = self._file_bytes_max + 1 - len(part.body)
                part.body += self._buffer[: min(count, max(room, 0))]
        del self._buffer[:count]

    def _read_head(self) -> bool:
        """Begin the next part, or the end; return whether enough of it is there."""
        if len(self._buffer) < 2:
            return False
        if self._buffer.startswith(b"--"):
            self.is_over = True
            return True
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or end > HEAD_BYTES_MAX:
            if len(self._buffer) > HEAD_BYTES_MAX:
                raise HTTPException(400)
            return False
        names = {name.lower(): value for name, value in NAMES.findall(bytes(self._buffer[:end]))}
        del self._buffer[: end + 4]
        self._count += 1
        if b"name" not in names or self._count > PARTS_MAX:
            raise HTTPException(400)
        file_name = names.get(b"filename")
        self._part = Part(
            names[b"name"].decode("utf-8", "replace"),
            None if file_name is None else file_name.decode("utf-8", "replace"),
        )
        self._is_in_head = False
        return True
