"""Two journeys in a real browser and over HTTP, in English and in Arabic.

A record comes of age, its owner is silent, it is purged, the proof verifies. And redress, from the request to
the erasure.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.journeys.browser import browser, chromium
from tests.journeys.moved_time import Stage, staged

from comity.procedures.retention import verify_purge
from comity.procedures.retention_run import run_retention
from comity.procedures.sign_in import officer_named

pytestmark = pytest.mark.browser
PERSON = {
    "kind": "person",
    "names": [{"name": "Abdelaziz Testmansour", "type": "primary"}],
    "born": ["1971-04-09"],
    "share": "all",
}
ACCOUNTS = {
    "EGY": ("egy-registrar", "EGY", "registrar"),
    "FRA": ("fra-registrar", "FRA", "registrar"),
    "CCF": ("ccf", "XPO", "controller"),
    "DPO": ("egy-controller", "EGY", "controller"),
}
WORDS = {
    "en": {
        "suspended": "Suspended",
        "unanswered": "Its owner did not answer",
        "erased": "Purged",
        "withheld": "This message is withheld",
        "gone": "was erased by a decision",
    },
    "ar": {
        "suspended": "معلّق",
        "unanswered": "لم ترد الجهة المالكة",
        "erased": "ما مُحي",
        "withheld": "هذه الرسالة محجوبة",
        "gone": "مُحي مضمون هذه الرسالة",
    },
}


def hits(stage: Stage) -> list[str]:
    """Return what France's console leads to for the name."""
    page = stage.page("FRA")
    stage.check(page, "Abdelaziz Testmansour")
    found = [str(one.get_attribute("href")) for one in page.locator("a[href^='/records/']").all()]
    page.context.close()
    return found


def run(stage: Stage, days: int) -> None:
    """Let days pass, and the clock strike."""
    stage.time.ahead += timedelta(days=days)
    run_retention(officer_named("operator", stage.node.desk), stage.node.desk)


@pytest.fixture(scope="module")
def running() -> Iterator[Browser]:
    chromium()
    with browser() as running:
        yield running


@pytest.fixture(params=["en", "ar"])
def stage(request: pytest.FixtureRequest, running: Browser, tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path / "node", ACCOUNTS, running, request.param) as stage:
        yield stage


def entered(stage: Stage, **handling: object) -> str:
    answer = stage.ask("EGY").post("/v1/records", json={**PERSON, "source_id": "P1", **handling})
    return answer.json()["record"]


def test_a_record_comes_of_age_and_its_owner_is_silent(stage: Stage) -> None:
    words = WORDS[stage.language]
    end = (stage.time() + timedelta(days=10)).date()
    record = entered(stage, retain_until=end.isoformat())
    run(stage, days=0)
    asked = stage.ask("EGY").get("/v1/retention").json()["questions"]
    before = hits(stage)
    stage.time.ahead += timedelta(days=10)
    on_the_day = hits(stage)
    run(stage, days=0)
    owner = stage.page("EGY")
    owner.goto(f"{stage.site.address}/retention")
    suspended = owner.inner_text("main")
    run(stage, days=31)
    owner = stage.page("EGY")
    owner.goto(f"{stage.site.address}/retention")
    purged = owner.inner_text("main")
    proof = stage.ask("DPO").get(f"/v1/retention/{record}/proof").content
    entry = verify_purge(proof, stage.node.desk.registry.signer.verifier)
    assert [one["record"] for one in asked] == [record]
    assert (before != [], on_the_day) == (True, [])
    assert words["suspended"] in suspended
    assert words["unanswered"] in purged
    assert (entry.outcome, entry.query["record"]) == ("purged", record)


def test_redress_from_the_request_to_the_erasure(stage: Stage) -> None:
    record = entered(stage)
    assert hits(stage) != []
    page = stage.page("CCF")
    case = opened_case(stage, page)
    found_and_blocked(page)
    assert hits(stage) == []
    page.locator("details", has=page.locator("[name=question]")).locator("summary").click()
    page.fill("[name=question]", "On what ground?")
    page.locator("form", has=page.locator("[name=question]")).locator("button").click()
    page.wait_for_selector(".talk")
    answered = stage.ask("EGY").post(
        f"/v1/redress/questions/{case}/{record}", json={"answer": "None any more.", "may_disclose": True}
    )
    page.reload()
    page.locator("details", has=page.locator("[name=decision]")).locator("summary").click()
    page.select_option("[name=decision]", "erase")
    page.fill("[name=reasons]", "No ground is left.")
    page.locator("form", has=page.locator("[name=decision]")).locator("button").click()
    page.wait_for_selector("text=/[0-9a-f]{64}/")
    again = stage.ask("EGY").post("/v1/records", json={**PERSON, "source_id": "P1"})
    page.goto(f"{stage.site.address}/redress/{case}/sheet")
    sheet = page.inner_text("main")
    export = stage.ask("CCF").get(f"/v1/redress/cases/{case}/export").json()
    assert answered.status_code == 200
    assert (again.status_code, again.json()["rule"]) == (403, "erased-by-decision")
    assert hits(stage) == []
    assert "No ground is left." in sheet
    assert export["records"][0]["receipt"] in sheet
    assert "Testmansour" not in json.dumps(export["records"])


