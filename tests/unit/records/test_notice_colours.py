"""The colours of notices: each is declared whole, and red holds the whole of RPD 83 and 84."""

import pkgutil
from datetime import date

import pytest

from comity.errors import MalformedError
from comity.phrases.words import CODES, table
from comity.records import notices
from comity.records.fieldtype import Json
from comity.records.kind import Field
from comity.records.kinds import KINDS
from comity.records.notices import COLOURS
from comity.records.notices.colour import Colour, Verdict
from comity.records.notices.content import content_from_bytes, parse_content
from comity.records.notices.offences import ICCS_CODES, flags
from comity.records.notices.states import WAYS, Form, Move, NoticeState, Side, is_in_force
from comity.records.record import NOTICES

TODAY = date(2026, 11, 25)
EXAMPLES = [(colour, example) for colour in COLOURS.values() for example in colour.examples]
NAMES = [colour.code for colour, _ in EXAMPLES]


def red(**changes: Json):
    content = {**COLOURS["red"].examples[0], "colour": "red"}
    particulars = {**content["particulars"], **changes}
    content["particulars"] = {name: value for name, value in particulars.items() if value is not None}
    return parse_content(content, Form.NOTICE)


def verdicts(content, code: str) -> set[str]:
    found = content.colour.findings(content.stated(TODAY))
    return {one.verdict.value for one in found if one.condition.code == code}


def test_every_file_of_the_package_that_declares_a_colour_is_collected() -> None:
    files = {module.name for module in pkgutil.iter_modules(notices.__path__) if not module.ispkg}
    assert files - {"colour", "conditions", "offences", "states", "content"} == set(COLOURS)


def test_records_can_carry_every_colour_and_no_other() -> None:
    assert set(COLOURS) == set(NOTICES)


@pytest.mark.parametrize("colour", COLOURS.values(), ids=list(COLOURS))
def test_a_colour_rests_on_kinds_that_there_are(colour: Colour) -> None:
    assert set(colour.kinds) <= set(KINDS)


@pytest.mark.parametrize("colour", COLOURS.values(), ids=list(COLOURS))
def test_every_condition_has_a_rule_with_its_number(colour: Colour) -> None:
    assert all(one.rule.startswith(f"{one.source} ") for one in colour.conditions)


@pytest.mark.parametrize(("colour", "example"), EXAMPLES, ids=NAMES)
def test_an_example_comes_back_as_it_was_stored(colour: Colour, example: dict[str, Json]) -> None:
    content = parse_content({**example, "colour": colour.code}, Form.NOTICE)
    assert content_from_bytes(content.to_bytes()) == content


@pytest.mark.parametrize(("colour", "example"), EXAMPLES, ids=NAMES)
def test_an_example_lacks_nothing(colour: Colour, example: dict[str, Json]) -> None:
    content = parse_content({**example, "colour": colour.code}, Form.NOTICE)
    missing = [
        one.condition.code for one in colour.findings(content.stated(TODAY)) if one.verdict is Verdict.MISSING
    ]
    assert missing == []


@pytest.mark.parametrize(("colour", "example"), EXAMPLES, ids=NAMES)
def test_a_request_that_states_nothing_lacks_something(colour: Colour, example: dict[str, Json]) -> None:
    content = parse_content({"colour": colour.code, "record": example["record"]}, Form.NOTICE)
    assert any(one.verdict is Verdict.MISSING for one in colour.findings(content.stated(TODAY)))


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("serious-ordinary-crime", "RPD 83(1)(a)(i)"),
        ("threshold", "RPD 83(1)(a)(ii)"),
        ("international-interest", "RPD 83(1)(a)(iii)"),
        ("identity", "RPD 83(2)(a)"),
        ("facts", "RPD 83(2)(b)(i)"),
        ("charges", "RPD 83(2)(b)(ii)"),
        ("laws", "RPD 83(2)(b)(iii)"),
        ("penalty", "RPD 83(2)(b)(iv)"),
        ("warrant", "RPD 83(2)(b)(v)"),
        ("warrant-authority", "RPD 84(a)"),
        ("extradition-sought", "RPD 84(b)"),
        ("appeal", "RPD 84(c)"),
    ],
)
def test_red_holds_every_rule(code: str, rule: str) -> None:
    assert rule in {one.rule for one in COLOURS["red"].conditions if one.code == code}


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        ({"penalty_max": 24}, "met"),
        ({"penalty_max": 23}, "missing"),
        ({"penalty_max": "2 years"}, "met"),
        ({"penalty_max": "2 ans"}, "met"),
        ({"penalty_max": "2 años"}, "met"),
        ({"penalty_max": "سنتان"}, "met"),
        ({"penalty_max": "23 mois"}, "missing"),
        ({"penalty_max": "life"}, "met"),
        ({"penalty_max": 12, "importance": "Thousands of victims"}, "to_judge"),
        ({"sought_for": "sentence", "penalty_max": 120}, "missing"),
        ({"sought_for": "sentence", "sentence": 6}, "met"),
        ({"sought_for": "sentence", "sentence": 5, "sentence_left": 5}, "missing"),
        ({"sought_for": "sentence", "sentence": 3, "sentence_left": 6}, "met"),
        ({"sought_for": None}, "missing"),
    ],
)
def test_the_threshold_is_two_years_or_six_months(stated: dict[str, Json], verdict: str) -> None:
    assert verdicts(red(**stated), "threshold") == {verdict}


