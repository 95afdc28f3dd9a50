"""A record's page, versions and trail, and the records due for review, through the HTTP door."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient
from tests.unit.procedures.bureaus import PERSON, bureaus, officer

from comity.api import build_api
from comity.app import Node
from comity.procedures import people

UNHELD = "A" * 20
QUERY = {"kind": "person", "document": "A7654321"}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with bureaus(tmp_path_factory.mktemp("records")) as node:
        yield node


@pytest.fixture(scope="module")
def as_(node: Node) -> Callable[[str], TestClient]:
    api = build_api(node.desk)

    def client(account: str) -> TestClient:
        key = people.new_key(officer(node, account), node.desk)
        headers = {"Authorization": f"Bearer {key.reveal()}", "Comity-Purpose": "border"}
        return TestClient(api, headers=headers, raise_server_exceptions=False)

    return client


@pytest.fixture
def egypt(as_: Callable[[str], TestClient]) -> TestClient:
    return as_("egy-registrar")


@pytest.fixture
def france(as_: Callable[[str], TestClient]) -> TestClient:
    return as_("fra-registrar")


def enter(egypt: TestClient, source_id: str, **fields: object) -> str:
    return egypt.post("/v1/records", json={**PERSON, "source_id": source_id, **fields}).json()["record"]


def test_a_hit_says_how_far_it_is_to_be_trusted(egypt: TestClient, france: TestClient) -> None:
    record = enter(egypt, "graded", reliability="B2", handling_code="H1")
    hits = france.post("/v1/checks", json={**QUERY, "limit": 100}).json()["hits"]
    hit = next(one for one in hits if one["record"] == record)
    assert (hit["reliability"], hit["handling_code"]) == ("B2", "H1")


def test_a_record_says_how_far_it_is_to_be_trusted(egypt: TestClient, france: TestClient) -> None:
    record = enter(egypt, "graded", reliability="B2", handling_code="H1", review_on="2020-01-01")
    shown = france.get(f"/v1/records/{record}").json()
    names = ("reliability", "handling_code", "review_on", "is_review_due")
    assert [shown[name] for name in names] == ["B2", "H1", "2020-01-01", True]


def test_versions_tell_old_and_new(egypt: TestClient, france: TestClient) -> None:
    record = enter(egypt, "amended")
    enter(egypt, "amended", born=["1971"])
    newest = france.get(f"/v1/records/{record}/versions").json()["versions"][0]
    assert newest["changes"] == [{"field": "born", "old": ["1971-04-09"], "new": ["1971"]}]


def test_a_summary_keeps_its_secrets_in_versions(egypt: TestClient, france: TestClient) -> None:
    record = enter(egypt, "summary", view="summary", remarks="Hides at the quay")
    enter(egypt, "summary", view="summary", remarks="Left the quay")
    assert "quay" not in france.get(f"/v1/records/{record}/versions").text


def test_the_record_counts_the_versions_that_its_reader_is_shown(
    egypt: TestClient, france: TestClient
) -> None:
    record = enter(egypt, "counted", view="summary")
    enter(egypt, "counted", view="summary", remarks="Left the quay")
    assert france.get(f"/v1/records/{record}").json()["version"] == 1


def test_an_owner_reads_the_trail_of_its_record(egypt: TestClient, france: TestClient) -> None:
    record = enter(egypt, "met")
    france.get(f"/v1/records/{record}")
    line = egypt.get(f"/v1/records/{record}/trail").json()["lines"][0]
    assert [line[name] for name in ("act", "bureau", "purpose")] == ["record:read", "FRA", "border"]


def test_a_controller_reads_a_trail_by_order(egypt: TestClient, as_: Callable[[str], TestClient]) -> None:
    record = enter(egypt, "ordered")
    answer = as_("files-controller").get(f"/v1/records/{record}/trail", params={"order": "CCF 17/2026"})
    assert (answer.status_code, answer.json()["owner"]) == (200, "EGY")


def test_a_controller_without_an_order_is_told_so(as_: Callable[[str], TestClient]) -> None:
    answer = as_("files-controller").get(f"/v1/records/{UNHELD}/trail")
    assert (answer.status_code, answer.json()["field"]) == (422, "order")


@pytest.mark.parametrize("page", ["", "/versions", "/trail"])
@pytest.mark.parametrize("share", ["owner", {"except": ["FRA"]}])
def test_a_withheld_record_answers_as_one_that_is_not_held(
    egypt: TestClient, france: TestClient, page: str, share: object
) -> None:
    record = enter(egypt, "withheld", share=share)
    withheld = france.get(f"/v1/records/{record}{page}")
    unheld = france.get(f"/v1/records/{UNHELD}{page}")
    assert (withheld.status_code, withheld.text.replace(record, UNHELD)) == (404, unheld.text)


def test_a_bureau_lists_its_own_records_due_for_review(egypt: TestClient) -> None:
    record = enter(egypt, "due", review_on="2020-02-03")
    listed = egypt.get("/v1/reviews").json()["records"]
    assert (record, "2020-02-03") in [(one["record"], one["review_on"]) for one in listed]


def test_anothers_records_due_for_review_leave_no_trace(egypt: TestClient, france: TestClient) -> None:
    before = france.get("/v1/reviews").content
    enter(egypt, "due-too", review_on="2020-02-03", share="all")
    assert france.get("/v1/reviews").content == before


@pytest.mark.parametrize("asked", ["within_days=soon", "within_days=99999", "limit=0", "after=soon"])
def test_what_cannot_be_listed_is_told(egypt: TestClient, asked: str) -> None:
    assert egypt.get(f"/v1/reviews?{asked}").status_code == 422
