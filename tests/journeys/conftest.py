"""A node and a browser for each file of browser journeys; passphrases that are cheap to prove."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser
from tests.journeys.browser import Site, browser, chromium, site

from comity.access import credentials


@pytest.fixture(scope="module", autouse=True)
def cheap_passphrases() -> Iterator[None]:
    """Hash passphrases at the least cost: hundreds of accounts are opened here, each to be used once.

    What users get is held by tests/unit/procedures/test_credentials.py.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credentials, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    chromium()
    with site(tmp_path_factory.mktemp("browser") / "node") as place:
        yield place


@pytest.fixture(scope="module")
def running(place: Site) -> Iterator[Browser]:
    with browser() as running:
        yield running
