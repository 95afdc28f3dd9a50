"""INTERPOL-UN Security Council Special Notice: a person or entity under sanctions. Source: RPD article 95."""

from comity.records.kind import Field
from comity.records.notices.colour import Colour, Condition
from comity.records.notices.conditions import FACTS, has_name, met_if, states
from comity.records.types.choice import choice
from comity.records.types.dates import PARTIAL_DATE
from comity.records.types.text import LABEL

MEASURE = choice("un_measure", ("assets_freeze", "travel_ban", "arms_embargo"))

COLOUR = Colour(
    code="un_special",
    kinds=("person", "organisation", "vessel"),
    fields=(
        Field("un_reference", LABEL),
        Field("un_resolution", LABEL),
        Field("un_reference_date", PARTIAL_DATE),
        Field("un_measures", MEASURE, many=True),
        *FACTS,
    ),
    conditions=(
        Condition("listed", "RPD 95(2)", states("un_reference", "un_resolution")),
        Condition("measures", "RPD 95(2)", states("un_measures")),
        Condition("named", "RPD 95(2)", met_if(has_name)),
    ),
    purposes=frozenset(),
    retention_years=10,
    is_public_form=True,
    checklist=("listing-checked",),
    examples=(
        {
            "record": {
                "kind": "person",
                "names": [
                    {"name": "Idris Qassabi Marwendi", "type": "primary"},
                    {"name": "Abu Hudhud", "type": "alias"},
                ],
                "born": ["1966"],
                "sex": "M",
            },
            "particulars": {
                "un_reference": "XXi.999",
                "un_resolution": "0000 (2099)",
                "un_reference_date": "2026-01-15",
                "un_measures": ["assets_freeze", "travel_ban"],
            },
            "language": "eng",
            "is_public": True,
        },
    ),
)
