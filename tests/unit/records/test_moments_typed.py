"""When a payment was made is read in the digits of any script, as its amount and account are."""

import pytest

from comity.records.messages.phrases import PHRASES

ARABIC, PERSIAN = (str.maketrans("0123456789", digits) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"))
PAYMENT = {"amount": "12500.00", "currency": "EUR", "iban": "GB82WEST12345698765432"}


@pytest.mark.parametrize("typed", ["2030-05-01T12:00", "2030-05-01 12:00", "2030-05-01T14:00+02:00"])
@pytest.mark.parametrize("digits", [ARABIC, PERSIAN])
def test_the_moment_of_a_payment_is_read(typed: str, digits: dict[int, int]) -> None:
    stated = {**PAYMENT, "paid_at": typed.translate(digits)}
    assert PHRASES["stop-payment"].parse(stated)["paid_at"] == "2030-05-01T12:00:00+00:00"
