"""What a redress case withholds goes no way round: a file of a message is not sent on by its digest alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.procedures.writing import Post, post

from comity.access.roles import role_named
from comity.app import SECRETARIAT
from comity.errors import MalformedError
from comity.procedures import redress, redress_decide, redress_find, redress_owner
from comity.procedures.messages import keeping
from comity.procedures.messages.sending import Sent
from comity.procedures.redress import Request
from comity.procedures.sign_in import officer_named
from comity.registry import accounts, attachments
from comity.registry.accounts import Account

BODY = b"%PDF of an applicant"


class Case:
    """France has sent Egypt a file; a controller has a case about that message."""

    def __init__(self, world: Post) -> None:
        with world.desk.registry.write() as connection:
            account = Account("ccf", SECRETARIAT, role_named("controller"))
            accounts.add_account(connection, account, world.now)
        self.world, self.ccf = world, officer_named("ccf", world.desk)
        kept = keeping.keep_file("a.pdf", BODY, world.officer("FRA"), world.desk)
        self.digest = kept.digest
        self.message = self.sent("FRA", "EGY").message
        asked = Request("deletion", {"name": "An applicant"}, "Please erase it.")
        self.ref = redress.open_case(asked, self.ccf, world.desk).ref
        redress_find.attach(self.ref, self.message, self.ccf, world.desk)

    def sent(self, author: str, to: str) -> Sent:
        return self.world.send(author, to=[to], attachments=[{"name": "b.pdf", "digest": self.digest}])

    def block(self) -> None:
        redress_owner.block(self.ref, self.message, self.ccf, self.world.desk)

    def decide(self, decision: str) -> None:
        redress_decide.decide(self.ref, self.message, decision, "for reasons", self.ccf, self.world.desk)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with post(tmp_path) as world:
        yield Case(world)


@pytest.mark.parametrize("author", ["FRA", "EGY"])
def test_a_file_of_a_blocked_message_is_not_sent_on_by_its_digest(case: Case, author: str) -> None:
    case.block()
    with pytest.raises(MalformedError, match="attachment-unknown"):
        case.sent(author, "KEN")


def test_it_is_sent_again_once_the_block_is_lifted(case: Case) -> None:
    case.block()
    case.decide("compliant")
    sent = case.sent("EGY", "KEN")
    assert keeping.fetch_file(sent.message, 0, case.world.officer("KEN"), case.world.desk)[1] == BODY


def test_the_same_file_of_an_open_message_is_sent_on(case: Case) -> None:
    case.sent("FRA", "EGY")
    case.block()
    sent = case.sent("EGY", "KEN")
    assert keeping.fetch_file(sent.message, 0, case.world.officer("KEN"), case.world.desk)[1] == BODY


def test_who_had_it_by_an_erased_message_alone_does_not_send_it_on(case: Case) -> None:
    case.sent("FRA", "KEN")
    case.decide("erase")
    with pytest.raises(MalformedError, match="attachment-unknown"):
        case.sent("EGY", "BRA")


def test_who_has_it_by_another_message_still_does(case: Case) -> None:
    case.sent("FRA", "KEN")
    case.decide("erase")
    case.sent("KEN", "BRA")
    with case.world.desk.registry.read() as connection:
        assert attachments.held(connection, "BRA", [case.digest]) == {case.digest}
