"""Law 1 over what leaves the house: e-mails and webhooks to a bureau say nothing of what is withheld from it."""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from law_one import BLUE, HIDING, PASSPORT, PERSON, VEHICLE, opened, settled

from comity.access.roles import role_named
from comity.app import SECRETARIAT, Node, init_node
from comity.couriers.mail import message_of
from comity.procedures import addresses, hits_acts, redress, redress_find, redress_owner
from comity.procedures.check import run_check
from comity.procedures.clockwork import tick
from comity.procedures.messages.sending import send
from comity.procedures.notices.drafting import draft
from comity.procedures.notices.moving import move
from comity.procedures.owners.access import ask_access
from comity.procedures.owners.proposals import propose
from comity.procedures.retention_run import run_retention
from comity.procedures.sending import Parcel, deliver
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit, withdraw
from comity.procedures.watches import set_watch
from comity.records.handling import Purpose
from comity.records.notices.states import Form
from comity.registry import accounts, events
from comity.registry.accounts import Account

MOMENT = datetime(2026, 3, 4, 12, tzinfo=UTC)
QUERIES = (
    {"kind": "person", "name": "Zoltan Quillfeather"},
    {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "W7654321"},
    {"kind": "vehicle", "plate": "QX-417-ZT", "country": "FRA"},
)
ACCOUNTS = (
    *(Account(f"{code.lower()}-registrar", code, role_named("registrar")) for code in ("EGY", "FRA", "KEN")),
    Account("fra-administrator", "FRA", role_named("administrator")),
    Account("reviewer", SECRETARIAT, role_named("reviewer")),
    Account("ccf", SECRETARIAT, role_named("controller")),
)


@dataclass
class Collecting:
    """A courier that keeps the very bytes that would leave."""

    sent: list[str] = field(default_factory=list[str])

    def send(self, parcel: Parcel) -> None:
        if parcel.address.channel == "webhook":
            text = parcel.body.decode()
        else:
            message = message_of(parcel, "https://node.example", "c@x.example")
            text = f"{message['Subject']} {message['Message-ID']} {message['Date']} {message.get_content()}"
        # Messages, proposals and hits are named at random, or by a moment.
        self.sent.append(re.sub(r"\b[A-Z2-7]{20}\b", "NAMED", settled(f"{parcel.told.number} {text}")))


def act_as(node: Node, name: str):
    return officer_named(name, node.desk)


def made(directory: Path) -> None:
    """Make a node on which France has two addresses, checks that wait, and checks that stand."""
    init_node(directory, "Test")
    with opened(directory, MOMENT) as node:
        for account in ACCOUNTS:
            with node.desk.registry.write() as connection:
                accounts.add_account(connection, account, MOMENT)
        for channel, target in (("webhook", "https://fra.example/hook"), ("email", "duty@fra.example")):
            made, _secret = addresses.ask_address(
                channel, target, act_as(node, "fra-administrator"), node.desk
            )
            addresses.allow_address(made.id, act_as(node, "operator"), node.desk)
        for query in QUERIES:
            run_check(dict(query), act_as(node, "fra-registrar"), Purpose.BORDER, node.desk)
            set_watch({**query, "days": 30}, act_as(node, "fra-registrar"), Purpose.BORDER, node.desk)
        tick(node.desk, None)


def hidden(node: Node) -> None:
    """Let Egypt and Kenya do among themselves what France would be told of, if it might know."""
    egypt, kenya, reviewer = (act_as(node, one) for one in ("egy-registrar", "ken-registrar", "reviewer"))
    for place, (record, handling) in enumerate(
        (record, handling) for record in (PERSON, PASSPORT, VEHICLE) for handling in HIDING
    ):
        stated = {**record, **handling, "source_id": f"hidden-{place}"}
        one = submit(stated, egypt, node.desk).receipt.public_id
        tick(node.desk, None)
        if place % 3 == 2:
            withdraw(one, None, egypt, node.desk)
    held = draft({**BLUE, "share": {"only": ["KEN"]}}, Form.DIFFUSION, egypt, node.desk)
    move(held.id, held.form, {"move": "submit", "version": held.version}, egypt, node.desk)
    blind = draft({**BLUE, "share": {"except": ["FRA"]}, "reference": "x"}, Form.NOTICE, egypt, node.desk)
    blind = move(blind.id, blind.form, {"move": "submit", "version": 1}, egypt, node.desk)
    move(blind.id, blind.form, {"move": "take", "version": blind.version}, reviewer, node.desk)
    send({"to": ["KEN"], "purpose": "border", "subject": "Q", "text": "Q", "asks": True}, egypt, node.desk)
    met = run_check(dict(QUERIES[0]), kenya, Purpose.BORDER, node.desk)
    tick(node.desk, None)
    opened_here = [hit.opened for hit in met.hits if hit.opened]
    assert opened_here, "Kenya meets what France may not see"
    hits_acts.ask_confirmation(str(opened_here[0]), {"priority": "urgent"}, kenya, node.desk)
    kept_and_redressed(node)