@pytest.mark.parametrize("name", ["warrant", "offences", "facts", "extradition_sought", "coordinated"])
def test_what_is_left_out_is_missing(name: str) -> None:
    code = {"offences": "charges", "extradition_sought": "extradition-sought"}.get(name, name)
    assert verdicts(red(**{name: None}), code) == {"missing"}


def test_a_warrant_that_no_judge_issued_needs_an_appeal() -> None:
    warrant: Json = {"number": "1", "authority": "Prosecutor", "is_judicial": "no"}
    assert verdicts(red(warrant=warrant), "appeal") == {"missing"}


def test_a_warrant_that_can_be_appealed_is_enough() -> None:
    warrant: Json = {"number": "1", "authority": "Prosecutor", "is_judicial": "no", "appeal": "To the court."}
    assert verdicts(red(warrant=warrant), "appeal") == {"met"}


@pytest.mark.parametrize(
    ("offence", "family", "because"),
    [
        ({"charge": "Fraud", "nature": "political"}, "political", "nature"),
        ({"charge": "Statements", "iccs": "0803"}, "political", "iccs"),
        ({"charge": "Bad cheques", "nature": "ordinary"}, "private_dispute", "word"),
        ({"charge": "Désertion en temps de paix"}, "military", "word"),
        ({"charge": "Blasfemia"}, "religious", "word"),
        ({"charge": "إصدار شيك بدون رصيد"}, "private_dispute", "word"),
        ({"charge": "x", "translation": "Adultery"}, "behavioural", "word"),
        ({"charge": "جريمة الخيانة العظمى"}, "political", "word"),
        ({"charge": "الزنا"}, "behavioural", "word"),
        ({"charge": "الإقامة غير المشروعة"}, "administrative", "word"),
        ({"charge": "اتهم بالردّة"}, "religious", "word"),
        ({"charge": "الـــرده"}, "religious", "word"),
        ({"charge": "والتجسس"}, "political", "word"),
        ({"charge": "حُكم عليه لتجسسه"}, "political", "word"),
        ({"charge": "Déserteur"}, "military", "word"),
        ({"charge": "Spying for a neighbour"}, "political", "word"),
        ({"charge": "Se le acusa de apóstata"}, "religious", "word"),
        ({"charge": "مرتد عن الإسلام"}, "religious", "word"),
    ],
)
def test_an_offence_of_an_excluded_family_is_flagged(offence: Json, family: str, because: str) -> None:
    content = red(offences=[offence])
    assert (family, because) in {(one.family, one.because) for one in flags(content.stated(TODAY))}


def test_a_flagged_offence_is_for_a_person_to_weigh() -> None:
    content = red(offences=[{"charge": "Blasphemy", "nature": "ordinary"}])
    assert verdicts(content, "serious-ordinary-crime") == {"to_judge"}


def test_an_ordinary_offence_is_not_flagged() -> None:
    assert flags(red().stated(TODAY)) == ()


