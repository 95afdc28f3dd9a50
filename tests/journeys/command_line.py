"""The command line as its users run it: a process, its output, its exit code; or the same in this process.

A process imports and loads for a second before it does anything: a test of what a command says can spare that.
"""

import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, StringIO, TextIOWrapper

import pytest

from comity.cli import main


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


def comity_here(*words: str, language: str = "en", typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command as `comity` does, from the same beginning, in this process. What crashes it is raised."""
    output, errors = (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in range(2))
    code: object = 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(output), redirect_stderr(errors):
        patch.setenv("COMITY_LANGUAGE", language)
        patch.setattr(sys, "argv", ["comity", *words])
        patch.setattr(sys, "stdin", StringIO(typed))
        try:
            main()
        except SystemExit as left:
            code = left.code
    assert code is None or isinstance(code, int), "whoever runs a command is told a number"
    told = [one.buffer.getvalue().decode() for one in (output, errors)]
    return subprocess.CompletedProcess([*words], code or 0, *told)
