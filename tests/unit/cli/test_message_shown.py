"""What `comity message read` prints: what a message is about, how far to trust it, what it passes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.procedures.writing import Post, post

from comity.cli.message_shown import show_message
from comity.procedures.messages.passing_on import forward

ABOUT = "A" * 20


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Post]:
    with post(tmp_path) as made:
        yield made


def printed(world: Post, bureau: str, message: str, capsys: pytest.CaptureFixture[str]) -> str:
    show_message(world.read(bureau, message).to_json(), None)
    return capsys.readouterr().out


def test_it_prints_what_a_message_is_about_and_how_far_to_trust_it(
    world: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = world.send(references=[{"kind": "hit", "id": ABOUT}], reliability="B2")
    said = printed(world, "EGY", sent.message, capsys)
    assert [word in said for word in (ABOUT, "B2", "Who is it?")] == [True] * 3


def test_it_prints_the_words_that_restrict_a_message(world: Post, capsys: pytest.CaptureFixture[str]) -> None:
    sent = world.send(handling_code="H3", handling_note="For the desk alone")
    assert "For the desk alone" in printed(world, "EGY", sent.message, capsys)


def test_it_prints_what_a_message_passes_on(world: Post, capsys: pytest.CaptureFixture[str]) -> None:
    sent = world.send()
    passed = forward(sent.message, {"to": ["KEN"]}, world.officer("EGY"), world.desk)
    said = printed(world, "KEN", passed.message, capsys)
    assert [word in said for word in ("Who is it?", "France")] == [True, True]