@pytest.mark.parametrize(
    "charge",
    [
        *("السرقة بالإكراه", "القتل العمد", "تهريب المخدرات", "غسل الأموال", "الاتجار بالبشر", "انتحال صفة"),
        *("Adulteration of food", "Adulteración de alimentos", "Opposition à un agent par la force"),
    ],
)
def test_an_ordinary_offence_that_looks_like_another_is_not_flagged(charge: str) -> None:
    assert flags(red(offences=[{"charge": charge, "nature": "ordinary"}]).stated(TODAY)) == ()


@pytest.mark.parametrize(
    ("content", "form", "code"),
    [
        ({"colour": "pink"}, Form.NOTICE, "unknown-colour"),
        ({"colour": "red", "record": {"kind": "vehicle", "plate": "X"}}, Form.NOTICE, "kind-of-colour"),
        ({"colour": "red", "share": {"only": ["FRA"]}}, Form.NOTICE, "share-of-form"),
        ({"colour": "red", "share": "all"}, Form.DIFFUSION, "share-of-form"),
        ({"colour": "blue", "is_public": True}, Form.NOTICE, "never-public"),
        ({"colour": "red", "is_public": True, "share": {"except": ["FRA"]}}, Form.NOTICE, "never-public"),
        ({"colour": "red", "particulars": {"warrant": {"authority": "x"}}}, Form.NOTICE, "field-missing"),
        ({"colour": "red", "particulars": {"penalty_max": "long"}}, Form.NOTICE, "months-form"),
        ({"colour": "red", "surprise": 1}, Form.NOTICE, "unknown-field"),
    ],
)
def test_a_malformed_request_is_told_by_its_field(content: dict[str, Json], form: Form, code: str) -> None:
    record = COLOURS["red"].examples[0]["record"]
    with pytest.raises(MalformedError, match=code):
        parse_content({"record": record, **content}, form)


def test_a_notice_stands_at_most_as_long_as_its_colour_lets_it() -> None:
    assert red().end(date(2024, 2, 29)) == date(2029, 2, 28)


def test_nobody_moves_a_request_that_has_ended() -> None:
    ended = {NoticeState.WITHDRAWN, NoticeState.EXPIRED}
    assert [state for state, _ in WAYS if state in ended] == []


def test_only_reviewers_decide() -> None:
    deciding = {Move.PUBLISH, Move.REFUSE, Move.RETURN, Move.TAKE, Move.RESUME}
    assert all(way.sides == {Side.REVIEWER} for (_, move), way in WAYS.items() if move in deciding)


@pytest.mark.parametrize("state", list(NoticeState))
def test_a_notice_is_in_force_only_once_it_is_reviewed(state: NoticeState) -> None:
    reviewed = {NoticeState.PUBLISHED, NoticeState.UPDATED}
    assert is_in_force(Form.NOTICE, state, is_held=False) == (state in reviewed)


def test_a_diffusion_is_in_force_before_it_is_reviewed() -> None:
    assert is_in_force(Form.DIFFUSION, NoticeState.SUBMITTED, is_held=False)


def test_a_diffusion_that_was_refused_before_waits_for_review() -> None:
    assert not is_in_force(Form.DIFFUSION, NoticeState.SUBMITTED, is_held=True)


def all_fields(fields: tuple[Field, ...]) -> list[Field]:
    return [one for field in fields for one in (field, *all_fields(field.fields))]


@pytest.mark.parametrize("language", CODES)
def test_everything_that_colours_name_has_words(language: str) -> None:
    fields = [field for colour in COLOURS.values() for field in all_fields(colour.fields)]
    choices = {(one.type.name, code) for one in fields if one.type is not None for code in one.type.choices}
    conditions = {("condition", one.code) for colour in COLOURS.values() for one in colour.conditions}
    questions = {("checklist", code) for colour in COLOURS.values() for code in colour.questions()}
    groups = {
        "notice_state": NoticeState,
        "notice_move": Move,
        "notice_form": Form,
        "notice_verdict": Verdict,
        "iccs": ICCS_CODES,
        "colour_purpose": COLOURS,
    }
    others = {(group, str(code)) for group, codes in groups.items() for code in codes}
    labels = {("field", one.name) for one in fields}
    wanted = choices | conditions | questions | others | labels
    assert sorted(wanted - set(table(language))) == []


MISSING_PERSON: dict[str, Json] = {
    "kind": "person",
    "names": [{"name": "Imani Wanjala", "type": "primary"}],
    "born": ["2014"],
    "sex": "F",
}


