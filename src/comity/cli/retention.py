"""`comity retention`: the clock, what one's bureau is asked, its answers, and the proof of what was purged."""

from pathlib import Path

import msgspec
from cyclopts import App

from comity.app import node_directory, open_node
from comity.cli.place import HERE, Place, acting, operating
from comity.cli.show import show_json, show_pairs, show_rows
from comity.errors import MalformedError
from comity.procedures import retention
from comity.procedures.retention import Answer
from comity.procedures.retention_run import run_retention
from comity.records.fieldtype import Json

RETENTION = App(
    name="retention", help="How long records are held: what is asked, answered, purged and proven."
)


@RETENTION.command
def run(*, place: Place = HERE) -> None:
    """Ask owners, remind them, suspend and purge what is due today. A second run of a day does nothing."""
    with operating(place) as (node, officer):
        report = run_retention(officer, node.desk).to_json()
    (show_json if place.json else show_pairs)(report)


@RETENTION.command
def questions(*, limit: int = 50, after: str | None = None, place: Place = HERE) -> None:
    """List the records of the account's bureau whose time ends, and what a redress case blocks."""
    with acting(place) as (node, officer, _purpose):
        found = retention.open_questions(limit, after, officer, node.desk)
    if place.json:
        show_json(found.to_json())
        return
    show_rows([one.to_json() for one in found.questions], as_json=False)
    show_rows([{"record": record, "case": case} for record, case in found.blocked], as_json=False)


@RETENTION.command
def keep(record: str, *, until: str, because: str, place: Place = HERE) -> None:
    """Keep a record until a date within the period of its kind, for a reason."""
    _answer(Answer(record, "keep", because, until), place)


@RETENTION.command(name="let-go")
def let_go(record: str, *, because: str, place: Place = HERE) -> None:
    """Let a record go: it answers nobody from now on, and the next run purges it."""
    _answer(Answer(record, "let-go", because), place)


def _answer(given: Answer, place: Place) -> None:
    with acting(place) as (node, officer, _purpose):
        until = retention.answer(given, officer, node.desk)
    told: dict[str, Json] = {
        "record": given.record,
        "kept_until": None if until is None else until.isoformat(),
    }
    (show_json if place.json else show_pairs)(told)


@RETENTION.command
def receipts(*, place: Place = HERE) -> None:
    """List what is left of the purged records of the account's bureau."""
    with acting(place) as (node, officer, _purpose):
        stones = retention.receipts(officer, node.desk)
    show_rows([retention.stone_json(one) for one in stones], as_json=place.json)


@RETENTION.command
def proof(record: str, *, out: Path, place: Place = HERE) -> None:
    """Write the proof of a purge into a file, for a controller to take home."""
    with acting(place) as (node, officer, _purpose):
        proven = retention.prove_purge(record, officer, node.desk)
    out.write_bytes(msgspec.json.encode(proven.to_json()))
    show_pairs({"record": proven.stone.record, "file": str(out)})


@RETENTION.command
def verify(file: Path, *, place: Place = HERE) -> None:
    """Verify a proof of a purge against the key of the node that signed it."""
    try:
        text = file.read_bytes()
    except OSError:
        raise MalformedError("file-unreadable", "file") from None
    with open_node(node_directory(place.node)) as node:
        entry = retention.verify_purge(text, node.desk.registry.signer.verifier)
    told: dict[str, Json] = {"record": entry.records[0], "what": entry.outcome, "at": entry.at.isoformat()}
    (show_json if place.json else show_pairs)(told)
