"""Everything that a node can hold on one person, and a controller who looks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from tests.unit.procedures.offices import RED, add_account, enter, officer, offices, published, refused

from comity.app import SECRETARIAT, Node
from comity.procedures import redress, redress_decide, redress_find, redress_owner
from comity.procedures.check import run_check
from comity.procedures.clockwork import tick
from comity.procedures.hits_acts import close_hit
from comity.procedures.messages.sending import send
from comity.procedures.owners.proposals import propose
from comity.procedures.redress import AboutRecord, Request
from comity.procedures.redress_find import Found
from comity.procedures.watches import set_watch
from comity.records.handling import Purpose
from comity.records.notices.states import Form
from comity.registry import messages
from comity.registry.messages import AUTHOR, TO, NewMessage, Party

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
NAME, BORN, NUMBER = "Ferhat Dalamanoglu", "1979-08-21", "B45671230"
QUERY = {"kind": "person", "name": NAME, "born": BORN}
MESSAGE = {"to": ["FRA"], "purpose": "investigation"}


@dataclass
class File:
    """A node, the controller's case on it, and what was put there."""

    node: Node
    case: str
    made: dict[str, str] = field(default_factory=dict[str, str])

    def find(self, **query: str) -> dict[str, Found]:
        found = redress_find.find(self.case, {**QUERY, **query}, officer(self.node, "ccf"), self.node.desk)
        return {one.about.record: one for one in found}

    def attach(self, one: str) -> None:
        redress_find.attach(self.case, one, officer(self.node, "ccf"), self.node.desk)

    def block(self, one: str) -> None:
        redress_owner.block(self.case, one, officer(self.node, "ccf"), self.node.desk)

    def decide(self, one: str, decision: str = "erase") -> None:
        redress_decide.decide(
            self.case, one, decision, "for reasons", officer(self.node, "ccf"), self.node.desk
        )

    def about(self, one: str) -> AboutRecord:
        whole = redress.dossier(self.case, officer(self.node, "ccf"), self.node.desk)
        return next(about for about in whole.records if about.standing.record == one)

    def fill(self) -> None:
        """Put a notice in force with a hit, a proposal and a message on it, and all that rests on no record."""
        self.made["record"] = published(self.node).id
        self.made["draft"] = enter(self.node, {**RED, "reference": "draft-1"}, owner="fra").id
        self.made["refused"] = refused(self.node, {**RED, "reference": "refused-1"}, Form.NOTICE).id
        diffusion = {**RED, "reference": "sent-1", "share": {"only": ["KEN"]}}
        self.made["diffusion"] = enter(self.node, diffusion, Form.DIFFUSION, "bra").id
        watch = set_watch(
            {**QUERY, "days": 30}, officer(self.node, "bra-registrar"), Purpose.BORDER, self.node.desk
        )
        self.made["watch"] = watch.watch.id
        self.made["hit"] = self.hit()
        self.propose()
        self.write()

    def hit(self) -> str:
        """Let Kenya meet the record; return the hit that is opened."""
        asked = {"kind": "person", "name": NAME}
        answer = run_check(asked, officer(self.node, "ken-officer"), Purpose.BORDER, self.node.desk)
        tick(self.node.desk, None)
        return next(str(hit.opened) for hit in answer.hits if hit.record == self.made["record"])

    def distinguish(self, document: str) -> str:
        """Let Kenya find that a traveller with this document is not meant by the record; return the hit."""
        asked = {"kind": "person", "name": NAME, "document": document}
        answer = run_check(asked, officer(self.node, "ken-officer"), Purpose.BORDER, self.node.desk)
        tick(self.node.desk, None)
        one = next(str(hit.opened) for hit in answer.hits if hit.record == self.made["record"])
        said = {"outcome": "not-identical", "distinguish": True}
        close_hit(one, said, officer(self.node, "ken-officer"), self.node.desk)
        return one

    def propose(self) -> None:
        said = {
            "record": self.made["record"],
            "version": 1,
            "reason": "Dalamanoglu was seen with a scar.",
            "changes": [{"field": "marks", "new": "A scar"}],
        }
        made = propose(said, officer(self.node, "ken-registrar"), Purpose.BORDER, self.node.desk)
        self.made["proposal"] = made.request.id

    def write(self) -> None:
        """Let Egypt write of the person: by a coded phrase, in words, by a reference; and sealed, in a thread."""
        phrase = {"code": "locate-person", "values": {"name": "فرحات دلامان أوغلو", "born": BORN}}
        hit = [{"kind": "hit", "id": self.made["hit"]}]
        for name, said in {
            "phrase": {"phrase": phrase},
            "words": {"subject": "A file", "text": "We look for FERHAT   Dalamanoglu, as agreed."},
            "number": {"subject": "A paper", "text": f"The passport is B-4567 1230 ({BORN})."},
            "reference": {"subject": "Your question", "text": "See there.", "references": hit},
            "stranger": {"subject": "Another", "text": "Nothing about him: Ferhat Somebody."},
        }.items():
            sent = send({**MESSAGE, **said}, officer(self.node, "egy-registrar"), self.node.desk)
            self.made[name] = sent.message
            if name == "reference":
                self.made["sealed"] = self.sealed(sent.thread)

    def sealed(self, thread: str) -> str:
        """Store a sealed message in a thread; what is in the envelope matters to nobody here."""
        one = "S" * 20
        header = b'{"to":["FRA"],"purpose":"investigation"}'
        made = NewMessage(
            one,
            thread,
            "EGY",
            "egy-registrar",
            None,
            START,
            header,
            None,
            None,
            None,
            None,
            "e" * 64,
            b'{"x":1}',
        )
        with self.node.desk.registry.write() as connection:
            messages.store(connection, made, [Party("EGY", AUTHOR), Party("FRA", TO)])
        return one


@contextmanager
def file(directory: Path, registry: str | None = None) -> Iterator[File]:
    """Yield a filled node with a case for deletion."""
    with offices(directory, registry) as opened:
        add_account(opened, "ccf", SECRETARIAT, "controller")
        node = replace(opened, desk=replace(opened.desk, clock=lambda: START))
        asked = Request("deletion", {"name": "Zuzanna Applicantova"}, "Please erase it.")
        made = File(node, redress.open_case(asked, officer(node, "ccf"), node.desk).ref)
        made.fill()
        yield made
