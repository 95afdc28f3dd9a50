"""Stolen work of art: find it, or warn of it. Source: RPD article 94."""

from comity.records.kind import Field
from comity.records.notices.colour import Colour, Condition, Stated
from comity.records.notices.conditions import FACTS, facts, met_if, states, weighs
from comity.records.types.text import LABEL, TEXT


def _describes(stated: Stated) -> bool:
    return stated.of_record("title", "inventory_number", "subject", "features") and (
        stated.of_request("photo")
        or stated.of_record("measurements", "materials", "inscriptions", "period", "maker")
    )


COLOUR = Colour(
    code="stolen_art",
    kinds=("artwork",),
    fields=(
        Field("investigation", LABEL),
        Field("worth", TEXT),
        Field("photo", LABEL),
        *FACTS,
    ),
    conditions=(
        Condition("investigation", "RPD 94(2)(a)", states("investigation")),
        Condition("worth", "RPD 94(2)(b)", weighs("worth")),
        Condition("object-described", "RPD 94(2)(c)", met_if(_describes)),
        facts("RPD 94(3)"),
    ),
    purposes=frozenset(),
    retention_years=10,
    examples=(
        {
            "record": {
                "kind": "artwork",
                "title": "The Lamplighter of Oru",
                "maker": "Teodora Vasilakki",
                "type": "painting",
                "materials": ["oil", "oak panel"],
                "measurements": ["41 x 30 cm"],
                "status": "stolen",
                "since": "2026-07-11",
                "happened_in": "BRA",
            },
            "particulars": {
                "investigation": "BRA-2026-0711",
                "worth": "Only known panel of its maker.",
                "facts": "Cut from its frame during a concert.",
                "facts_date": "2026-07-11",
                "facts_place": "Recife",
                "facts_country": "BRA",
            },
            "language": "eng",
        },
    ),
)
