"""Two worlds that are one, but for records that Egypt withholds from France in the second.

    a node -> copied, keys and accounts included -> Egypt enters, amends, withdraws what France may not see

What any account of France is told must then be the same in both, byte for byte (law 1).
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from between_bureaus import open_accounts, written_with_france, written_without_france
from law_one_redress import case_of_others

from comity.access.credentials import code_at
from comity.access.roles import ROLES, role_named
from comity.app import SECRETARIAT, Node, init_node, open_node
from comity.procedures import hits_acts, people
from comity.procedures import submit as submitting
from comity.procedures.check import run_check
from comity.procedures.notices.drafting import amend, draft
from comity.procedures.notices.moving import move
from comity.procedures.sign_in import officer_named, sign_in
from comity.records.handling import Purpose
from comity.records.kinds import KINDS
from comity.records.notices import COLOURS
from comity.records.notices.states import Form
from comity.registry import accounts
from comity.registry.accounts import Account
from comity.registry.notices import HeldNotice

SEEN_YELLOW = {**COLOURS["yellow"].examples[0], "colour": "yellow"}
EXAMPLES = [
    {**example, "kind": kind.code, "source_id": f"{kind.code}-{place}"}
    for kind in KINDS.values()
    for place, example in enumerate(kind.examples)
]
HIDING: tuple[Mapping[str, object], ...] = (
    {"share": "owner"},
    {"share": {"only": ["BRA"]}},
    {"share": {"except": ["FRA"]}},
    {"share": "all", "purposes": ["wanted"]},
    {"share": {"only": ["KEN"]}, "view": "pointer"},
)
PERSON = {
    "kind": "person",
    "names": [{"name": "Zoltan Quillfeather", "type": "primary"}],
    "born": ["1971-05-06"],
}
PASSPORT = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "W7654321", "status": "stolen"}
VEHICLE = {"kind": "vehicle", "plate": "QX-417-ZT", "country": "FRA"}
BLUE = {
    "colour": "blue",
    "record": {**PERSON, "documents": [{"type": "P", "issuer": "EGY", "number": "W7654321"}]},
    "particulars": {"standing": "suspect", "information_sought": "Where he lives."},
}
"""A request about the person that France may not know of."""
WITHHELD = (PERSON, PASSPORT, VEHICLE, *EXAMPLES)
"""Some that nothing else resembles, and twins of records that France does see."""


@dataclass(frozen=True)
class Worlds:
    """The two directories, the moment at which their clocks stand, and how France's accounts come in."""

    without: Path
    having: Path
    moment: datetime
    withheld: tuple[str, ...]
    notices: tuple[str, ...]
    seen_notice: str
    seen: str
    hits: tuple[str, ...]
    keys: Mapping[str, str]
    sessions: Mapping[str, str]
    written: Mapping[str, tuple[str, ...]]


def two_worlds(directory: Path) -> Worlds:
    """Make the two worlds in a directory."""
    moment = datetime.now(UTC).replace(microsecond=0)
    without, having = directory / "without" / "node", directory / "having" / "node"
    init_node(without, "Test")
    with opened(without, moment) as node:
        keys, sessions = _accounts_of_france(node)
        seen = [
            _entered(node, record, {"share": "all"}, f"shared-{place}")
            for place, record in enumerate(EXAMPLES)
        ]
        _index_saved(node)
        hits = _met(node, "fra-officer", {"kind": "travel_document", "number": "A1234567"})
        open_accounts(node)
        between = written_with_france(node, seen[0])
        seen_notice = _published(node, {**SEEN_YELLOW, "reference": "seen"}, Form.NOTICE)
        node.desk.follower.catch_up()
    shutil.copytree(without, having)
    with opened(having, moment) as node:
        withheld = tuple(_withhold(node))
        hits += _meetings_of_others(node)
        notices = _withhold_notices(node, seen_notice)
        hidden = dict(written_without_france(node, (seen[0], *withheld), between["thread"][0]))
        in_case = case_of_others(node, {**BLUE, "share": {"except": ["FRA"]}}, seen[0], between["thread"][0])
        for name, ids in in_case.items():
            hidden[name] = (*hidden.get(name, ()), *ids)
    written = {name: (*between.get(name, ()), *hidden.get(name, ())) for name in hidden}
    return Worlds(
        without, having, moment, withheld, notices, seen_notice.id, seen[0], hits, keys, sessions, written
    )


