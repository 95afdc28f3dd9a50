"""Whatever is read over HTTP leaves exactly one line in the log, what is refused and what is not there among it."""

from collections.abc import Iterator, Mapping

import pytest
from tests.journeys.keyed_requests import Callers
from tests.properties.lives import lines_of
from tests.unit.procedures.hit_desk import PASSPORT, QUERY, hit_desk
from tests.unit.procedures.offices import RED

from comity.api.faults import ACTS
from comity.procedures.clockwork import tick

EGYPT, FRANCE = "egy-registrar", "fra-registrar"
SILENT = {
    "/metrics",  # counts, asked for every few seconds
    "/v1/audit",  # one's own acts: each reading would make another to read
    "/v1/messages/phrases",  # the same for everybody, of nobody
}
READINGS = sorted(path for method, path in ACTS if method == "GET" and path not in SILENT)
ACCOUNTS = (EGYPT, "egy-officer", "files-controller", "operator")


@pytest.fixture(scope="module")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callers]:
    with hit_desk(tmp_path_factory.mktemp("readings")) as desk:
        yield Callers(desk)


@pytest.fixture(scope="module")
def names(callers: Callers) -> Mapping[str, str]:
    """Return one of each thing that an address names."""
    client, asking = callers.client(EGYPT), callers.client(FRANCE)
    record = client.post("/v1/records", json=PASSPORT).json()["record"]
    hit = asking.post("/v1/checks", json=QUERY).json()["hits"][0]["confirm"]["hit"]
    tick(callers.desk.desk, None)
    said = {"purpose": "investigation", "subject": "A trailer", "text": "Is this yours?", "to": ["FRA"]}
    message = client.post("/v1/messages", json=said).json()
    return {
        "record": record,
        "hit": hit,
        "watch": client.post("/v1/watches", json={**QUERY, "number": "K7654321", "days": 9}).json()["watch"],
        "notice": client.post("/v1/notices", json=RED).json()["notice"],
        "message": message["message"],
        "thread": message["thread"],
        "draft": client.post("/v1/messages/drafts", json={"subject": "Later"}).json()["draft"],
        "colour": "red",
        "chart": "kinds",
        **dict.fromkeys(("proposal", "access", "case", "key"), "NOTHING"),
        "place": "0",
    }


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("path", READINGS)
def test_a_reading_leaves_one_line(
    callers: Callers, names: Mapping[str, str], path: str, account: str
) -> None:
    client, before = callers.client(account), lines_of(callers.desk.desk)
    answer = client.get(path.format(**names))
    assert (answer.status_code, lines_of(callers.desk.desk) - before) == (answer.status_code, 1)
