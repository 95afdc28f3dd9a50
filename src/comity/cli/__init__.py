"""The command line: `comity COMMAND`. Reads, calls one procedure, prints.

Exit codes: 0 done, 1 the node says no (refused, unknown, damaged), 2 what was typed is malformed.
"""

import sys

from comity.cli.commands import APP
from comity.cli.show import show_error
from comity.errors import ComityError, MalformedError


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        APP(sys.argv[1:])
    except ComityError as error:
        show_error(error)
        sys.exit(2 if isinstance(error, MalformedError) else 1)
