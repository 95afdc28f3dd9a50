"""What the demonstration's bureaus do with each other: a hit that waits for its owner, and messages.

Invented, like the records; a new user finds them in the inboxes of Egypt, Japan, France and Kenya.
"""

from collections.abc import Mapping

from comity.app import Node
from comity.procedures import hits_acts
from comity.procedures.check import run_check
from comity.procedures.messages.sending import send
from comity.procedures.sign_in import officer_named
from comity.records.fieldtype import Json
from comity.records.handling import Purpose

CHECKED: Mapping[str, Json] = {"kind": "person", "name": "Sergey Lozintsev", "born": "1983-11-19"}
PERSON: Mapping[str, Json] = {"name": "Sergey Lozintsev", "born": "1983-11-19", "nationality": "KAZ"}
PAYMENT: Mapping[str, Json] = {"amount": "48250.00", "currency": "EUR", "iban": "GB82WEST12345698765432"}


def work_together(node: Node) -> None:
    """Let Japan meet a record of Egypt and ask to have it confirmed, and let bureaus write to each other."""
    japan = officer_named("jpn-officer", node.desk)
    met = run_check(dict(CHECKED), japan, Purpose.BORDER, node.desk)
    for hit in met.hits:
        if hit.opened is not None:
            hits_acts.ask_confirmation(hit.opened, {"priority": "bureau"}, japan, node.desk)
    _write(node, "jpn", {"to": ["EGY"], "phrase": {"code": "identify-person", "values": {**PERSON}}})
    asked = _write(node, "fra", {"to": ["KEN"], "phrase": {"code": "stop-payment", "values": {**PAYMENT}}})
    answer: dict[str, Json] = {"code": "funds-status", "values": {"funds": "in_progress"}}
    _write(node, "ken", {"to": ["FRA"], "answers": asked, "phrase": answer})


def _write(node: Node, bureau: str, data: dict[str, Json]) -> str:
    author = officer_named(f"{bureau}-registrar", node.desk)
    return send({"purpose": Purpose.INVESTIGATION.value, **data}, author, node.desk).message
