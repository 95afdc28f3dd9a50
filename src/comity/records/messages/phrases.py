"""Coded phrases: what bureaus ask and answer most, each declared once and read by each side in its own language.

A phrase is a code with typed fields. Its sentences stand with all other words in `comity.phrases`; what is
typed into a field is a name, number, date, amount or code, and needs no translation. A free text beside it
stays in its author's language, and is marked so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from comity.errors import MalformedError
from comity.records.fieldtype import FieldType, Json
from comity.records.kind import Field, parse_fields
from comity.records.types.choice import choice
from comity.records.types.contact import EMAIL, PHONE
from comity.records.types.country import COUNTRY
from comity.records.types.dates import PARTIAL_DATE
from comity.records.types.document import DOCUMENT_NUMBER, DOCUMENT_TYPE
from comity.records.types.money import AMOUNT, CURRENCY, MOMENT
from comity.records.types.objects.account import ACCOUNT_NUMBER, BIC, IBAN
from comity.records.types.objects.plate import PLATE
from comity.records.types.objects.vehicle import VIN
from comity.records.types.objects.wallet import WALLET
from comity.records.types.person import SEX
from comity.records.types.text import LABEL, NAME

FRAUD: Final = choice(
    "fraud",
    ("business_email", "investment", "impersonation", "romance", "phishing", "account_takeover", "other"),
)
"""How the payer was deceived."""

FUNDS: Final = choice("funds", ("held", "held_part", "gone", "not_found", "in_progress"))
"""What became of a payment that another bureau asked to stop."""

OUTCOME: Final = choice("confirmation", ("confirmed", "not_identical", "no_longer_valid"))
"""What the owner of a record says when asked to confirm it."""

PERSON: Final = (
    Field("name", NAME, required=True),
    Field("born", PARTIAL_DATE),
    Field("sex", SEX),
    Field("nationality", COUNTRY),
    Field("document_type", DOCUMENT_TYPE),
    Field("document_issuer", COUNTRY),
    Field("document", DOCUMENT_NUMBER),
)
FILE: Final = Field("case_reference", LABEL)
"""The author's own file, to be quoted in the answer."""


@dataclass(frozen=True, slots=True)
class CodedPhrase:
    """One phrase: its fields, whether it asks for an answer, and how long the first one may take.

    `one_of` names fields of which at least one is needed. Without `answer_within`, the message's priority says.
    """

    code: str
    fields: tuple[Field, ...]
    asks: bool = True
    is_urgent: bool = False
    answer_within: timedelta | None = None
    one_of: tuple[str, ...] = ()

    def parse(self, values: Mapping[str, Json], field: str = "") -> dict[str, Json]:
        """Return the values in canonical form; raises `MalformedError` as `parse_fields` does."""
        parsed = parse_fields(self.fields, values, field)
        if self.one_of and not any(name in parsed for name in self.one_of):
            raise MalformedError("field-missing", f"{field}{self.one_of[0]}")
        return parsed

    def field(self, name: str) -> Field:
        """Return the field of this name."""
        return next(one for one in self.fields if one.name == name)


def _field(name: str, type_: FieldType) -> Field:
    return Field(name, type_, required=True)


PHRASES: Final[Mapping[str, CodedPhrase]] = {
    phrase.code: phrase
    for phrase in (
        CodedPhrase(
            "stop-payment",
            (
                _field("amount", AMOUNT),
                _field("currency", CURRENCY),
                Field("iban", IBAN),
                Field("account_number", ACCOUNT_NUMBER),
                Field("wallet", WALLET),
                Field("bic", BIC),
                Field("bank", LABEL),
                Field("beneficiary", NAME),
                Field("payer", NAME),
                Field("payer_iban", IBAN),
                Field("paid_at", MOMENT),
                Field("payment_reference", LABEL),
                Field("fraud", FRAUD),
                FILE,
            ),
            is_urgent=True,
            # Money moves on within the hour: the first answer, even "we are at it", is due in ten minutes.
            answer_within=timedelta(minutes=10),
            one_of=("iban", "account_number", "wallet"),
        ),
        CodedPhrase(
            "funds-status",
            (
                _field("funds", FUNDS),
                Field("amount", AMOUNT),
                Field("currency", CURRENCY),
                Field("iban", IBAN),
                Field("onward_iban", IBAN),
                Field("onward_country", COUNTRY),
                Field("held_until", PARTIAL_DATE),
                FILE,
            ),
            asks=False,
            is_urgent=True,
        ),
        CodedPhrase("identify-person", (*PERSON, Field("place", LABEL), FILE)),
        CodedPhrase(
            "extradition-contact",
            (
                *PERSON,
                Field("arrested_on", PARTIAL_DATE),
                Field("place", LABEL),
                Field("request_by", PARTIAL_DATE),
                Field("authority", LABEL),
                FILE,
            ),
            is_urgent=True,
        ),
        CodedPhrase(
            "surrender-travel",
            (
                *PERSON,
                Field("surrender_at", MOMENT, required=True),
                Field("place", LABEL),
                Field("flight", LABEL),
                Field("escorts", LABEL),
                FILE,
            ),
        ),
        CodedPhrase(
            "confirm-record",
            (Field("record", LABEL, required=True), Field("name", NAME), Field("place", LABEL), FILE),
            is_urgent=True,
            answer_within=timedelta(hours=1),
        ),
        CodedPhrase("record-confirmed", (_field("confirmation", OUTCOME), FILE), asks=False),
        CodedPhrase("criminal-record", (*PERSON, Field("court", LABEL), FILE)),
        CodedPhrase(
            "locate-person", (*PERSON, Field("last_seen", PARTIAL_DATE), Field("place", LABEL), FILE)
        ),
        CodedPhrase("notify-kin", (*PERSON, Field("kin", NAME), Field("phone", PHONE), FILE)),
        CodedPhrase(
            "vehicle-keeper",
            (Field("plate", PLATE), Field("country", COUNTRY), Field("vin", VIN), FILE),
            one_of=("plate", "vin"),
        ),
        CodedPhrase(
            "subscriber", (Field("phone", PHONE), Field("email", EMAIL), FILE), one_of=("phone", "email")
        ),
        CodedPhrase("working-on-it", (Field("answer_by", MOMENT), FILE), asks=False),
        CodedPhrase("nothing-known", (FILE,), asks=False),
        CodedPhrase("forward-leave", (Field("bureau", COUNTRY), FILE)),
    )
}
"""Every phrase by its code, in the order in which they are offered."""