@pytest.mark.parametrize(
    ("matter", "record", "particulars", "verdict"),
    [
        ("missing", {"height": 142}, {}, "met"),
        ("missing", {}, {"photo": "P-1"}, "met"),
        ("missing", {}, {"dna": "D-1"}, "met"),
        ("missing", {"documents": [{"type": "P", "issuer": "KEN", "number": "A1234567"}]}, {}, "missing"),
        ("missing", {"born": [], "height": 142}, {"photo": "P-1"}, "missing"),
        ("missing", {"names": [{"name": "Imani", "type": "primary"}]}, {"photo": "P-1"}, "missing"),
        ("unable_to_identify", {"born": [], "height": 142}, {"fingerprints": "F-1"}, "met"),
        ("unable_to_identify", {"height": 142}, {}, "missing"),
        ("unable_to_identify", {}, {"photo": "P-1"}, "missing"),
    ],
)
def test_a_yellow_notice_has_the_least_identifiers(
    matter: str, record: dict[str, Json], particulars: dict[str, Json], verdict: str
) -> None:
    person = {name: value for name, value in {**MISSING_PERSON, **record}.items() if value}
    stated: dict[str, Json] = {"colour": "yellow", "record": person}
    stated["particulars"] = {"matter": matter, **particulars}
    assert verdicts(parse_content(stated, Form.NOTICE), "identity") == {verdict}


@pytest.mark.parametrize(
    ("born", "facts_date", "verdict"),
    [
        (["2014-06-02"], "2026-09-30", "met"),
        (["1981-06-02"], "2026-09-30", "to_judge"),
        (["1981-06-02"], "1995-03", "met"),  # missing since childhood
        (["2008"], "2026-09-30", "met"),  # perhaps seventeen
        (["2008"], "2026", "met"),
        (["2007"], "2026-01-01", "to_judge"),
        (["2008-09-30"], "2026-09-30", "to_judge"),
        (["2008-10-01"], "2026-09-30", "met"),
        (["1981", "2014"], "2026-09-30", "met"),  # one of the two is a child's
        (["1981-06-02"], None, "to_judge"),
        ([], "2026-09-30", "met"),
    ],
)
def test_a_minor_who_is_plainly_an_adult_is_for_the_reviewer_to_weigh(
    born: list[str], facts_date: str | None, verdict: str
) -> None:
    person = {**MISSING_PERSON, "born": born}
    particulars: dict[str, Json] = {"minor": "yes", "facts_date": facts_date}
    stated: dict[str, Json] = {"colour": "yellow", "record": person, "particulars": particulars}
    assert verdicts(parse_content(stated, Form.NOTICE), "privacy") == {verdict}


def test_a_yellow_notice_cites_article_90_as_it_is_worded() -> None:
    rules = {one.code: one.rule for one in COLOURS["yellow"].conditions}
    assert rules == {
        "reported": "RPD 90(2)(a)",
        "whereabouts-unknown": "RPD 90(2)(b)",
        "privacy": "RPD 90(2)(c)",
        "facts": "RPD 90(2)(d)",
        "identity": "RPD 90(3)",
    }


@pytest.mark.parametrize(
    ("name", "is_single", "verdict"),
    [
        ("Ferhat Dalamanoglu", None, "met"),
        ("Ferhat", None, "missing"),
        ("Ferhat", "yes", "met"),
        ("Ferhat", "no", "missing"),
        ("Müller", None, "missing"),
        ("فرحات", None, "missing"),
        ("فرحات دلامان", None, "met"),
        ("Ферхат", None, "missing"),
        ("王小明", None, "met"),
        ("김민준", None, "met"),
        ("สมชายใจดี", None, "met"),
    ],
)
def test_a_person_is_identified_by_a_whole_name(name: str, is_single: str | None, verdict: str) -> None:
    content = {**COLOURS["red"].examples[0], "colour": "red"}
    particulars = {**content["particulars"], **({} if is_single is None else {"single_name": is_single})}
    stated: dict[str, Json] = {**content, "particulars": particulars}
    stated["record"] = {**content["record"], "names": [{"name": name, "type": "primary"}]}
    assert verdicts(parse_content(stated, Form.NOTICE), "identity") == {verdict}
