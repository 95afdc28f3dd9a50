"""A shell session as a page shows it: `comity` in this process, `export`, `curl`; anything else is a mistake."""

import contextlib
import io
import json
import os
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from comity.cli import main


@dataclass
class Session:
    """One reader's terminal: its directory, its variables, the servers it has started."""

    directory: Path
    port: int
    variables: dict[str, str] = field(default_factory=dict)
    servers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    answered: dict[str, object] = field(default_factory=dict)

    def run(self, line: str) -> int:
        """Run one line and return its exit code."""
        words = shlex.split(self._filled(line), comments=True)
        if not words:
            return 0
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            self.variables[name] = value
            return 0
        if words[0] == "curl":
            return self._ask(words[1:])
        assert words[0] == "comity", f"a page shows a command that is not ours: {line}"
        if words[1:2] == ["serve"]:
            return self._serve(words[1:])
        code, _ = self.comity(words[1:])
        return code

    def comity(self, words: Sequence[str]) -> tuple[int, str]:
        """Run a command in this process; return its exit code and what it printed."""
        out = io.StringIO()
        with self._here(), patch.object(sys, "argv", ["comity", *words]), contextlib.redirect_stdout(out):
            try:
                main()
            except SystemExit as ended:
                return int(ended.code or 0), out.getvalue()
        return 0, out.getvalue()

    def _filled(self, line: str) -> str:
        for name, value in self.variables.items():
            line = line.replace(f"${name}", value)
        return line.replace("8470", str(self.port))

    @contextlib.contextmanager
    def _here(self) -> Iterator[None]:
        with contextlib.chdir(self.directory), patch.dict(os.environ, self.variables):
            yield

    def _serve(self, words: Sequence[str]) -> int:
        port = [] if "--port" in words else ["--port", str(self.port)]
        command = [sys.executable, "-m", "comity.cli", *words, *port]
        with self._here():
            self.servers.append(
                subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            )
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5)
                return 0
            time.sleep(0.2)
        return 1

    def _ask(self, words: Sequence[str]) -> int:
        """Ask as curl would: `-H` headers, `-d` a body, `--data-binary @` a file, `-X` a method, the address last."""
        headers: dict[str, str] = {}
        body: bytes | None = None
        method: str | None = None
        for option, value in zip(words[:-1:2], words[1::2], strict=False):
            if option == "-H":
                name, _, text = value.partition(":")
                headers[name] = text.strip()
            elif option == "-d":
                body = value.encode()
            elif option == "--data-binary":
                body = (self.directory / value.removeprefix("@")).read_bytes()
            elif option == "-X":
                method = value
        asked = urllib.request.Request(words[-1], data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                self.answered |= json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code
        return 0

    def close(self) -> None:
        """Stop what was started."""
        for server in self.servers:
            server.terminate()
            server.wait(60)
