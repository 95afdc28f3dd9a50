"""Whose names are written by the conventions: persons of the development set, by language, each name once."""

import zlib
from collections.abc import Iterable

from development_set import Asked, DevelopmentSet

from conventions import far_east, near_east, others, slavic, south
from conventions.pools import Person, Pools
from conventions.writing import Language

LANGUAGES = (
    slavic.RUSSIAN,
    slavic.UKRAINIAN,
    slavic.BULGARIAN,
    slavic.SERBIAN,
    near_east.ARABIC,
    near_east.MAGHREB,
    near_east.PERSIAN,
    near_east.CENTRAL_ASIAN,
    near_east.HEBREW,
    others.GREEK,
    others.ARMENIAN,
    others.ARMENIAN_LATIN,
    others.HINDI,
    others.INDIAN,
    far_east.CHINESE,
    far_east.KOREAN,
    far_east.JAPANESE,
    far_east.VIETNAMESE,
    others.GERMANIC,
    others.TURKISH,
    others.POLISH_CZECH,
    others.ZONES,
    others.LONG_ZONES,
    south.MALAY,
    south.BENGALI,
    south.PORTUGUESE,
    south.SPANISH,
    south.GEORGIAN,
    south.ICELANDIC,
    south.SOMALI,
    south.MEKONG,
)


def people_of(given: DevelopmentSet, asked: Iterable[Asked]) -> list[tuple[Language, list[Person]]]:
    """Return the languages with whose names they are, in an order that tells nothing about them."""
    pools = Pools(given.listed, tuple(asked)).by_language()
    return [(language, _each_once(pools[language.name])) for language in LANGUAGES]


def _each_once(pool: Iterable[Person]) -> list[Person]:
    by_name: dict[str, Person] = {}
    for one in pool:
        by_name.setdefault(one.name.lower(), one)
    return sorted(by_name.values(), key=lambda one: zlib.crc32(one.id.encode()[::-1]))