@contextmanager
def apart(worlds: Worlds, directory: Path) -> Iterator[tuple[Node, Node]]:
    """Open copies of the two worlds, with what is withheld and without it: what is done there stays there."""
    for node in (worlds.having, worlds.without):
        shutil.copytree(node, directory / node.parent.name)
    with (
        opened(directory / worlds.having.parent.name, worlds.moment) as having,
        opened(directory / worlds.without.parent.name, worlds.moment) as without,
    ):
        yield having, without


def _drafted(node: Node, content: Mapping[str, object], form: Form) -> HeldNotice:
    return draft(dict(content), form, officer_named("egy", node.desk), node.desk)


def _moved(node: Node, held: HeldNotice, name: str, by: str = "reviewer") -> HeldNotice:
    asked = {"move": name, "version": held.version, "reasons": "Weighed.", "checklist": {}}
    if name == "publish":
        asked["checklist"] = dict.fromkeys(held.latest.colour.questions(), "yes")
    return move(held.id, held.form, asked, officer_named(by, node.desk), node.desk)


def _published(node: Node, content: Mapping[str, object], form: Form) -> HeldNotice:
    held = _moved(node, _drafted(node, content, form), "submit", "egy")
    return _moved(node, _moved(node, held, "take"), "publish")


def _withhold_notices(node: Node, seen: HeldNotice) -> tuple[str, ...]:
    """Let Egypt have requests that France may not know of, and a newer content of one that it sees."""
    blind = {**BLUE, "share": {"except": ["FRA"]}}
    in_force = _published(node, {**blind, "reference": "withheld-0"}, Form.NOTICE)
    over = _published(node, {**blind, "reference": "withheld-1"}, Form.NOTICE)
    over = _moved(node, over, "withdraw", "egy")
    waits = _moved(node, _drafted(node, {**BLUE, "reference": "withheld-2"}, Form.NOTICE), "submit", "egy")
    refused = _moved(node, _drafted(node, {**BLUE, "reference": "withheld-3"}, Form.NOTICE), "submit", "egy")
    refused = _moved(node, _moved(node, refused, "take"), "refuse")
    drafted = _drafted(node, {**BLUE, "reference": "withheld-4"}, Form.NOTICE)
    others = {**BLUE, "share": {"only": ["BRA", "KEN"]}}
    sent = _moved(
        node, _drafted(node, {**others, "reference": "withheld-5"}, Form.DIFFUSION), "submit", "egy"
    )
    newer = {**SEEN_YELLOW, "language": "fra", "is_public": False}
    amend(seen.id, Form.NOTICE, seen.version, newer, officer_named("egy", node.desk), node.desk)
    return tuple(one.id for one in (in_force, over, waits, refused, drafted, sent))


def _met(node: Node, account: str, query: Mapping[str, object]) -> tuple[str, ...]:
    """Check as an account; return the hits that were opened."""
    answer = run_check(dict(query), officer_named(account, node.desk), Purpose.BORDER, node.desk)
    return tuple(hit.opened for hit in answer.hits if hit.opened is not None)


def _meetings_of_others(node: Node) -> tuple[str, ...]:
    """Let Egypt and Brazil meet what France may not see, and settle it between them."""
    _open_account(node, "bra", "BRA", "registrar")
    hits = _met(node, "egy", {"kind": "person", "name": "Zoltan Quillfeather"})
    hits += _met(node, "bra", {"kind": "travel_document", "number": "W7654321", "issuer": "EGY", "type": "P"})
    assert len(hits) == 2, "both are met by who may see them"
    egypt, brazil = officer_named("egy", node.desk), officer_named("bra", node.desk)
    hits_acts.ask_confirmation(hits[1], {"priority": "urgent"}, brazil, node.desk)
    hits_acts.answer_hit(hits[1], {"answer": "confirmed"}, egypt, node.desk)
    hits_acts.ask_confirmation(hits[0], {"priority": "routine"}, egypt, node.desk)
    return hits


