"""What was typed and is no command of ours, as an error of ours: a stable code, and the word at fault."""

from cyclopts import CycloptsError
from cyclopts.exceptions import (
    CoercionError,
    MissingArgumentError,
    UnknownCommandError,
    UnknownOptionError,
)

from comity.errors import MalformedError

WORD_CHARS_MAX = 80


def mistyped(error: CycloptsError) -> MalformedError:
    """Return the error that says what is wrong with the command line."""
    if isinstance(error, UnknownCommandError):
        return MalformedError("command-unknown", _shown(next(iter(error.unused_tokens or ()), "")))
    if isinstance(error, UnknownOptionError):
        return MalformedError("option-unknown", _shown(error.token.keyword or error.token.value))
    name = "" if error.argument is None else error.argument.name
    if isinstance(error, MissingArgumentError):
        return MalformedError("value-missing", _shown(name))
    if isinstance(error, CoercionError):
        return MalformedError("value-form", _shown(name))
    return MalformedError("command-line", _shown(name or next(iter(error.unused_tokens or ()), "")))


def _shown(word: str) -> str:
    return word[:WORD_CHARS_MAX]
