"""What `--help` says, in the terminal's language: commands by their path, options by their name.

The English of a command is its docstring, that of an option stands with the other languages in the phrases.
"""

from collections.abc import Iterator

from cyclopts import App
from cyclopts.help import DefaultFormatter, HelpEntry, HelpPanel
from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.table import Table

from comity.phrases.words import Words

WITHOUT_TELLING = frozenset({"None", "", '""', "False"})
"""Defaults that say nothing to who reads them."""


class SpokenHelp(DefaultFormatter):
    """Draws the pages of help in one language: what to type, what it does, its commands and options."""

    def __init__(self, speaker: Words) -> None:
        super().__init__()
        self._speaker = speaker

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
        """Print one list, of commands or of options."""
        del options
        if not panel.entries:
            return
        is_commands = panel.format == "command"
        console.print(f"\n[bold]{self._speaker.say('Commands' if is_commands else 'Options')}[/]")
        table = Table(box=None, show_header=False, pad_edge=True)
        table.add_column(style="cyan", no_wrap=False, max_width=34)
        table.add_column(overflow="fold")
        for entry in panel.entries:
            table.add_row(escape(" ".join(entry.display_labels_with_metavar)), self._told(entry))
        console.print(table)

    def render_usage(self, console: Console, options: ConsoleOptions, usage: object) -> None:
        """Print how the command is typed."""
        del options
        typed = str(usage).removeprefix("Usage:").strip()
        console.print(f"[bold]{self._speaker.say('Usage')}:[/] {escape(typed)}\n")

    def _told(self, entry: HelpEntry) -> RenderableType:
        name = next(iter(entry.all_options), "")
        if not name.startswith("-"):
            described: RenderableType = entry.description or ""
            return described
        told = self._speaker.option(name)
        notes = [self._speaker.say("required")] if entry.required else []
        if str(entry.default) not in WITHOUT_TELLING:
            notes.append(f"{self._speaker.say('without it')}: {entry.default}")
        return escape(f"{told} ({'; '.join(notes)})" if notes else told)


def commands(app: App, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], App]]:
    """Yield every command below this one, with the words that lead to it."""
    for name in app:
        if name.startswith("-"):
            continue
        one = app[name]
        yield (*path, name), one
        yield from commands(one, (*path, name))
