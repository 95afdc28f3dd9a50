"""Yellow: find a missing person, or say who a person is that cannot.

Source: RPD article 90, compared with its words as rednoticelawjournal.com quotes them (January 2022).
"""

from comity.records.handling import Purpose
from comity.records.kind import Field
from comity.records.notices.colour import Colour, Condition, Stated, Verdict
from comity.records.notices.conditions import FACTS, FILES, YES_NO, affirms, facts, has_full_name, met_if
from comity.records.types.choice import choice
from comity.records.types.dates import partial_date

ADULT_YEARS = 18
MATTER = choice("missing_matter", ("missing", "abducted", "unable_to_identify"))


def _privacy(stated: Stated) -> Verdict:
    """Weigh RPD 90(2)(c): an adult may have wished to go, and national law may protect that wish."""
    if stated.word("minor") == "yes":
        return Verdict.TO_JUDGE if _is_plainly_adult(stated) else Verdict.MET
    return Verdict.MET if stated.word("privacy_allows") == "yes" else Verdict.MISSING


def _is_plainly_adult(stated: Stated) -> bool:
    """Return whether every birth date of the record makes its person an adult on the day of the facts, or today."""
    said, facts_date = stated.record.get("born"), stated.word("facts_date")
    born = [partial_date(str(one)).latest for one in said] if isinstance(said, list) else []
    day = partial_date(facts_date).earliest if facts_date else stated.today
    of_age = [(one.year + ADULT_YEARS, one.month, one.day) for one in born]
    return bool(of_age) and max(of_age) <= (day.year, day.month, day.day)


def _describes(stated: Stated) -> bool:
    return stated.of_record("height", "weight", "eyes", "hair", "marks", "appearance")


def _identifiers(stated: Stated) -> bool:
    """Return whether there are the least identifiers that RPD 90(3) asks for.

    Of a missing person family name, forename, sex and year of birth, and a description, photograph, DNA or prints: the
    number of a document is none of them. Of one who cannot say who they are sex and description, and one of these.
    """
    biometric = stated.of_request("photo", "fingerprints", "dna")
    if stated.word("matter") == "unable_to_identify":
        return stated.of_record("sex") and _describes(stated) and biometric
    named = has_full_name(stated) and stated.of_record("sex") and stated.of_record("born")
    return named and (_describes(stated) or biometric)


COLOUR = Colour(
    code="yellow",
    kinds=("person",),
    fields=(
        Field("matter", MATTER),
        Field("minor", YES_NO),
        Field("reported", YES_NO),
        Field("whereabouts_unknown", YES_NO),
        Field("privacy_allows", YES_NO),
        *FACTS,
        *FILES,
        Field("single_name", YES_NO),
    ),
    conditions=(
        Condition("reported", "RPD 90(2)(a)", affirms("reported")),
        Condition("whereabouts-unknown", "RPD 90(2)(b)", affirms("whereabouts_unknown")),
        Condition("privacy", "RPD 90(2)(c)", _privacy),
        facts("RPD 90(2)(d)"),
        Condition("identity", "RPD 90(3)", met_if(_identifiers)),
    ),
    purposes=frozenset(
        {
            *(Purpose.BORDER, Purpose.ROAD, Purpose.LOCATE, Purpose.IDENTIFY),
            *(Purpose.INVESTIGATION, Purpose.WANTED),
        }
    ),
    is_public_form=True,
    checklist=("child-or-wish",),
    examples=(
        {
            "record": {
                "kind": "person",
                "names": [{"name": "Imani Wanjala Chepkorir", "type": "primary"}],
                "born": ["2014-06-02"],
                "sex": "F",
                "nationalities": ["KEN"],
                "height": 142,
                "event": {"date": "2026-09-30", "place": "Kisumu", "country": "KEN"},
            },
            "particulars": {
                "matter": "abducted",
                "minor": "yes",
                "reported": "yes",
                "whereabouts_unknown": "yes",
                "facts": "Taken from school by an unknown man; may be travelling with him by land.",
                "facts_date": "2026-09-30",
                "facts_place": "Kisumu",
                "facts_country": "KEN",
                "photo": "KEN-NCB/2026/441-1",
            },
            "language": "eng",
            "is_public": True,
        },
    ),
)
