"""In which language the command line says what has words: the terminal's."""

import os

from comity.phrases.words import Words, choose, words

VARIABLES = ("COMITY_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a terminal's language stands, the first that says anything before the others (POSIX, 8.2)."""


def speaker_here() -> Words:
    """Return who speaks the language of the terminal; English where it is none of ours."""
    stated = next((value for name in VARIABLES if (value := os.environ.get(name))), "")
    return words(choose(stated.partition(".")[0], ""))
