"""The demonstration's notices: some published, one waiting for its reviewer, one refused, one diffusion.

Nothing in them is real: they are the examples of the colours' declarations.
"""

from comity.access.roles import role_named
from comity.app import SECRETARIAT, Node
from comity.procedures import people
from comity.procedures.notices.drafting import draft
from comity.procedures.notices.moving import move
from comity.procedures.people import Credentials
from comity.procedures.sign_in import officer_named
from comity.records.fieldtype import Json
from comity.records.notices import COLOURS
from comity.records.notices.states import Form
from comity.registry import accounts
from comity.registry.accounts import Account
from comity.registry.notices import HeldNotice

REVIEWER = "xpo-reviewer"
PUBLISHED = (("red", "EGY"), ("yellow", "KEN"), ("orange", "IND"), ("stolen_art", "BRA"))
REFUSED, WAITING = ("blue", "FRA"), ("green", "BRA")
SENT = ("silver", "CAN", ("FRA", "EGY", "JPN"))


def enter_notices(node: Node) -> Credentials:
    """Enter the notices, and open the account that reviews them; return its secrets."""
    account, made = people.with_secrets(Account(REVIEWER, SECRETARIAT, role_named("reviewer")), node.desk)
    with node.desk.registry.write() as connection:
        accounts.add_account(connection, account, node.desk.clock())
    for colour, bureau in PUBLISHED:
        held = _move(_submitted(colour, bureau, node), "take", REVIEWER, node)
        _move(held, "publish", REVIEWER, node)
    held = _move(_submitted(*REFUSED, node), "take", REVIEWER, node)
    _move(held, "refuse", REVIEWER, node)
    _submitted(*WAITING, node)
    colour, bureau, addressees = SENT
    _submitted(colour, bureau, node, addressees)
    return made


def _submitted(colour: str, bureau: str, node: Node, addressees: tuple[str, ...] = ()) -> HeldNotice:
    """Draft the example of a colour for a bureau and submit it: a diffusion where it has addressees."""
    form = Form.DIFFUSION if addressees else Form.NOTICE
    content: dict[str, Json] = {
        **COLOURS[colour].examples[0],
        "colour": colour,
        "reference": f"demo-{colour}",
    }
    if addressees:
        content["share"] = {"only": [*addressees]}
    registrar = f"{bureau.lower()}-registrar"
    held = draft(content, form, officer_named(registrar, node.desk), node.desk)
    return _move(held, "submit", registrar, node)


def _move(held: HeldNotice, name: str, account: str, node: Node) -> HeldNotice:
    asked: dict[str, Json] = {"move": name, "version": held.version, "reasons": "Demonstration."}
    if name == "publish":
        asked["checklist"] = dict.fromkeys(held.latest.colour.questions(), "yes")
    return move(held.id, held.form, asked, officer_named(account, node.desk), node.desk)
