"""Red: find a person wanted for prosecution or to serve a sentence, to arrest with a view to extradition.

Source: RPD articles 82 to 87. The numbers of the rules are those of III/IRPD/GA/2011.
"""

from collections.abc import Mapping

from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.kind import Field
from comity.records.notices.colour import Colour, Condition, Stated, Verdict
from comity.records.notices.conditions import (
    FACTS,
    FILES,
    YES_NO,
    affirms,
    facts,
    identity,
    judged_if,
    met_if,
)
from comity.records.notices.offences import FAMILIES, OFFENCES, flags
from comity.records.types.choice import choice
from comity.records.types.country import COUNTRY
from comity.records.types.dates import PARTIAL_DATE
from comity.records.types.detention import MONTHS
from comity.records.types.text import LABEL, TEXT

PENALTY_MONTHS_MIN = 24
SENTENCE_MONTHS_MIN = 6

SOUGHT_FOR = choice("sought_for", ("prosecution", "sentence"))

WARRANT = Field(
    "warrant",
    fields=(
        Field("number", LABEL, required=True),
        Field("authority", LABEL),
        Field("date", PARTIAL_DATE),
        Field("country", COUNTRY),
        Field("is_judicial", YES_NO),
        Field("appeal", TEXT),
        Field("copy", LABEL),
    ),
)


def _is_ordinary(stated: Stated) -> Verdict:
    """Weigh RPD 83(1)(a)(i): excluded families count only with a tie to serious or organised crime."""
    offences = stated.groups("offences")
    if not offences:
        return Verdict.MISSING
    natures = {str(one.get("nature", "")) for one in offences}
    if natures & set(FAMILIES) or flags(stated):
        return Verdict.TO_JUDGE
    return Verdict.MET if natures == {"ordinary"} else Verdict.TO_JUDGE


def _passes_threshold(stated: Stated) -> bool:
    if stated.word("sought_for") == "prosecution":
        return stated.number("penalty_max") >= PENALTY_MONTHS_MIN
    longest = max(stated.number("sentence"), stated.number("sentence_left"))
    return stated.word("sought_for") == "sentence" and longest >= SENTENCE_MONTHS_MIN


def _threshold(stated: Stated) -> Verdict:
    """Weigh RPD 83(1)(a)(ii); below it, 83(1)(b) lets the Secretariat publish what is of particular importance."""
    if _passes_threshold(stated):
        return Verdict.MET
    return Verdict.TO_JUDGE if stated.of_request("importance") else Verdict.MISSING


def _charges(stated: Stated) -> bool:
    return bool(stated.groups("offences"))


def _laws(stated: Stated) -> bool:
    offences = stated.groups("offences")
    return bool(offences) and all(one.get("law") for one in offences)


def _appeal(stated: Stated) -> bool:
    warrant = stated.group("warrant")
    return warrant.get("is_judicial") == "yes" or bool(warrant.get("appeal"))


def _with_charges(record: Mapping[str, Json], particulars: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the person with the charges of the request, so that a hit tells them."""
    offences, warrant = particulars.get("offences"), particulars.get("warrant")
    issuer = warrant.get("country") if isinstance(warrant, dict) else None
    stated: list[Json] = []
    for one in offences if isinstance(offences, list) else []:
        if isinstance(one, dict):
            said = {"charge": one.get("charge"), "translation": one.get("translation"), "issuer": issuer}
            stated.append({name: value for name, value in said.items() if value is not None})
    return {**record, "charges": stated} if stated and not record.get("charges") else record


COLOUR = Colour(
    code="red",
    kinds=("person",),
    fields=(
        Field("sought_for", SOUGHT_FOR),
        OFFENCES,
        *FACTS,
        Field("penalty_max", MONTHS),
        Field("sentence", MONTHS),
        Field("sentence_left", MONTHS),
        Field("organised", YES_NO),
        Field("importance", TEXT),
        WARRANT,
        Field("extradition_sought", YES_NO),
        Field("coordinated", YES_NO),
        *FILES,
        Field("single_name", YES_NO),
    ),
    conditions=(
        Condition("serious-ordinary-crime", "RPD 83(1)(a)(i)", _is_ordinary),
        Condition("threshold", "RPD 83(1)(a)(ii)", _threshold),
        Condition(
            "international-interest",
            "RPD 83(1)(a)(iii)",
            judged_if(lambda stated: stated.of_request("facts")),
        ),
        identity("RPD 83(2)(a)"),
        facts("RPD 83(2)(b)(i)"),
        Condition("charges", "RPD 83(2)(b)(ii)", met_if(_charges)),
        Condition("laws", "RPD 83(2)(b)(iii)", met_if(_laws)),
        Condition(
            "penalty",
            "RPD 83(2)(b)(iv)",
            met_if(lambda stated: stated.of_request("penalty_max", "sentence", "sentence_left")),
        ),
        Condition("warrant", "RPD 83(2)(b)(v)", met_if(lambda stated: bool(stated.group("warrant")))),
        Condition(
            "warrant-authority",
            "RPD 84(a)",
            met_if(lambda stated: bool(stated.group("warrant").get("authority"))),
        ),
        Condition("extradition-sought", "RPD 84(b)", affirms("extradition_sought")),
        Condition("coordinated", "RPD 84(b)", affirms("coordinated")),
        Condition("appeal", "RPD 84(c)", met_if(_appeal)),
    ),
    purposes=frozenset(
        {
            *(Purpose.BORDER, Purpose.ROAD, Purpose.WANTED, Purpose.INVESTIGATION),
            *(Purpose.IDENTIFY, Purpose.SECURITY),
        }
    ),
    is_public_form=True,
    carry=_with_charges,
    flags=flags,
    checklist=("coherence", "refugee", "context"),
    examples=(
        {
            "record": {
                "kind": "person",
                "names": [
                    {"name": "Ferhat Dalamanoglu", "type": "primary"},
                    {"name": "فرحات دلامان أوغلو", "type": "original"},
                ],
                "born": ["1979-08-21"],
                "sex": "M",
                "nationalities": ["EGY"],
                "documents": [{"type": "P", "issuer": "EGY", "number": "B45671230"}],
                "height": 181,
            },
            "particulars": {
                "sought_for": "prosecution",
                "offences": [
                    {
                        "charge": "الاحتيال على أكثر من مئة مستثمر",
                        "translation": "Fraud on more than a hundred investors",
                        "iccs": "0701",
                        "nature": "ordinary",
                        "law": "قانون العقوبات، المادة 336",
                    }
                ],
                "facts": "باع حصصاً في ميناء لا وجود له وحوّل الأموال إلى الخارج.",
                "facts_date": "2023-04",
                "facts_place": "Alexandria",
                "facts_country": "EGY",
                "penalty_max": 36,
                "warrant": {
                    "number": "ALX-2023-5512",
                    "authority": "Alexandria investigating judge",
                    "date": "2023-09-14",
                    "country": "EGY",
                    "is_judicial": "yes",
                },
                "extradition_sought": "yes",
                "coordinated": "yes",
            },
            "language": "ara",
        },
    ),
)
