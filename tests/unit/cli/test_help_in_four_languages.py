"""Whatever `--help` lists is explained in all four languages; the English is the code's own."""

import inspect

import pytest

from comity.cli.commands import command_line
from comity.cli.helping import commands
from comity.phrases.words import CODES, table, words

COMMANDS = {" ".join(path): app for path, app in commands(command_line(words("en")))}


def options() -> set[str]:
    """Return every option of every command, as it is typed."""
    return {
        name
        for app in COMMANDS.values()
        if app.default_command is not None
        for argument in app.assemble_argument_collection()
        for name in argument.names
        if name.startswith("--") and not name.startswith("--no-")
    }


def test_every_command_has_words() -> None:
    assert sorted(path for path in COMMANDS if ("command", path) not in table("en")) == []


def test_no_words_are_kept_for_a_command_that_is_gone() -> None:
    explained = {key for group, key in table("en") if group == "command"}
    assert sorted(explained - {*COMMANDS, "comity"}) == []


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_the_english_of_a_command_is_its_docstring(path: str) -> None:
    app = COMMANDS[path]
    written = inspect.getdoc(app.default_command) if app.default_command else None
    if written is not None:
        assert words("en").command(path).split() == written.split()


def test_every_option_has_words() -> None:
    assert sorted(name for name in options() if ("option", name) not in table("en")) == []


def test_no_words_are_kept_for_an_option_that_is_gone() -> None:
    explained = {key for group, key in table("en") if group == "option"}
    assert sorted(explained - options() - {"--help", "--version"}) == []


@pytest.mark.parametrize("language", CODES)
def test_an_option_is_explained_in_each_language(language: str) -> None:
    assert all(words(language).option(name) for name in options())
