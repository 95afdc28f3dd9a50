"""A real browser on a real node, served on loopback: for the journeys and for the pictures in the docs."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.journeys.console_visitor import open_account

from comity.access.credentials import code_at
from comity.app import Node, init_node, open_node
from comity.console.visitor import SESSION
from comity.doors import build_doors
from comity.procedures.people import Credentials
from comity.procedures.sign_in import officer_named, sign_in
from comity.procedures.submit import submit
from comity.records.kinds import KINDS

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SANDBOX = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def chromium() -> str:
    """Return where Chromium is; skips plainly where there is none, and fails in continuous integration."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        message = "no Chromium on this machine: the browser tests did not run"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(message)
    return found


@dataclass
class Site:
    """A served node, and an account of each of two bureaus."""

    address: str
    node: Node
    accounts: dict[str, Credentials]

    def sign_in(self, page: Page, bureau: str) -> None:
        page.goto(f"{self.address}/sign-in")
        self.fill_in(page, bureau)
        page.wait_for_url("**/check/person")

    def come_in(self, context: BrowserContext, bureau: str) -> None:
        """Let pages of this context be an account's, signed in already: the form has journeys of its own.

        No page is shown for it: each of them takes a while, and a journey goes on to its own at once.
        """
        secrets = self.accounts[bureau]
        code = self._fresh_code(secrets)
        session = sign_in(secrets.account, secrets.passphrase.reveal(), code, self.node.desk)
        cookie = {"name": SESSION, "value": session.token.reveal(), "url": self.address}
        context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Strict"}])

    def fill_in(self, page: Page, bureau: str) -> None:
        """Fill in the form that the page shows, and send it."""
        secrets = self.accounts[bureau]
        # A code works once: each sign-in starts from a clean step.
        code = self._fresh_code(secrets)
        page.fill("#account", secrets.account)
        page.fill("#passphrase", secrets.passphrase.reveal())
        page.fill("#code", code)
        page.press("#code", "Enter")

    def _fresh_code(self, secrets: Credentials) -> str:
        from comity.registry import accounts

        with self.node.desk.registry.write() as connection:
            accounts.change_account(connection, secrets.account, code_step=0)
        return code_at(secrets.code_secret.reveal(), self.node.desk.clock().timestamp())


@contextmanager
def site(directory: Path) -> Iterator[Site]:
    """Serve a node with an example of each kind, owned by Egypt, on a free port of loopback."""
    init_node(directory, "Browser")
    with open_node(directory) as node:
        made = {code: open_account(node, f"{code.lower()}-registrar", code) for code in ("EGY", "FRA")}
        enter_examples(node)
        with served(node) as address:
            yield Site(address, node, made)


def enter_examples(node: Node) -> None:
    """Enter every kind's examples for Egypt; the first person is wanted."""
    officer = officer_named("egy-registrar", node.desk)
    for kind in KINDS.values():
        for place, example in enumerate(kind.examples):
            record = {"share": "all", **example, "kind": kind.code, "source_id": f"{kind.code}-{place}"}
            if kind.code == "person" and place == 0:
                record["notice"] = "red"
            submit(record, officer, node.desk)


@contextmanager
def served(node: Node) -> Iterator[str]:
    """Serve a node's doors in a thread; yields the address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(build_doors(node.desk), log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


@contextmanager
def browser() -> Iterator[Browser]:
    """Run the system's Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=SANDBOX)
        try:
            yield running
        finally:
            running.close()
