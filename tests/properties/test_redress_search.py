"""A search through messages finds what a plain reading of each finds: its sieve leaves nothing out."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.procedures.offices import offices

from comity.matching.profiles import ANALYST
from comity.matching.score import score
from comity.names import fold
from comity.names.traces import BETWEEN, UNTOLD, needle, trace
from comity.procedures.desk import Desk
from comity.procedures.message_keys import Way, heard_ways, keys_of, written_ways
from comity.procedures.redress_words import Among, Sought, found_in, names_of, what_it_says
from comity.records.check import Check, parse_check
from comity.records.handling import Handling
from comity.records.kinds import KINDS
from comity.records.record import Record
from comity.registry.messages_held import MessageText

NAMES = (
    "Ferhat Dalamanoglu",
    "Al-Hassan O'Brien",
    "Ольга Верещак",
    "Jörg Strauß",
    "فرحات دلامان",
    "राम प्रसाद",
    "王小明",
    "김 철수",
    "Σοφία Λάμπρου",
)
ID = "ABCDEFGHIJ234567KLMN"
NUMBERS = ("B45671230", "K12")
LOOKS = str.maketrans("aeocpxy", "аеосрху")
WRITTEN = st.sampled_from(
    [
        str,
        str.upper,
        str.casefold,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: unicodedata.normalize("NFKD", text).upper(),
        lambda text: text.translate(LOOKS),
        lambda text: text.replace(" ", "\n"),
        lambda text: text.replace(" ", " \t “"),
        "\u200d".join,
        "-".join,
        lambda text: text.replace("'", "\u2019").replace("-", " "),
        lambda text: "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text),
        lambda text: " ".join(reversed(text.split())),
        lambda text: text[1:],
    ]
)
PIECE = st.one_of(
    st.tuples(WRITTEN, st.sampled_from([*NAMES, *NUMBERS])).map(lambda pair: pair[0](pair[1])),
    st.sampled_from(
        ["ß", "\u212a12", "ſ", "İ", "ﬁn", "\\n", '"', "12", "of", "und", "им", "的", "\u0345", ID]
    ),
    st.text(max_size=6).map(lambda text: text.encode("utf-8", "ignore").decode()),
)
TEXT = st.one_of(st.just(ID), st.lists(PIECE, min_size=1, max_size=5).map(" ".join))
PHRASE = st.fixed_dictionaries({"name": st.sampled_from([*NAMES, "Somebody Else"])})


@st.composite
def messages(draw: st.DrawFn) -> MessageText:
    """Return a message that may be about whom a check asks for."""
    phrase = {"code": "locate-person", "values": draw(PHRASE)} if draw(st.integers(0, 5)) == 0 else None
    content = {"subject": draw(TEXT), "text": draw(TEXT), "phrase": phrase}
    forwards = msgspec.json.encode({"content": {"text": draw(TEXT)}}) if draw(st.booleans()) else None
    note = draw(TEXT) if draw(st.integers(0, 4)) == 0 else None
    header = msgspec.json.encode({"to": ["FRA"], "handling_note": note})
    return MessageText(0, "M" * 20, "T" * 20, header, forwards, msgspec.json.encode(content))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with offices(tmp_path_factory.mktemp("redress-search")) as node:
        yield node.desk


def said_by(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from said_by(one)


def words_of(text: str) -> list[str]:
    kept = "".join(one if one.isalnum() or unicodedata.category(one)[0] == "M" else " " for one in text)
    return kept.split()


UNPARTED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")


def names_it(name: str, folded: str) -> bool:
    words = words_of(fold(name))
    if unicodedata.name(words[0][0]).startswith(UNPARTED):
        return "".join(words) in folded
    return all(word in words_of(folded) for word in words)


def likelihood(check: Check, name: str, desk: Desk) -> float:
    data = {"names": [{"name": name, "type": "primary"}]}
    sure = score(check, Record(KINDS["person"], "", None, data, Handling()), ANALYST, desk.index).probability
    return sure if sure >= ANALYST.floor_for(named=True) else 0.0


def plainly_found(
    check: Check, one: MessageText, asked: Mapping[str, str], desk: Desk
) -> tuple[float, str] | None:
    """Return how surely and by what a message is found, each sign of it looked at."""
    content = msgspec.json.decode(one.body)
    passed = None if one.forwards is None else msgspec.json.decode(one.forwards)
    texts = [*said_by(content), *said_by(passed), *said_by(msgspec.json.decode(one.header)["handling_note"])]
    if ID in texts:
        return 1.0, "reference"
    if content["phrase"] and (sure := likelihood(check, content["phrase"]["values"]["name"], desk)):
        return sure, "likeness"
    number = asked.get("document", "").casefold()
    bare = ["".join(sign for sign in text if sign.isalnum()).casefold() for text in texts]
    if (number and any(number in text for text in bare)) or names_it(asked["name"], fold(" ".join(texts))):
        return 0.0, "words"
    return None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NAMES), st.sampled_from([None, *NUMBERS]), st.lists(messages(), max_size=8))
def test_a_search_finds_what_a_plain_reading_finds(
    desk: Desk, name: str, number: str | None, held: Sequence[MessageText]
) -> None:
    asked = {"name": name} if number is None else {"name": name, "document": number}
    check = parse_check({"kind": "person", **asked})
    numbered = [one._replace(number=place) for place, one in enumerate(held)]
    numbers = frozenset(range(len(held)))
    found_by = found_in(numbered, Sought(check, {ID}), Among(numbers, numbers), desk)
    found = {one.number: (sure, by) for one, sure, by in found_by}
    plain = {one.number: plainly_found(check, one, asked, desk) for one in numbered}
    spelt = {place for place, (_, by) in found.items() if by == "spelling"}
    assert not spelt & {place for place, one in plain.items() if one is not None}
    assert {place: one for place, one in found.items() if place not in spelt} == {
        place: one for place, one in plain.items() if one is not None
    }


def leads(ways: Sequence[Way] | None, keys: set[str]) -> bool:
    """Return whether some way is met by a message with these keys; without ways all messages are looked at."""
    if ways is None:
        return True
    return any(sum(not group.isdisjoint(keys) for group in way.groups) >= way.needed for way in ways)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NAMES), st.sampled_from([None, *NUMBERS]), st.lists(messages(), max_size=8))
def test_keys_lead_to_all_that_a_search_finds(
    desk: Desk, name: str, number: str | None, held: Sequence[MessageText]
) -> None:
    asked = {"name": name} if number is None else {"name": name, "document": number}
    sought = Sought(parse_check({"kind": "person", **asked}), {ID})
    missed: list[tuple[MessageText, str]] = []
    numbers = frozenset(one.number for one in held)
    for one, _, by in found_in(held, sought, Among(numbers, numbers), desk):
        texts, named = what_it_says(one)
        ways = heard_ways(sought) if by == "spelling" else written_ways(sought)
        if not leads(ways, keys_of(texts, [name for person in named for name in names_of(person)])):
            missed.append((one, by))
    assert missed == []


@settings(max_examples=2000, deadline=None)
@given(TEXT)
def test_each_word_of_a_folded_text_stands_in_its_skeleton(text: str) -> None:
    text = text.replace(BETWEEN, "").replace(UNTOLD, "")
    bones = trace(text)
    assert UNTOLD in bones or all(needle(word) in bones for word in words_of(fold(text)))


def test_each_letter_has_the_skeleton_of_its_folded_form() -> None:
    letters = [chr(code) for code in range(2, 0x32400) if not 0xD800 <= code < 0xE000]
    pairs = [(letter, trace(letter), trace(fold(letter))) for letter in letters]
    assert [letter for letter, own, folded in pairs if own not in (folded, UNTOLD)] == []


def test_no_letter_lies_beyond_the_table() -> None:
    assert not any(chr(code).isalnum() for code in range(0x32400, 0x110000))
