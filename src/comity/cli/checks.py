"""`comity check, stats`: what is held on one thing, or on many, and how much is held at all."""

from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from comity.access.people import Officer
from comity.app import Node
from comity.cli.place import HERE, Place, acting
from comity.cli.queries import query_of
from comity.cli.show import show_answer, show_json, show_statistics
from comity.errors import MalformedError
from comity.procedures.check import run_check, run_checks
from comity.procedures.statistics import statistics
from comity.records.fieldtype import Json
from comity.records.handling import Purpose

BATCH_LINES = 500


def check(
    kind: str | None = None,
    *terms: Annotated[str, Parameter(allow_leading_hyphen=True)],
    batch: Path | None = None,
    out: Path | None = None,
    place: Place = HERE,
) -> None:
    """Check one thing: `comity check person --name '...' --born 1970`; or many: `--batch FILE --out FILE`."""
    with acting(place) as (node, officer, purpose):
        if batch is not None:
            if out is None:
                raise MalformedError("field-missing", "out")
            _check_batch(batch, out, (node, officer, purpose))
            return
        if kind is None:
            raise MalformedError("field-missing", "kind")
        query = query_of(kind, terms)
        answer = run_check(query, officer, purpose, node.desk)
    if place.json:
        show_json(answer.to_json())
    else:
        show_answer(answer, str(query["kind"]))
    if answer.error is not None:
        raise answer.error


def _check_batch(batch: Path, out: Path, acting: tuple[Node, Officer, Purpose]) -> None:
    node, officer, purpose = acting
    with batch.open("rb") as lines, out.open("wb") as answers:
        waiting: list[Json | MalformedError] = []
        for line in lines:
            waiting.append(_line(line))
            if len(waiting) == BATCH_LINES:
                answers.write(_answers(waiting, officer, purpose, node))
                waiting.clear()
        answers.write(_answers(waiting, officer, purpose, node))


def _line(line: bytes) -> Json | MalformedError:
    try:
        decoded: Json = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return MalformedError("json-form", "body")  # answered `invalid`, in its place
    return decoded


def _answers(queries: list[Json | MalformedError], officer: Officer, purpose: Purpose, node: Node) -> bytes:
    made = run_checks(queries, officer, purpose, node.desk)
    return b"".join(msgspec.json.encode(answer.to_json()) + b"\n" for answer in made)


def stats(place: Place = HERE) -> None:
    """Show how many records of each kind the account may see."""
    with acting(place) as (node, officer, purpose):
        counted = statistics(officer, purpose, node.desk)
    if place.json:
        show_json(counted)
    else:
        show_statistics(counted)
