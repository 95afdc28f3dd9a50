"""What bureaus write to each other in the two worlds of law 1: with France, and behind its back.

Everything between Egypt and Kenya - messages, answers, files, receipts, drafts, proposals on records of either,
requests for access - must leave no trace in any answer to France.
"""

from collections.abc import Mapping, Sequence

from comity.access.people import Officer
from comity.access.roles import role_named
from comity.app import Node
from comity.errors import ComityError
from comity.procedures.messages import keeping, passing_on
from comity.procedures.messages.reading import inbox, read_message
from comity.procedures.messages.sending import send
from comity.procedures.owners.access import ask_access, decide_access
from comity.procedures.owners.proposals import propose
from comity.procedures.sign_in import officer_named
from comity.records.handling import Purpose
from comity.registry import accounts
from comity.registry.accounts import Account

PAYMENT = {
    "code": "stop-payment",
    "values": {"amount": "7777.77", "currency": "EUR", "iban": "GB82WEST12345698765432"},
}
SECRET = {"purpose": "investigation", "subject": "Quillfeather file", "text": "W7654321 is with us."}
Written = Mapping[str, tuple[str, ...]]


def open_accounts(node: Node) -> None:
    """Open a registrar for Kenya and for Brazil."""
    for code in ("KEN", "BRA"):
        with node.desk.registry.write() as connection:
            account = Account(f"{code.lower()}-desk", code, role_named("registrar"))
            accounts.add_account(connection, account, node.desk.clock())


def _as(node: Node, name: str) -> Officer:
    return officer_named(name, node.desk)


def written_with_france(node: Node, record: str) -> Written:
    """Let Egypt write to France, France answer, and France propose on a record: the same in both worlds."""
    desk, france = node.desk, _as(node, "fra-registrar")
    kept = keeping.keep_file("plan.pdf", b"%PDF invented", _as(node, "egy"), desk)
    asked = {
        "purpose": "investigation",
        "subject": "For France",
        "text": "Please look.",
        "attachments": [{"name": kept.name, "digest": kept.digest}],
        "references": [{"kind": "record", "id": record}],
    }
    # Kenya is a reader, too, and France does not know.
    first = send({**asked, "to": ["FRA", "KEN"], "asks": True}, _as(node, "egy"), desk)
    answer = send(
        {
            "to": ["EGY"],
            "purpose": "investigation",
            "subject": "Yes",
            "text": "Seen.",
            "answers": first.message,
        },
        france,
        desk,
    )
    draft = keeping.save_draft({"subject": "Later"}, None, france, desk)
    said = {"record": record, "version": 1, "reason": "We know better.", "changes": _changes()}
    made = propose(said, france, Purpose.BORDER, desk)
    return {
        "message": (first.message, answer.message),
        "thread": (first.thread,),
        "draft": (draft.id,),
        "proposal": (made.request.id,),
    }


def _changes() -> Sequence[Mapping[str, object]]:
    return [{"field": "marks", "new": "A scar"}]


def written_without_france(node: Node, records: Sequence[str], thread: str) -> Written:
    """Let Egypt, Kenya and Brazil write, answer, pass on, propose and ask, and France know nothing of it."""
    desk, egypt, kenya = node.desk, _as(node, "egy"), _as(node, "ken-desk")
    kept = keeping.keep_file("secret.pdf", b"%PDF secret", egypt, desk)
    files = [{"name": kept.name, "digest": kept.digest}]
    references = [{"kind": "record", "id": one} for one in records[:6]]
    said = {**SECRET, "to": ["KEN", "BRA"], "attachments": files, "references": references}
    first = send({**said, "shows_recipients": True, "handling_code": "H2"}, egypt, desk)
    payment = send(
        {"to": ["KEN"], "purpose": "investigation", "phrase": PAYMENT, "second": "BRA"}, egypt, desk
    )
    answer = send({**SECRET, "to": ["EGY"], "answers": first.message}, kenya, desk)
    passing_on.let_forward(first.message, "KEN", egypt, desk)
    passed = passing_on.forward(first.message, {"to": ["BRA"]}, kenya, desk)
    for which in ("all", "due"):
        inbox(which, 50, None, kenya, desk)
    read_message(passed.message, _as(node, "bra-desk"), desk)
    draft = keeping.save_draft(dict(SECRET), None, egypt, desk)
    # Egypt answers in the thread that France is in, behind France's back.
    aside = send({**SECRET, "to": ["KEN"], "thread": thread}, egypt, desk)
    proposed = _proposed(records, kenya, node)
    asked = _asked(records, kenya, node)
    decide_access(asked[0], {"accept": False, "reason": "Not now"}, egypt, desk)
    return {
        "message": (first.message, payment.message, answer.message, passed.message, aside.message),
        "thread": (first.thread, payment.thread),
        "draft": (draft.id,),
        "proposal": proposed,
        "access": asked,
    }


def _proposed(records: Sequence[str], kenya: Officer, node: Node) -> tuple[str, ...]:
    made: list[str] = []
    for one in records:
        for version in (1, 2):
            said = {"record": one, "version": version, "reason": "Quillfeather", "changes": _changes()}
            try:
                made.append(propose(said, kenya, Purpose.BORDER, node.desk).request.id)
            except ComityError:
                continue  # withdrawn, of another kind, or of another version: others stand for it
    assert made, "Kenya proposes on some record"
    return tuple(made)


def _asked(records: Sequence[str], kenya: Officer, node: Node) -> tuple[str, ...]:
    made: list[str] = []
    for one in records:
        try:
            made.append(
                ask_access({"record": one, "reason": "Q"}, kenya, Purpose.BORDER, node.desk).request.id
            )
        except ComityError:
            continue  # seen whole or not at all
    assert made, "Kenya asks for some record"
    return tuple(made)
