"""In the console: whom to call; a traveller who is another is let pass, the owner agrees, either side takes it back."""

from collections.abc import Iterator
from html import unescape

import pytest
from tests.journeys.console_visitor import Visitor, open_account, visitor, words_of
from tests.unit.procedures.hit_desk import HitDesk, hit_desk
from tests.unit.procedures.test_distinctions import distinguished, enter, met

AGREE, END = "Not the same person: agree", "Stop them again for this record"


@pytest.fixture
def desk(tmp_path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        enter(made)
        yield made


def inside(desk: HitDesk, bureau: str, language: str = "en") -> Visitor:
    entering = visitor(desk.node, **{"Accept-Language": language})
    entering.sign_in(desk.node, open_account(desk.node, f"{bureau.lower()}-inside", bureau))
    return entering


def page(entering: Visitor, one: str) -> str:
    return words_of(entering.client.get(f"/inbox/{one}").text)


def test_an_owner_agrees_once(desk: HitDesk) -> None:
    one, egypt = distinguished(desk), inside(desk, "EGY")
    before = page(egypt, one)
    egypt.post(f"/inbox/{one}/distinction")
    assert (AGREE in before, AGREE in page(egypt, one), END in page(egypt, one)) == (True, False, True)


def test_an_owner_is_not_asked_to_agree_to_what_nobody_found_out(desk: HitDesk) -> None:
    one = str(met(desk).opened)
    desk.close(one, "not-identical")
    text = page(inside(desk, "EGY"), one)
    assert (AGREE in text, END in text) == (False, False)


@pytest.mark.parametrize("bureau", ["EGY", "FRA"])
def test_either_side_takes_it_back(desk: HitDesk, bureau: str) -> None:
    one, entering = distinguished(desk), inside(desk, bureau)
    answer = entering.post(f"/inbox/{one}/distinction/end")
    assert (answer.status_code, END in page(entering, one), met(desk).opened is None) == (303, False, False)


def test_a_click_that_comes_too_late_is_told(desk: HitDesk) -> None:
    one, entering = distinguished(desk), inside(desk, "EGY")
    entering.post(f"/inbox/{one}/distinction/end")
    assert entering.post(f"/inbox/{one}/distinction/end").status_code == 409


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "L’arrêter à nouveau"), ("es", "Volver a detenerlo"), ("ar", "إيقافه من جديد")],
)
def test_it_is_said_in_each_language(desk: HitDesk, language: str, words: str) -> None:
    one = distinguished(desk)
    text = page(inside(desk, "FRA", language), one)
    assert (words in text, "known to be another" in text) == (True, False)


def test_the_page_of_a_hit_says_whom_to_call(desk: HitDesk) -> None:
    egypt, call = inside(desk, "EGY"), "+20 2 5550 0100 <b>day</b>"
    egypt.post("/duty", contact=call)
    again = unescape(egypt.client.get("/duty").text)
    one = str(met(desk, "fra-registrar").opened)
    shown = inside(desk, "FRA").client.get(f"/inbox/{one}").text
    assert (f'value="{call}"' in again, "<bdi>+20 2 5550 0100 &lt;b&gt;day&lt;/b&gt;</bdi>" in shown) == (
        True,
        True,
    )
