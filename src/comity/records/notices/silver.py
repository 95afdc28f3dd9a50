"""Silver: find, identify or learn of criminal assets. Source: the pilot phase of 2025, and RPD article 96.

Non-coercive only: locate, identify, obtain information, monitor. Never published outside the police.
"""

from comity.records.handling import Purpose
from comity.records.kind import Field
from comity.records.notices.colour import Colour, Condition, Stated
from comity.records.notices.conditions import FACTS, YES_NO, affirms, facts, met_if, states, weighs
from comity.records.notices.offences import OFFENCES, flags
from comity.records.types.choice import choice
from comity.records.types.text import LABEL, TEXT

REQUEST = choice("asset_request", ("locate", "identify", "information", "monitor"))

IDENTIFIERS = (
    *("iban", "number", "card", "wallet", "vin", "plate", "imo", "serial", "inventory_number"),
    *("registrations", "registration", "mark"),
)
"""Fields by which an asset can be told from others, over all kinds that this colour rests on."""


def _identified(stated: Stated) -> bool:
    return stated.of_record(*IDENTIFIERS) or stated.of_request("land_register", "other_identifier")


COLOUR = Colour(
    code="silver",
    kinds=("account", "vehicle", "vessel", "aircraft", "organisation", "artwork"),
    fields=(
        Field("asked_for", REQUEST),
        Field("holder", TEXT, names_another=True),
        Field("holder_link", TEXT),
        Field("land_register", LABEL),
        Field("other_identifier", LABEL),
        OFFENCES,
        *FACTS,
        Field("non_coercive", YES_NO),
    ),
    conditions=(
        Condition("asset-identified", "RPD 96(2)", met_if(_identified)),
        Condition("holder", "RPD 96(2)", states("holder")),
        Condition("holder-link", "RPD 96(2)", weighs("holder_link")),
        Condition("asked-for", "RPD 96(2)", states("asked_for")),
        Condition("non-coercive", "RPD 96(2)", affirms("non_coercive")),
        facts("RPD 96(2)"),
    ),
    purposes=frozenset({Purpose.INVESTIGATION, Purpose.LOCATE, Purpose.ANALYSIS}),
    retention_years=3,
    flags=flags,
    checklist=("coherence", "context"),
    examples=(
        {
            "record": {
                "kind": "vehicle",
                "plate": "QT-881-VX",
                "country": "FRA",
                "make": "Invented Motors",
                "status": "sought",
            },
            "particulars": {
                "asked_for": "locate",
                "holder": "Halvard Ekrenskog Holding",
                "holder_link": "Bought with the proceeds two days after the transfer.",
                "offences": [{"charge": "Money laundering", "iccs": "0704", "nature": "ordinary"}],
                "facts": "The car left the country on a trailer.",
                "facts_date": "2026-03-02",
                "facts_country": "CAN",
                "non_coercive": "yes",
            },
            "language": "eng",
        },
    ),
)
