"""Pages of reviewers, controllers and officials on a busy node: medians in milliseconds, and what a search costs.

    python benchmarks/speed/office_pages.py [--hits 1000] [--messages 100000] [--notices 5000]

A node is made in a temporary directory with open hits whose clocks run, messages, requests in all standings, and a
redress case about a person of whom all of them speak.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from messages_inbox import fill as fill_inbox
from starlette.testclient import TestClient

from comity.access.credentials import code_at
from comity.access.people import Officer
from comity.access.roles import role_named
from comity.app import SECRETARIAT, Node, init_node, open_node
from comity.doors import build_doors
from comity.procedures import message_keys, people, redress, redress_find
from comity.procedures.check import run_checks
from comity.procedures.hits_acts import ask_confirmation
from comity.procedures.notices.drafting import draft
from comity.procedures.notices.moving import move
from comity.procedures.sign_in import officer_named, sign_in
from comity.procedures.submit import submit
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.notices import COLOURS
from comity.records.notices.states import Form
from comity.registry import accounts
from comity.registry.accounts import Account
from comity.registry.notices import HeldNotice

ROUNDS = 30
PEOPLE = {"egy": ("EGY", "registrar"), "fra": ("FRA", "registrar"), "rev": (SECRETARIAT, "reviewer")}
PEOPLE |= {"ccf": (SECRETARIAT, "controller"), "gra": ("GRC", "official")}
NAME, BORN = "Tarquin Oleander", "1971-05-06"
RED = {**COLOURS["red"].examples[0], "colour": "red", "language": "eng"}
SYLLABLES = ("ba", "do", "ki", "lu", "me", "no", "ra", "si", "ta", "vu")


def invented(number: int) -> str:
    """Return a name that is told by its number."""
    digits = [SYLLABLES[int(one)] for one in f"{number:06}"]
    return f"{''.join(digits[:3])} {''.join(digits[3:])}".title()


def open_accounts(node: Node) -> dict[str, str]:
    """Open an account of each sort; return a signed-in session of each."""
    sessions: dict[str, str] = {}
    for name, (bureau, role) in PEOPLE.items():
        account, secrets = people.with_secrets(Account(name, bureau, role_named(role)), node.desk)
        with node.desk.registry.write() as connection:
            accounts.add_account(connection, account, node.desk.clock())
        code = code_at(secrets.code_secret.reveal(), node.desk.clock().timestamp())
        sessions[name] = sign_in(name, secrets.passphrase.reveal(), code, node.desk).token.reveal()
    return sessions


def fill_hits(node: Node, count: int) -> None:
    """Let France meet records of Egypt, and ask about every hit."""
    desk, egypt, france = node.desk, officer_named("egy", node.desk), officer_named("fra", node.desk)
    for number in range(count):
        plate = f"BN{number:05}"
        record = {"kind": "vehicle", "source_id": plate, "plate": plate, "country": "EGY", "share": "all"}
        submit(record, egypt, desk)
    queries = [{"kind": "vehicle", "plate": f"BN{number:05}", "country": "EGY"} for number in range(count)]
    for answer in run_checks(queries, france, Purpose.BORDER, desk):
        ask_confirmation(str(answer.hits[0].opened), {"priority": "bureau"}, france, desk)


def fill_notices(node: Node, count: int) -> HeldNotice:
    """Draft, submit, publish and refuse requests, a quarter each; return one that is under review."""
    egypt, reviewer = officer_named("egy", node.desk), officer_named("rev", node.desk)

    def moved(held: HeldNotice, name: str, by: Officer) -> HeldNotice:
        asked = {"move": name, "version": held.version, "reasons": "Weighed.", "checklist": {}}
        if name == "publish":
            asked["checklist"] = dict.fromkeys(held.latest.colour.questions(), "yes")
        return move(held.id, held.form, asked, by, node.desk)

    waits = None
    for number in range(count):
        names = [{"name": NAME if number < 8 else invented(number), "type": "primary"}]
        record = {**RED["record"], "names": names, "born": [BORN]}
        record.pop("documents", None)
        content = {**RED, "record": record, "reference": f"bench-{number}", "share": "all"}
        held = draft(content, Form.NOTICE, egypt, node.desk)
        if number % 4:
            held = moved(held, "submit", egypt)
        if number % 4 > 1:
            held = moved(moved(held, "take", reviewer), "publish" if number % 4 == 2 else "refuse", reviewer)
        if number == 5:
            waits = moved(held, "take", reviewer)
    assert waits is not None
    return waits


def case_of(node: Node) -> str:
    """Open a case, search, and make the case be about the first twenty things that are found."""
    ccf = officer_named("ccf", node.desk)
    case = redress.open_case(redress.Request("deletion", {"name": NAME}, "Please erase it."), ccf, node.desk)
    searches: tuple[dict[str, Json], ...] = (
        {"kind": "person", "name": NAME, "born": BORN},
        {"kind": "person", "name": "Absent Nowhereman"},
        {"kind": "person", "name": "Invented Message"},  # stands in every message
    )
    message_keys.keep_keys(node.desk, None)  # the messages were inserted as no node sends them
    for query in searches:
        start, spent = time.perf_counter(), time.process_time()
        found = redress_find.find(case.ref, query, ccf, node.desk)
        took, spent = time.perf_counter() - start, time.process_time() - spent
        print(f"search for {query['name']:24} {took:7.2f} s, {spent:.2f} of processor, {len(found)} found")
        for one in found[: 20 if query["name"] == NAME else 0]:
            redress_find.attach(case.ref, one.about.record, ccf, node.desk)
    return case.ref


def report(node: Node, sessions: dict[str, str], waits: HeldNotice, case: str) -> None:
    """Ask for each page some times, and print the medians."""
    pages = {
        "rev": (
            "/notices",
            "/notices?scope=waiting",
            f"/notices/{waits.id}",
            f"/notices/{waits.id}/review",
            "/refused-notices",
        ),
        "egy": ("/notices", "/inbox", "/messages", "/statistics", "/retention"),
        "ccf": ("/redress", f"/redress/{case}", f"/redress/{case}/sheet"),
        "gra": ("/statistics",),
    }
    for name, paths in pages.items():
        with TestClient(build_doors(node.desk), cookies={"comity-session": sessions[name]}) as client:
            for path in paths:
                took = []
                for _ in range(ROUNDS):
                    start = time.perf_counter()
                    answer = client.get(path)
                    took.append((time.perf_counter() - start) * 1000)
                    assert answer.status_code == 200, (name, path, answer.status_code)
                shown = path.replace(waits.id, "NOTICE").replace(case, "CASE")
                print(
                    f"{name} {shown:28} median {statistics.median(took):6.1f} ms  worst {max(took):6.1f} ms"
                )


def main() -> None:
    """Fill a node, and print how fast it is."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--hits", type=int, default=1000)
    said.add_argument("--messages", type=int, default=100_000)
    said.add_argument("--notices", type=int, default=5000)
    asked = said.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        init_node(Path(directory) / "node", "Bench")
        with open_node(Path(directory) / "node") as node:
            sessions = open_accounts(node)
            with node.desk.registry.write() as connection:
                fill_inbox(connection, asked.messages)
            print(f"{asked.messages} messages", file=sys.stderr)
            fill_hits(node, asked.hits)
            print(f"{asked.hits} open hits", file=sys.stderr)
            waits = fill_notices(node, asked.notices)
            print(f"{asked.notices} requests", file=sys.stderr)
            node.desk.follower.catch_up()
            report(node, sessions, waits, case_of(node))


if __name__ == "__main__":
    main()
