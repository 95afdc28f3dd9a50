"""The commands, and where each is written: a command's own module is imported when it is called.

What a command needs of the house takes up to a second to import, and most need little of it; nobody waits for the
others', nor does `--help` wait for any.
"""

from collections.abc import Mapping, Sequence

from cyclopts import App

from comity import __version__
from comity.cli.helping import SpokenHelp, commands
from comity.phrases.words import Words

PLACES: Mapping[str, str] = {
    "access": "owners:ACCESS",
    "account": "accounts:ACCOUNT",
    "address": "hits:ADDRESS",
    "audit": "keeping:AUDIT",
    "backup": "keeping:backup",
    "bureau": "accounts:BUREAU",
    "check": "checks:check",
    "clock": "clock:CLOCK",
    "demo": "demonstrating:demo",
    "doctor": "keeping:doctor",
    "duty": "hits:DUTY",
    "hits": "hits:HITS",
    "import": "importing:import_",
    "init": "beginning:init",
    "key": "accounts:KEY",
    "keys": "messages:KEYS",
    "message": "messages:MESSAGE",
    "notice": "notices:NOTICE",
    "officer": "accounts:OFFICER",
    "picture": "picture:show_picture",
    "proposal": "owners:PROPOSAL",
    "rebuild": "keeping:rebuild",
    "record": "records:RECORD",
    "redress": "redress:REDRESS",
    "restore": "keeping:restore",
    "retention": "retention:RETENTION",
    "role": "accounts:ROLE",
    "serve": "serving:serve",
    "stats": "checks:stats",
    "tick": "clock:tick",
    "unit": "accounts:UNIT",
    "watch": "watches:WATCH",
}
"""Each command or group of commands: the module of this package, and the name that it has there."""


def command_line(speaker: Words) -> App:
    """Return the command line; what it lists is explained in the speaker's language."""
    made = App(
        name="comity",
        version=__version__,
        help=speaker.command("comity"),
        help_format="plaintext",
        help_formatter=SpokenHelp(speaker),
    )
    for name, place in PLACES.items():
        made.command(f"comity.cli.{place}", name=name, help=speaker.command(name))
    return made


def speak(app: App, speaker: Words, typed: Sequence[str]) -> None:
    """Explain what a group of commands holds, in the speaker's language, where one is typed."""
    named = next((word for word in typed if word in PLACES), None)
    if named is not None:
        for path, one in commands(app[named], (named,)):
            one.help = speaker.command(" ".join(path))
