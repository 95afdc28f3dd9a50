"""Messages: who gets them, who sees what of them, what they owe, when they pass on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bureaus import enter
from writing import PAYMENT, Post, post

from comity.errors import ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures.messages import keeping, passing_on
from comity.procedures.messages.clocks import pass_on_overdue
from comity.procedures.messages.reading import inbox, read_thread, receipts_of
from comity.procedures.messages.reading import post as feed
from comity.procedures.messages.sending import Sent
from comity.registry import events


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Post]:
    with post(tmp_path) as world:
        yield world


def lines(world: Post, bureau: str, which: str = "all", limit: int = 50, before: str | None = None):
    return inbox(which, limit, before, world.officer(bureau), world.desk)


def test_a_message_reaches_the_bureau_that_it_is_for(world: Post) -> None:
    sent = world.send()
    assert world.read("EGY", sent.message).content.text == "Who is it?"


def test_a_message_does_not_exist_for_a_third_bureau(world: Post) -> None:
    sent = world.send()
    with pytest.raises(UnknownError):
        world.read("KEN", sent.message)


def test_a_thread_does_not_exist_for_a_third_bureau(world: Post) -> None:
    sent = world.send()
    with pytest.raises(UnknownError):
        read_thread(sent.thread, world.officer("KEN"), world.desk)


def test_an_officer_without_the_act_is_refused(world: Post) -> None:
    sent = world.send()
    with pytest.raises(RefusedError):
        read_thread(sent.thread, world.officer("EGY", "officer"), world.desk)


def test_recipients_do_not_know_of_each_other(world: Post) -> None:
    sent = world.send(to=["EGY", "KEN"])
    assert world.read("KEN", sent.message).to == ("KEN",)


def test_recipients_know_of_each_other_where_the_author_says_so(world: Post) -> None:
    sent = world.send(to=["EGY", "KEN"], shows_recipients=True)
    assert world.read("KEN", sent.message).to == ("EGY", "KEN")


def test_the_inbox_does_not_name_other_recipients(world: Post) -> None:
    world.send(to=["EGY", "KEN"])
    assert lines(world, "KEN").lines[0].to == ("KEN",)


def test_an_answer_stands_in_the_thread_of_what_it_answers(world: Post) -> None:
    sent = world.send()
    answer = world.send("EGY", to=["FRA"], answers=sent.message)
    assert answer.thread == sent.thread


def test_an_answer_to_the_author_alone_is_not_in_the_others_thread(world: Post) -> None:
    sent = world.send(to=["EGY", "KEN"])
    world.send("EGY", to=["FRA"], answers=sent.message)
    assert len(read_thread(sent.thread, world.officer("KEN"), world.desk).messages) == 1


def test_nobody_writes_into_a_thread_that_is_not_theirs(world: Post) -> None:
    sent = world.send()
    with pytest.raises(UnknownError):
        world.send("KEN", thread=sent.thread)


def test_nobody_answers_what_is_not_theirs(world: Post) -> None:
    sent = world.send()
    with pytest.raises(UnknownError):
        world.send("KEN", answers=sent.message)


def test_a_bureau_that_the_node_does_not_know_is_named(world: Post) -> None:
    with pytest.raises(MalformedError) as caught:
        world.send(to=["EGY", "QQQ"])
    assert (caught.value.code, caught.value.field) == ("unknown-bureau", "to.1")


def test_nobody_writes_to_themselves(world: Post) -> None:
    with pytest.raises(MalformedError, match="own-bureau"):
        world.send(to=["FRA"])


def test_a_message_states_its_purpose(world: Post) -> None:
    with pytest.raises(MalformedError, match="field-missing"):
        world.send(purpose=None)


def test_h3_says_its_restriction(world: Post) -> None:
    with pytest.raises(MalformedError, match="handling_note"):
        world.send(handling_code="H3")


def test_the_recipients_are_told_by_the_feed_of_events(world: Post) -> None:
    sent = world.send()
    with world.desk.registry.read() as connection:
        told = events.after(connection, "EGY", 0, 10)
    assert [(one.event.topic, one.event.what, one.event.about) for one in told] == [
        ("message", "received", sent.message)
    ]


def test_an_unread_message_is_in_the_list_of_unread_ones(world: Post) -> None:
    sent = world.send()
    assert [one.line.thread for one in lines(world, "EGY", "unread").lines] == [sent.thread]


def test_a_message_once_read_is_not(world: Post) -> None:
    sent = world.send()
    world.read("EGY", sent.message)
    assert lines(world, "EGY", "unread").lines == ()


def test_the_author_sees_that_it_was_fetched(world: Post) -> None:
    sent = world.send()
    lines(world, "EGY")
    receipt = receipts_of(sent.message, world.officer("FRA"), world.desk).receipts[0]
    assert (receipt.delivered_at, receipt.read_at) == (world.now, None)


def test_the_author_sees_that_it_was_read(world: Post) -> None:
    sent = world.send()
    world.wait(minutes=3)
    world.read("EGY", sent.message)
    assert receipts_of(sent.message, world.officer("FRA"), world.desk).receipts[0].read_at == world.now


def test_the_time_of_reading_is_that_of_the_first(world: Post) -> None:
    sent = world.send()
    world.read("EGY", sent.message)
    first = world.now
    world.wait(minutes=3)
    world.read("EGY", sent.message)
    assert receipts_of(sent.message, world.officer("FRA"), world.desk).receipts[0].read_at == first


def test_receipts_are_the_author_s_alone(world: Post) -> None:
    sent = world.send()
    with pytest.raises(RefusedError, match="not-the-author"):
        receipts_of(sent.message, world.officer("EGY"), world.desk)


def test_a_recipient_sees_no_receipts(world: Post) -> None:
    sent = world.send(to=["EGY", "KEN"])
    world.read("KEN", sent.message)
    assert world.read("EGY", sent.message).receipts == ()


def test_a_bureau_that_was_away_gets_everything_in_order(world: Post) -> None:
    sent = [world.send(subject=f"Number {place}").message for place in range(5)]
    first = feed(None, 3, world.officer("EGY"), world.desk)
    rest = feed(first.next, 3, world.officer("EGY"), world.desk)
    assert [one.boxed.public_id for one in (*first.messages, *rest.messages)] == sent


def test_places_in_a_box_tell_nothing_of_what_others_write(world: Post) -> None:
    world.send(to=["KEN"])
    sent = world.send()
    assert world.read("EGY", sent.message).boxed.position == 1


def test_the_inbox_goes_on_where_a_page_ends(world: Post) -> None:
    threads = [world.send().thread for _ in range(5)]
    first = lines(world, "EGY", limit=3)
    second = lines(world, "EGY", limit=3, before=first.next)
    assert [one.line.thread for one in (*first.lines, *second.lines)] == threads[::-1]


def test_a_stop_payment_message_is_due_in_ten_minutes(world: Post) -> None:
    assert (world.stop_payment().due_at - world.now).total_seconds() == 600


def test_what_is_due_is_listed_the_most_pressing_first(world: Post) -> None:
    slow = world.send(asks=True)
    fast = world.stop_payment()
    assert [one.line.thread for one in lines(world, "EGY", "due").lines] == [fast.thread, slow.thread]


def test_an_answer_stops_the_clock(world: Post) -> None:
    sent = world.stop_payment()
    world.wait(minutes=4)
    world.send("EGY", to=["FRA"], answers=sent.message)
    assert receipts_of(sent.message, world.officer("FRA"), world.desk).receipts[0].answered_at == world.now


def test_what_is_answered_is_not_due(world: Post) -> None:
    sent = world.stop_payment()
    world.send("EGY", to=["FRA"], answers=sent.message)
    assert lines(world, "EGY", "due").lines == ()


def test_one_bureau_s_answer_does_not_stop_the_other_s_clock(world: Post) -> None:
    sent = world.stop_payment(to=["EGY", "KEN"])
    world.send("EGY", to=["FRA"], answers=sent.message)
    assert [one.line.thread for one in lines(world, "KEN", "due").lines] == [sent.thread]


def test_what_is_not_answered_in_time_passes_to_the_second_addressee(world: Post) -> None:
    sent = world.stop_payment(second="KEN")
    world.wait(minutes=10, seconds=1)
    assert world.read("KEN", sent.message).content.stated.phrase.code == "stop-payment"


def test_it_does_not_pass_on_before(world: Post) -> None:
    sent = world.stop_payment(second="KEN")
    world.wait(minutes=9, seconds=59)
    with pytest.raises(UnknownError):
        world.read("KEN", sent.message)


def test_it_does_not_pass_on_once_answered(world: Post) -> None:
    sent = world.stop_payment(second="KEN")
    world.send("EGY", to=["FRA"], answers=sent.message)
    world.wait(hours=1)
    with pytest.raises(UnknownError):
        world.read("KEN", sent.message)


def test_it_passes_on_once(world: Post) -> None:
    world.stop_payment(to=["EGY", "BRA"], second="KEN")
    world.wait(minutes=11)
    assert [pass_on_overdue(world.desk), pass_on_overdue(world.desk)] == [1, 0]


def test_the_second_addressee_sees_whose_answer_did_not_come(world: Post) -> None:
    sent = world.stop_payment(second="KEN")
    world.wait(minutes=11)
    assert world.read("KEN", sent.message).to == ("EGY",)


def test_the_second_addressee_has_a_clock_of_its_own(world: Post) -> None:
    sent = world.stop_payment(second="KEN")
    world.wait(minutes=11)
    boxed = world.read("KEN", sent.message).boxed
    assert (boxed.due_at - world.now).total_seconds() == 600


def test_the_author_sees_that_it_was_passed_on(world: Post) -> None:
    sent = world.stop_payment(second="KEN")
    world.wait(minutes=11)
    receipts = receipts_of(sent.message, world.officer("FRA"), world.desk).receipts
    assert [(one.bureau, one.part, one.escalated_at) for one in receipts] == [
        ("EGY", "to", world.now),
        ("KEN", "second", None),
    ]


def test_a_second_addressee_needs_a_question(world: Post) -> None:
    with pytest.raises(MalformedError, match="second-addressee"):
        world.send(second="KEN")


def test_a_payment_without_an_account_cannot_be_stopped(world: Post) -> None:
    values = {"amount": "12500.00", "currency": "EUR"}
    with pytest.raises(MalformedError) as caught:
        world.stop_payment(phrase={**PAYMENT, "values": values})
    assert (caught.value.code, caught.value.field) == ("field-missing", "iban")


def test_what_others_may_know_is_passed_on_freely(world: Post) -> None:
    sent = world.send()
    passed = passing_on.forward(sent.message, {"to": ["KEN"]}, world.officer("EGY"), world.desk)
    assert world.read("KEN", passed.message).forwarded.content.text == "Who is it?"


@pytest.mark.parametrize("code", ["H2", "H3"])
def test_what_is_restricted_is_not_passed_on(world: Post, code: str) -> None:
    sent = world.send(handling_code=code, handling_note="For the addressee")
    with pytest.raises(RefusedError, match="forward-leave"):
        passing_on.forward(sent.message, {"to": ["KEN"]}, world.officer("EGY"), world.desk)


def test_with_its_author_s_leave_it_is(world: Post) -> None:
    sent = world.send(handling_code="H2")
    passing_on.let_forward(sent.message, "EGY", world.officer("FRA"), world.desk)
    passed = passing_on.forward(sent.message, {"to": ["KEN"]}, world.officer("EGY"), world.desk)
    assert world.read("KEN", passed.message).forwarded.author == "FRA"


def test_what_is_passed_on_is_handled_as_strictly(world: Post) -> None:
    sent = world.send(handling_code="H2")
    passing_on.let_forward(sent.message, "EGY", world.officer("FRA"), world.desk)
    passed = passing_on.forward(
        sent.message, {"to": ["KEN"], "handling_code": "H0"}, world.officer("EGY"), world.desk
    )
    assert world.read("KEN", passed.message).header.handling_code == "H2"


def test_only_the_author_gives_leave(world: Post) -> None:
    sent = world.send(to=["EGY", "KEN"], handling_code="H2")
    with pytest.raises(RefusedError, match="not-the-author"):
        passing_on.let_forward(sent.message, "KEN", world.officer("EGY"), world.desk)


def test_a_file_goes_with_a_message(world: Post) -> None:
    kept = keeping.keep_file("photo.jpg", b"\xff\xd8 picture", world.officer("FRA"), world.desk)
    sent = world.send(attachments=[{"name": kept.name, "digest": kept.digest}])
    fetched = keeping.fetch_file(sent.message, 0, world.officer("EGY"), world.desk)
    assert fetched == ("photo.jpg", b"\xff\xd8 picture")


def test_a_file_is_not_fetched_by_a_third_bureau(world: Post) -> None:
    kept = keeping.keep_file("photo.jpg", b"picture", world.officer("FRA"), world.desk)
    sent = world.send(attachments=[{"name": kept.name, "digest": kept.digest}])
    with pytest.raises(UnknownError):
        keeping.fetch_file(sent.message, 0, world.officer("KEN"), world.desk)


def test_who_knows_a_digest_does_not_have_the_file(world: Post) -> None:
    kept = keeping.keep_file("photo.jpg", b"picture", world.officer("FRA"), world.desk)
    with pytest.raises(MalformedError, match="attachment-unknown"):
        world.send("KEN", attachments=[{"name": "mine.jpg", "digest": kept.digest}])


def test_the_same_file_of_two_bureaus_is_each_one_s_own(world: Post) -> None:
    world_files = [
        keeping.keep_file("photo.jpg", b"picture", world.officer(code), world.desk) for code in ("FRA", "KEN")
    ]
    sent = world.send("KEN", attachments=[{"name": "mine.jpg", "digest": world_files[1].digest}])
    assert keeping.fetch_file(sent.message, 0, world.officer("EGY"), world.desk)[0] == "mine.jpg"


@pytest.mark.parametrize(
    ("name", "code"),
    [("page.html", "file-type"), ("../x.pdf", "file-name"), (".pdf", "file-name"), ("photo", "file-name")],
)
def test_a_file_that_could_run_or_escape_is_not_kept(world: Post, name: str, code: str) -> None:
    with pytest.raises(MalformedError, match=code):
        keeping.keep_file(name, b"content", world.officer("FRA"), world.desk)


def test_a_draft_is_its_account_s_own(world: Post) -> None:
    draft = keeping.save_draft({"subject": "Later"}, None, world.officer("FRA"), world.desk)
    with pytest.raises(UnknownError):
        keeping.read_draft(draft.id, world.officer("EGY"), world.desk)


def test_a_draft_can_be_saved_again(world: Post) -> None:
    draft = keeping.save_draft({"subject": "Later"}, None, world.officer("FRA"), world.desk)
    keeping.save_draft({"subject": "Soon"}, draft.id, world.officer("FRA"), world.desk)
    assert [one.data for one in keeping.drafts(world.officer("FRA"), world.desk)] == [{"subject": "Soon"}]


def test_a_draft_can_be_dropped(world: Post) -> None:
    draft = keeping.save_draft({"subject": "Later"}, None, world.officer("FRA"), world.desk)
    keeping.drop_draft(draft.id, world.officer("FRA"), world.desk)
    assert keeping.drafts(world.officer("FRA"), world.desk) == []


def test_too_many_drafts_are_a_conflict(world: Post) -> None:
    for _ in range(keeping.DRAFTS_MAX):
        keeping.save_draft({}, None, world.officer("FRA"), world.desk)
    with pytest.raises(ConflictError):
        keeping.save_draft({}, None, world.officer("FRA"), world.desk)


def test_a_record_that_the_reader_may_see_is_shown(world: Post) -> None:
    record = enter(world.node, "FRA")
    sent = world.send(references=[{"kind": "record", "id": record}])
    assert world.read("EGY", sent.message).references[0].seen.held.public_id == record


def test_a_record_that_the_reader_may_not_see_is_as_one_that_does_not_exist(world: Post) -> None:
    record = enter(world.node, "FRA", share={"only": ["KEN"]})
    shown = []
    for one in (record, "A" * 20):
        sent = world.send(references=[{"kind": "record", "id": one}])
        shown.append(world.read("EGY", sent.message).to_json()["references"][0]["record"])
    assert shown == [None, None]


def test_a_message_s_text_does_not_stand_in_the_log(world: Post) -> None:
    with pytest.raises(MalformedError):
        world.send(text="Secret words", to=[])
    world.send(text="Secret words", subject="Secret subject")
    assert "Secret" not in str(world.log())


def test_what_a_message_answers_is_not_named_to_who_did_not_get_that(world: Post) -> None:
    first = world.send(to=["EGY", "KEN"])
    aside = world.send("EGY", to=["FRA"], answers=first.message)
    both = world.send(to=["EGY", "KEN"], answers=aside.message)
    named = [world.read(code, both.message).boxed.answers for code in ("KEN", "EGY", "FRA")]
    assert named == [None, aside.message, aside.message]


def test_the_list_of_due_answers_goes_on_over_pages(world: Post) -> None:
    # Two are due at one moment.
    asked = [world.send(to=["BRA"], answer_within=minutes).thread for minutes in (30, 20, 20, 10)]
    first = lines(world, "BRA", "due", 2)
    second = lines(world, "BRA", "due", 2, first.next)
    listed = [one.line.thread for page in (first, second) for one in page.lines]
    assert ({*listed[1:3]}, listed[0], listed[3]) == ({asked[1], asked[2]}, asked[3], asked[0])


def test_a_page_of_due_answers_begins_anew_where_the_last_one_is_answered(world: Post) -> None:
    asked = [world.send(to=["BRA"], answer_within=minutes) for minutes in (10, 20, 30)]
    first = lines(world, "BRA", "due", 1)
    world.send("BRA", to=["FRA"], answers=asked[0].message)
    second = lines(world, "BRA", "due", 1, first.next)
    assert [one.line.thread for one in second.lines] == [asked[1].thread]


@pytest.fixture
def long_thread(world: Post, monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Send a thread that is one message longer than a page of it; return its first message."""
    monkeypatch.setattr("comity.procedures.messages.reading.THREAD_MAX", 2)
    sent = world.send()
    for _ in range(2):
        world.send(thread=sent.thread)
    return sent


