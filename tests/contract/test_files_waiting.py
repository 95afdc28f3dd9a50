"""Files that were handed in and never sent are not kept for ever: the same on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.unit.procedures.bureaus import bureaus, officer

from comity.app import Node, open_node
from comity.errors import MalformedError
from comity.procedures.messages import keeping
from comity.procedures.messages.sending import Sent, send
from comity.procedures.retention_run import run_retention
from comity.registry import audit_log
from comity.registry.attachments import ATTACHMENTS, WAITING
from comity.registry.schema import NODE

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
BODY = b"%PDF on a person"


@pytest.fixture
def node(tmp_path: Path, registry_place: str) -> Iterator[Node]:
    with bureaus(tmp_path, registry_place) as opened:
        yield replace(opened, desk=replace(opened.desk, clock=lambda: START))


def handed_in(node: Node, who: str = "egy-registrar", days: int = 0) -> str:
    return keeping.keep_file("a.pdf", BODY, officer(node, who), later(node, days).desk).digest


def sent(node: Node, digest: str, who: str = "egy-registrar", to: str = "KEN") -> Sent:
    said = {"purpose": "investigation", "subject": "A file", "text": "Here.", "to": [to]}
    files = [{"name": "b.pdf", "digest": digest}]
    return send({**said, "attachments": files}, officer(node, who), node.desk)


def later(node: Node, days: int) -> Node:
    return replace(node, desk=replace(node.desk, clock=lambda: START + timedelta(days=days)))


def run(node: Node, days: int) -> None:
    run_retention(officer(node, "operator"), later(node, days).desk)


def held(node: Node) -> int:
    with node.desk.registry.read() as connection:
        return len(connection.execute(select(ATTACHMENTS.c.digest)).all())


@pytest.mark.parametrize(("days", "count"), [(179, 1), (180, 0)])
def test_a_file_not_sent_for_180_days_is_purged(node: Node, days: int, count: int) -> None:
    handed_in(node)
    run(node, days)
    assert held(node) == count


def test_a_file_of_a_message_is_kept_as_the_message_is(node: Node) -> None:
    message = sent(node, handed_in(node)).message
    run(node, 400)
    assert keeping.fetch_file(message, 0, officer(node, "ken-registrar"), node.desk) == ("b.pdf", BODY)


def test_a_file_of_a_draft_waits_with_it(node: Node) -> None:
    digest = handed_in(node)
    draft = {"subject": "Later", "attachments": [{"name": "a.pdf", "digest": digest}]}
    keeping.save_draft(draft, None, officer(node, "egy-registrar"), later(node, 100).desk)
    run(node, 200)
    assert held(node) == 1


def test_a_file_handed_in_again_waits_from_then(node: Node) -> None:
    handed_in(node)
    handed_in(node, days=100)
    run(node, 200)
    assert held(node) == 1


def test_who_never_sent_it_holds_it_no_more_where_another_did(node: Node) -> None:
    digest = handed_in(node)
    handed_in(node, "fra-registrar")
    message = sent(node, digest, "fra-registrar").message
    run(node, 200)
    with pytest.raises(MalformedError, match="attachment-unknown"):
        sent(node, digest)
    assert keeping.fetch_file(message, 0, officer(node, "ken-registrar"), node.desk)[1] == BODY


def test_a_purge_is_in_the_log_without_a_name(node: Node) -> None:
    digest = handed_in(node)
    run(node, 200)
    node.desk.registry.settle()
    with node.desk.registry.read() as connection:
        entries = [audit_log.entry_at(connection, one).entry for one in range(audit_log.size(connection))]
    gone = [one.query for one in entries if one.outcome == "purged"]
    assert gone == [{"file": digest, "why": "unsent", "bureau": "EGY"}]


def test_files_of_an_earlier_release_wait_from_its_upgrade_on(node: Node) -> None:
    digest, before = handed_in(node), datetime.now(UTC)
    with node.desk.registry.write() as connection:
        connection.execute(WAITING.delete())
        connection.execute(update(NODE).values(schema_version=5))
    with open_node(node.directory) as upgraded, upgraded.desk.registry.read() as connection:
        rows = connection.execute(select(WAITING)).all()
    assert [(row.digest, row.bureau, row.since >= before) for row in rows] == [(digest, "EGY", True)]
