"""Days, months and codes are taken as a keyboard writes them: Arabic, Persian and Indic digits, Arabic commas."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from tests.journeys.console_visitor import Visitor, open_account, visitor
from tests.journeys.test_notice_forms import typed
from tests.journeys.typed_digits import DIGITS
from tests.unit.procedures.offices import RED, officer, offices

from comity.app import Node
from comity.errors import MalformedError
from comity.procedures.notices.reading import read_notice
from comity.procedures.picture import PictureRequest, picture
from comity.records.handling import parse_handling
from comity.records.notices.content import Content, parse_content
from comity.records.notices.states import Form
from comity.records.retention import parse_keep_date
from comity.records.types.dates import parse_day

LAST_DAY = date(2031, 1, 31)
script = pytest.mark.parametrize("script", DIGITS)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with offices(tmp_path_factory.mktemp("days")) as node:
        yield node


@pytest.fixture(scope="module")
def egypt(node: Node) -> Visitor:
    entering = visitor(node, **{"Accept-Language": "ar"})
    entering.sign_in(node, open_account(node, "egy-inside", "EGY"))
    return entering


def content_of(node: Node, location: str) -> Content:
    one, form = location.rpartition("/")[2], Form(location.split("/")[1].removesuffix("s"))
    return read_notice(one, form, officer(node, "egy-registrar"), None, node.desk).held.latest


@script
def test_every_day_and_number_of_a_red_notice(node: Node, egypt: Visitor, script: str) -> None:
    days = {
        "record.born": "1979-08-21",
        "record.height": "181",
        "particulars.penalty_max": "36",
        "particulars.facts_date": "2023-04",
        "particulars.warrant.date": "2023-09-14",
        "valid_until": LAST_DAY.isoformat(),
    }
    said = {
        **typed(egypt.client.get("/notices/new/red").text),
        **{name: text.translate(DIGITS[script]) for name, text in days.items()},
        "record.names.0.name": "Ferhat Dalamanoglu",
        "particulars.warrant.number": "ALX-2023-5512",
    }
    said.pop("token")
    answer = egypt.post("/notices/new/red", **said)
    content = content_of(node, answer.headers["location"])
    stated = {**content.record, **content.particulars, **dict(content.particulars["warrant"])}
    named = [stated[name] for name in ("born", "height", "penalty_max", "facts_date", "date")]
    assert named == [["1979-08-21"], 181, 36, "2023-04", "2023-09-14"]
    assert content.valid_until == LAST_DAY


@pytest.mark.parametrize("comma", ["، ", "،", "؛ ", ", ", " "])
def test_bureaus_parted_by_an_arabic_comma(node: Node, egypt: Visitor, comma: str) -> None:
    said = typed(egypt.client.get("/diffusions/new/red").text)
    said |= {"record.names.0.name": "Ferhat Dalamanoglu", "bureaus": comma.join(("FRA", "KEN"))}
    said.pop("token")
    answer = egypt.post("/diffusions/new/red", **said)
    assert content_of(node, answer.headers["location"]).share.bureaus == {"FRA", "KEN"}


def test_nationalities_parted_by_an_arabic_comma(node: Node, egypt: Visitor) -> None:
    said = typed(egypt.client.get("/notices/new/red").text)
    said |= {"record.names.0.name": "Ferhat Dalamanoglu", "record.nationalities": "EGY، KEN"}
    said.pop("token")
    answer = egypt.post("/notices/new/red", **said)
    assert content_of(node, answer.headers["location"]).record["nationalities"] == ["EGY", "KEN"]


@script
def test_until_when_a_record_is_kept(script: str) -> None:
    text = LAST_DAY.isoformat().translate(DIGITS[script])
    assert parse_keep_date(text, date(2032, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)) == LAST_DAY


@script
def test_until_when_a_record_answers(script: str) -> None:
    text = LAST_DAY.isoformat().translate(DIGITS[script])
    assert parse_handling({"retain_until": text}, RED_SHARE).retain_until == LAST_DAY


RED_SHARE = parse_content(dict(RED), Form.NOTICE).share


@script
def test_from_which_month_the_picture_is_asked(node: Node, script: str) -> None:
    asked = PictureRequest(first="2025-11".translate(DIGITS[script]))
    assert picture(asked, None, officer(node, "egy-registrar"), node.desk).asked.first == "2025-11"


@pytest.mark.parametrize("text", ["2031-01-31", "31.01.2031", "31/1/2031", "2031/01/31", "20310131"])
def test_a_day_is_taken_as_people_write_it(text: str) -> None:
    assert parse_day(text, "valid_until") == LAST_DAY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("soon", "date-form"),
        ("2031", "date-partial"),
        ("03/02/2031", "date-ambiguous"),
        ("2031-02-30", "date-impossible"),
    ],
)
def test_what_is_no_day_is_told(text: str, code: str) -> None:
    with pytest.raises(MalformedError) as told:
        parse_day(text, "valid_until")
    assert (told.value.code, told.value.field) == (code, "valid_until")
