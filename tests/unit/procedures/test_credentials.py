"""What is stored of a passphrase costs a thief as much as it should."""

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type
from argon2.profiles import RFC_9106_LOW_MEMORY

from comity.access.credentials import hash_passphrase, passphrase_holds


@pytest.fixture
def stored(full_passphrases: None) -> str:
    return hash_passphrase("four-words-of-chance")


def test_a_hash_has_the_cost_that_its_standard_recommends(stored: str) -> None:
    parameters = extract_parameters(stored)
    assert (parameters, parameters.type) == (RFC_9106_LOW_MEMORY, Type.ID)


def test_the_passphrase_holds(stored: str) -> None:
    assert passphrase_holds(stored, "four-words-of-chance")


def test_another_passphrase_does_not(stored: str) -> None:
    assert not passphrase_holds(stored, "four-words-of-luck")
