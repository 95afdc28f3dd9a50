"""A served node whose clock a test moves, and a browser on it in one language."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page
from starlette.testclient import TestClient
from tests.journeys.browser import Site, served
from tests.journeys.console_visitor import open_account

from comity.app import Node, init_node, now, open_node
from comity.doors import build_doors
from comity.procedures import people
from comity.procedures.sign_in import officer_named

Accounts = Mapping[str, tuple[str, str, str]]
"""By the word a test has for somebody: the name of the account, its bureau, its role."""


@dataclass
class MovedTime:
    """A clock that a test moves."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return now() + self.ahead


@dataclass
class Stage:
    """The node, its clock, a browser in one language, and accounts."""

    site: Site
    node: Node
    time: MovedTime
    running: Browser
    language: str
    accounts: Accounts

    def page(self, who: str) -> Page:
        page = self.running.new_context(locale=self.language).new_page()
        self.site.come_in(page.context, who)
        return page

    def ask(self, who: str) -> TestClient:
        key = people.new_key(officer_named(self.accounts[who][0], self.node.desk), self.node.desk).reveal()
        headers = {"Authorization": f"Bearer {key}", "Comity-Purpose": "border"}
        return TestClient(build_doors(self.node.desk), headers=headers)

    def check(self, page: Page, value: str, name: str = "name") -> None:
        """Ask for a person in the console, by one of the questions."""
        page.goto(f"{self.site.address}/check/person")
        page.fill(f"#f-{name}", value)
        page.select_option("#purpose", "border")
        page.click("form.card button.main")
        page.wait_for_selector(".outcome")


@contextmanager
def staged(directory: Path, accounts: Accounts, running: Browser, language: str) -> Iterator[Stage]:
    init_node(directory, "Moved time")
    time = MovedTime()
    with open_node(directory) as opened:
        node = replace(opened, desk=replace(opened.desk, clock=time))
        made = {who: open_account(node, *account) for who, account in accounts.items()}
        with served(node) as address:
            yield Stage(Site(address, node, made), node, time, running, language, accounts)
