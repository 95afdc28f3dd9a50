"""Through HTTP: a stolen passport met and confirmed in time; an airline's check that tells the airline nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.unit.procedures.hit_desk import PASSPORT, QUERY, HitDesk, hit_desk

from comity.access.roles import role_named
from comity.api import build_api
from comity.procedures import people
from comity.procedures.clockwork import tick
from comity.registry import accounts
from comity.registry.accounts import Account

STOLEN = {"type": "P", "issuer": "EGY", "number": "K1234567"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        made.enter()
        with made.desk.registry.write() as connection:
            accounts.add_account(connection, Account("airline", "FRA", role_named("partner")), made.clock())
        yield made


def client(desk: HitDesk, account: str) -> TestClient:
    key = people.new_key(desk.officer(account), desk.desk).reveal()
    headers = {"Authorization": f"Bearer {key}", "Comity-Purpose": "border"}
    return TestClient(build_api(desk.desk), headers=headers)


def test_a_stolen_passport_is_met_and_confirmed_in_time(desk: HitDesk) -> None:
    france, egypt = client(desk, "fra-officer"), client(desk, "egy-registrar")
    one = france.post("/v1/checks", json=QUERY).json()["hits"][0]["confirm"]["hit"]
    france.post(f"/v1/hits/{one}/question", json={"priority": "urgent", "note": "tall"})
    desk.clock.pass_on(minutes=4)
    told = egypt.get("/v1/feed").json()["events"]
    assert [(event["what"], event["about"]) for event in told] == [("opened", one), ("asked", one)]
    egypt.post(f"/v1/hits/{one}/answer", json={"answer": "confirmed"})
    closed = france.post(f"/v1/hits/{one}/outcome", json={"outcome": "identity-confirmed"}).json()
    assert (closed["state"], closed["is_overdue"]) == ("closed", False)


def test_an_airline_is_told_to_wait_and_the_police_are_told_why(desk: HitDesk) -> None:
    answer = client(desk, "airline").post("/v1/partner/checks", json=STOLEN)
    tick(desk.desk, None)
    listed = client(desk, "fra-registrar").get("/v1/hits?box=ours").json()["hits"]
    assert (answer.json(), [hit["origin"] for hit in listed]) == ({"answer": "wait"}, ["partner"])


def test_nothing_of_an_airline_s_answer_but_the_word_tells_a_hit_from_a_miss(desk: HitDesk) -> None:
    airline = client(desk, "airline")
    answers = [
        airline.post("/v1/partner/checks", json={**STOLEN, "number": number})
        for number in ("K1234567", "K7654321")
    ]
    shapes = {(answer.status_code, len(answer.content), str(answer.headers)) for answer in answers}
    assert (len(shapes), [answer.content for answer in answers]) == (
        1,
        [b'{"answer":"wait"}', b'{"answer":"go"}  '],
    )


@pytest.mark.parametrize("path", ["/v1/hits", "/v1/feed", "/v1/records/A", "/v1/watches", "/v1/statistics"])
def test_an_airline_reads_nothing_else(desk: HitDesk, path: str) -> None:
    assert client(desk, "airline").get(path).status_code == 403


def test_a_standing_check_is_met_by_a_record_that_comes(desk: HitDesk) -> None:
    france = client(desk, "fra-registrar")
    made = france.post("/v1/watches", json={**QUERY, "number": "K7654321", "days": 30})
    desk.enter(**{**PASSPORT, "source_id": "D2", "number": "K7654321"})
    tick(desk.desk, None)
    listed = france.get("/v1/hits").json()["hits"]
    assert (made.status_code, [hit["origin"] for hit in listed]) == (201, ["standing"])
