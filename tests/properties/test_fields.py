"""Whatever is thrown at a field, it answers with a value or a named fault, and it answers the same twice.

Ten thousand arbitrary inputs for each type, twenty an example.
"""

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.many import MANY, several_by_hypothesis

from comity.errors import MalformedError
from comity.records.fieldtype import FieldType, Json
from comity.records.kind import Field
from comity.records.kinds import KINDS
from comity.records.types.mrz import parse_mrz
from comity.records.types.objects.wallet import WALLET

LOOKS = [
    *(
        "A1234567",
        "1970-02-03",
        "03.02.1970",
        "3/2/1970",
        "1M8GDM9AXKP042788",
        "IMO 9074729",
        "5'11\"",
        "1.80 m",
    ),
    *(
        "GB82WEST12345698765432",
        "CSQU3054383",
        "490154203237518",
        "к123мо77",
        "٢٣",
        "ا ب ح",
        "D<<",
        "EGY",
        "9x19",
    ),
    *("0x52908400098527886E0F7030069857D2E4169EE7", "P<UTOERIKSSON<<ANNA<MARIA", "F", "male", "+20 100 555"),
    *("a@b.org", "ǆ", "İ", "ẞ", "ŉ", "ſ", "ﬁ", "Ⅷ", "㎏", "๓", "½"),
]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(st.sampled_from("0123456789AaBbIiOoQqXx -./<>'\"+:,()\n\tٱ١٢ßİıΑО́\u200f\ud800"), max_size=40),
    st.lists(st.sampled_from(LOOKS), max_size=4).map(" ".join),
    st.sampled_from(LOOKS).flatmap(lambda look: st.text(max_size=3).map(lambda more: look + more)),
)
VALUES: st.SearchStrategy[Json] = st.one_of(
    TEXTS,
    TEXTS,
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([10**5000, math.inf, math.nan]),
    st.lists(st.integers() | st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)
FEWER = settings(MANY, max_examples=300)


def _types() -> dict[str, FieldType]:
    found: dict[str, FieldType] = {}

    def walk(fields: tuple[Field, ...]) -> None:
        for field in fields:
            if field.type is not None:
                found[field.type.name] = field.type
            walk(field.fields)

    for kind in KINDS.values():
        walk(kind.fields)
        found |= {question.type.name: question.type for question in kind.questions}
    return dict(sorted(found.items()))


TYPES = _types()
IDENTIFIERS = {name: type_ for name, type_ in TYPES.items() if type_.comparison == "identifier"}


def _parsed(type_: FieldType, value: Json) -> Json:
    """Return the canonical value, or None where it is refused; the fault must name the field."""
    try:
        return type_.parse(value, "here")
    except MalformedError as error:
        fault = error
    assert (fault.field, fault.code) == ("here", fault.code.lower())
    return None


def _holds(type_: FieldType, value: Json) -> None:
    parsed = _parsed(type_, value)
    if parsed is None:
        return
    assert (type_.name, type_.parse(parsed, "here")) == (type_.name, parsed)
    assert isinstance(type_.key(parsed), str)
    assert all(isinstance(doubt, str) for doubt in type_.doubts(parsed))


@pytest.mark.slow
@MANY
@given(several_by_hypothesis(VALUES))
def test_any_input_gives_a_settled_value_or_a_named_fault(values: list[Json]) -> None:
    # One draw goes through every type: the drawing costs more than the parsing.
    for value, type_ in product(values, TYPES.values()):
        _holds(type_, value)


@FEWER
@given(VALUES)
def test_some_inputs_give_a_settled_value_or_a_named_fault(value: Json) -> None:
    for type_ in TYPES.values():
        _holds(type_, value)


@pytest.mark.parametrize("name", [name for name in IDENTIFIERS if name != WALLET.name])
def test_an_identifier_is_found_however_it_is_spaced_and_cased(name: str) -> None:
    type_ = IDENTIFIERS[name]

    @FEWER
    @given(TEXTS, st.sampled_from(" -"))
    def holds(text: str, space: str) -> None:
        parsed = _parsed(type_, text)
        for other in (text.lower(), space.join(text)) if isinstance(parsed, str) else ():
            again = _parsed(type_, other) if "@" not in other else None
            assert again is None or type_.key(again) == type_.key(parsed)

    holds()


@pytest.mark.slow
def test_any_input_gives_a_zone_or_a_named_fault() -> None:
    chars = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<<<<<< \n")
    lines = st.sampled_from([72, 88, 90]).flatmap(
        lambda size: st.text(chars, min_size=size, max_size=size + 3)
    )

    @MANY
    @given(several_by_hypothesis(st.one_of(lines, VALUES)))
    def holds(values: list[Json]) -> None:
        for value in values:
            try:
                zone = parse_mrz(value, "here")
            except MalformedError as error:
                fault = error
            else:
                fault = MalformedError("none", "here" if zone.number else "nowhere")
            assert fault.field == "here"

    holds()


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("char", ["A", "1", " ", "é", "😀", "́"])
def test_a_megabyte_is_refused(name: str, char: str) -> None:
    assert _parsed(TYPES[name], "1" + char * 1_000_000 + "1") is None
