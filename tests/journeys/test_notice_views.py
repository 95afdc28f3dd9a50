"""A notice that its owner shows in part is read no further than its record, through whichever door."""

from collections.abc import Iterator, Mapping

import pytest
from starlette.testclient import TestClient
from tests.journeys.console_visitor import Visitor, open_account, visitor
from tests.unit.procedures.offices import RED, officer, offices, published

from comity.app import Node
from comity.doors import build_doors
from comity.procedures import people
from comity.records.fieldtype import Json
from comity.records.notices.states import Form

UNSEEN_IN_SUMMARY = ("B45671230", "ALX-2023-5512", "Alexandria", "336", "181")
"""Of the red notice: its passport, warrant, place, law and height, which a person's summary does not show."""
UNSEEN_AS_POINTER = (*UNSEEN_IN_SUMMARY, "Ferhat", "فرحات", "Fraud", "1979", "red", "Red")
FORMS = (Form.NOTICE, Form.DIFFUSION)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with offices(tmp_path_factory.mktemp("views")) as node:
        yield node


@pytest.fixture(scope="module")
def notices(node: Node) -> Mapping[tuple[Form, str], str]:
    """Enter a notice and a diffusion to Kenya in each of the narrower views."""
    made: dict[tuple[Form, str], str] = {}
    for form in FORMS:
        for view in ("summary", "pointer"):
            content: dict[str, Json] = {**RED, "view": view, "reference": f"{form.value}-{view}"}
            if form is Form.DIFFUSION:
                content["share"] = {"only": ["KEN"]}
            made[form, view] = published(node, content, form).id
    return made


@pytest.fixture(scope="module")
def kenya(node: Node) -> TestClient:
    key = people.new_key(officer(node, "ken-officer"), node.desk).reveal()
    headers = {"Authorization": f"Bearer {key}", "Comity-Purpose": "border"}
    return TestClient(build_doors(node.desk), headers=headers)


@pytest.fixture(scope="module")
def inside(node: Node) -> Visitor:
    entering = visitor(node)
    entering.sign_in(node, open_account(node, "ken-inside", "KEN", "officer"))
    entering.check("person", name="Nobody")  # states the purpose
    return entering


def unseen(text: str, words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word in text]


@pytest.mark.parametrize("form", FORMS)
def test_the_api_shows_a_summary_as_the_record_does(kenya: TestClient, notices, form: Form) -> None:
    one = notices[form, "summary"]
    shown, record = (kenya.get(path).json() for path in (f"/v1/{form.value}s/{one}", f"/v1/records/{one}"))
    assert {**record["data"], "kind": "person"} == shown["record"]


@pytest.mark.parametrize("form", FORMS)
def test_the_api_shows_nothing_beyond_a_summary(kenya: TestClient, notices, form: Form) -> None:
    text = kenya.get(f"/v1/{form.value}s/{notices[form, 'summary']}").text
    assert unseen(text, UNSEEN_IN_SUMMARY) == []


@pytest.mark.parametrize("form", FORMS)
def test_the_api_shows_of_a_pointer_that_it_exists(kenya: TestClient, notices, form: Form) -> None:
    shown = kenya.get(f"/v1/{form.value}s/{notices[form, 'pointer']}").json()
    told = {name for name, value in shown.items() if value is not None}
    assert told == {"notice", "form", "view", "kind", "owner", "state"}


@pytest.mark.parametrize("form", FORMS)
def test_no_list_of_a_colour_names_a_pointer(kenya: TestClient, notices, form: Form) -> None:
    path = f"/v1/{form.value}s"
    lists = [kenya.get(path).json(), kenya.get(f"{path}?colour=red").json()]
    listed = [{one["notice"] for one in page["notices"]} for page in lists]
    assert [notices[form, "pointer"] in some for some in listed] == [True, False]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("view", "words"), [("summary", UNSEEN_IN_SUMMARY), ("pointer", UNSEEN_AS_POINTER)])
@pytest.mark.parametrize("page", ["", "/sheet"])
def test_no_page_shows_more_than_the_record(
    inside: Visitor, notices, form: Form, view: str, words: tuple[str, ...], page: str
) -> None:
    text = inside.client.get(f"/{form.value}s/{notices[form, view]}{page}").text
    main = text[text.index("<main") : text.index("</main>")]
    assert unseen(main.replace("unprinted", ""), words) == []


@pytest.mark.parametrize("form", FORMS)
def test_the_list_of_the_console_names_no_pointer_s_subject(inside: Visitor, notices, form: Form) -> None:
    text = inside.client.get(f"/{form.value}s").text
    row = next(part for part in text.split("<tr>") if notices[form, "pointer"] in part)
    assert unseen(row, UNSEEN_AS_POINTER) == []


@pytest.mark.parametrize("view", ["summary", "pointer"])
def test_a_sheet_in_part_is_printed(kenya: TestClient, notices, view: str) -> None:
    assert kenya.get(f"/v1/notices/{notices[Form.NOTICE, view]}/sheet").content.startswith(b"%PDF")


@pytest.mark.parametrize("view", ["summary", "pointer"])
def test_its_owner_and_a_reviewer_read_it_whole(node: Node, notices, view: str) -> None:
    whole = []
    for account in ("egy-registrar", "reviewer-1"):
        key = people.new_key(officer(node, account), node.desk).reveal()
        client = TestClient(build_doors(node.desk), headers={"Authorization": f"Bearer {key}"})
        whole.append("ALX-2023-5512" in client.get(f"/v1/notices/{notices[Form.NOTICE, view]}").text)
    assert whole == [True, True]
