"""Opening what is sealed: by whose key, with which header, and once; whoever runs the node can change none of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from tests.unit.procedures.writing import Post, post

from comity.access.bureau_keys import KeyPair, new_pair, publication, revocation
from comity.cli.sealed import Known, Opened, opened_message, readers_keys, sealed_message, trusted_directory
from comity.errors import MalformedError, RefusedError
from comity.procedures import bureau_keys
from comity.procedures.messages.reading import read_message
from comity.procedures.messages.sending import send
from comity.records.fieldtype import Json
from comity.records.messages.message import parse_header

HEAD: dict[str, Json] = {
    "to": ["FRA"],
    "purpose": "investigation",
    "handling_code": "H3",
    "handling_note": "For the desk alone",
    "priority": "urgent",
}
SAID: dict[str, Json] = {"subject": "Quillfeather", "text": "He arrives on Tuesday"}


@dataclass
class Sealing:
    """Egypt writes to France, both with keys of their own; what France has seen of the node."""

    world: Post
    egypt: KeyPair = field(default_factory=lambda: new_pair("EGY"))
    france: KeyPair = field(default_factory=lambda: new_pair("FRA"))
    known: Known = field(default_factory=Known)

    def publish(self, pair: KeyPair, previous: KeyPair | None = None) -> None:
        statement = publication(pair, self.world.now, previous).decode()
        bureau_keys.publish(statement, self.world.officer(pair.bureau), self.world.desk)

    def directory(self):
        shown = bureau_keys.read_directory(self.world.officer("FRA"), self.world.desk).to_json()
        return trusted_directory(shown, self.known)

    def send(self, pair: KeyPair, **more: Json) -> dict[str, Json]:
        """Send what this pair signs; return the message as France is shown it."""
        head = {**HEAD, **more}
        readers = [self.france.public]
        envelope = sealed_message(SAID, (), pair, readers, parse_header(head), self.world.now)
        sent = send({**head, "sealed": envelope}, self.world.officer("EGY"), self.world.desk)
        return read_message(sent.message, self.world.officer("FRA"), self.world.desk).to_json()

    def open(self, message: dict[str, Json], *accepted: str) -> Opened:
        return opened_message(message, self.france, self.directory(), self.known, accepted)


@pytest.fixture
def sealing(tmp_path: Path) -> Iterator[Sealing]:
    with post(tmp_path) as world:
        made = Sealing(world)
        made.publish(made.egypt)
        made.publish(made.france)
        readers_keys(["EGY"], made.directory(), made.known)
        yield made


def test_what_the_known_key_signed_is_opened(sealing: Sealing) -> None:
    assert sealing.open(sealing.send(sealing.egypt)).content.subject == "Quillfeather"


def test_what_a_key_slipped_in_by_the_node_signed_is_not_opened(sealing: Sealing) -> None:
    false = new_pair("EGY")
    sealing.publish(false)
    message = sealing.send(false)
    with pytest.raises(RefusedError, match="author-key-not-endorsed"):
        sealing.open(message)


def test_a_changed_key_that_was_compared_by_telephone_is_taken(sealing: Sealing) -> None:
    lost = new_pair("EGY")
    sealing.publish(lost)
    message = sealing.send(lost)
    sealing.open(message, lost.public.id)
    assert sealing.known.keys["EGY"] == lost.public.id


def test_what_the_next_key_signed_is_opened_where_the_one_before_vouches_for_it(sealing: Sealing) -> None:
    following = new_pair("EGY")
    sealing.publish(following, sealing.egypt)
    assert sealing.open(sealing.send(following)).content.subject == "Quillfeather"


def test_what_the_key_before_signed_is_opened_after_the_change(sealing: Sealing) -> None:
    message, following = sealing.send(sealing.egypt), new_pair("EGY")
    sealing.publish(following, sealing.egypt)
    readers_keys(["EGY"], sealing.directory(), sealing.known)
    assert sealing.open(message).content.subject == "Quillfeather"


def test_the_first_message_of_a_bureau_makes_its_key_known(sealing: Sealing) -> None:
    message = sealing.send(sealing.egypt)
    sealing.known.keys.clear()
    sealing.open(message)
    assert sealing.known.keys == {"EGY": sealing.egypt.public.id}


def revoke(sealing: Sealing) -> None:
    statement = revocation("EGY", sealing.egypt.public.id, sealing.world.now, "stolen", sealing.egypt)
    bureau_keys.publish(statement.decode(), sealing.world.officer("EGY"), sealing.world.desk)


def test_what_says_that_it_was_sealed_after_its_key_was_revoked_is_not_opened(sealing: Sealing) -> None:
    message = sealing.send(sealing.egypt)
    sealing.world.now -= timedelta(minutes=1)
    revoke(sealing)
    with pytest.raises(RefusedError, match="author-key-revoked"):
        sealing.open(message)


def test_what_was_sealed_before_tells_that_its_key_was_revoked_since(sealing: Sealing) -> None:
    message = sealing.send(sealing.egypt)
    sealing.world.wait(minutes=1)
    revoke(sealing)
    assert sealing.open(message).revoked_at is not None


@pytest.mark.parametrize(
    "eased",
    [
        {"handling_code": "H0"},
        {"handling_note": None},
        {"priority": "low"},
        {"purpose": "identify"},
        {"to": ["FRA", "KEN"]},
        {"asks": True},
        {"second": "KEN"},
    ],
)
def test_a_header_that_the_node_changed_is_found_out(sealing: Sealing, eased: dict[str, Json]) -> None:
    message = sealing.send(sealing.egypt)
    with pytest.raises(MalformedError, match="envelope-header"):
        sealing.open({**message, **eased})


def test_an_envelope_shown_again_as_another_message_is_found_out(sealing: Sealing) -> None:
    message = sealing.send(sealing.egypt)
    sealing.open(message)
    with pytest.raises(MalformedError, match="envelope-replayed"):
        sealing.open({**message, "message": "A" * 20})


def test_a_message_opened_twice_is_opened_twice(sealing: Sealing) -> None:
    message = sealing.send(sealing.egypt)
    sealing.open(message)
    assert sealing.open(message).content.subject == "Quillfeather"


def test_the_beginning_of_one_thread_put_into_another_is_found_out(sealing: Sealing) -> None:
    first, second = sealing.send(sealing.egypt), sealing.send(sealing.egypt)
    sealing.open(first)
    with pytest.raises(MalformedError, match="envelope-replayed"):
        sealing.open({**second, "thread": first["thread"]})


def test_an_answer_without_its_thread_stands_beside_what_began_it(sealing: Sealing) -> None:
    first = sealing.send(sealing.egypt)
    sealing.open(first)
    answer = sealing.send(sealing.egypt, answers=first["message"])
    assert sealing.open(answer).content.subject == "Quillfeather"


def test_what_was_sealed_for_several_is_not_hidden_from_them(sealing: Sealing) -> None:
    kenya = new_pair("KEN")
    sealing.publish(kenya)
    head = {**HEAD, "to": ["FRA", "KEN"]}
    readers = [sealing.france.public, kenya.public]
    envelope = sealed_message(SAID, (), sealing.egypt, readers, parse_header(head), sealing.world.now)
    with pytest.raises(MalformedError, match="sealed-shows-recipients"):
        send({**head, "sealed": envelope}, sealing.world.officer("EGY"), sealing.world.desk)
