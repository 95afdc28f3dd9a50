"""Drafts of closed accounts, and those that were not saved for long: the same on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.unit.procedures.bureaus import bureaus, officer

from comity.access.roles import role_named
from comity.app import Node
from comity.errors import ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures import people
from comity.procedures.desk import Desk
from comity.procedures.messages import keeping
from comity.procedures.messages.drafts_left import answer_left, left_drafts
from comity.procedures.retention_run import run_retention
from comity.registry import accounts, audit_log
from comity.registry.accounts import Account

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
SAID = {"to": ["KEN"], "subject": "On a person", "text": "Secret words"}


@pytest.fixture
def node(tmp_path: Path, registry_place: str) -> Iterator[Node]:
    """A node where a registrar of Egypt has left a draft, and is gone."""
    with bureaus(tmp_path, registry_place) as opened:
        with opened.desk.registry.write() as connection:
            for name, role in (("egy-leaving", "registrar"), ("egy-admin", "administrator")):
                accounts.add_account(connection, Account(name, "EGY", role_named(role)), START)
        yield replace(opened, desk=replace(opened.desk, clock=lambda: START))


@pytest.fixture
def left(node: Node) -> str:
    draft = keeping.save_draft({**SAID}, None, officer(node, "egy-leaving"), node.desk)
    people.close_account("egy-leaving", officer(node, "egy-admin"), node.desk)
    return draft.id


def days_later(node: Node, days: int) -> Desk:
    return replace(node.desk, clock=lambda: START + timedelta(days=days))


def seen_by(node: Node, name: str) -> list[str]:
    return [one.shown.id for one in left_drafts(officer(node, name), node.desk)]


def outcomes(node: Node) -> list[tuple[str, str]]:
    node.desk.registry.settle()
    with node.desk.registry.read() as connection:
        entries = [audit_log.entry_at(connection, one).entry for one in range(audit_log.size(connection))]
    return [(one.act, one.outcome) for one in entries if "draft" in one.query]


def test_a_closed_account_s_draft_is_its_bureau_s(node: Node, left: str) -> None:
    assert seen_by(node, "egy-registrar") == [left]


def test_the_list_holds_nothing_of_its_text(node: Node, left: str) -> None:
    (one,) = left_drafts(officer(node, "egy-registrar"), node.desk)
    assert "Secret" not in str(one.to_json())


def test_another_bureau_finds_nothing(node: Node, left: str) -> None:
    assert seen_by(node, "fra-registrar") == []


def test_an_open_account_s_draft_is_its_own(node: Node) -> None:
    draft = keeping.save_draft({**SAID}, None, officer(node, "egy-leaving"), node.desk)
    with pytest.raises(UnknownError):
        answer_left(draft.id, "take-over", officer(node, "egy-registrar"), node.desk)
    assert seen_by(node, "egy-registrar") == []


def test_who_does_not_answer_on_records_is_refused(node: Node, left: str) -> None:
    with pytest.raises(RefusedError):
        left_drafts(officer(node, "egy-officer"), node.desk)


def test_what_is_taken_over_is_the_account_s_own_and_whole(node: Node, left: str) -> None:
    taking = officer(node, "egy-registrar")
    answer_left(left, "take-over", taking, node.desk)
    assert keeping.read_draft(left, taking, node.desk).data == SAID
    assert seen_by(node, "egy-registrar") == []


def test_what_is_dropped_is_gone(node: Node, left: str) -> None:
    answer_left(left, "drop", officer(node, "egy-registrar"), node.desk)
    assert seen_by(node, "egy-registrar") == []


def test_what_was_done_with_it_is_in_the_log(node: Node, left: str) -> None:
    answer_left(left, "take-over", officer(node, "egy-registrar"), node.desk)
    assert ("record:retain", "draft-taken-over") in outcomes(node)


@pytest.mark.parametrize("what", ["take-over", "drop"])
def test_another_bureau_s_is_as_unknown_as_none(node: Node, left: str, what: str) -> None:
    for one in (left, "A" * 20):
        with pytest.raises(UnknownError):
            answer_left(one, what, officer(node, "fra-registrar"), node.desk)
    assert seen_by(node, "egy-registrar") == [left]


def test_another_answer_is_malformed(node: Node, left: str) -> None:
    with pytest.raises(MalformedError):
        answer_left(left, "send", officer(node, "egy-registrar"), node.desk)


def test_an_account_with_too_many_takes_no_more(
    node: Node, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.procedures.messages.drafts_left.DRAFTS_MAX", 0)
    with pytest.raises(ConflictError):
        answer_left(left, "take-over", officer(node, "egy-registrar"), node.desk)
    assert seen_by(node, "egy-registrar") == [left]


@pytest.mark.parametrize(("days", "is_kept"), [(179, True), (180, False)])
def test_a_draft_not_saved_for_180_days_is_purged(node: Node, left: str, days: int, *, is_kept: bool) -> None:
    run_retention(officer(node, "operator"), days_later(node, days))
    assert (seen_by(node, "egy-registrar") == [left]) is is_kept


def test_an_open_account_s_old_draft_is_purged_too(node: Node) -> None:
    writing = officer(node, "egy-leaving")
    keeping.save_draft({**SAID}, None, writing, node.desk)
    run_retention(officer(node, "operator"), days_later(node, 180))
    assert keeping.drafts(writing, node.desk) == []


def test_a_draft_taken_over_is_kept_as_long_as_one_saved_then(node: Node, left: str) -> None:
    answer_left(left, "take-over", officer(node, "egy-registrar"), days_later(node, 179))
    run_retention(officer(node, "operator"), days_later(node, 200))
    assert [one.id for one in keeping.drafts(officer(node, "egy-registrar"), node.desk)] == [left]


def test_a_purge_is_in_the_log_without_a_word_of_the_draft(node: Node, left: str) -> None:
    run_retention(officer(node, "operator"), days_later(node, 180))
    assert ("retention:run", "purged") in outcomes(node)
