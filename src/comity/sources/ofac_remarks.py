"""The Remarks of an OFAC entry taken apart: `DOB 1963 to 1965; Passport A1 (Iran) expires 1 Jan 2020; ...`.

remarks -> facts (role, value, the words as they stood) -> fields of a record; what fits none stays words
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SEPARATOR = re.compile(r";\s+")
ALTERNATIVE = re.compile(r"alt\.\s+", re.IGNORECASE)

ROLES: Mapping[str, str] = {
    "DOB": "born",
    "POB": "birth_place",
    "nationality": "nationality",
    "citizen": "nationality",
    "Gender": "sex",
    "Linked To:": "link",
    "a.k.a.": "weak",
    "f.k.a.": "former",
    "n.k.a.": "alias",
    "Email Address": "email",
    "Email": "email",
    "Phone Number": "phone",
    "Phone No.": "phone",
    "Telephone Number:": "phone",
    "Telephone:": "phone",
    "Telephone": "phone",
    "Website": "website",
    "SWIFT/BIC": "bic",
    "Digital Currency Address -": "wallet",
    "Additional Sanctions Information -": "measure",
    "Secondary sanctions risk:": "measure",
    "Transactions Prohibited For Persons Owned or Controlled By U.S. Financial Institutions:": "measure",
    "Executive Order": "measure",
    "CAATSA Section": "measure",
    "Organization Established Date": "founded",
    "Organization Type:": "sector",
    "Nationality of Registration": "country",
    "Vessel Registration Identification IMO": "imo",
    "Identification Number IMO": "imo_company",
    "Company Number IMO": "imo_company",
    "MMSI": "mmsi",
    "Former Vessel Flag": "former_flag",
    "Other Vessel Flag": "former_flag",
    "Other Vessel Call Sign": "call_sign",
    "Vessel Year of Build": "year",
    "Aircraft Model": "model",
    "Aircraft Manufacture Date": "manufactured",
    "Aircraft Operator": "operator",
    "Aircraft Tail Number": "tail",
    "Previous Aircraft Tail Number": "former_tail",
    "Aircraft Manufacturer's Serial Number (MSN)": "serial",
    "Aircraft Serial Identification": "serial",
    "Aircraft Construction Number (also called L/N or S/N or F/N)": "other_serial",
    "Aircraft Mode S Transponder Code": "icao24",
}
"""The list's own words for what follows them, and what that is to us."""

DOCUMENT_TYPES: Mapping[str, str] = {
    "Passport": "P",
    "Passport Booklet": "P",
    "British National Overseas Passport": "P",
    "Diplomatic Passport": "PD",
    "Travel Document Number": "PR",
    "Stateless Person ID": "PS",
    "Seafarer's Identification Document": "AS",
    "Driver's License No.": "D",
    "National ID No.": "XN",
    "Cedula No.": "I",
    "D.N.I.": "I",
    "Personal ID Card": "I",
    "Tazkira National ID Card": "I",
    "Identification Number": "XN",
    "National Foreign ID Number": "XN",
    "Citizen's Card Number": "I",
    "Turkish Identification Number": "XN",
    "Kenyan ID No.": "XN",
    "Numero de Identidad": "XN",
    "C.U.R.P.": "XN",
    "C.U.I.": "XN",
    "R.F.C.": "XT",
    "RFC": "XT",
    "NIT": "XT",
    "Tax ID No.": "XT",
    "Paraguayan tax identification number": "XT",
    "CNP (Personal Numerical Code)": "XN",
    "Romanian Permanent Resident CAN": "IR",
    "Italian Fiscal Code": "XT",
    "Fiscal Code": "XT",
    "SSN": "XS",
    "Birth Certificate Number": "XB",
    "Residency Number": "IR",
    "VisaNumberID": "V",
}
"""The words for numbers of persons, and the document they stand on."""

