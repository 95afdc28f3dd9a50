"""Messages in their boxes, files, drafts, and what owners are asked, on both databases."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine
from tests.copies import copy_tables

from comity.access.roles import role_named
from comity.audit.heads import Signer
from comity.records.handling import Handling, Restriction, Share
from comity.records.kinds import KINDS
from comity.records.record import parse_record
from comity.registry import accounts, attachments, audit_log, deliveries, messages, owner_requests
from comity.registry.accounts import Account
from comity.registry.attachments import Draft
from comity.registry.engine import reading, writing
from comity.registry.holdings import Submission
from comity.registry.messages import AUTHOR, TO, NewMessage, Party
from comity.registry.owner_requests import ACCESS, PROPOSAL, OwnerRequest, Wanted
from comity.registry.registry import Handed, Registry

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=10)


@pytest.fixture
def engine(registry_place: str) -> Iterator[Engine]:
    engine = copy_tables(registry_place)
    with writing(engine) as connection:
        accounts.add_bureaus(connection, dict.fromkeys(("EGY", "FRA", "KEN"), "world"))
        for name in ("egy", "fra"):
            accounts.add_account(connection, Account(name, name.upper(), role_named("registrar")), NOON)
    yield engine
    engine.dispose()


def letter(one: str, thread: str = "T1", author: str = "FRA", at: datetime = NOON) -> NewMessage:
    return NewMessage(
        public_id=one,
        thread=thread,
        author=author,
        account=author.lower(),
        unit=None,
        at=at,
        header=b"{}",
        subject=f"About {one}",
        phrase=None,
        answers=None,
        forwards=None,
        envelope=None,
        body=b"\x00\xff",
    )


def stored(engine: Engine, given: NewMessage, to: Sequence[Party] = (Party("EGY", TO),)) -> int:
    with writing(engine) as connection:
        return messages.store(connection, given, [Party(given.author, AUTHOR), *to])


def boxed(engine: Engine, bureau: str, one: str):
    with reading(engine) as connection:
        return messages.message_in(connection, bureau, one)


def receipt(engine: Engine, number: int):
    with reading(engine) as connection:
        return messages.receipts(connection, [number])[number][0]


def threads(engine: Engine, which: str = "all", before: int | None = None, limit: int = 9) -> list[str]:
    with reading(engine) as connection:
        return [line.thread for line in messages.inbox(connection, "EGY", which, limit, before)]


def owed(due_at: datetime) -> list[Party]:
    return [Party("EGY", TO, due_at, due_at)]


def test_a_message_stands_in_its_parties_boxes_alone(engine: Engine) -> None:
    stored(engine, letter("M1"))
    assert [boxed(engine, code, "M1") is not None for code in ("FRA", "EGY", "KEN")] == [True, True, False]


def test_it_comes_back_byte_for_byte(engine: Engine) -> None:
    stored(engine, letter("M1"))
    found = boxed(engine, "EGY", "M1")
    assert (found.body, found.at, found.position, found.may_forward) == (b"\x00\xff", NOON, 1, False)


def test_places_are_counted_by_box(engine: Engine) -> None:
    stored(engine, letter("M1"), [Party("KEN", TO)])
    stored(engine, letter("M2"))
    assert boxed(engine, "EGY", "M2").position == 1


def test_an_inbox_goes_on_where_a_page_ends(engine: Engine) -> None:
    for place in range(5):
        stored(engine, letter(f"M{place}", f"T{place}"))
    assert (threads(engine, limit=3), threads(engine, before=3)) == (["T4", "T3", "T2"], ["T1", "T0"])


def test_what_is_read_is_not_unread(engine: Engine) -> None:
    stored(engine, letter("M1"))
    with writing(engine) as connection:
        deliveries.mark_read(connection, "EGY", [1], NOON)
    assert (threads(engine, "unread"), threads(engine)) == ([], ["T1"])


def test_the_first_reading_keeps_its_time(engine: Engine) -> None:
    number = stored(engine, letter("M1"))
    for at in (NOON, LATER):
        with writing(engine) as connection:
            deliveries.mark_read(connection, "EGY", [1], at)
    assert receipt(engine, number).read_at == NOON


def test_a_box_is_delivered_up_to_a_place_once(engine: Engine) -> None:
    number = stored(engine, letter("M1"))
    for at in (NOON, LATER):
        with writing(engine) as connection:
            deliveries.deliver(connection, "EGY", 1, at)
            assert deliveries.undelivered(connection, "EGY") is None
    assert receipt(engine, number).delivered_at == NOON


def test_the_most_pressing_is_due_first(engine: Engine) -> None:
    stored(engine, letter("M1", "T1"), owed(LATER))
    stored(engine, letter("M2", "T2"), owed(NOON))
    with reading(engine) as connection:
        assert [line.thread for line in messages.due(connection, "EGY", 9)] == ["T2", "T1"]


def test_an_answer_is_noted_once_and_stops_the_clock(engine: Engine) -> None:
    number = stored(engine, letter("M1"), owed(LATER))
    for at in (NOON, LATER):
        with writing(engine) as connection:
            messages.answered(connection, "EGY", "T1", "FRA", at)
    with reading(engine) as connection:
        waits = messages.waiting_to_pass_on(connection, LATER, 9)
    assert (receipt(engine, number).answered_at, waits) == (NOON, [])


@pytest.mark.parametrize(("at", "count"), [(NOON, 0), (LATER, 1)])
def test_what_is_not_answered_waits_to_be_passed_on(engine: Engine, at: datetime, count: int) -> None:
    stored(engine, letter("M1"), owed(LATER))
    with reading(engine) as connection:
        assert len(messages.waiting_to_pass_on(connection, at, 9)) == count


def test_it_is_passed_on_once(engine: Engine) -> None:
    number = stored(engine, letter("M1"), owed(NOON))
    with writing(engine) as connection:
        messages.passed_on(connection, number, LATER)
        assert messages.waiting_to_pass_on(connection, LATER, 9) == []
    assert receipt(engine, number).escalated_at == LATER


def test_leave_is_given_to_parties_alone(engine: Engine) -> None:
    number = stored(engine, letter("M1"))
    with writing(engine) as connection:
        given = [messages.let_forward(connection, number, code) for code in ("EGY", "KEN")]
    assert given == [True, False]


def test_a_file_is_kept_once_and_held_by_each_who_hands_it_in(engine: Engine) -> None:
    with writing(engine) as connection:
        for code in ("EGY", "FRA", "EGY"):
            attachments.keep(connection, code, "d" * 64, b"\x00\xff", NOON)
        held = [attachments.held(connection, code, ["d" * 64]) for code in ("EGY", "FRA", "KEN")]
    assert held == [{"d" * 64}, {"d" * 64}, set()]


def test_files_of_a_message_keep_their_places(engine: Engine) -> None:
    number = stored(engine, letter("M1"))
    with writing(engine) as connection:
        for digest in ("d", "e"):
            attachments.keep(connection, "FRA", digest * 64, digest.encode(), NOON)
        attachments.attach(connection, number, [("b.pdf", "e" * 64), ("a.pdf", "d" * 64)])
        found = [attachments.file_at(connection, number, place) for place in range(3)]
    assert found == [("b.pdf", b"e"), ("a.pdf", b"d"), None]


def test_a_draft_is_replaced_by_its_own_account_alone(engine: Engine) -> None:
    with writing(engine) as connection:
        attachments.save_draft(connection, "egy", Draft("D1", NOON, b"one"))
        attachments.save_draft(connection, "egy", Draft("D1", LATER, b"two"))
        assert attachments.drafts_of(connection, "egy", 9) == [Draft("D1", LATER, b"two")]
        assert attachments.drop_draft(connection, "fra", "D1") is False


@pytest.fixture
def registry(engine: Engine) -> Iterator[Registry]:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    signer = Signer("police.example", key, lambda: NOON)
    with writing(engine) as connection:
        audit_log.start(connection, signer)
    made = Registry(engine, signer, bytes(32))
    yield made
    made.close()


@pytest.fixture
def asked(registry: Registry) -> OwnerRequest:
    """Return a request of France's about a record of Egypt's."""
    share = Share(Restriction.ALL)
    example = {**KINDS["vehicle"].examples[0], "kind": "vehicle", "source_id": "one"}
    record = replace(parse_record(example, share, default_id="none"), handling=Handling(share=share))
    with registry.write() as connection:
        handed = Handed([Submission("EGY", "own", "own", record)], "egy", NOON)
        public_id = registry.accept(connection, handed)[0].public_id
    held = registry.record_with(public_id)
    assert held is not None
    return OwnerRequest(
        id="R1",
        what=PROPOSAL,
        record=held.number,
        public_id=public_id,
        owner="EGY",
        bureau="FRA",
        account="fra",
        version=1,
        purpose=None,
        said=b'{"changes":[]}',
        reason="Because.",
        state="open",
        made_at=NOON,
        due_at=LATER,
    )


def kept(registry: Registry, *requests: OwnerRequest) -> None:
    for one in requests:
        with registry.write() as connection:
            owner_requests.add(connection, one)


def found(registry: Registry, wanted: Wanted) -> list[str]:
    with registry.read() as connection:
        return [one.id for one in owner_requests.requests(connection, wanted)]


@pytest.mark.parametrize(("bureau", "is_party"), [("EGY", True), ("FRA", True), ("KEN", False)])
def test_a_request_is_its_two_bureaus_own(
    registry: Registry, asked: OwnerRequest, bureau: str, is_party: bool
) -> None:
    kept(registry, asked)
    with registry.read() as connection:
        read = owner_requests.request_of(connection, PROPOSAL, "R1", bureau)
    assert read == (asked if is_party else None)


def test_requests_are_listed_by_side_the_newest_first(registry: Registry, asked: OwnerRequest) -> None:
    kept(registry, asked, replace(asked, id="R2"), replace(asked, id="R3", what=ACCESS))
    sides = [found(registry, Wanted(PROPOSAL, "EGY", side, "open", 9)) for side in (True, False)]
    assert sides == [["R2", "R1"], []]


def test_a_list_of_requests_goes_on_where_a_page_ends(registry: Registry, asked: OwnerRequest) -> None:
    kept(registry, *(replace(asked, id=f"R{place}") for place in range(4)))
    assert found(registry, Wanted(PROPOSAL, "FRA", False, "all", 9, "R2")) == ["R1", "R0"]


def test_an_ended_request_waits_no_more(registry: Registry, asked: OwnerRequest) -> None:
    kept(registry, replace(asked, what=ACCESS))
    waits = []
    for end in (False, True):
        with registry.write() as connection:
            if end:
                owner_requests.end(connection, "R1", "refused", "Not now.", LATER)
            waits.append(owner_requests.open_on(connection, asked.record, "FRA", ACCESS))
    assert waits == [True, False]


def test_why_and_when_it_ended_is_kept(registry: Registry, asked: OwnerRequest) -> None:
    kept(registry, asked)
    with registry.write() as connection:
        owner_requests.end(connection, "R1", "refused", "Not now.", LATER)
        ended = owner_requests.request_of(connection, PROPOSAL, "R1", "FRA")
    assert (ended.state, ended.answer, ended.ended_at) == ("refused", "Not now.", LATER)