def kept_and_redressed(node: Node) -> None:
    """Let a record come of age, Kenya ask for access to another, and a controller block a third."""
    egypt, kenya, ccf = (act_as(node, one) for one in ("egy-registrar", "ken-registrar", "ccf"))
    soon = (MOMENT + timedelta(days=20)).date().isoformat()
    submit({**PERSON, "source_id": "old", "share": "owner", "retain_until": soon}, egypt, node.desk)
    pointer = {**PASSPORT, "source_id": "pointer", "share": {"only": ["KEN"]}, "view": "pointer"}
    one = submit(pointer, egypt, node.desk).receipt.public_id
    ask_access({"record": one, "reason": "We hold more."}, kenya, Purpose.BORDER, node.desk)
    blocked = submit(
        {**VEHICLE, "source_id": "blocked", "share": "owner"}, egypt, node.desk
    ).receipt.public_id
    case = redress.open_case(redress.Request("deletion", {"name": "A"}, "Erase it."), ccf, node.desk).ref
    redress_find.attach(case, blocked, ccf, node.desk)
    redress_owner.block(case, blocked, ccf, node.desk)
    redress_owner.consult(case, blocked, "Why?", 30, ccf, node.desk)
    run_retention(act_as(node, "operator"), node.desk)
    tick(node.desk, None)
    with node.desk.registry.read() as connection:
        told = {(one.event.topic, one.event.what) for one in events.after(connection, "EGY", 0, 200)}
    assert {"record", "access"} <= {topic for topic, _ in told}, told


def shown(node: Node) -> None:
    """Let France be told of something by every topic: a hit, an alert, a message, a proposal, a diffusion."""
    egypt, france, kenya = (act_as(node, f"{one}-registrar") for one in ("egy", "fra", "ken"))
    own = submit({**VEHICLE, "source_id": "own", "share": "all", "plate": "AA-111-AA"}, france, node.desk)
    seen: Mapping[str, object] = {**PASSPORT, "source_id": "seen", "share": "all"}
    submit(dict(seen), egypt, node.desk)
    tick(node.desk, None)
    run_check({"kind": "vehicle", "plate": "AA-111-AA", "country": "FRA"}, kenya, Purpose.BORDER, node.desk)
    send({"to": ["FRA", "KEN"], "purpose": "border", "subject": "A", "text": "B"}, egypt, node.desk)
    said = {
        "record": own.receipt.public_id,
        "version": 1,
        "reason": "Seen.",
        "changes": [{"field": "colour", "new": "red"}],
    }
    propose(said, kenya, Purpose.BORDER, node.desk)
    sent = draft({**BLUE, "share": {"only": ["FRA"]}, "reference": "seen"}, Form.DIFFUSION, egypt, node.desk)
    move(sent.id, sent.form, {"move": "submit", "version": sent.version}, egypt, node.desk)
    tick(node.desk, None)


def delivered(directory: Path, *, is_hidden: bool) -> Sequence[str]:
    """Return everything that leaves for France, in order."""
    courier = Collecting()
    with opened(directory, MOMENT) as node:
        if is_hidden:
            hidden(node)
        shown(node)
        if is_hidden:
            hidden_after = {**PERSON, "source_id": "late", "share": "owner"}
            submit(hidden_after, act_as(node, "egy-registrar"), node.desk)
            tick(node.desk, None)
    with opened(directory, MOMENT + timedelta(minutes=1)) as node:
        deliver(node.desk, courier)
    return courier.sent


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sequence[str], Sequence[str]]:
    directory = tmp_path_factory.mktemp("post")
    without, having = directory / "without" / "node", directory / "having" / "node"
    made(without)
    shutil.copytree(without, having)
    return delivered(without, is_hidden=False), delivered(having, is_hidden=True)


def test_no_e_mail_and_no_webhook_tells_of_what_is_withheld(
    worlds: tuple[Sequence[str], Sequence[str]],
) -> None:
    assert worlds[1] == worlds[0]


def test_france_is_told_of_every_topic_by_both(worlds: tuple[Sequence[str], Sequence[str]]) -> None:
    topics = ("hit", "message", "proposal", "diffusion")
    told = [f'"topic":"{topic}"' for topic in topics] + [f": {topic} " for topic in topics]
    assert [one for one in told if not any(one in text for text in worlds[0])] == []