OTHER_NUMBERS = (
    "RUC",
    "RIF",
    "RTN",
    "RSIN",
    "C.U.I.P.",
    "C.U.I.T.",
    "C.I.F.",
    "C.R. No.",
    "N.I.E.",
    "I.F.E.",
    "BIK (RU)",
    "US FEIN",
    "LE Number",
    "License",
    "Credencial electoral",
    "Cartilla de Servicio Militar Nacional",
    "United Social Credit Code Certificate (USCCC)",
    "Unified Social Credit Code (USCC)",
    "Matricula Mercantil No",
    "UAE Identification",
    "Romanian C.R.",
    "Numero Unico de Identificacao Tributaria (NUIT)",
    "Tarjeta Profesional",
)
"""Further words for numbers, which end neither in `Number` nor in `No.`."""

WORDS = sorted((*ROLES, *DOCUMENT_TYPES, *OTHER_NUMBERS), key=len, reverse=True)
KNOWN = re.compile(
    rf"(?P<word>{'|'.join(map(re.escape, WORDS))})(?![A-Za-z])[:#\s]*(?P<value>\S.*)", re.DOTALL
)
# "Registered Charity No. 2150/5/4129": any words, then Number, No., ID, Document or Certificate.
NUMBERED = re.compile(
    r"(?P<word>[^\d;#]{0,80}?\b(?:Number|No\.?|ID|Document|Certificate))(?:\s*[:#])*\s+(?P<value>.*\d.*)",
    re.DOTALL,
)
DATED = re.compile(
    r",?\s*\b(?P<what>issued|expires|expired)(?:\s+on)?\s+(?P<date>[^()]*?\d{4})", re.IGNORECASE
)
DATE_WORDS = ("issued", "expire")
# "4117921 issued under the name ...", "T04338017, issued by ...": words, where no date follows.
ISSUED = re.compile(r",?\s+(?=issued\b)", re.IGNORECASE)
BRACKETS = re.compile(r"\s*\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the Remarks: `role` is empty where the words say no known thing.

    `word` is the list's own name of a number, `text` the fact as it stood.
    """

    role: str
    value: str
    text: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A number with what stands behind it: places in brackets, dates of issue and expiry, other words."""

    number: str
    places: tuple[str, ...] = ()
    issued: str = ""
    expires: str = ""


def facts_of(remarks: str) -> Iterator[Fact]:
    """Yield the facts of a Remarks field, in order."""
    for text in SEPARATOR.split(remarks.strip().removesuffix(".")):
        if bare := text.strip():
            yield _fact(bare)


def _fact(text: str) -> Fact:
    said = ALTERNATIVE.sub("", text, count=1) if "alt." in text.lower() else text
    match = KNOWN.match(said)
    if match is not None:
        word, value = match["word"], match["value"].strip()
        if word not in ROLES:
            return Fact("number", value, text, word)
        if ROLES[word] in {"weak", "former", "alias"}:
            # A name stands in quotes, and may itself begin or end with an apostrophe: 'Abu Haza''.
            value = value.removesuffix(".").removeprefix("'").removesuffix("'")
        return Fact(ROLES[word], value, text, word)
    numbered = NUMBERED.match(said)
    if numbered is not None:
        return Fact("number", numbered["value"].strip(), text, numbered["word"].strip())
    return Fact("", text, text)


def stated_number(value: str) -> StatedNumber:
    """Return a number and what is said of it.

    >>> stated_number("A2062513 (Iran) issued 03 Mar 2014 expires 03 Mar 2019").issued
    '03 Mar 2014'
    """
    dates, bare = dict[str, str](), value
    if any(word in value.casefold() for word in DATE_WORDS):
        dates = {match["what"].lower()[:6]: match["date"] for match in DATED.finditer(value)}
        bare = DATED.sub("", value)
    places = tuple(place for place in BRACKETS.findall(bare) if place)
    # "(HWI)040182": what stands in brackets before the number is a part of it.
    number, *said = ISSUED.split(bare.partition(" (")[0], maxsplit=1)
    return StatedNumber(
        number.strip(" .,"), (*said, *places), dates.get("issued", ""), dates.get("expire", "")
    )
