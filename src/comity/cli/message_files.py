"""The files of a message on the command line: handed in before it is sent, fetched and saved when it is read."""

from collections.abc import Sequence
from pathlib import Path

from comity.cli.message_door import Answer, Door
from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.records.messages.message import file_name


def handed_in(files: Sequence[Path], door: Door) -> dict[str, Json]:
    """Hand in files, and return what a message says of them; nothing where there are none.

    Raises `MalformedError` for a file that cannot be read, and what the node says of one that it does not take.
    """
    bodies = [(file_name(path.name, "file"), _body(path)) for path in files]
    kept = [door.keep_file(name, body) for name, body in bodies]
    attached: list[Json] = [{"name": one["name"], "digest": one["digest"]} for one in kept]
    return {"attachments": attached} if attached else {}


def _body(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise MalformedError("file-unreadable", "file") from None


def files_of(message: Answer, door: Door) -> tuple[tuple[str, bytes], ...]:
    """Return the names and contents of the files of a message that is not sealed.

    The names are another bureau's: they are checked once more before files of these names are written.
    """
    return tuple(
        (file_name(one["name"], "file"), door.file(str(message["message"]), int(str(one["place"]))))
        for one in listed(message["files"])
    )


def listed(value: Json) -> list[dict[str, Json]]:
    """Return the objects of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def save_file(directory: Path, name: str, body: bytes) -> None:
    """Save a file under its name, over none that is there; raises `MalformedError` where that cannot be."""
    try:
        with (directory / name).open("xb") as file:
            file.write(body)
    except OSError:
        raise MalformedError("file-unreadable", "save") from None
