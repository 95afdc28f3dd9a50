"""Black: say who a dead person was. Source: RPD article 91.

The record needs a name to be spoken of: a working name, such as the place and year where the body was found,
typed as a weak one.
"""

from comity.records.handling import Purpose
from comity.records.kind import Field
from comity.records.notices.colour import Colour, Condition, Stated
from comity.records.notices.conditions import FACTS, FILES, YES_NO, affirms, facts, met_if


def _describes(stated: Stated) -> bool:
    return stated.of_request("photo", "fingerprints", "dna") or stated.of_record(
        "height", "marks", "appearance", "eyes", "hair"
    )


COLOUR = Colour(
    code="black",
    kinds=("person",),
    fields=(Field("found_recorded", YES_NO), Field("unidentified", YES_NO), *FACTS, *FILES),
    conditions=(
        Condition("found-recorded", "RPD 91(2)(a)", affirms("found_recorded")),
        Condition("unidentified", "RPD 91(2)(b)", affirms("unidentified")),
        facts("RPD 91(2)(c)"),
        Condition("description", "RPD 91(3)", met_if(_describes)),
    ),
    purposes=frozenset({Purpose.IDENTIFY, Purpose.LOCATE, Purpose.INVESTIGATION}),
    retention_years=10,
    examples=(
        {
            "record": {
                "kind": "person",
                "names": [{"name": "Unknown man, Cape Verel 2026", "type": "weak"}],
                "sex": "M",
                "height": 174,
                "marks": "Old burn on the left forearm.",
                "event": {"date": "2026-02-17", "place": "Cape Verel", "country": "CAN"},
            },
            "particulars": {
                "found_recorded": "yes",
                "unidentified": "yes",
                "facts": "Found by fishermen at low tide; in the water for two to three days.",
                "facts_date": "2026-02-17",
                "facts_place": "Cape Verel",
                "facts_country": "CAN",
                "dna": "CAN-DNA-90412",
            },
            "language": "eng",
        },
    ),
)
