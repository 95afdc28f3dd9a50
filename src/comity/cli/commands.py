"""The commands."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from comity import __version__
from comity.access.people import Officer
from comity.app import Node, init_node, node_directory, open_node
from comity.cli import demo as demonstration
from comity.cli.importing import order_of, run_import
from comity.cli.serving import run_server
from comity.cli.show import OUT, show_answer, show_json, show_pairs, show_secret
from comity.errors import DamagedError, MalformedError
from comity.procedures import people, upkeep
from comity.procedures.check import run_check, run_checks
from comity.procedures.sign_in import officer_named
from comity.procedures.statistics import statistics
from comity.procedures.trail import hits_on_own, own_acts
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, parse_purpose
from comity.records.kinds import kind_named

APP = App(name="comity", version=__version__, help="International police cooperation, self-hosted.")
AUDIT = App(name="audit", help="The audit log: prove it, or see what was done.")
KEY = App(name="key", help="API keys of an account.")
APP.command(AUDIT)
APP.command(KEY)

BATCH_LINES = 500


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Place:
    """Where a command works and as whom."""

    node: Annotated[Path | None, Parameter(help="The node's directory; COMITY_HOME otherwise.")] = None
    account: Annotated[str | None, Parameter(name="--as", help="The account to act as.")] = None
    purpose: Annotated[str | None, Parameter(help="The purpose of the act.")] = None
    json: Annotated[bool, Parameter(negative=(), help="JSON for machines.")] = False


HERE = Place()


@contextmanager
def _at(place: Place) -> Generator[tuple[Node, Officer, Purpose], None, None]:
    with open_node(node_directory(place.node)) as node:
        officer = officer_named(place.account or node.settings.account, node.desk)
        purpose = parse_purpose(place.purpose) if place.purpose else node.settings.purpose
        yield node, officer, purpose


@APP.command
def init(directory: Path, *, name: str, registry: str | None = None) -> None:
    """Create a node in DIRECTORY, with a bureau for every member country and one account."""
    made = init_node(directory, name, registry)
    with open_node(directory) as node:
        key = people.new_key(officer_named(made.account, node.desk), node.desk)
    OUT.print(f"A node stands in {directory}. Its secrets are shown this once:")
    OUT.print(f"account: {made.account}")
    show_secret("passphrase", made.passphrase)
    show_secret("code secret", made.code_secret)
    show_secret("API key", key)


@APP.command
def check(
    kind: str | None = None,
    *terms: Annotated[str, Parameter(allow_leading_hyphen=True)],
    batch: Path | None = None,
    out: Path | None = None,
    place: Place = HERE,
) -> None:
    """Check one thing: `comity check person --name '...' --born 1970`; or many: `--batch FILE --out FILE`."""
    with _at(place) as (node, officer, purpose):
        if batch is not None:
            if out is None:
                raise MalformedError("field-missing", "out")
            _check_batch(batch, out, (node, officer, purpose))
            return
        if kind is None:
            raise MalformedError("field-missing", "kind")
        answer = run_check(_query(kind, terms), officer, purpose, node.desk)
    if place.json:
        show_json(answer.to_json())
    else:
        show_answer(answer)
    if answer.error is not None:
        raise answer.error


def _query(kind_code: str, terms: tuple[str, ...]) -> dict[str, Json]:
    """Return the query that `--name VALUE` pairs state. `document` stands for `travel_document`."""
    code = {"document": "travel_document"}.get(kind_code, kind_code)
    kind_named(code)
    if len(terms) % 2:
        raise MalformedError("value-missing", terms[-1][:80])
    query: dict[str, Json] = {"kind": code}
    for option, value in zip(terms[::2], terms[1::2], strict=True):
        if not option.startswith("--"):
            raise MalformedError("option-expected", option[:80])
        name = option[2:].replace("-", "_")
        query[name] = _number(value, name) if name in {"limit", "floor"} else value.replace("\\n", "\n")
    return query


def _number(value: str, name: str) -> int | float:
    try:
        return int(value) if name == "limit" else float(value)
    except ValueError:
        raise MalformedError("number-expected", name) from None


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
    with _at(place) as (node, officer, purpose):
        counted = statistics(officer, purpose, node.desk)
    if place.json:
        show_json(counted)
    else:
        show_pairs(counted)


@APP.command
def rebuild(place: Place = HERE) -> None:
    """Build the index anew from the registry."""
    with open_node(node_directory(place.node)) as node:
        count = upkeep.rebuild(node.desk)
    OUT.print(f"The index holds {count} records.")


@APP.command
def doctor(place: Place = HERE) -> None:
    """Look for anything wrong with the node: registry, index, audit log."""
    with open_node(node_directory(place.node)) as node:
        findings = upkeep.examine(node.desk)
    for finding in findings:
        OUT.print(finding)
    if findings:
        raise DamagedError(what="node")
    OUT.print("Nothing is wrong.")


@AUDIT.command
def verify(place: Place = HERE) -> None:
    """Recompute the whole audit log and check every signed head."""
    with open_node(node_directory(place.node)) as node:
        report = upkeep.verify_log(node.desk)
    OUT.print(f"{report.checked} entries checked: {'sound' if report.sound else 'NOT sound'}")
    for fault in report.faults:
        OUT.print(f"  {fault.code}  {fault.place}")
    if not report.sound:
        raise DamagedError(what="audit log")


@AUDIT.command
def show(*, hits: bool = False, limit: int = 50, place: Place = HERE) -> None:
    """Show the account's own acts, or with --hits who met its bureau's records."""
    with _at(place) as (node, officer, _purpose):
        lines = (hits_on_own if hits else own_acts)(officer, limit, None, node.desk)
    for line in lines:
        show_json(line.to_json())


@KEY.command
def new(*, days: int = people.KEY_DAYS_DEFAULT, acts: str = "", place: Place = HERE) -> None:
    """Make an API key for the account, shown this once."""
    with _at(place) as (node, officer, _purpose):
        named = [act for act in acts.split(",") if act]
        show_secret("API key", people.new_key(officer, node.desk, named, days))


@APP.command
def demo(directory: Path = Path("demo-node"), *, port: int = 8470, once: bool = False) -> None:
    """Make a throw-away node in DIRECTORY with invented records, show checks, and serve it on loopback.

    --once leaves the serving out.
    """
    demonstration.fill(directory)
    with open_node(directory) as node:
        made = demonstration.people_of(node)
        count = demonstration.enter_records(node)
        OUT.print(f"{count} invented records, owned by {len(demonstration.BUREAUS)} bureaus.")
        demonstration.show_checks(node)
        upkeep.rebuild(node.desk)
        demonstration.show_people(made, node)
    if not once:
        OUT.print(f"Console:  http://127.0.0.1:{port}/  (sign in as one of the accounts above)")
        OUT.print(f"HTTP API: http://127.0.0.1:{port}  (description at /openapi.json); stop with Ctrl-C")
        run_server(directory, port)


@APP.command
def serve(*, port: int = 8470, place: Place = HERE) -> None:
    """Serve the console and the HTTP API on loopback; put a TLS proxy in front of it for others."""
    run_server(node_directory(place.node), port)


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
    place: Place = HERE,
) -> None:
    """Import FILE, a list of the form SOURCE, for its owner. Safe to repeat; goes on after an interruption.

    A newer file that lacks more than a fifth of the list, and more than twenty records, withdraws nothing
    without --accept-withdrawals.
    """
    order = order_of(source, file, owner, share, is_dry=dry_run, mapping=mapping)
    order = replace(order, accepts_withdrawals=accept_withdrawals)
    with _at(place) as (node, officer, _purpose):
        tally = run_import(order, file, node, officer, mapping)
    counted: dict[str, Json] = {**asdict(tally)}
    if place.json:
        show_json(counted)
    else:
        show_pairs(counted)
