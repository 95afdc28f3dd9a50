"""The command line as its users run it: a process, its output, its exit code."""

import os
import subprocess
import sys


def comity(*words: str, language: str = "en", typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end, two minutes at most, in a language, with what is typed where it asks."""
    return subprocess.run(
        [sys.executable, "-m", "comity.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        input=typed,
        env={**os.environ, "COMITY_LANGUAGE": language},
    )
