"""The command line: `comity COMMAND`. Reads, calls one procedure, prints.

Exit codes: 0 done, 1 the node says no (refused, unknown, damaged), 2 what was typed is malformed.
"""

import errno
import sys

from cyclopts import CycloptsError

from comity.cli.commands import command_line, speak
from comity.cli.mistyped import mistyped
from comity.cli.show import show_error
from comity.cli.speaking import speaker_here
from comity.errors import ComityError, FullError, MalformedError


def main() -> None:
    """Run the command line and leave with its exit code."""
    speaker = speaker_here()
    app = command_line(speaker)
    speak(app, speaker, sys.argv[1:])
    try:
        try:
            app(sys.argv[1:], exit_on_error=False, print_error=False)
        except CycloptsError as error:
            raise mistyped(error) from None
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            raise FullError from None
    except ComityError as error:
        show_error(error)
        sys.exit(2 if isinstance(error, MalformedError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