def test_redress_gathers_withholds_and_erases_what_is_no_record(stage: Stage) -> None:
    record = entered(stage)
    egypt, france = stage.ask("EGY"), stage.ask("FRA")
    said = {
        "to": ["FRA"],
        "purpose": "investigation",
        "subject": "Testmansour, Abdelaziz",
        "text": "See there.",
    }
    message = egypt.post("/v1/messages", json=said).json()["message"]
    asked = {"kind": "person", "name": "Abdelaziz Testmansour", "days": 9}
    watch = france.post("/v1/watches", json=asked).json()["watch"]
    content = {
        "colour": "blue",
        "record": {"kind": "person", "names": PERSON["names"], "born": PERSON["born"]},
    }
    draft = egypt.post("/v1/notices", json=content).json()["notice"]
    page = stage.page("CCF")
    case = opened_case(stage, page)
    page.fill("#q-name", "Abdelaziz Testmansour")
    for one in (record, message, watch, draft):
        page.locator("form[action$='/find'] button").click()
        page.wait_for_selector("#find ~ table")
        row = page.locator("form", has=page.locator(f"[name=record][value='{one}']")).first
        row.locator("button").click()
        page.wait_for_selector(f"#r-{one}")
        page.fill("#q-name", "Abdelaziz Testmansour")
    block(page, message)
    thread = egypt.get(f"/v1/messages/{message}").json()["thread"]
    reader = stage.page("FRA")
    reader.goto(f"{stage.site.address}/messages/threads/{thread}")
    withheld = reader.inner_text("main")
    receipts = {one: erase(page, one) for one in (message, watch, draft, record)}
    reader.reload()
    erased = reader.inner_text("main")
    proofs = {one: stage.ask("CCF").get(f"/v1/retention/{one}/proof").content for one in receipts}
    verifier = stage.node.desk.registry.signer.verifier
    proven = {one: verify_purge(proof, verifier).query["digest"] for one, proof in proofs.items()}
    page.locator("form", has=page.locator("[name=step][value=close]")).locator("button").click()
    page.wait_for_selector("#find", state="detached")
    assert WORDS[stage.language]["withheld"] in withheld
    assert WORDS[stage.language]["gone"] in erased
    assert "Testmansour" not in withheld + erased
    assert proven == receipts
    assert (hits(stage), stage.ask("FRA").get("/v1/watches").json()["watches"]) == ([], [])
    assert egypt.get(f"/v1/notices/{draft}").status_code == 404
    assert stage.ask("CCF").get(f"/v1/redress/cases/{case}").json()["case"]["state"] == "closed"


def block(page: Page, one: str) -> None:
    card = page.locator("section.card", has=page.locator(f"#r-{one}"))
    card.locator("form", has=page.locator("[name=step][value=block]")).locator("button").click()
    page.wait_for_selector(".state.overdue")


def erase(page: Page, one: str) -> str:
    """Decide in the console that something is erased; return the receipt that the page shows."""
    card = page.locator("section.card", has=page.locator(f"#r-{one}"))
    card.locator("details", has=page.locator("[name=decision]")).locator("summary").click()
    card.locator("[name=decision]").select_option("erase")
    card.locator("[name=reasons]").fill("No ground is left.")
    card.locator("form", has=page.locator("[name=decision]")).locator("button").click()
    receipt = card.locator("text=/[0-9a-f]{64}/")
    receipt.wait_for()
    return receipt.inner_text()


def opened_case(stage: Stage, page: Page) -> str:
    page.goto(f"{stage.site.address}/redress")
    page.select_option("#kind", "deletion")
    page.fill("#name", "Zuzanna Applicantova")
    page.fill("#request", "Please erase what is held on me.")
    page.locator("form.stack button.main").click()
    page.wait_for_url("**/redress/R-*")
    return page.url.rsplit("/", 1)[1]


def found_and_blocked(page: Page) -> None:
    page.fill("#q-name", "Abdelaziz Testmansour")
    page.locator("form[action$='/find'] button").click()
    page.locator("td form button").first.click()
    page.locator("form", has=page.locator("[name=step][value=block]")).locator("button").click()
    page.wait_for_selector(".state.overdue")


@pytest.mark.parametrize("stage", ["en", "ar"], indirect=True)
def test_no_page_of_keeping_scrolls_sideways_on_a_phone(stage: Stage) -> None:
    end = (stage.time() + timedelta(days=10)).date()
    record = entered(stage, retain_until=end.isoformat())
    run(stage, days=0)
    wide = {}
    for who, paths in (
        ("EGY", ("/retention", f"/retention/{record}", "/redress/questions", "/statistics")),
        ("CCF", ("/redress", "/statistics")),
    ):
        page = stage.page(who)
        page.set_viewport_size({"width": 360, "height": 740})
        for path in paths:
            page.goto(stage.site.address + path)
            wide[path] = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
    assert {path: by for path, by in wide.items() if by > 0} == {}
