"""Travel and other documents: number, type, what happened to it.

The type is the document code of the machine-readable zone (ICAO Doc 9303 parts 4 to 7): the first letter
says what it is (P passport, I A C identity cards and the like, V visa), the second is the issuer's own
affair, except that since 2021 it is fixed for passports (PP, PD, PO, PE, PR, PT, PS, PL, PM, PU).
"""

import re

from comity.errors import MalformedError
from comity.records.fieldtype import Comparison, FieldType, Json
from comity.records.types.choice import choice
from comity.records.types.identifier import identifier
from comity.records.types.text import parse_line

DOCUMENT_NUMBER = identifier("document_number")

OTHER_PAPERS = {
    "XB": "birth certificate",
    "XC": "certificate",
    "XF": "firearms licence",
    "XM": "marriage certificate",
    "XN": "national number",
    "XO": "other",
    "XR": "vehicle registration certificate",
    "XS": "social security number",
    "XT": "tax number",
}
"""Comity's own codes for papers and numbers that no machine-readable zone names; X is free in ICAO's list."""

WORDS = {
    "passport": "P",
    "ordinary passport": "PP",
    "diplomatic passport": "PD",
    "official passport": "PO",
    "service passport": "PO",
    "emergency passport": "PE",
    "refugee travel document": "PR",
    "alien passport": "PT",
    "stateless person travel document": "PS",
    "laissez-passer": "PL",
    "military passport": "PM",
    "identity card": "I",
    "id card": "I",
    "id": "I",
    "national identity card": "I",
    "national id card": "I",
    "residence permit": "IR",
    "crew member certificate": "AC",
    "seaman's book": "AS",
    "visa": "V",
    "driving licence": "D",
    "driver's license": "D",
    "driving license": "D",
    "drivers license": "D",
    "national identification number": "XN",
    "national id": "XN",
    "national identification": "XN",
    "tax identification number": "XT",
    **{word: code for code, word in OTHER_PAPERS.items()},
}

CODE_FORM = re.compile("[A-Z][A-Z0-9]?")


def parse_document_type(value: Json, field: str) -> Json:
    """Return the document code, one or two characters: `P`, `PD`, `I`, `V`, `D`, `XR` ...

    Takes usual English words too. Raises `MalformedError` `document-type`.
    """
    text = parse_line(value, field, 100).casefold().replace("’", "'").rstrip("<").strip()
    code = WORDS.get(text, text.upper())
    if not CODE_FORM.fullmatch(code) or (code[0] not in "ACDIPV" and code not in OTHER_PAPERS):
        raise MalformedError("document-type", field)
    return code


def document_family(code: Json) -> str:
    """Return what a document is, whatever its issuer's second letter: `P`, `I`, `V`, `D`, or its own code.

    A, C and I are one family: ICAO Doc 9303 part 5 leaves the choice among them to the issuer.
    """
    text = str(code)
    if text in OTHER_PAPERS:
        return text
    return "I" if text[:1] in {"A", "C"} else text[:1]


DOCUMENT_TYPE = FieldType("document_type", Comparison.CODE, parse_document_type, document_family)

DOCUMENT_STATUS = choice(
    "document_status",
    ("stolen", "lost", "revoked", "stolen_blank", "invalid", "forged"),
    {"stolen blank": "stolen_blank", "cancelled": "revoked", "counterfeit": "forged"},
)
"""What happened to a document; the first four are the categories of INTERPOL's SLTD."""
