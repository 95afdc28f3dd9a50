"""The command line as its users run it: a process, its output, its exit code."""

import subprocess
import sys


def comity(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, two minutes at most."""
    return subprocess.run(
        [sys.executable, "-m", "comity.cli", *words], capture_output=True, text=True, check=False, timeout=120
    )