@contextmanager
def opened(directory: Path, moment: datetime) -> Iterator[Node]:
    """Open a node whose clock stands."""
    with open_node(directory) as node:
        yield replace(node, desk=replace(node.desk, clock=lambda: moment))


def _accounts_of_france(node: Node) -> tuple[dict[str, str], dict[str, str]]:
    """Open an account of every role, with a key and a session each; and Egypt's registrar."""
    keys: dict[str, str] = {}
    sessions: dict[str, str] = {}
    _open_account(node, "egy", "EGY", "registrar")
    _open_account(node, "reviewer", SECRETARIAT, "reviewer")
    for role in ROLES:
        _open_account(node, f"fra-{role}", "FRA", role)
        keys[role] = people.new_key(officer_named(f"fra-{role}", node.desk), node.desk).reveal()
        sessions[role] = _signed_in(node, f"web-{role}", role)
    return keys, sessions


def _open_account(node: Node, name: str, bureau: str, role: str) -> None:
    with node.desk.registry.write() as connection:
        accounts.add_account(connection, Account(name, bureau, role_named(role)), node.desk.clock())


def _signed_in(node: Node, name: str, role: str) -> str:
    account, secrets = people.with_secrets(Account(name, "FRA", role_named(role)), node.desk)
    with node.desk.registry.write() as connection:
        accounts.add_account(connection, account, node.desk.clock())
    code = code_at(secrets.code_secret.reveal(), node.desk.clock().timestamp())
    return sign_in(name, secrets.passphrase.reveal(), code, node.desk).token.reveal()


def _entered(node: Node, record: Mapping[str, object], handling: Mapping[str, object], name: str) -> str:
    stated = {**record, **handling, "source_id": name}
    return submitting.submit(stated, officer_named("egy", node.desk), node.desk).receipt.public_id


def _index_saved(node: Node) -> None:
    node.desk.follower.catch_up()
    node.desk.index.save()


def _withhold(node: Node) -> Iterator[str]:
    """Enter what France may not see; amend every second record, withdraw every third."""
    for place, record in enumerate(WITHHELD):
        handling = HIDING[place % len(HIDING)]
        one = _entered(node, record, handling, f"withheld-{place}")
        if place % 2:
            _entered(node, {**record, "notice": "blue"}, handling, f"withheld-{place}")
        if place % 3 == 2 and place > 2:
            submitting.withdraw(one, None, officer_named("egy", node.desk), node.desk)
        if place == len(WITHHELD) // 2:
            _index_saved(node)  # some of them lie in a segment, the rest in the changes after it
        yield one


def settled(text: str) -> str:
    """Return a text without what differs between any two runs: moments, durations, new secrets, directories."""
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)", "MOMENT", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]+…", "MOMENT", text)  # cut to fit a table's column
    text = re.sub(r"\b\d+:\d\d:\d\d\b", "DURATION", text)
    # A hit is named after the moment of its check.
    text = re.sub(r'("hit": ?|"about": ?|/inbox/|\bhit: |\bhit [a-z-]+ )"?[A-Z2-7]{20}"?', r"\1HIT", text)
    text = re.sub(r"\b[A-Z2-7]{20}(?=\s+MOMENT)|\b[A-Z2-7]{5,19}…", "HIT", text)
    text = re.sub(r"\b[0-9a-f]{16}\b", "KEY-NAME", text)
    text = re.sub(r"^\s*[A-Z2-7]{20}(?=\s+(?:Person|Travel document)\s)", "WATCH", text)  # made of the moment
    text = re.sub(r"(?i)(passphrase|codes|api key of \S+): +\S+", r"\1: SECRET", text)
    text = re.sub(r"(this once:) \S+", r"\1 SECRET", text)
    text = re.sub(r"comity_[\w-]+", "KEY", text)
    text = re.sub(r"\S*/(without|having)\b", "WORLD", text)
    return re.sub(r"\s+", " ", text)
