"""What a draft holds comes back into the form, and out of it again."""

import pytest

from comity.console.writing import Written, add_file, message_from, typed_from
from comity.procedures.messages.keeping import KeptFile

PLAIN = {"to": ["EGY", "KEN"], "subject": "A", "text": "b", "purpose": "border", "asks": True}
PAYMENT = {"to": ["EGY"], "phrase": {"code": "stop-payment", "values": {"amount": "1.00"}}}


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        PAYMENT,
        {**PLAIN, "answers": "A" * 20, "second": "BRA"},
        {**PLAIN, "attachments": [{"name": "a b.pdf", "digest": "0" * 64}]},
        {**PLAIN, "thread": "A" * 20, "references": [{"kind": "record", "id": "B" * 20}], "language": "ara"},
        {**PLAIN, "answer_within": 45, "reliability": "B2", "shows_recipients": True},
        {**PLAIN, "references": [{"kind": "hit", "id": "C" * 20}, {"kind": "message", "id": "D" * 20}]},
        {**PLAIN, "references": [{"kind": "hit"}]},
        {**PLAIN, "references": [{"kind": "hit", "id": " C"}], "answer_within": "soon"},
        {**PAYMENT, "asks": False, "shows_recipients": True},
    ],
)
def test_nothing_of_a_draft_is_lost(data: dict[str, object]) -> None:
    assert message_from(typed_from(data)) == data


@pytest.mark.parametrize(
    "data", [{}, {"to": 1, "phrase": "x", "attachments": ["y", 2]}, {"to": [None], "subject": 3}]
)
def test_whatever_a_draft_holds_has_a_form(data: dict[str, object]) -> None:
    assert message_from(typed_from(data))["to"] == []


def test_what_is_no_json_beside_the_fields_says_nothing() -> None:
    assert message_from({"to": "EGY", "rest": "{"}) == {"to": ["EGY"]}


def test_a_form_carries_twenty_files() -> None:
    posted: dict[str, str] = {}
    room = [add_file(posted, KeptFile(f"{place}.pdf", f"{place:064}", 1)) for place in range(21)]
    assert (room, len(Written(typed=posted).files)) == ([True] * 20 + [False], 20)


def test_a_file_that_was_left_out_makes_room() -> None:
    posted = {f"kept-{place}": f"{place:064} a.pdf" for place in range(20) if place != 4}
    assert add_file(posted, KeptFile("b.pdf", "0" * 64, 1))


def test_there_is_always_a_row_for_one_more_reference() -> None:
    posted = {f"ref-id-{place}": "A" * 20 for place in range(4)}
    assert [one for *_, one in Written(typed=posted).references] == ["A" * 20] * 4 + [""]


def test_a_time_to_answer_asks_for_an_answer() -> None:
    assert message_from({"answer_within": "45"}) == {"to": [], "answer_within": 45, "asks": True}
