"""A redress case about what France may not know of, for the second of the two worlds of law 1.

    found -> attached -> some blocked, some erased, their owners asked

Beside records a case reaches requests, standing checks, hits, distinctions and messages: none of it, and nothing that a
controller does with it, may leave a trace in any answer to France. What France does see is in the case, too,
and stays as it is: that an owner is asked about it is between the controller and that owner.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.access.people import Officer
from comity.access.roles import role_named
from comity.app import SECRETARIAT, Node
from comity.procedures import hits_acts, redress, redress_decide, redress_find, redress_owner
from comity.procedures.check import run_check
from comity.procedures.clockwork import tick
from comity.procedures.messages.sending import send
from comity.procedures.notices.drafting import draft
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.procedures.watches import set_watch
from comity.records.handling import Purpose
from comity.records.notices.states import Form
from comity.registry import accounts, messages, messages_held
from comity.registry.accounts import Account
from comity.registry.messages import AUTHOR, TO, NewMessage, Party

NAME, NUMBER = "Zoltan Quillfeather", "W7654321"
NAMED = {"kind": "person", "name": NAME}
PERSON = {"kind": "person", "names": [{"name": NAME, "type": "primary"}], "share": {"only": ["BRA", "KEN"]}}
VESSEL = {
    "kind": "vessel",
    "names": [{"name": "Paper Lantern", "type": "primary"}],
    "owner": NAME,
    "share": {"only": ["BRA", "KEN"]},
}
TOLD = {"purpose": "investigation", "subject": "A file", "text": f"We look for {NAME}, as agreed."}
TWICE = ("blocked", "erased")
ASKED_OF = ("EGY", "KEN")


@dataclass(frozen=True)
class Case:
    """A node, a case on it, and what stands in it: what each thing is called here, and its identifier."""

    node: Node
    ref: str
    made: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def controller(self) -> Officer:
        """Who handles it."""
        return officer_named("ccf", self.node.desk)

    def found(self) -> dict[str, str]:
        """Return what a search by name and one by number find, and what kind each is of."""
        queries = (NAMED, {"kind": "travel_document", "number": NUMBER}, {**NAMED, "document": "Q7000001"})
        return {
            one.about.record: one.about.kind
            for query in queries
            for one in redress_find.find(self.ref, query, self.controller, self.node.desk)
        }

    def attach(self, one: str) -> None:
        """Make the case be about one more thing."""
        redress_find.attach(self.ref, one, self.controller, self.node.desk)

    def ask_owner(self, one: str) -> None:
        """Ask the owner of what stands in the case."""
        redress_owner.consult(self.ref, one, "On what ground?", 30, self.controller, self.node.desk)

    def block(self, one: str) -> None:
        """Take it out of every answer."""
        redress_owner.block(self.ref, one, self.controller, self.node.desk)

    def decide(self, one: str, decision: str) -> None:
        """Decide on it, and carry the decision out."""
        redress_decide.decide(self.ref, one, decision, "Weighed.", self.controller, self.node.desk)


def case_of_others(
    node: Node, blind: Mapping[str, object], seen: str, thread: str
) -> Mapping[str, tuple[str, ...]]:
    """Let a controller have a case on everything that is held on the person; return identifiers by what they are.

    `blind` is the content of a request that France may not know of, `seen` a record that it does see, `thread` one
    in which it is a party.
    """
    desk = node.desk
    with desk.registry.write() as connection:
        account = Account("ccf", SECRETARIAT, role_named("controller"))
        accounts.add_account(connection, account, desk.clock())
    applicant = redress.Request("deletion", {"name": NAME}, "Please erase what is held on me.")
    case = Case(node, redress.open_case(applicant, officer_named("ccf", desk), desk).ref)
    for what in TWICE:
        _held_twice(case, what, blind, thread)
    _never_meant(case)
    found = case.found()
    assert set(case.made.values()) - {case.made["tied blocked"], case.made["tied erased"]} <= set(found)
    assert {"person", "vessel", "notice", "watch", "message", "distinction"} <= set(found.values())
    for one in (*found, seen):
        if _is_anothers(node, one):
            case.attach(one)
    case.ask_owner(seen)
    for name, one in case.made.items():
        case.ask_owner(one)
        if name != "distinction":
            case.block(one)
        if name.endswith("erased"):
            case.decide(one, "erase")
    for _ in range(2):
        tick(desk, None)
    of = {
        kind: tuple(case.made[f"{kind} {what}"] for what in TWICE) for kind in ("record", "notice", "watch")
    }
    written = tuple(case.made[f"{kind} {what}"] for kind in ("message", "aside", "sealed") for what in TWICE)
    return {**of, "message": written, "case": (case.ref,)}


def _held_twice(case: Case, what: str, blind: Mapping[str, object], thread: str) -> None:
    """Put one thing of each sort on the node that is to be blocked, or erased."""
    desk, egypt = case.node.desk, officer_named("egy", case.node.desk)
    brazil = officer_named("bra", desk)
    stated = {**PERSON, "source_id": f"case-{what}", "notice": "blue"}
    record = submit(stated, egypt, desk).receipt.public_id
    content = {**blind, "reference": f"case-{what}"}
    answer = run_check({**NAMED, "limit": 100}, brazil, Purpose.BORDER, desk)
    hit = next(str(one.opened) for one in answer.hits if one.record == record)
    hits_acts.ask_confirmation(hit, {"priority": "routine"}, brazil, desk)
    first = send({**TOLD, "to": ["KEN"]}, egypt, desk)
    case.made.update(
        {
            f"record {what}": record,
            f"vessel {what}": submit({**VESSEL, "source_id": f"ship-{what}"}, egypt, desk).receipt.public_id,
            f"notice {what}": draft(content, Form.NOTICE, egypt, desk).id,
            f"watch {what}": set_watch(
                {**NAMED, "document": f"Q{len(what)}", "days": 9}, brazil, Purpose.BORDER, desk
            ).watch.id,
            f"message {what}": first.message,
            f"tied {what}": send(
                {
                    **TOLD,
                    "to": ["BRA"],
                    "text": "See there.",
                    "references": [{"kind": "hit", "id": hit}],
                },
                egypt,
                desk,
            ).message,
            f"aside {what}": send({**TOLD, "to": ["KEN"], "thread": thread}, egypt, desk).message,
            f"sealed {what}": _sealed(case.node, first.thread, what),
        }
    )


def _sealed(node: Node, thread: str, what: str) -> str:
    """Store a sealed message of Egypt to Kenya; what is in the envelope matters to nobody here."""
    one = {"blocked": "S", "erased": "T"}[what] * 20
    header = b'{"to":["KEN"],"purpose":"investigation"}'
    at, digest = node.desk.clock(), what.encode().hex().ljust(64, "0")
    made = NewMessage(one, thread, "EGY", "egy", None, at, header, None, None, None, None, digest, b'{"x":1}')
    with node.desk.registry.write() as connection:
        messages.store(connection, made, [Party("EGY", AUTHOR), Party("KEN", TO)])
    return one


def _never_meant(case: Case) -> None:
    """Let Brazil find that a traveller of this name is not meant by what Egypt holds."""
    desk, brazil = case.node.desk, officer_named("bra", case.node.desk)
    answer = run_check({**NAMED, "document": "Q7000001"}, brazil, Purpose.BORDER, desk)
    tick(desk, None)
    hit = next(str(one.opened) for one in answer.hits if one.opened is not None)
    hits_acts.close_hit(hit, {"outcome": "not-identical", "distinguish": True}, brazil, desk)
    case.made["distinction"] = hit


def _is_anothers(node: Node, one: str) -> bool:
    """Whether this is not France's own: of that it is told, as every owner."""
    with node.desk.registry.read() as connection:
        message = messages_held.held_with(connection, one)
    return message is None or message.author != "FRA"
