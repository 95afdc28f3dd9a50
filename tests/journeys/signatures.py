"""What the parser of the command line reads from a command's signature, kept from one call of the command to the next.

A user's process calls one command and reads its signature once; a test that calls each command dozens of times in one
process would read it each time, which takes longer than most commands. What was typed is parsed anew in each call.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy

import pytest
from cyclopts import App, ArgumentCollection, Parameter


@contextmanager
def signatures_kept() -> Iterator[None]:
    """Read the signature of each command once in this block."""
    read = App.assemble_argument_collection
    known: dict[tuple[int, bool], tuple[App, ArgumentCollection]] = {}

    def kept(
        app: App, *, default_parameter: Parameter | None = None, parse_docstring: bool = False
    ) -> ArgumentCollection:
        if default_parameter is not None:
            return read(app, default_parameter=default_parameter, parse_docstring=parse_docstring)
        name = (id(app), parse_docstring)
        if name not in known:
            known[name] = (app, read(app, parse_docstring=parse_docstring))
        return fresh(known[name][1])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(App, "assemble_argument_collection", kept)
        yield


def fresh(collection: ArgumentCollection) -> ArgumentCollection:
    """Return the same arguments, for which nothing has been typed yet."""
    made = {id(argument): copy(argument) for argument in collection}
    for argument in made.values():
        assert not argument.tokens, "what is kept was never parsed into"
        argument.tokens = []
        argument.children = ArgumentCollection(made[id(child)] for child in argument.children)
    return ArgumentCollection(made.values())
