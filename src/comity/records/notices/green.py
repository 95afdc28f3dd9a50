"""Green: warn of a person's criminal activities. Source: RPD article 89."""

from comity.records.handling import Purpose
from comity.records.kind import Field
from comity.records.notices.colour import Colour, Condition
from comity.records.notices.conditions import FACTS, FILES, YES_NO, facts, identity, met_if, states, weighs
from comity.records.notices.offences import OFFENCES, flags
from comity.records.types.text import LABEL, TEXT

COLOUR = Colour(
    code="green",
    kinds=("person",),
    fields=(
        Field("threat", TEXT),
        Field("assessed_by", LABEL),
        Field("grounds", TEXT),
        OFFENCES,
        *FACTS,
        *FILES,
        Field("single_name", YES_NO),
    ),
    conditions=(
        Condition("threat", "RPD 89(2)(a)", weighs("threat")),
        Condition("assessed", "RPD 89(2)(b)", states("assessed_by")),
        Condition("grounds", "RPD 89(2)(c)", met_if(lambda stated: stated.of_request("grounds", "offences"))),
        facts("RPD 89(2)(d)"),
        identity("RPD 89(3)"),
    ),
    purposes=frozenset(
        {
            *(Purpose.BORDER, Purpose.ROAD, Purpose.WARNING, Purpose.INVESTIGATION),
            *(Purpose.SECURITY, Purpose.WANTED),
        }
    ),
    flags=flags,
    checklist=("coherence",),
    examples=(
        {
            "record": {
                "kind": "person",
                "names": [{"name": "Rogério Tavarinho Sequeira", "type": "primary"}],
                "born": ["1973-03-05"],
                "sex": "M",
                "nationalities": ["BRA"],
                "documents": [{"type": "P", "issuer": "BRA", "number": "FZ118204"}],
            },
            "particulars": {
                "threat": "Recrutamento de menores para trabalho forçado.",
                "assessed_by": "Polícia Federal",
                "grounds": "Condenado em 2019; visto de novo junto de escolas em 2026.",
                "facts": "Oferece empregos a adolescentes em plataformas de jogos.",
                "facts_date": "2026",
                "facts_country": "BRA",
            },
            "language": "por",
        },
    ),
)
