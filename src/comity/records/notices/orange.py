"""Orange: warn of an event, person, object or process that is an imminent danger. Source: RPD article 93."""

from comity.records.kind import Field
from comity.records.notices.colour import Colour, Condition
from comity.records.notices.conditions import FACTS, YES_NO, affirms, facts, states, weighs
from comity.records.types.text import TEXT

COLOUR = Colour(
    code="orange",
    kinds=(
        *("method", "person", "organisation", "vehicle", "vessel", "aircraft"),
        *("container", "device", "firearm", "travel_document"),
    ),
    fields=(
        Field("danger", TEXT),
        Field("imminent", YES_NO),
        Field("protection", TEXT),
        *FACTS,
    ),
    conditions=(
        Condition("danger", "RPD 93(2)(a)", weighs("danger")),
        Condition("imminent", "RPD 93(2)(a)", affirms("imminent")),
        Condition("protection", "RPD 93(2)(b)", states("protection")),
        facts("RPD 93(3)"),
    ),
    purposes=frozenset(),
    retention_years=1,
    examples=(
        {
            "record": {
                "kind": "container",
                "number": "CSQU3054383",
                "status": "sought",
            },
            "particulars": {
                "danger": "Leaking drums of a toxic solvent behind the first row of cargo.",
                "imminent": "yes",
                "protection": "Do not open. Keep 50 m away and call the fire service.",
                "facts": "Loaded under false papers.",
                "facts_date": "2026-11",
                "facts_country": "IND",
            },
            "language": "eng",
        },
    ),
)
