"""A throw-away node: seven bureaus of five regions, invented records of every kind, some checks shown.

Nothing in it is real: the records are the examples of the kinds' declarations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.markup import escape

from comity.access.credentials import code_at
from comity.access.people import Officer
from comity.access.roles import role_named
from comity.app import Node, init_node
from comity.cli.show import OUT, show_answer, show_secret, told
from comity.cli.speaking import said, speaker_here
from comity.procedures import people
from comity.procedures.check import run_check
from comity.procedures.people import Credentials
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.kinds import KINDS
from comity.registry import accounts
from comity.registry.accounts import Account

ACCOUNT_LINE = "{:15} {:26} {:14} {}"
BUREAUS = ("FRA", "EGY", "BRA", "JPN", "KEN", "CAN", "IND")
PERSON: Mapping[str, Json] = {"kind": "person", "name": "Serguei Lozintsef", "born": "1983-11-19", "sex": "M"}
"""As a French passport might spell a name that its owner entered in Cyrillic."""
WITHHELD: Mapping[str, Json] = {
    "kind": "travel_document",
    "source_id": "demo-withheld",
    "type": "P",
    "issuer": "EGY",
    "number": "W7654321",
    "status": "stolen",
    "share": {"except": ["FRA"]},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A check of the demonstration: what it shows, as which bureau's officer, what is asked."""

    what: str
    bureau: str
    query: Mapping[str, Json]


def fill(directory: Path) -> None:
    """Create the node's directory as `comity init` does."""
    init_node(directory, "Demonstration")


def people_of(node: Node) -> list[Credentials]:
    """Open a registrar and an officer in each bureau; return their random secrets."""
    made: list[Credentials] = []
    for bureau in BUREAUS:
        for role in ("registrar", "officer"):
            name = f"{bureau.lower()}-{role}"
            account, secrets = people.with_secrets(Account(name, bureau, role_named(role)), node.desk)
            with node.desk.registry.write() as connection:
                accounts.add_account(connection, account, node.desk.clock())
            made.append(secrets)
    return made


def enter_records(node: Node) -> int:
    """Enter the examples of every kind, shared out among the bureaus, and one withheld record."""
    records = [
        {"share": "all", **example, "kind": kind.code, "source_id": f"demo-{kind.code}-{place}"}
        for kind in KINDS.values()
        for place, example in enumerate(kind.examples)
    ]
    for place, record in enumerate(records):
        submit(record, _registrar(BUREAUS[place % len(BUREAUS)], node), node.desk)
    submit(dict(WITHHELD), _registrar("EGY", node), node.desk)
    return len(records) + 1


def _registrar(bureau: str, node: Node) -> Officer:
    return replace(officer_named(f"{bureau.lower()}-registrar", node.desk), door="cli")


def show_count(count: int) -> None:
    """Print what the node holds."""
    speaker = speaker_here()
    told = said(
        "{records}, invented, of {bureaus}.",
        records=speaker.count("records", count),
        bureaus=speaker.count("bureaus", len(BUREAUS)),
    )
    OUT.print(escape(told))


def show_checks(node: Node) -> None:
    """Show a hit with its explanation, a miss, a withheld record that looks like a miss, a malformed number."""
    speaker = speaker_here()
    for shown in _checks():
        officer = officer_named(f"{shown.bureau.lower()}-officer", node.desk)
        title = f"{speaker.say(shown.what)} - {speaker.value('country', shown.bureau)}"
        OUT.rule(f"[bold]{escape(title)}[/]", align="left")
        asked = ", ".join(
            f"{speaker.label(name)}: {told(speaker, name, value)}" for name, value in shown.query.items()
        )
        OUT.print(asked, markup=False)
        answer = run_check(dict(shown.query), officer, Purpose.BORDER, node.desk)
        show_answer(answer, str(shown.query["kind"]))
        OUT.print()


def _checks() -> Sequence[Shown]:
    withheld = {name: WITHHELD[name] for name in ("kind", "type", "issuer", "number")}
    return (
        Shown("A person, found across scripts", "FRA", PERSON),
        Shown("Nobody of that name", "FRA", {"kind": "person", "name": "Quillon Ashdownbury"}),
        Shown("The owner finds its own record", "EGY", withheld),
        Shown("Withheld: the same answer as for no record", "FRA", withheld),
        Shown("A malformed number", "FRA", {**withheld, "number": "***"}),
    )


def show_people(made: Sequence[Credentials], node: Node) -> None:
    """Print the demonstration's accounts with their random secrets, and one API key."""
    OUT.rule(f"[bold]{escape(said('Accounts, made at random for this node alone'))}[/]", align="left")
    at_s = node.desk.clock().timestamp()
    heads = [said(head) for head in ("Account", "Passphrase", "Code now", "Key of the six-digit codes")]
    OUT.print(ACCOUNT_LINE.format(*heads), markup=False, style="bold")
    for one in made:
        key = one.code_secret.reveal()
        # A line of text and no table: a table would cut the keys to the width of the terminal.
        OUT.print(ACCOUNT_LINE.format(one.account, one.passphrase.reveal(), code_at(key, at_s), key))
    OUT.print(
        escape(said("A code holds half a minute and works once. For the next one: comity account code"))
    )
    key = people.new_key(officer_named("fra-officer", node.desk), node.desk, days=1)
    show_secret(said("API key of {account}", account="fra-officer"), key)


def show_addresses(port: int) -> None:
    """Print where the node is served, and how to stop it."""
    OUT.print(f"\n{escape(said('Console'))}:  http://127.0.0.1:{port}/")
    OUT.print(f"{escape(said('HTTP API'))}: http://127.0.0.1:{port}/openapi.json")
    OUT.print(escape(said("Sign in as one of the accounts above. Ctrl-C stops the node.")))
