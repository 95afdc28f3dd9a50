"""The page of a thread: answering all, writing further, passing on with a word, enumerations in four languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.copies import copy_node
from tests.journeys.console_visitor import Visitor, open_account, visitor

from comity.app import Node, open_node
from comity.procedures.messages import keeping
from comity.procedures.messages.reading import inbox, read_thread
from comity.procedures.messages.sending import Sent, send
from comity.procedures.sign_in import officer_named

CODES = ("EGY", "FRA", "KEN")
PEOPLE = tuple((f"{code.lower()}-registrar", code, "registrar") for code in CODES)
SAID = {"purpose": "investigation", "subject": "A trailer", "text": "Is this yours?"}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    copy_node(tmp_path / "node", PEOPLE)
    with open_node(tmp_path / "node") as made:
        yield made


def of(node: Node, code: str):
    return officer_named(f"{code.lower()}-registrar", node.desk)


def sent_by(node: Node, code: str, **said: object) -> Sent:
    return send({**SAID, **said}, of(node, code), node.desk)


def inside(node: Node, code: str, language: str = "en") -> Visitor:
    made = visitor(node, **{"accept-language": language})
    made.sign_in(node, open_account(node, f"{code.lower()}-clerk", code))
    return made


def form_of(page: str) -> dict[str, str]:
    """Return what the form that writes in a thread carries unseen."""
    form = page.split('class="card writing"')[1]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def posted(clerk: Visitor, thread: str, **typed: str) -> None:
    path = f"/messages/threads/{thread}"
    fields = {
        **form_of(clerk.client.get(path).text),
        "subject": "Yes",
        "text": "Ours.",
        "do": "send",
        **typed,
    }
    answer = clerk.client.post(path, data=fields, follow_redirects=False)
    assert answer.status_code == 303, answer.text


def last_to(node: Node, code: str, thread: str) -> tuple[str, ...]:
    return read_thread(thread, of(node, code), node.desk).messages[-1].header.to


def test_an_answer_goes_to_its_author_alone(node: Node) -> None:
    sent = sent_by(node, "EGY", to=["FRA", "KEN"], shows_recipients=True)
    posted(inside(node, "FRA"), sent.thread)
    assert last_to(node, "EGY", sent.thread) == ("EGY",)


def test_an_answer_goes_to_the_others_too_where_that_is_chosen(node: Node) -> None:
    sent = sent_by(node, "EGY", to=["FRA", "KEN"], shows_recipients=True)
    posted(inside(node, "FRA"), sent.thread, also="KEN")
    assert last_to(node, "KEN", sent.thread) == ("EGY", "KEN")


def test_others_are_not_offered_where_readers_do_not_know_of_each_other(node: Node) -> None:
    sent = sent_by(node, "EGY", to=["FRA", "KEN"])
    page = inside(node, "FRA").client.get(f"/messages/threads/{sent.thread}").text
    assert ('name="also"' in page, "Kenya" in page) == (False, False)


def test_who_began_a_thread_writes_further_in_it(node: Node) -> None:
    sent = sent_by(node, "EGY", to=["FRA", "KEN"])
    posted(inside(node, "EGY"), sent.thread)
    assert last_to(node, "EGY", sent.thread) == ("FRA", "KEN")


def test_a_draft_in_a_thread_stays_in_it(node: Node) -> None:
    sent = sent_by(node, "EGY", to=["FRA"])
    clerk = inside(node, "EGY")
    posted(clerk, sent.thread, do="draft")
    officer = officer_named("egy-clerk", node.desk)
    (draft,) = keeping.drafts(officer, node.desk)
    page = clerk.client.get(f"/messages/drafts/{draft.id}").text
    assert f'name="thread" value="{sent.thread}"' in page


def test_a_message_is_passed_on_with_a_word_of_one_s_own(node: Node) -> None:
    sent = sent_by(node, "EGY", to=["FRA"])
    clerk = inside(node, "FRA")
    page = clerk.client.get(f"/messages/threads/{sent.thread}").text
    assert f'<textarea id="note-{sent.message}" name="text"' in page
    token = form_of(page)["token"]
    fields = {"token": token, "to": "KEN", "text": "See this, please."}
    clerk.client.post(f"/messages/{sent.message}/forward", data=fields, follow_redirects=False)
    (line,) = inbox("all", 5, None, of(node, "KEN"), node.desk).lines
    content = read_thread(line.line.thread, of(node, "KEN"), node.desk).messages[0].content
    assert content is not None
    assert content.text == "See this, please."


@pytest.mark.parametrize(("language", "comma"), [("ar", "\u060c "), ("en", ", "), ("fr", ", "), ("es", ", ")])
def test_bureaus_are_enumerated_as_the_language_does(node: Node, language: str, comma: str) -> None:
    sent = sent_by(node, "EGY", to=["FRA", "KEN"])
    page = inside(node, "EGY", language).client.get(f"/messages/threads/{sent.thread}").text
    assert re.search(f"</bdi>{comma}<bdi>", page)


@pytest.mark.parametrize(
    ("language", "size"), [("ar", "1 كيلوبايت"), ("en", "1 kB"), ("fr", "1\u202fko"), ("es", "1 kB")]
)
def test_the_size_of_a_file_is_told_in_the_language(node: Node, language: str, size: str) -> None:
    kept = keeping.keep_file("plan.pdf", b"%PDF", of(node, "EGY"), node.desk)
    sent = sent_by(node, "EGY", to=["FRA"], attachments=[{"name": kept.name, "digest": kept.digest}])
    page = inside(node, "EGY", language).client.get(f"/messages/threads/{sent.thread}").text
    told = re.search(r"<bdi>plan.pdf</bdi> <small>([^<]*)</small>", page)
    assert told is not None
    assert " ".join(told[1].split()) == " ".join(size.split())


@pytest.mark.parametrize("place", [0, 1, 3, 5, 8, 9])
def test_a_link_to_a_message_leads_to_the_page_of_its_thread_that_shows_it(
    node: Node, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    monkeypatch.setattr("comity.procedures.messages.reading.THREAD_MAX", 4)
    first = sent_by(node, "EGY", to=["FRA"])
    others = [sent_by(node, "EGY", to=["FRA"], thread=first.thread) for _ in range(9)]
    one = [first, *others][place].message
    page = inside(node, "FRA").client.get(f"/messages/{one}")
    assert (page.url.fragment, f'id="m-{one}"' in page.text) == (f"m-{one}", True)


def test_an_earlier_page_of_a_thread_leads_back_to_the_newest(node: Node) -> None:
    sent = sent_by(node, "EGY", to=["FRA"])
    last = sent_by(node, "EGY", to=["FRA"], thread=sent.thread)
    clerk = inside(node, "FRA")
    path = f"/messages/threads/{sent.thread}"
    page = clerk.client.get(
        f"{path}?before={read_thread(sent.thread, of(node, 'FRA'), node.desk).messages[1].boxed.position}"
    )
    assert (last.message in page.text, f'href="{path}"' in page.text) == (False, True)


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("en", "Purpose of the message"),
        ("fr", "Finalité du message"),
        ("es", "Finalidad del mensaje"),
        ("ar", "الغرض من الرسالة"),
    ],
)
def test_a_message_s_purpose_is_called_its_own(node: Node, language: str, label: str) -> None:
    page = inside(node, "FRA", language).client.get("/messages/new").text
    assert f'<label for="purpose">{label}' in page
