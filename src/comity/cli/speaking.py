"""In which language the command line says what has words: the terminal's."""

import os
import re

from comity.phrases.words import Words, choose, words

VARIABLES = ("COMITY_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a terminal's language stands, the first that says anything before the others (POSIX, 8.2)."""


def speaker_here() -> Words:
    """Return who speaks the language of the terminal; English where it is none of ours."""
    stated = next((value for name in VARIABLES if (value := os.environ.get(name))), "")
    return words(choose(stated.partition(".")[0], ""))


ISOLATES = re.compile("[\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}]")


def said(sentence: str, /, **values: str | int) -> str:
    """Return a sentence in the terminal's language, its places filled.

    Where everything runs from left to right the marks that keep directions apart are left out: whoever copies
    a path or a key from the terminal would copy them too.
    """
    speaker = speaker_here()
    text = speaker.say(sentence, **values)
    return text if speaker.direction == "rtl" else ISOLATES.sub("", text)
