"""A served node with bureaus and reviewers of the secretariat, and the steps of notices in a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page
from tests.journeys.browser import Site, served
from tests.journeys.console_visitor import open_account

from comity.app import SECRETARIAT, init_node, open_node

BUREAUS = ("EGY", "FRA", "KEN", "BRA")


@contextmanager
def notice_site(directory: Path) -> Iterator[Site]:
    init_node(directory, "Notices")
    with open_node(directory) as node:
        made = {code: open_account(node, f"{code.lower()}-registrar", code) for code in BUREAUS}
        made |= {
            f"{code}-officer": open_account(node, f"{code.lower()}-officer", code, "officer")
            for code in BUREAUS
        }
        made |= {
            name: open_account(node, name, SECRETARIAT, "reviewer") for name in ("reviewer-1", "reviewer-2")
        }
        with served(node) as address:
            yield Site(address, node, made)


def fill_red(page: Page, *, with_warrant: bool, number: str = "C77120034") -> None:
    """Fill in the form of a red notice as a drafter would."""
    fields = {
        "record.names.0.name": "Ferhat Dalamanoglu",
        "record.born": "1979-08-21",
        "record.nationalities": "EGY",
        "record.documents.0.number": number,
        "record.documents.0.issuer": "EGY",
        "particulars.facts": "باع حصصاً في ميناء لا وجود له.",
        "particulars.facts_date": "2023-04",
        "particulars.facts_place": "Alexandria",
        "particulars.facts_country": "EGY",
        "particulars.penalty_max": "3 years",
        "particulars.offences.0.charge": "الاحتيال",
        "particulars.offences.0.translation": "Fraud",
        "particulars.offences.0.law": "336",
        "language": "ara",
    }
    for name, value in fields.items():
        page.fill(f'.drafting [name="{name}"]', value)
    chosen = {
        "record.sex": "M",
        "particulars.sought_for": "prosecution",
        "particulars.offences.0.iccs": "0701",
        "particulars.offences.0.nature": "ordinary",
        "particulars.extradition_sought": "yes",
        "particulars.coordinated": "yes",
    }
    for name, value in chosen.items():
        page.select_option(f'[name="{name}"]', value)
    if with_warrant:
        fill_warrant(page)


def fill_warrant(page: Page) -> None:
    page.fill('[name="particulars.warrant.number"]', "ALX-2023-5512")
    page.fill('[name="particulars.warrant.authority"]', "Alexandria investigating judge")
    page.fill('[name="particulars.warrant.country"]', "EGY")
    page.select_option('[name="particulars.warrant.is_judicial"]', "yes")


def press(page: Page, move: str) -> None:
    with page.expect_navigation():
        page.click(f'button[name="move"][value="{move}"]')


def answer_all(page: Page) -> None:
    for box in page.query_selector_all('input[type="radio"][value="yes"]'):
        box.check()
