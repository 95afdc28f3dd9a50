"""Take the pictures of the documentation: the console over the demonstration's invented records, in a real browser.

    python tools/docs/pictures.py [--port N]

Makes a throw-away node, serves it on loopback, signs in as its accounts, and writes docs/pictures/*.png. Needs
Chromium. Nothing in the pictures is of a real person.
"""

import argparse
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from comity.access.credentials import code_at

PICTURES: Final = Path(__file__).parents[2] / "docs" / "pictures"
DESK, PHONE = (1280, 900), (390, 844)
STARTED_WITHIN_S: Final = 300
CODE_S: Final = 30
ACCOUNT: Final = re.compile(r"^([a-z]{3}-[a-z]+) +(\S+) +\d{6} +([A-Z2-7]+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Served:
    """A node that serves: its address, and of each account the passphrase and the key of its codes."""

    address: str
    accounts: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """Who sees what, in which language, on which screen; `steps` lead there from the first page."""

    name: str
    account: str
    language: str
    steps: Callable[[Page], None]
    size: tuple[int, int] = DESK
    is_dark: bool = False


def goes_to(path: str) -> Callable[[Page], None]:
    """Return the steps to a page."""

    def go(page: Page) -> None:
        page.goto(path)

    return go


def checks(kind: str, **typed: str) -> Callable[[Page], None]:
    """Return the steps of a check of this kind; what is typed by the names of the fields."""

    def check(page: Page) -> None:
        page.goto(f"/check/{kind}")
        for field, value in typed.items():
            page.fill(f"[name='{field}']", value)
        page.click("main form button.main")
        page.wait_for_load_state()

    return check


def then(first: Callable[[Page], None], selector: str) -> Callable[[Page], None]:
    """Return steps, and after them the one to where a selector leads."""

    def follow(page: Page) -> None:
        first(page)
        page.click(selector)
        page.wait_for_load_state()

    return follow


PERSON: Final = {"name": "Serguei Lozintsef", "born": "1983-11-19"}
SHOTS: Final = (
    Picture("hit-en", "fra-officer", "en", then(checks("person", **PERSON), ".by-word summary")),
    Picture("hit-ar-phone", "fra-officer", "ar", then(checks("person", **PERSON), ".by-word summary"), PHONE),
    Picture("miss-fr-phone", "fra-officer", "fr", checks("person", name="Quillon Ashdownbury"), PHONE),
    Picture("invalid-es-dark", "bra-officer", "es", checks("travel_document", number="***"), is_dark=True),
    Picture("check-vessel-en", "fra-officer", "en", goes_to("/check/vessel")),
    Picture("record-ar", "fra-officer", "ar", then(checks("person", **PERSON), "main a[href^='/records/']")),
    Picture("inbox-en", "egy-registrar", "en", goes_to("/inbox")),
    Picture("notices-fr-dark", "jpn-registrar", "fr", goes_to("/notices"), is_dark=True),
    Picture("review-es", "xpo-reviewer", "es", then(goes_to("/notices?scope=waiting"), "main table a")),
    Picture(
        "message-ar", "egy-registrar", "ar", then(goes_to("/messages"), "main a[href^='/messages/threads/']")
    ),
    Picture("entry-fr", "fra-registrar", "fr", goes_to("/enter/vehicle")),
    Picture("statistics-en", "fra-registrar", "en", goes_to("/statistics")),
)


@contextmanager
def demonstration(port: int) -> Generator[Served, None, None]:
    """Serve a demonstration while the context lasts."""
    program = Path(sys.executable).parent / "comity"
    with tempfile.TemporaryDirectory() as home, (Path(home) / "said").open("w+") as said:
        running = subprocess.Popen(
            [program, "demo", Path(home) / "node", "--port", str(port)], stdout=said, stderr=said
        )
        try:
            until = time.monotonic() + STARTED_WITHIN_S
            while "http" not in (text := (Path(home) / "said").read_text()) or "Ready" not in text:
                if running.poll() is not None or time.monotonic() > until:
                    raise SystemExit(text)
                time.sleep(0.2)
            accounts = {name: (phrase, key) for name, phrase, key in ACCOUNT.findall(text)}
            yield Served(f"http://127.0.0.1:{port}", accounts)
        finally:
            running.send_signal(signal.SIGINT)
            running.wait()


def sign_in(page: Page, served: Served, account: str) -> None:
    """Sign in, with a code that was not used yet: each holds half a minute and works once."""
    phrase, key = served.accounts[account]
    for attempt in range(2):
        page.goto("/sign-in")
        page.fill("[name=account]", account)
        page.fill("[name=passphrase]", phrase)
        page.fill("[name=code]", code_at(key, time.time()))
        page.click("form[action='/sign-in'] button")
        page.wait_for_load_state()
        if "/sign-in" not in page.url:
            return
        if not attempt:
            time.sleep(CODE_S - time.time() % CODE_S + 0.1)
    raise SystemExit(f"{account} could not sign in")


def take(browser: Browser, served: Served, picture: Picture) -> None:
    """Write one picture."""
    width, height = picture.size
    context = browser.new_context(
        base_url=served.address,
        locale=picture.language,
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.is_dark else "light",
    )
    page = context.new_page()
    sign_in(page, served, picture.account)
    context.add_cookies([{"name": "comity-purpose", "value": "border", "url": served.address}])
    picture.steps(page)
    page.screenshot(path=PICTURES / f"{picture.name}.png", full_page=True)
    context.close()
    print(picture.name)


def main() -> None:
    """Take them all."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--port", type=int, default=8471)
    chosen = options.parse_args()
    program = next(
        (
            found
            for name in ("chromium", "chromium-browser", "google-chrome")
            if (found := shutil.which(name))
        ),
        None,
    )
    if program is None:
        raise SystemExit("there is no Chromium")
    with demonstration(chosen.port) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for picture in SHOTS:
            take(browser, served, picture)
        browser.close()


if __name__ == "__main__":
    main()
