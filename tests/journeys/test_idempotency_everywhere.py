"""Every route that changes something takes an idempotency key: each act is done once, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from httpx2 import Response
from sqlalchemy import Connection
from tests.journeys.keyed_requests import Callers, is_replayed
from tests.unit.procedures.hit_desk import PASSPORT, QUERY, hit_desk
from tests.unit.procedures.offices import YELLOW
from tests.unit.procedures.test_distinctions import TRAVELLER, WANTED

from comity.access.bureau_keys import new_pair, publication
from comity.api.description import operations
from comity.api.faults import ACTS
from comity.procedures import daily
from comity.registry import accounts, idempotency

ASKING = {
    ("POST", "/v1/checks"),
    ("POST", "/v1/checks/batch"),
    ("POST", "/v1/partner/checks"),
    ("POST", "/v1/messages/search"),
    ("POST", "/v1/redress/cases/{case}/search"),
}
"""What is posted and changes nothing but the log: a key with it is passed over."""

KEYED = {(one.method.upper(), one.path): one for one in operations() if one.repeats is not None}
EGYPT, FRANCE, KENYA, CCF = "egy-registrar", "fra-registrar", "ken-registrar", "files-controller"

WITH_CLAIM = idempotency.with_claim


def test_whatever_changes_something_takes_a_key() -> None:
    changing = {(one.method.upper(), one.path) for one in operations() if one.method != "get"}
    assert changing - ASKING == KEYED.keys()


def test_what_is_shown_anew_has_an_address_that_shows_it() -> None:
    shown = {("GET", one.repeats.shown_at) for one in KEYED.values() if one.repeats and one.repeats.shown_at}
    assert shown <= ACTS.keys()


@dataclass
class Tour:
    """Sends each request, and then again; notes what was not as it should be."""

    callers: Callers
    asked: set[tuple[str, str]] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    begun: int = 0

    def counting(self, transaction: AbstractContextManager[Connection]) -> AbstractContextManager[Connection]:
        claim = idempotency._CLAIM.get()
        self.begun += claim is not None
        return WITH_CLAIM(transaction)

    def act(self, account: str, method: str, template: str, body: object = None, **names: object) -> dict:
        """Return the answer to a request that is sent twice."""
        path, _, query = template.partition("?")
        self.asked.add((method, path))
        address = (path + (f"?{query}" if query else "")).format(**names)
        key, self.begun = f"tour-{next(self.callers.numbers)}", 0
        first = self.callers.send(account, method, address, body, key)
        acts = self.begun
        again = self.callers.send(account, method, address, body, key)
        self.judge(f"{method} {path}", first, again, acts)
        self.callers.desk.clock.pass_on(seconds=1)
        return dict(first.json())

    def judge(self, what: str, first: Response, again: Response, acts: int) -> None:
        told = {**again.headers, "idempotency-replayed": None}
        if not 200 <= first.status_code < 300 or is_replayed(first):
            pytest.fail(f"{what}: {first.status_code} {first.text}")
        if acts != 1:
            self.wrong.append(f"{what}: {acts} transactions, of which the first takes the key")
        elif not is_replayed(again) or again.status_code != first.status_code or again.text != first.text:
            self.wrong.append(f"{what}: {first.text} and then {again.status_code} {again.text}")
        elif told != {**first.headers, "idempotency-replayed": None}:
            self.wrong.append(f"{what}: other headers, {first.headers} and then {again.headers}")


@pytest.fixture
def tour(tmp_path: Path, registry_place: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tour]:
    with hit_desk(tmp_path, registry_place) as desk:
        made = Tour(Callers(desk))
        monkeypatch.setattr(idempotency, "with_claim", made.counting)
        yield made


def test_each_act_is_done_once_and_told_again(tour: Tour) -> None:
    record = tour.act(EGYPT, "POST", "/v1/records", PASSPORT)["record"]
    of_hits(tour)
    of_requests(tour, record)
    of_notices(tour, "/v1/notices", YELLOW)
    of_notices(tour, "/v1/diffusions", {**YELLOW, "share": {"only": ["KEN"]}, "is_public": False})
    of_messages(tour)
    of_redress(tour, record)
    of_records(tour)
    assert (tour.wrong, tour.asked) == ([], {*KEYED})


def of_hits(tour: Tour) -> None:
    def hit(query: dict) -> str:
        found = tour.callers.client(FRANCE).post("/v1/checks", json=query).json()["hits"]
        return str(found[0]["confirm"]["hit"])

    tour.act(EGYPT, "POST", "/v1/records", WANTED)
    one = hit(QUERY)
    tour.act(FRANCE, "POST", "/v1/hits/{hit}/question", {"priority": "urgent", "note": "tall"}, hit=one)
    tour.act(EGYPT, "POST", "/v1/hits/{hit}/answer", {"answer": "confirmed"}, hit=one)
    tour.act(FRANCE, "POST", "/v1/hits/{hit}/outcome", {"outcome": "identity-confirmed"}, hit=one)
    one = hit(TRAVELLER)
    ended = {"outcome": "not-identical", "distinguish": True}
    tour.act(FRANCE, "POST", "/v1/hits/{hit}/outcome", ended, hit=one)
    tour.act(EGYPT, "POST", "/v1/hits/{hit}/distinction", hit=one)
    tour.act(EGYPT, "DELETE", "/v1/hits/{hit}/distinction", hit=one)
    tour.act(EGYPT, "PUT", "/v1/duty", {"second": "KEN", "contact": "+20 2 5550 0100"})
    watch = tour.act(FRANCE, "POST", "/v1/watches", {**QUERY, "number": "K7654321", "days": 9})["watch"]
    tour.act(FRANCE, "DELETE", "/v1/watches/{watch}", watch=watch)


def of_requests(tour: Tour, record: str) -> None:
    summary = tour.act(EGYPT, "POST", "/v1/records", {**WANTED, "source_id": "P2", "view": "summary"})[
        "record"
    ]
    changes = [{"field": "status", "new": "lost"}]
    proposing = {"record": record, "version": 1, "reason": "We know better.", "changes": changes}
    one = tour.act(KENYA, "POST", "/v1/proposals", proposing)["proposal"]
    tour.act(KENYA, "DELETE", "/v1/proposals/{proposal}", proposal=one)
    one = tour.act(KENYA, "POST", "/v1/proposals", {**proposing, "reason": "It was found."})["proposal"]
    tour.act(EGYPT, "POST", "/v1/proposals/{proposal}/decision", {"accept": True}, proposal=one)
    asking = {"record": summary, "reason": "We hold more."}
    one = tour.act(KENYA, "POST", "/v1/access-requests", asking)["access"]
    tour.act(KENYA, "DELETE", "/v1/access-requests/{access}", access=one)
    one = tour.act(KENYA, "POST", "/v1/access-requests", {**asking, "reason": "Once more."})["access"]
    tour.act(EGYPT, "POST", "/v1/access-requests/{access}/decision", {"accept": True}, access=one)
    tour.act(EGYPT, "POST", "/v1/access-requests/{access}/end", {"reason": "It is over."}, access=one)


def of_notices(tour: Tour, path: str, content: dict) -> None:
    stated = {**content, "reference": f"tour{len(tour.asked)}"}
    made = tour.act(EGYPT, "POST", path, stated)
    one, newer = made["notice"], {**stated, "language": "fra"}
    made = tour.act(EGYPT, "PUT", path + "/{notice}?version=1", newer, notice=one)
    tour.act(
        EGYPT, "POST", path + "/{notice}/moves", {"move": "submit", "version": made["version"]}, notice=one
    )


def of_messages(tour: Tour) -> None:
    file = tour.act(EGYPT, "POST", "/v1/messages/files?name=plan.pdf", b"%PDF invented")
    said = {"purpose": "investigation", "subject": "A trailer", "text": "Is this yours?"}
    files = [{"name": file["name"], "digest": file["digest"]}]
    one = tour.act(EGYPT, "POST", "/v1/messages", {**said, "to": ["KEN"], "attachments": files})["message"]
    tour.act(EGYPT, "POST", "/v1/messages/{message}/leave", {"bureau": "KEN"}, message=one)
    tour.act(KENYA, "POST", "/v1/messages/{message}/forward", {"to": ["FRA"]}, message=one)
    one = tour.act(EGYPT, "POST", "/v1/messages/drafts", {"to": ["KEN"], "subject": "Later"})["draft"]
    tour.act(EGYPT, "PUT", "/v1/messages/drafts/{draft}", {"subject": "Sooner"}, draft=one)
    tour.act(EGYPT, "DELETE", "/v1/messages/drafts/{draft}", draft=one)
    tour.callers.open("egy-leaving", "EGY", "registrar")
    left = tour.callers.send("egy-leaving", "POST", "/v1/messages/drafts", {"subject": "Left"}).json()[
        "draft"
    ]
    with tour.callers.desk.desk.registry.write() as connection:
        accounts.change_account(connection, "egy-leaving", state="closed")
    tour.act(EGYPT, "POST", "/v1/messages/drafts/left/{draft}", {"answer": "take-over"}, draft=left)
    statement = publication(new_pair("EGY"), tour.callers.desk.clock()).decode()
    tour.act(EGYPT, "POST", "/v1/keys", {"statement": statement})


def of_redress(tour: Tour, record: str) -> None:
    asked = {"kind": "correction", "applicant": {"name": "An applicant"}, "request": "It is wrong."}
    case = tour.act(CCF, "POST", "/v1/redress/cases", asked)["case"]
    named = "/v1/redress/cases/{case}/records/{record}"
    tour.act(CCF, "PUT", named, case=case, record=record)
    tour.act(CCF, "POST", named + "/block", case=case, record=record)
    tour.act(CCF, "POST", named + "/questions", {"question": "On what ground?"}, case=case, record=record)
    answer = {"answer": "It was stolen.", "may_disclose": True}
    tour.act(EGYPT, "POST", "/v1/redress/questions/{case}/{record}", answer, case=case, record=record)
    decision = {"decision": "correct", "reasons": "The status is not what it was."}
    tour.act(CCF, "POST", named + "/decision", decision, case=case, record=record)
    tour.act(EGYPT, "POST", "/v1/records", {**PASSPORT, "status": "revoked"})
    tour.act(CCF, "POST", named + "/settle", case=case, record=record)
    tour.act(CCF, "POST", "/v1/redress/cases/{case}/close", case=case)


def of_records(tour: Tour) -> None:
    soon = {**PASSPORT, "source_id": "D9", "number": "K9999999", "retain_until": "2026-04-01"}
    record = tour.act(EGYPT, "POST", "/v1/records", soon)["record"]
    daily.turn(tour.callers.desk.desk)
    tour.act(
        EGYPT, "POST", "/v1/retention/{record}", {"answer": "let-go", "reason": "Arrested."}, record=record
    )
    record = tour.act(EGYPT, "POST", "/v1/records", {**PASSPORT, "source_id": "D8"})["record"]
    tour.act(EGYPT, "DELETE", "/v1/records/{record}?version=1", record=record)
