"""A request's form and its review in the console: nothing that was stated is lost, nothing is published unseen."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from tests.journeys.console_visitor import Visitor, open_account, visitor, words_of
from tests.unit.procedures.offices import RED, checklist, enter, officer, offices, published, step

from comity.app import SECRETARIAT, Node
from comity.procedures.notices.drafting import amend
from comity.procedures.notices.reading import read_notice
from comity.records.fieldtype import Json
from comity.records.notices import COLOURS
from comity.records.notices.content import Content
from comity.records.notices.states import Form, NoticeState
from comity.registry.notices import HeldNotice

HANDLED: dict[str, Json] = {"view": "pointer", "reliability": "B2", "handling_code": "H2"}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with offices(tmp_path_factory.mktemp("forms")) as node:
        yield node


@pytest.fixture(scope="module")
def egypt(node: Node) -> Visitor:
    entering = visitor(node)
    entering.sign_in(node, open_account(node, "egy-inside", "EGY"))
    return entering


@pytest.fixture(scope="module")
def reviewer(node: Node) -> Visitor:
    entering = visitor(node)
    entering.sign_in(node, open_account(node, "reviewer-inside", SECRETARIAT, "reviewer"))
    return entering


def typed(page: str) -> dict[str, str]:
    """Return what a browser would send of a drafting form that nobody has touched."""
    form = page[page.index('<form class="card drafting"') :]
    form = form[: form.index("</form>")]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        stated = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if stated.get("type") != "checkbox" or " checked" in tag:
            found[stated["name"]] = unescape(stated.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = "" if chosen is None else unescape(chosen[1])
    return found


def latest(node: Node, held: HeldNotice) -> Content:
    return read_notice(held.id, held.form, officer(node, "egy-registrar"), None, node.desk).held.latest


def saved_again(egypt: Visitor, held: HeldNotice) -> int:
    """Open a request's form and save it as it stands; return the answer's status."""
    path = f"/{held.form.value}s/{held.id}/edit"
    return egypt.client.post(
        path, data=typed(egypt.client.get(path).text), follow_redirects=False
    ).status_code


@pytest.mark.parametrize("form", Form)
def test_saving_a_form_again_opens_nothing_that_was_shown_in_part(
    node: Node, egypt: Visitor, form: Form
) -> None:
    share: dict[str, Json] = {"share": {"only": ["KEN"]}} if form is Form.DIFFUSION else {}
    held = published(node, {**RED, **HANDLED, **share, "reference": f"again-{form.value}"}, form)
    assert (saved_again(egypt, held), latest(node, held)) == (303, held.latest)


EXAMPLES = [(code, place) for code, colour in COLOURS.items() for place in range(len(colour.examples))]


@pytest.mark.parametrize(("code", "place"), EXAMPLES)
def test_a_form_saved_again_says_what_it_said(node: Node, egypt: Visitor, code: str, place: int) -> None:
    content = {**COLOURS[code].examples[place], "colour": code, "reference": f"whole-{code}-{place}"}
    held = enter(node, content)
    assert (saved_again(egypt, held), latest(node, held)) == (303, held.latest)


@pytest.fixture(scope="module")
def updated(node: Node) -> HeldNotice:
    """A diffusion to Kenya in force, of which Egypt proposes an update: other facts, to France too, as a summary."""
    stated = {**RED, "reference": "updated", "share": {"only": ["KEN"]}, "view": "summary"}
    held = published(node, stated, Form.DIFFUSION)
    particulars = {**RED["particulars"], "facts": "Ein ganz neuer Sachverhalt.", "facts_place": "Rosetta"}
    newer: dict[str, Json] = {**stated, "particulars": particulars, "share": {"only": ["KEN", "FRA"]}}
    newer |= {"view": "full", "handling_code": "H1", "language": "deu"}
    return amend(held.id, held.form, held.version, newer, officer(node, "egy-registrar"), node.desk)


def test_a_reviewer_reads_the_content_that_waits(reviewer: Visitor, updated: HeldNotice) -> None:
    page = words_of(reviewer.client.get(f"/diffusions/{updated.id}/review").text)
    assert "Ein ganz neuer Sachverhalt." in page


def test_a_reviewer_sees_what_an_update_changes(reviewer: Visitor, updated: HeldNotice) -> None:
    text = reviewer.client.get(f"/diffusions/{updated.id}/review").text
    rows = [words_of(row) for row in re.findall(r"<tr><th scope=.row.*?</tr>", text, re.DOTALL)]
    assert rows == [
        "Facts باع حصصاً في ميناء لا وجود له وحوّل الأموال إلى الخارج. Ein ganz neuer Sachverhalt.",
        "Place of the facts Alexandria Rosetta",
        "Language of the free text Arabic German",
        "Who may see it Only: Kenya (KEN) Only: France (FRA), Kenya (KEN)",
        "What others see a summary all of it",
        "Handling H0 – no special conditions H1 – not as evidence without the owner’s leave",
    ]


def test_an_update_s_free_text_is_marked_with_its_own_language(
    reviewer: Visitor, updated: HeldNotice
) -> None:
    page = reviewer.client.get(f"/diffusions/{updated.id}/review").text
    assert '<span lang="de" dir="ltr">Ein ganz neuer Sachverhalt.</span>' in page


def test_a_translation_is_not_marked_as_the_language_it_is_translated_from(
    node: Node, egypt: Visitor
) -> None:
    particulars = {
        **RED["particulars"],
        "facts": "Il a vendu des parts.",
        "facts_translation": "He sold shares.",
    }
    content: dict[str, Json] = {
        **RED,
        "particulars": particulars,
        "language": "fra",
        "reference": "translated",
    }
    page = egypt.client.get(f"/notices/{enter(node, content).id}/sheet").text
    marked = re.findall(r'lang="(\w+)"[^>]*>(?:<span[^>]*>)?(Il a vendu des parts\.|He sold shares\.)', page)
    assert (set(marked), "He sold shares." in page) == ({("fr", "Il a vendu des parts.")}, True)


@pytest.mark.parametrize("path", ["", "/review"])
def test_a_reviewer_sees_whom_a_request_is_for(node: Node, reviewer: Visitor, path: str) -> None:
    stated = {**RED, **HANDLED, "reference": f"for{path[1:]}", "share": {"except": ["BRA"]}}
    held = step(node, enter(node, stated), "submit", "egy-registrar")
    page = words_of(reviewer.client.get(f"/notices/{held.id}{path}").text)
    wanted = ("All but: Brazil (BRA)", "only that it exists", "B2 – ", "H2 – ")
    assert [one for one in wanted if one not in page] == []


def test_an_owner_sees_whom_its_request_is_for(egypt: Visitor, updated: HeldNotice) -> None:
    page = words_of(egypt.client.get(f"/diffusions/{updated.id}").text)
    assert "Only: France (FRA), Kenya (KEN)" in page


def test_an_addressee_does_not_see_who_else_is(node: Node, updated: HeldNotice) -> None:
    entering = visitor(node)
    entering.sign_in(node, open_account(node, "ken-reading", "KEN", "officer"))
    entering.check("person", name="Nobody")
    page = words_of(entering.client.get(f"/diffusions/{updated.id}").text)
    assert ("Ferhat" in page, "France" in page, "Whom it is for" in page) == (True, False, False)


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_what_an_update_changes_is_said_in_each_language(
    node: Node, updated: HeldNotice, language: str
) -> None:
    entering = visitor(node, **{"Accept-Language": language})
    entering.sign_in(node, open_account(node, f"reviewer-{language}", SECRETARIAT, "reviewer"))
    page = words_of(entering.client.get(f"/diffusions/{updated.id}/review").text)
    english = (
        "Who may see it",
        "What others see",
        "a summary",
        "Whom it is for",
        "Place of the facts",
        "Only:",
    )
    assert [one for one in english if one in page] == []


def test_the_update_is_published_as_it_was_shown(node: Node, updated: HeldNotice) -> None:
    taken = step(node, updated, "take", "reviewer-1")
    asked: dict[str, Json] = {"checklist": checklist("red"), "reasons": "Weighed."}
    done = step(node, taken, "publish", "reviewer-1", **asked)
    assert (done.state, done.body) == (NoticeState.PUBLISHED, updated.latest)


def test_a_grade_runs_as_the_page_does(node: Node) -> None:
    entering = visitor(node, **{"Accept-Language": "ar"})
    entering.sign_in(node, open_account(node, "egy-ar", "EGY"))
    held = enter(node, {**RED, **HANDLED, "reference": "graded"})
    page = entering.client.get(f"/notices/{held.id}").text
    assert (page.count("<dd>H2 – "), "<bdi>H2 – " in page) == (2, False)


@pytest.mark.parametrize(
    ("language", "months", "told"),
    [
        ("en", 25, "25 months"),
        ("fr", 60, "60 mois"),
        ("es", 1200, "Perpetua"),
        ("ar", 3, "3 أشهر"),
    ],
)
def test_a_form_says_what_a_length_of_detention_was_taken_for(
    node: Node, language: str, months: int, told: str
) -> None:
    """A draft of an earlier release may hold five months where five years were typed: no bare number hides it."""
    particulars = {**RED["particulars"], "penalty_max": months}
    held = enter(node, {**RED, "reference": f"months-{language}", "particulars": particulars})
    reading = visitor(node, **{"Accept-Language": language})
    reading.sign_in(node, open_account(node, f"months-{language}", "EGY"))
    page = reading.client.get(f"/notices/{held.id}/edit").text
    field = re.search(r'name="particulars.penalty_max"[^>]*>\s*<small>([^<]*)</small>', page)
    assert field is not None
    assert re.sub("[\u2068\u2069]", "", unescape(field[1])) == told
