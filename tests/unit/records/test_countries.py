"""Countries: codes beyond ISO, names in many languages, members."""

import pytest

from comity.errors import MalformedError
from comity.records.countries import (
    REGIONS,
    countries,
    country_code,
    country_named,
    may_be_same,
    member_countries,
    member_regions,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("D", "DEU"),
        ("D<<", "DEU"),
        ("eg", "EGY"),
        ("UK", "GBR"),
        ("XPO", "XPO"),
        ("XXA", "XXA"),
        ("GBN", "GBN"),
        ("RKS", "RKS"),
        ("XK", "RKS"),
        ("UNO", "UNO"),
        ("914", "914"),
        ("SUN", "SUN"),
        ("EU", "EUE"),
        ("UTO", "UTO"),
    ],
)
def test_a_code_is_read_into_its_canonical_one(text: str, code: str) -> None:
    assert country_code(text, "issuer") == code


def test_an_unknown_code_is_refused_by_name() -> None:
    with pytest.raises(MalformedError, match="country-unknown"):
        country_code("QQQ", "issuer")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Russian Federation", "RUS"),
        ("Россия", "RUS"),
        ("مصر", "EGY"),
        ("中国", "CHN"),
        ("한국", "KOR"),
        ("Korea, North", "PRK"),
        ("Corée (République populaire démocratique de)", "PRK"),
        ("Iranian", "IRN"),
        ("Cote d'Ivoire", "CIV"),
        ("Congo, Democratic Republic of the", "COD"),
        ("Dominica", "DMA"),
        ("Niger", "NER"),
        ("USSR", "SUN"),
        ("Yugoslavia", "YUG"),
        ("American Samoa, United States", "ASM"),
        ("Türkiye", "TUR"),
        ("Korea", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_country_is_known_by_its_names(text: str, code: str | None) -> None:
    assert country_named(text) == code


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("SUN", "UKR", True),
        ("GBN", "GBR", True),
        ("EGY", "EGY", True),
        ("EGY", "SDN", False),
        ("QQQ", "EGY", False),
    ],
)
def test_nationalities_may_be_one_through_a_states_succession(one: str, other: str, expected: object) -> None:
    assert may_be_same(one, other) is expected


def test_there_are_196_members() -> None:
    assert len(member_countries()) == 196


def test_every_member_stands_in_a_region() -> None:
    assert set(member_regions().values()) == set(REGIONS)


def test_every_successor_is_a_country() -> None:
    assert {code for country in countries().values() for code in country.successors} <= set(countries())
