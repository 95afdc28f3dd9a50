"""Searching one's own bureau's messages: what is found, what is not, and that it is a function of the box alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bureaus import enter
from writing import Post, post

from comity.errors import MalformedError, RefusedError
from comity.procedures import message_keys
from comity.procedures.messages import keeping, passing_on, searching
from comity.procedures.messages.searching import FoundMessages
from comity.procedures.sign_in import officer_named
from comity.registry import message_keys as kept_keys

TEXT = "The trailer of Zoltan Quillfeather, plate KDA-001 Z, was seen in Mombasa."


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Post]:
    with post(tmp_path) as made:
        yield made


def find(world: Post, who: str = "EGY", **asked: object) -> FoundMessages:
    return searching.search(asked, world.officer(who), world.desk)  # type: ignore[arg-type]


def ids(found: FoundMessages) -> list[str]:
    return [one.boxed.public_id for one in found.lines]


@pytest.mark.parametrize(
    "text", ["quillfeather", "Mombasa ZOLTAN", "kda001", "trailer KDA-001", "seen", "Quill", "momb zol"]
)
def test_words_and_numbers_are_found_however_they_are_written(world: Post, text: str) -> None:
    sent = world.send(subject="A trailer", text=TEXT)
    world.send(subject="Another", text="Nothing of it.")
    assert ids(find(world, text=text)) == [sent.message]


@pytest.mark.parametrize("text", ["feather", "Zoltan Nairobi", "002", "investigation", "zo"])
def test_what_does_not_stand_in_a_message_does_not_find_it(world: Post, text: str) -> None:
    world.send(subject="A trailer", text=TEXT)
    assert ids(find(world, text=text)) == []


MARKED = "Müller & Łukasz, Ñandú, Ｗｉｄｅ; أحمد فاطمة علی; Ёлкин; 王小明先生; O\u2019Brien."


@pytest.mark.parametrize(
    "text",
    [
        *("muller", "MÜLL", "lukasz", "luk", "nandu", "wide", "احمد", "فاطمه", "علي", "فاط", "елк", "小明"),
        *("brien", "ñan müll"),
    ],
)
def test_marks_case_width_and_forms_of_letters_count_for_nothing(
    world: Post, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_keys, "BLOCK", 2)
    sent = world.send(text=MARKED)
    world.send(text="Nothing of it.")
    before = ids(find(world, text=text))
    assert message_keys.keep_keys(world.desk) == 1
    assert (before, ids(find(world, text=text))) == ([sent.message], [sent.message])


def test_the_author_finds_what_it_wrote(world: Post) -> None:
    sent = world.send(text=TEXT)
    assert ids(find(world, "FRA", text="Mombasa")) == [sent.message]


def test_a_third_bureau_finds_nothing(world: Post) -> None:
    world.send(text=TEXT)
    assert find(world, "KEN", text="Mombasa").to_json() == {"messages": [], "next": None}


def test_messages_are_found_by_the_bureau_they_are_from_or_to(world: Post) -> None:
    sent = world.send(text=TEXT)
    world.send("KEN", to=["EGY"], text=TEXT)
    assert (ids(find(world, bureau="FRA")), ids(find(world, "FRA", bureau="EGY"))) == (
        [sent.message],
        [sent.message],
    )


def test_a_bureau_does_not_find_out_who_else_got_a_message(world: Post) -> None:
    world.send(to=["EGY", "KEN"], text=TEXT)
    assert ids(find(world, bureau="KEN")) == []


def test_messages_are_found_by_what_they_refer_to(world: Post) -> None:
    record = enter(world.node)
    sent = world.send(text="See there.", references=[{"kind": "record", "id": record}])
    world.send(text="See elsewhere.")
    assert ids(find(world, about=record)) == [sent.message]
    assert ids(find(world, about=f" {record.lower()} ")) == [sent.message]


def test_what_is_passed_on_is_searched_too(world: Post) -> None:
    sent = world.send(text=TEXT)
    on = passing_on.forward(sent.message, {"to": ["KEN"]}, world.officer("EGY"), world.desk)
    assert ids(find(world, "KEN", text="Mombasa")) == [on.message]


def test_a_message_is_found_by_the_name_of_a_file(world: Post) -> None:
    kept = keeping.keep_file("trailer-4711.pdf", b"%PDF-", world.officer("FRA"), world.desk)
    sent = world.send(text="See there.", attachments=[{"name": kept.name, "digest": kept.digest}])
    assert ids(find(world, text="4711")) == [sent.message]


def test_the_words_about_what_was_found_are_shown(world: Post) -> None:
    world.send(text="Before. " * 40 + TEXT + " After." * 40)
    excerpt = find(world, text="mombasa").lines[0].excerpt
    assert ("Mombasa" in excerpt, excerpt.startswith("…"), len(excerpt) < 220) == (True, True, True)


def test_pages_follow_each_other_without_a_gap(world: Post) -> None:
    sent = [world.send(text=f"{TEXT} {place}").message for place in range(5)]
    first = find(world, text="Mombasa", limit=2)
    second = find(world, text="Mombasa", limit=2, before=first.next)
    third = find(world, text="Mombasa", limit=2, before=second.next)
    assert [*ids(first), *ids(second), *ids(third)] == sent[::-1]
    assert third.next is None


def test_an_answer_is_the_same_with_and_without_keys(world: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_keys, "BLOCK", 4)
    for place in range(10):
        world.send(text=f"{TEXT} {place}" if place % 3 else "Nothing of it.")
    asked = {"text": "Mombasa kda001", "limit": 3}
    before = find(world, **asked).to_json()
    assert message_keys.keep_keys(world.desk) == 2
    assert (find(world, **asked).to_json(), len(before["messages"])) == (before, 3)  # type: ignore[arg-type]


def test_what_keys_do_not_lead_to_is_not_read(world: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_keys, "BLOCK", 2)
    sent = world.send(text=TEXT)
    world.send(text="Nothing of it.")
    message_keys.keep_keys(world.desk)
    read: list[str] = []
    compared = searching._as_found
    monkeypatch.setattr(
        searching, "_as_found", lambda boxed, asked: (read.append(boxed.public_id), compared(boxed, asked))[1]
    )
    find(world, text="Mombasa")
    with world.desk.registry.read() as connection:
        assert (read, kept_keys.last_kept(connection)) == ([sent.message], 2)


@pytest.mark.parametrize(
    "asked",
    [{}, {"text": "…"}, {"text": "a", "more": 1}, {"about": "x"}, {"text": "a", "limit": 0}, {"bureau": "1"}],
)
def test_what_cannot_be_searched_for_is_refused(world: Post, asked: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        find(world, **asked)


def test_who_may_not_read_messages_may_not_search_them(world: Post) -> None:
    with pytest.raises(RefusedError):
        searching.search({"text": "a"}, officer_named("egy-officer", world.desk), world.desk)


def test_the_log_keeps_no_word_that_was_searched_for(world: Post) -> None:
    find(world, text="Quillfeather")
    assert "uillfeather" not in repr(world.log())
