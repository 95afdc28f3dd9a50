"""Forms that carry files, read part by part as they arrive: never more than one file is held in memory.

    bytes -> boundary -> head of a part -> its content, cut off where it is too large -> the next

Source: RFC 7578, multipart/form-data, as the WHATWG's HTML says that browsers write it.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import Request

HEAD_BYTES_MAX: Final = 4096
HEADERS_MAX: Final = 8
BOUNDARY_BYTES_MAX: Final = 70
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
    """Yield the parts of a posted form in order; raises 400 for what is none, 413 for what is too large.

    A form that is too large is read on for as much again, and thrown away: a browser that is cut off in the
    middle of sending shows its own page of errors, and not ours.
    """
    _, stated = parse_options_header(request.headers.get("content-type", ""))
    boundary = stated.get(b"boundary", b"")
    if not 1 <= len(boundary) <= BOUNDARY_BYTES_MAX:
        raise HTTPException(400)
    reader = PartReader(boundary, limits.file_bytes)
    size = 0
    async for chunk in request.stream():
        room = max(limits.form_bytes - size, 0)
        size += len(chunk)
        if size > 2 * limits.form_bytes:
            raise HTTPException(413)
        for part in reader.feed(chunk[:room]):
            yield part
    if size > limits.form_bytes:
        raise HTTPException(413)
    if not reader.is_over:
        raise HTTPException(400)


class PartReader:
    """Cuts a body into its parts, however it is cut into chunks."""

    def __init__(self, boundary: bytes, file_bytes_max: int) -> None:
        self._file_bytes_max = file_bytes_max
        self._part, self._ended = Part("", None), list[Part]()
        self._header, self._value = b"", b""
        self._disposition = b""
        self._fields_bytes = 0
        self._count = 0
        self.is_over = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._more_of_header,
                "on_header_value": self._more_of_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._name,
                "on_part_data": self._more_of_body,
                "on_part_end": self._end,
                "on_end": self._finish,
            },
            max_header_count=HEADERS_MAX,
            max_header_size=HEAD_BYTES_MAX,
        )

    def feed(self, chunk: bytes) -> list[Part]:
        """Take in a chunk; return the parts that end in it. Raises 400 for what is no form, 413 for too much."""
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise HTTPException(400) from None
        ended, self._ended = self._ended, []
        return ended

    def _begin(self) -> None:
        self._count += 1
        if self._count > PARTS_MAX:
            raise HTTPException(400)
        self._disposition = b""

    def _more_of_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _more_of_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header, self._value = b"", b""

    def _name(self) -> None:
        _, names = parse_options_header(self._disposition)
        if b"name" not in names:
            raise HTTPException(400)
        file_name = names.get(b"filename")
        self._part = Part(
            names[b"name"].decode("utf-8", "replace"),
            None if file_name is None else file_name.decode("utf-8", "replace"),
        )

    def _more_of_body(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        if part.file_name is None:
            self._fields_bytes += end - start
            if self._fields_bytes > FIELD_BYTES_MAX:
                raise HTTPException(413)
            part.body += data[start:end]
        else:
            room = self._file_bytes_max + 1 - len(part.body)
            part.body += data[start : min(end, start + max(room, 0))]

    def _end(self) -> None:
        self._ended.append(self._part)

    def _finish(self) -> None:
        self.is_over = True
