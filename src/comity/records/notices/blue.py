"""Blue: collect information on a person's identity, place or activities in a criminal matter. RPD article 88."""

from comity.records.handling import Purpose
from comity.records.kind import Field
from comity.records.notices.colour import Colour, Condition
from comity.records.notices.conditions import FACTS, FILES, YES_NO, facts, identity, states, weighs
from comity.records.notices.offences import OFFENCES, flags
from comity.records.types.choice import choice
from comity.records.types.text import TEXT

STANDING = choice("standing", ("convicted", "charged", "suspect", "witness", "victim"))

COLOUR = Colour(
    code="blue",
    kinds=("person",),
    fields=(
        Field("standing", STANDING),
        Field("information_sought", TEXT),
        OFFENCES,
        *FACTS,
        *FILES,
        Field("single_name", YES_NO),
    ),
    conditions=(
        Condition("standing", "RPD 88(2)(a)", states("standing")),
        Condition("information-sought", "RPD 88(2)(b)", weighs("information_sought")),
        facts("RPD 88(2)(c)"),
        identity("RPD 88(3)"),
    ),
    purposes=frozenset(
        {
            *(Purpose.BORDER, Purpose.ROAD, Purpose.WANTED, Purpose.INVESTIGATION),
            *(Purpose.IDENTIFY, Purpose.LOCATE),
        }
    ),
    flags=flags,
    checklist=("coherence", "context"),
    examples=(
        {
            "record": {
                "kind": "person",
                "names": [{"name": "Benoît Larrivière-Desmoulins", "type": "primary"}],
                "born": ["1968-12-11"],
                "sex": "M",
                "nationalities": ["FRA"],
                "eyes": ["GRE"],
            },
            "particulars": {
                "standing": "witness",
                "information_sought": "Adresse actuelle et numéros de téléphone.",
                "offences": [
                    {"charge": "Contrefaçon de monnaie", "iccs": "0702", "nature": "ordinary"},
                ],
                "facts": "Aurait vu livrer les plaques d’impression le soir du 4 mai.",
                "facts_date": "2025-05-04",
                "facts_place": "Marseille",
                "facts_country": "FRA",
            },
            "language": "fra",
        },
    ),
)
