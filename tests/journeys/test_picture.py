"""What an official sees at one look, and what a notice looks like printed: in each of the four languages."""

import csv
import re
from collections.abc import Iterator

import pytest
from tests.journeys.console_visitor import Visitor, open_account, visitor, words_of
from tests.journeys.seeded_year import seed_year
from tests.unit.procedures.offices import RED, offices, published

from comity.app import Node
from comity.phrases.words import CODES
from comity.procedures.picture import MEASURES
from comity.registry.notices import HeldNotice

SEEDED = ("regions", "countries", "kinds", "areas")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with offices(tmp_path_factory.mktemp("picture")) as opened:
        with opened.desk.registry.write() as connection:
            seed_year(connection, opened.desk.registry.bureaus())
        yield opened


@pytest.fixture(scope="module")
def notice(node: Node) -> HeldNotice:
    return published(node, RED)


@pytest.fixture(scope="module")
def officials(node: Node) -> dict[str, Visitor]:
    made = {language: visitor(node, **{"accept-language": language}) for language in CODES}
    for language, who in made.items():
        who.sign_in(node, open_account(node, f"fra-{language}", "FRA", "registrar"))
        who.client.cookies.set("comity-purpose", "border")
    return made


@pytest.mark.parametrize("language", CODES)
def test_the_page_says_first_what_share_of_the_world_s_searches_europe_made(
    officials: dict[str, Visitor], language: str
) -> None:
    page = officials[language].client.get("/statistics").text
    headline = page[
        page.index('<dl class="totals">') : page.index("</dl>", page.index('<dl class="totals">'))
    ]
    assert re.search(r"49\W{0,3}%|%\W{0,3}49", words_of(headline)), headline


@pytest.mark.parametrize("chart", SEEDED)
def test_every_chart_is_a_table_too(officials: dict[str, Visitor], chart: str) -> None:
    page = officials["en"].client.get("/statistics").text
    section = page[page.index(f'aria-labelledby="c-{chart}"') :]
    assert "<table" in section[: section.index("</section>")]


@pytest.mark.parametrize("chart", SEEDED)
def test_every_chart_is_a_csv_file_too(officials: dict[str, Visitor], chart: str) -> None:
    answer = officials["en"].client.get(f"/statistics/{chart}.csv")
    rows = list(csv.reader(answer.text.splitlines()))
    kind = answer.headers["content-type"].partition(";")[0]
    assert (kind, len(rows) > 1, len({len(row) for row in rows})) == ("text/csv", True, 1)


def test_every_chart_of_the_page_links_to_its_file(officials: dict[str, Visitor]) -> None:
    client = officials["en"].client
    links = set(re.findall(r'href="(/statistics/\w+\.csv[^"]*)"', client.get("/statistics").text))
    assert {path: client.get(path).status_code for path in links} == dict.fromkeys(links, 200)


NARROWED = (
    *(f"kind={kind}" for kind in ("person", "vehicle")),
    *(f"measure={measure}" for measure in MEASURES),
    *(f"measure={measure}&kind=person&region=europe" for measure in MEASURES),
    "country=EGY&from=2026-01&to=2026-02",
)


@pytest.mark.parametrize("asked", NARROWED)
def test_the_picture_is_shown_however_it_is_narrowed(officials: dict[str, Visitor], asked: str) -> None:
    assert officials["en"].client.get(f"/statistics?{asked}").status_code == 200


def test_the_world_is_drawn_by_country(officials: dict[str, Visitor]) -> None:
    assert officials["en"].client.get("/statistics").text.count("<path") > 150


@pytest.mark.parametrize("language", CODES)
def test_a_sheet_is_printed_in_each_language_with_its_direction(
    officials: dict[str, Visitor], notice: HeldNotice, language: str
) -> None:
    page = officials[language].client.get(f"/notices/{notice.id}/sheet").text
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page
    # The facts are the drafter's own Arabic, and marked so in every language.
    free = next(one for one in re.findall(r"<dd[^>]*>", page) if "free" in one and 'lang="ar"' in one)
    assert 'dir="rtl"' in free


@pytest.mark.parametrize("language", CODES)
def test_a_sheet_is_a_pdf_in_each_language(
    officials: dict[str, Visitor], notice: HeldNotice, language: str
) -> None:
    answer = officials[language].client.get(f"/notices/{notice.id}/sheet.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
