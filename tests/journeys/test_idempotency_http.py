"""A request that is sent again with its idempotency key: done once, told again, and nothing withheld is shown."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.keyed_requests import Callers, is_replayed
from tests.unit.procedures.hit_desk import PASSPORT, QUERY, hit_desk
from tests.unit.procedures.offices import YELLOW

from comity.access.roles import role_named
from comity.procedures import idempotency as keeping
from comity.procedures import people
from comity.procedures.clockwork import tick
from comity.procedures.idempotency import parse_key
from comity.registry import accounts

EGYPT, FRANCE, KENYA = "egy-registrar", "fra-registrar", "ken-registrar"
KEY = '"8e03978e-40d5-43dd-bc93-6894a57f9324"'
MESSAGE = {"to": ["KEN"], "purpose": "investigation", "subject": "Quillfeather file", "text": "W7654321"}


@pytest.fixture
def callers(tmp_path: Path) -> Iterator[Callers]:
    with hit_desk(tmp_path) as desk:
        yield Callers(desk)


def submitted(callers: Callers, account: str = EGYPT, key: str = KEY, **fields: object):
    return callers.send(account, "POST", "/v1/records", {**PASSPORT, **fields}, key)


def outcomes(callers: Callers, act: str, account: str = EGYPT) -> list[str]:
    lines = callers.client(account).get("/v1/audit?limit=200").json()["lines"]
    return [line["outcome"] for line in lines if line["act"] == act]


def inbox(callers: Callers) -> int:
    return len(callers.client(KENYA).get("/v1/messages?list=all").json()["threads"])


def answers_lost(_claim: object, _kept: object, _desk: object) -> None:
    raise OSError


# Done once, and told again ------------------------------------------------------------------------------------


def test_a_message_is_sent_once(callers: Callers) -> None:
    for _ in range(3):
        callers.send(EGYPT, "POST", "/v1/messages", MESSAGE, KEY)
    assert inbox(callers) == 1


def test_without_a_key_a_message_is_sent_twice(callers: Callers) -> None:
    for _ in range(2):
        callers.client(EGYPT).post("/v1/messages", json=MESSAGE)
    assert inbox(callers) == 2


def test_the_first_answer_is_told_again(callers: Callers) -> None:
    first, again = (callers.send(EGYPT, "POST", "/v1/messages", MESSAGE, KEY) for _ in range(2))
    assert (again.status_code, again.content, is_replayed(again)) == (201, first.content, True)


def test_a_first_answer_does_not_say_that_it_is_told_again(callers: Callers) -> None:
    assert not is_replayed(submitted(callers))


def test_a_key_is_the_same_in_quotes_and_bare(callers: Callers) -> None:
    submitted(callers)
    assert is_replayed(submitted(callers, key=KEY.strip('"')))


def test_another_api_key_of_the_account_repeats_as_well(callers: Callers) -> None:
    submitted(callers)
    callers.clients[EGYPT] = callers.another_client(EGYPT)
    assert is_replayed(submitted(callers))


def test_the_same_key_of_another_account_is_another(callers: Callers) -> None:
    submitted(callers)
    assert (submitted(callers, FRANCE).status_code, is_replayed(submitted(callers, FRANCE))) == (201, True)


def test_an_account_of_the_same_bureau_has_keys_of_its_own(callers: Callers) -> None:
    callers.open("egy-second", "EGY", "registrar")
    submitted(callers)
    assert not is_replayed(submitted(callers, "egy-second"))


def test_after_a_day_a_key_is_forgotten(callers: Callers) -> None:
    callers.send(EGYPT, "POST", "/v1/messages", MESSAGE, KEY)
    callers.desk.clock.pass_on(hours=24)
    callers.send(EGYPT, "POST", "/v1/messages", MESSAGE, KEY)
    assert inbox(callers) == 2


def test_a_moment_before_a_day_it_is_not(callers: Callers) -> None:
    submitted(callers)
    callers.desk.clock.pass_on(hours=24, seconds=-1)
    assert is_replayed(submitted(callers))


def test_the_clockwork_forgets_what_is_over(callers: Callers) -> None:
    submitted(callers)
    callers.desk.clock.pass_on(hours=24)
    tick(callers.desk.desk, None)
    assert callers.taken() == []


def test_the_clockwork_keeps_what_is_not_over(callers: Callers) -> None:
    submitted(callers)
    callers.desk.clock.pass_on(hours=23)
    tick(callers.desk.desk, None)
    assert len(callers.taken()) == 1


# Another request, a key that is none --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "purpose"),
    [
        ("/v1/records", {**PASSPORT, "number": "K1"}, "border"),
        ("/v1/records?x=1", PASSPORT, "border"),
        ("/v1/records", PASSPORT, "investigation"),
        ("/v1/watches", PASSPORT, "border"),
    ],
    ids=["body", "query", "purpose", "route"],
)
def test_a_key_of_another_request_is_refused(callers: Callers, path: str, body: dict, purpose: str) -> None:
    submitted(callers)
    callers.client(EGYPT).headers["Comity-Purpose"] = purpose
    answer = callers.send(EGYPT, "POST", path, body, KEY)
    told = answer.json()
    assert (answer.status_code, told["code"], told["field"]) == (
        422,
        "idempotency-key-reused",
        "Idempotency-Key",
    )


def test_a_key_of_another_request_is_logged(callers: Callers) -> None:
    submitted(callers)
    submitted(callers, number="K1")
    assert outcomes(callers, "record:submit") == ["invalid", "entered"]


@pytest.mark.parametrize(
    "key", ["", '""', '"a', 'a"b', "a b", "a,b", "a;b", "é", "x" * 256, f'"{"x" * 256}"', '"\\a"', '"a";b']
)
def test_what_is_no_key_is_told_by_the_name_of_its_header(callers: Callers, key: str) -> None:
    headers = {"Idempotency-Key": key.encode()}
    answer = callers.client(EGYPT).post("/v1/records", json=PASSPORT, headers=headers)
    told = answer.json()
    assert (answer.status_code, told["code"], told["field"]) == (
        422,
        "idempotency-key-form",
        "Idempotency-Key",
    )


def test_two_headers_are_no_key(callers: Callers) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    answer = callers.client(EGYPT).post("/v1/records", json=PASSPORT, headers=headers)
    assert answer.json()["code"] == "idempotency-key-form"


@pytest.mark.parametrize(
    ("stated", "key"),
    [('"a b"', "a b"), ('"\\"\\\\"', '"\\'), ("a:/?#[]", "a:/?#[]"), ("x" * 255, "x" * 255)],
)
def test_a_key_is_what_stands_in_the_quotes(stated: str, key: str) -> None:
    assert parse_key([stated]) == key


def test_what_is_no_key_is_logged_without_its_words(callers: Callers) -> None:
    callers.send(EGYPT, "POST", "/v1/records", PASSPORT, "two words")
    newest = callers.client(EGYPT).get("/v1/audit").json()["lines"][0]
    assert (newest["outcome"], "two words" in str(newest)) == ("invalid", False)


def test_a_key_that_changes_nothing_is_passed_over(callers: Callers) -> None:
    for query in (QUERY, {**QUERY, "number": "K2"}):
        assert callers.send(FRANCE, "POST", "/v1/checks", query, "no key at all").status_code == 200
    assert callers.taken() == []


# What failed does not hold a key ------------------------------------------------------------------------------


def test_a_request_that_was_malformed_is_mended_under_its_key(callers: Callers) -> None:
    assert submitted(callers, number="***").status_code == 422
    assert submitted(callers).status_code == 201


def test_a_request_that_came_too_early_is_done_when_it_is_sent_again(callers: Callers) -> None:
    record = submitted(callers, key="first").json()["record"]
    path = f"/v1/records/{record}?version=2"
    early = callers.send(EGYPT, "DELETE", path, key=KEY).status_code
    submitted(callers, key="second", status="lost")
    late = callers.send(EGYPT, "DELETE", path, key=KEY)
    assert (early, late.status_code, is_replayed(late)) == (409, 200, False)


def test_a_refused_withdrawal_is_logged_by_its_reason(callers: Callers) -> None:
    record = submitted(callers).json()["record"]
    callers.client(EGYPT).delete(f"/v1/records/{record}?version=2")
    callers.client(FRANCE).delete(f"/v1/records/{record}")
    assert outcomes(callers, "record:withdraw") + outcomes(callers, "record:withdraw", FRANCE) == [
        "conflict",
        "unknown",
    ]


def test_an_act_that_fails_half_way_leaves_its_key_free(
    callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as failing:
        failing.setattr("comity.procedures.messages.sending.attachments.attach", answers_lost)
        assert callers.send(EGYPT, "POST", "/v1/messages", MESSAGE, KEY).status_code == 500
    assert callers.send(EGYPT, "POST", "/v1/messages", MESSAGE, KEY).status_code == 201


# Under way, and lost ------------------------------------------------------------------------------------------


@pytest.fixture
def lost(callers: Callers, monkeypatch: pytest.MonkeyPatch) -> Callers:
    """A message that was sent, whose answer was not kept."""
    with monkeypatch.context() as failing:
        failing.setattr("comity.api.idempotency.keep", answers_lost)
        assert callers.send(EGYPT, "POST", "/v1/messages", MESSAGE, KEY).status_code == 201
    return callers


def test_what_is_not_answered_yet_is_to_be_waited_for(lost: Callers) -> None:
    answer = lost.send(EGYPT, "POST", "/v1/messages", MESSAGE, KEY)
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (
        409,
        "idempotency-under-way",
        "1",
    )


def test_an_answer_that_is_lost_is_told_to_be_lost(lost: Callers) -> None:
    lost.desk.clock.pass_on(seconds=60)
    answer = lost.send(EGYPT, "POST", "/v1/messages", MESSAGE, KEY)
    assert (answer.status_code, answer.json()["code"], inbox(lost)) == (409, "idempotency-unknown", 1)


def test_an_answer_that_is_lost_is_found_among_one_s_acts(lost: Callers) -> None:
    lost.desk.clock.pass_on(seconds=60)
    lost.send(EGYPT, "POST", "/v1/messages", MESSAGE, KEY)
    assert outcomes(lost, "message:send") == ["conflict", "done"]


def test_what_is_shown_anew_is_never_lost(callers: Callers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.api.idempotency.keep", answers_lost)
    first, again = (callers.send(EGYPT, "PUT", "/v1/duty", {"second": "KEN"}, KEY) for _ in range(2))
    assert (again.status_code, again.content, is_replayed(again)) == (200, first.content, True)


# What may be seen by now --------------------------------------------------------------------------------------


def test_a_revoked_api_key_repeats_nothing(callers: Callers) -> None:
    submitted(callers)
    egypt = callers.desk.officer(EGYPT)
    for key in people.own_keys(egypt, callers.desk.desk):
        people.end_key(key.id, egypt, callers.desk.desk)
    assert submitted(callers).status_code == 401


def test_who_has_not_the_role_any_more_repeats_nothing(callers: Callers) -> None:
    submitted(callers)
    with callers.desk.desk.registry.write() as connection:
        accounts.change_account(connection, EGYPT, role=role_named("officer").code)
    answer = submitted(callers)
    assert (answer.status_code, answer.json()["rule"]) == (403, "act-not-in-role")


def proposed(callers: Callers):
    record = submitted(callers, key="record").json()["record"]
    said = {"record": record, "version": 1, "reason": "R", "changes": [{"field": "status", "new": "lost"}]}
    return callers.send(KENYA, "POST", "/v1/proposals", said, KEY)


def test_a_record_that_is_withheld_by_now_leaves_no_trace_in_what_is_told_again(callers: Callers) -> None:
    before = proposed(callers).json()
    submitted(callers, key="restricted", share="owner")
    after = proposed(callers).json()
    shown = callers.client(KENYA).get(f"/v1/proposals/{before['proposal']}").json()
    assert (before["kind"], after["kind"], after) == ("travel_document", None, shown)


def test_what_is_gone_by_now_is_told_as_what_was_never_there(callers: Callers) -> None:
    watch = callers.send(FRANCE, "POST", "/v1/watches", QUERY, KEY).json()["watch"]
    callers.client(FRANCE).delete(f"/v1/watches/{watch}")
    answer = callers.send(FRANCE, "POST", "/v1/watches", QUERY, KEY)
    assert (answer.status_code, answer.json()["code"], is_replayed(answer)) == (404, "unknown", True)


def test_a_notice_that_was_erased_is_told_as_what_was_never_there(callers: Callers) -> None:
    drafted = callers.send(EGYPT, "POST", "/v1/notices", YELLOW, KEY).json()
    case = {"kind": "deletion", "applicant": {"name": "An applicant"}, "request": "Erase it."}
    ref = callers.send("files-controller", "POST", "/v1/redress/cases", case).json()["case"]
    path = f"/v1/redress/cases/{ref}/records/{drafted['notice']}"
    callers.send("files-controller", "PUT", path)
    said = {"decision": "erase", "reasons": "No ground."}
    assert callers.send("files-controller", "POST", path + "/decision", said).status_code == 200
    answer = callers.send(EGYPT, "POST", "/v1/notices", YELLOW, KEY)
    assert (answer.status_code, answer.json()["code"], is_replayed(answer)) == (404, "unknown", True)


def test_nothing_that_was_sent_stands_in_clear_among_the_keys(callers: Callers) -> None:
    callers.send(EGYPT, "POST", "/v1/messages", MESSAGE, KEY)
    callers.send(EGYPT, "POST", "/v1/messages/drafts", MESSAGE, "draft-key")
    with sqlite3.connect(callers.desk.node.directory / "registry.sqlite") as database:
        rows = repr(database.execute("SELECT * FROM idempotency_keys").fetchall())
    assert [word for word in ("8e03978e", "draft-key", "Quillfeather", EGYPT, "KEN") if word in rows] == []


def test_of_what_is_shown_anew_no_word_is_kept(callers: Callers) -> None:
    callers.send(EGYPT, "POST", "/v1/messages/drafts", MESSAGE, KEY)
    (taken,) = callers.taken()
    assert taken.answer is not None
    kept = callers.desk.desk.box.open(taken.answer)
    assert ("Quillfeather" in kept, '"body":null' in kept) == (False, True)


# The log ------------------------------------------------------------------------------------------------------


def test_a_repetition_leaves_a_line_of_its_own(callers: Callers) -> None:
    for _ in range(2):
        callers.send(EGYPT, "POST", "/v1/messages", MESSAGE, KEY)
    assert outcomes(callers, "message:send") == ["repeated", "done"]


def test_what_is_shown_anew_is_read_in_the_log(callers: Callers) -> None:
    for _ in range(2):
        proposed(callers)
    assert outcomes(callers, "proposal:make", KENYA) == ["done", "repeated", "done"]


def test_what_is_kept_lasts_a_day() -> None:
    assert keeping.KEPT_FOR.total_seconds() == 24 * 60 * 60
