"""A node and a browser for each file of browser journeys."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.journeys.browser import Site, browser, chromium, site


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    chromium()
    with site(tmp_path_factory.mktemp("browser") / "node") as place:
        yield place


@pytest.fixture(scope="module")
def running(place: Site) -> Iterator[Browser]:
    with browser() as running:
        yield running
