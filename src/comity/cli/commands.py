"""The commands."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.markup import escape

from comity import __version__
from comity.access.people import Officer
from comity.app import Node, init_node, node_directory, open_node
from comity.cli import demo as demonstration
from comity.cli.accounts import APPS
from comity.cli.demo_notices import enter_notices
from comity.cli.demo_together import work_together
from comity.cli.hits import APPS as HIT_APPS
from comity.cli.hits import CLOCK
from comity.cli.importing import order_of, run_import
from comity.cli.keeping import AUDIT, KEEPING
from comity.cli.messages import MESSAGE_APPS
from comity.cli.notices import NOTICE
from comity.cli.owners import OWNER_APPS
from comity.cli.picture import PICTURE
from comity.cli.place import HERE, Place, acting
from comity.cli.queries import query_of
from comity.cli.records import RECORD
from comity.cli.redress import REDRESS
from comity.cli.retention import RETENTION
from comity.cli.serving import run_server
from comity.cli.show import (
    OUT,
    show_answer,
    show_credentials,
    show_json,
    show_pairs,
    show_secret,
    show_statistics,
)
from comity.cli.speaking import said
from comity.cli.watches import WATCH
from comity.errors import MalformedError
from comity.procedures import people, upkeep
from comity.procedures.check import run_check, run_checks
from comity.procedures.sign_in import officer_named
from comity.procedures.statistics import statistics
from comity.records.fieldtype import Json
from comity.records.handling import Purpose

APP = App(name="comity", version=__version__, help="International police cooperation, self-hosted.")
APP.command(KEEPING, name="*")
APP.command(CLOCK, name="*")
APP.command(PICTURE, name="*")
for part in (AUDIT, RECORD, WATCH, NOTICE, *APPS, *HIT_APPS, *MESSAGE_APPS, *OWNER_APPS, RETENTION, REDRESS):
    APP.command(part)

BATCH_LINES = 500


@APP.command
def init(directory: Path, *, name: str, registry: str | None = None) -> None:
    """Create a node in DIRECTORY, with a bureau for every member country and two accounts.

    One checks and enters lists, the other runs the node and appoints administrators.
    """
    made = init_node(directory, name, registry)
    with open_node(directory) as node:
        key = people.new_key(officer_named(node.settings.account, node.desk), node.desk)
    OUT.print(
        escape(
            said("A node stands in {directory}. Its secrets are shown this once:", directory=str(directory))
        )
    )
    for one in made:
        show_credentials(name, one, as_json=False)
    show_secret(said("API key of {account}", account=made[0].account), key)


@APP.command
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
        waiting: list[Json] = []
        for line in lines:
            waiting.append(_line(line))
            if len(waiting) == BATCH_LINES:
                answers.write(_answers(waiting, officer, purpose, node))
                waiting.clear()
        answers.write(_answers(waiting, officer, purpose, node))


def _line(line: bytes) -> Json:
    try:
        decoded: Json = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None  # answered `invalid`, in its place
    return decoded


def _answers(queries: list[Json], officer: Officer, purpose: Purpose, node: Node) -> bytes:
    made = run_checks(queries, officer, purpose, node.desk)
    return b"".join(msgspec.json.encode(answer.to_json()) + b"\n" for answer in made)


@APP.command
def stats(place: Place = HERE) -> None:
    """Show how many records of each kind the account may see."""
    with acting(place) as (node, officer, purpose):
        counted = statistics(officer, purpose, node.desk)
    if place.json:
        show_json(counted)
    else:
        show_statistics(counted)


@APP.command
def demo(directory: Path = Path("demo-node"), *, port: int = 8470, once: bool = False) -> None:
    """Make a throw-away node in DIRECTORY with invented records, show checks, and serve it on loopback.

    --once leaves the serving out.
    """
    demonstration.fill(directory)
    with open_node(directory) as node:
        made = demonstration.people_of(node)
        count = demonstration.enter_records(node)
        made.append(enter_notices(node))
        demonstration.show_count(count)
        demonstration.show_checks(node)
        work_together(node)
        upkeep.rebuild(node.desk)
        demonstration.show_people(made, node)
    if not once:
        demonstration.show_addresses(port)
        run_server(directory, port)


@APP.command
def serve(*, workers: int | None = None, port: int = 8470, place: Place = HERE) -> None:
    """Serve the console and the HTTP API on loopback; put a TLS proxy in front of it for others.

    --workers says how many processes answer; without it there is one a core.
    """
    run_server(node_directory(place.node), port, workers)


@APP.command(name="import")
def import_(  # noqa: PLR0913 - each is an option of the command
    source: str,
    file: Path,
    *,
    owner: str,
    share: str = "owner",
    mapping: str = "",
    dry_run: Annotated[bool, Parameter(negative=())] = False,
    accept_withdrawals: Annotated[bool, Parameter(negative=())] = False,
    bulk: Annotated[bool, Parameter(negative=())] = False,
    place: Place = HERE,
) -> None:
    """Import FILE, a list of the form SOURCE, for its owner. Safe to repeat; goes on after an interruption.

    A newer file that lacks more than a fifth of the list, and more than twenty records, withdraws nothing
    without --accept-withdrawals.
    """
    order = order_of(source, file, owner, share, is_dry=dry_run, mapping=mapping)
    order = replace(order, accepts_withdrawals=accept_withdrawals, is_bulk=bulk)
    with acting(place) as (node, officer, _purpose):
        tally = run_import(order, file, node, officer, mapping)
    counted: dict[str, Json] = {**asdict(tally)}
    if place.json:
        show_json(counted)
    else:
        show_pairs(counted)