def test_a_long_thread_is_read_to_its_beginning(world: Post, long_thread: Sent) -> None:
    last = read_thread(long_thread.thread, world.officer("EGY"), world.desk)
    assert last.next is not None
    first = read_thread(long_thread.thread, world.officer("EGY"), world.desk, last.next)
    assert ([one.boxed.public_id for one in first.messages], first.next) == ([long_thread.message], None)


def test_a_long_thread_read_to_its_beginning_is_read(world: Post, long_thread: Sent) -> None:
    last = read_thread(long_thread.thread, world.officer("EGY"), world.desk)
    read_thread(long_thread.thread, world.officer("EGY"), world.desk, last.next)
    assert lines(world, "EGY", "unread").lines == ()


def test_a_place_in_a_thread_that_is_none_is_named(world: Post) -> None:
    sent = world.send()
    with pytest.raises(MalformedError, match="cursor-form"):
        read_thread(sent.thread, world.officer("EGY"), world.desk, "x")


def of_amount(amount: str) -> dict[str, object]:
    phrase = {**PAYMENT, "values": {**PAYMENT["values"], "amount": amount}}
    return {"subject": None, "text": None, "phrase": phrase}


@pytest.mark.parametrize("amount", ["12.500", "1.250", "125.000"])
def test_an_amount_that_may_be_thousands_is_not_sent(world: Post, amount: str) -> None:
    with pytest.raises(MalformedError) as told:
        world.send(**of_amount(amount))
    assert (told.value.code, told.value.field) == ("amount-thousands", "phrase.values.amount")


@pytest.mark.parametrize("amount", ["12500", "12.50", "12.5000", "12500.000"])
def test_an_amount_that_means_one_thing_is_sent(world: Post, amount: str) -> None:
    sent = world.send(**of_amount(amount))
    content = world.read("EGY", sent.message).content
    assert content is not None
    assert content.stated is not None
    assert content.stated.values["amount"] == amount
