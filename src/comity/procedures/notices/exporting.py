"""The notices that their owners made public, in the shape of INTERPOL's public notices service.

    asked -> authorised -> in force, public, of the colour -> logged -> a list's envelope, or one notice whole

Fields and words are those that `sources/interpol.py` reads. Only red, yellow and UN special notices have this
shape. What a field would have to invent, such as a picture's address, is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.audit.entries import Entry
from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.notices.standing import unknown
from comity.procedures.noting import noting
from comity.records.countries import two_letters
from comity.records.fieldtype import Json
from comity.records.record import State
from comity.registry import holdings, notices
from comity.registry.notices import HeldNotice

WORDS: Mapping[str, str] = {"red": "red", "yellow": "yellow", "un": "un_special"}
"""The service's word for a colour, and ours."""

PAGE_DEFAULT, PAGE_MAX = 20, 200
ADDRESS = "/v1/public-notices"


@dataclass(frozen=True, slots=True)
class PublicPage:
    """Which page of the public notices of a colour is asked for; pages count from 1."""

    word: str
    page: int = 1
    size: int = PAGE_DEFAULT


def public_list(asked: PublicPage, officer: Officer, desk: Desk) -> dict[str, Json]:
    """Return a page of the public notices of a colour; raises, after logging, `RefusedError`, `MalformedError`."""
    terms: dict[str, Json] = {"colour": asked.word, "page": asked.page, "resultPerPage": asked.size}
    leave(officer, Act.NOTICE_EXPORT, desk, terms)
    with noting(officer, Act.NOTICE_EXPORT, desk, terms):
        colour = _colour(asked.word)
        if asked.page < 1 or not 1 <= asked.size <= PAGE_MAX:
            raise MalformedError("out-of-range", "page" if asked.page < 1 else "resultPerPage")
    with desk.registry.read() as connection:
        held = [one for one in notices.public(connection, colour) if _is_open(connection, one, desk)]
        start = (asked.page - 1) * asked.size
        page = held[start : start + asked.size]
        published = notices.published_first(connection, [one.id for one in page])
    desk.registry.log(_exported(terms, page, officer, desk))
    listed: list[Json] = [_brief(one, asked.word, published[one.id]) for one in page]
    return {
        "total": len(held),
        "query": {"page": asked.page, "resultPerPage": asked.size},
        "_embedded": {"notices": listed},
        "_links": _links(asked, len(held)),
    }


def public_notice(word: str, one: str, officer: Officer, desk: Desk) -> dict[str, Json]:
    """Return a public notice whole; raises, after logging, `RefusedError`, `MalformedError`, `UnknownError`."""
    terms: dict[str, Json] = {"colour": word, "notice": one}
    leave(officer, Act.NOTICE_EXPORT, desk, terms)
    with noting(officer, Act.NOTICE_EXPORT, desk, terms), desk.registry.read() as connection:
        colour = _colour(word)
        held = notices.fetch(connection, one)
        if held is None or held.body is None or not held.body.is_public or held.since is None:
            raise unknown(one)
        if held.body.colour.code != colour or not _is_open(connection, held, desk):
            raise unknown(one)
        published = notices.published_first(connection, [one])[one]
    desk.registry.log(_exported(terms, [held], officer, desk))
    return _whole(held, word, published)


def _exported(terms: dict[str, Json], held: Sequence[HeldNotice], officer: Officer, desk: Desk) -> Entry:
    """Return the audit entry of an export, which names what was given out, so that owners learn who took it."""
    entry = entry_of(officer, Act.NOTICE_EXPORT, desk.clock(), "exported", query=asked_terms(terms))
    records, owners = tuple(one.id for one in held), tuple(one.owner for one in held)
    return msgspec.structs.replace(entry, records=records, owners=owners)


def _colour(word: str) -> str:
    if word not in WORDS:
        raise MalformedError("unknown-colour", "colour")
    return WORDS[word]


def _is_open(connection: Connection, held: HeldNotice, desk: Desk) -> bool:
    """Return whether the record behind a notice still answers: neither blocked, nor over."""
    record = holdings.fetch_by_id(connection, held.id)
    return record is not None and record.state is State.ACTIVE and not desk.is_over(record)


def _links(asked: PublicPage, total: int) -> Json:
    last = max(1, -(-total // asked.size))
    pages = {"self": asked.page, "first": 1, "next": min(asked.page + 1, last), "last": last}
    return {
        name: {"href": f"{ADDRESS}/{asked.word}?page={page}&resultPerPage={asked.size}"}
        for name, page in pages.items()
    }


def entity_id(held: HeldNotice, published: datetime) -> str:
    """Return the identifier as the public notices write it: the year of publication, a stroke, the notice's.

    The year is that of the first publication, for good: what is suspended and resumed is the same notice.
    """
    return f"{published.year}/{held.id}"


def _brief(held: HeldNotice, word: str, published: datetime) -> dict[str, Json]:
    whole = _whole(held, word, published)
    names = ("entity_id", "forename", "name", "date_of_birth", "nationalities", "_links")
    return {name: whole[name] for name in names if name in whole}


def _whole(held: HeldNotice, word: str, published: datetime) -> dict[str, Json]:
    assert held.body is not None, "public notices were submitted"
    record, particulars = held.body.record, held.body.particulars
    shown: dict[str, Json] = {"entity_id": entity_id(held, published), **_names(record), **_person(record)}
    if word == "red":
        shown["arrest_warrants"] = _warrants(particulars)
    if word == "yellow":
        shown |= _event(record, particulars)
    if word == "un":
        named = ("un_reference", "un_resolution", "un_reference_date")
        shown |= {name: particulars[name] for name in named if name in particulars}
        shown["summary"] = particulars.get("facts")
    shown["_links"] = {"self": {"href": f"{ADDRESS}/{word}/{held.id}"}}
    return {name: value for name, value in shown.items() if value is not None}


def _texts(record: Mapping[str, Json], type_: str) -> list[str]:
    names = record.get("names")
    held = names if isinstance(names, list) else []
    return [str(one["name"]) for one in held if isinstance(one, dict) and one.get("type", "primary") == type_]


def _names(record: Mapping[str, Json]) -> dict[str, Json]:
    """Return the name in two parts. Which words are the family's we do not know: the last is taken for it."""
    primary = next(iter(_texts(record, "primary")), "")
    names = record.get("names")
    if not primary and isinstance(names, list) and isinstance(names[0], dict):
        primary = str(names[0]["name"])
    forename, _, name = primary.rpartition(" ")
    shown: dict[str, Json] = {"name": name, "forename": forename or None}
    original = next(iter(_texts(record, "original")), "")
    if original:
        first, _, last = original.rpartition(" ")
        shown |= {"name_in_original_script": last, "forename_in_original_script": first or None}
    maiden = next(iter(_texts(record, "maiden")), None)
    aliases: list[Json] = [{"name": text} for text in _texts(record, "alias")]
    return {**shown, "birth_name": maiden, "aliases": aliases or None}


def _person(record: Mapping[str, Json]) -> dict[str, Json]:
    height = record.get("height")
    return {
        "date_of_birth": _date(_first(record, "born")),
        "place_of_birth": _first(record, "birth_places"),
        "country_of_birth_id": _two(_first(record, "birth_countries")),
        "nationalities": [_two(code) for code in _list(record, "nationalities")] or None,
        "sex_id": record.get("sex"),
        "height": height / 100 if isinstance(height, int) else None,
        "weight": record.get("weight"),
        "eyes_colors_id": _list(record, "eyes") or None,
        "hairs_id": _list(record, "hair") or None,
        "distinguishing_marks": record.get("marks"),
        "languages_spoken_ids": [str(code).upper() for code in _list(record, "languages")] or None,
    }


def _warrants(particulars: Mapping[str, Json]) -> Json:
    warrant = particulars.get("warrant")
    issuer = _two(warrant.get("country")) if isinstance(warrant, dict) else None
    offences = particulars.get("offences")
    stated = [one for one in offences if isinstance(one, dict)] if isinstance(offences, list) else []
    return [
        {
            "issuing_country_id": issuer,
            "charge": one.get("charge"),
            "charge_translation": one.get("translation"),
        }
        for one in stated
    ]


def _event(record: Mapping[str, Json], particulars: Mapping[str, Json]) -> dict[str, Json]:
    stated = record.get("event")
    event = stated if isinstance(stated, dict) else {}
    return {
        "date_of_event": _date(event.get("date") or particulars.get("facts_date")),
        "place": event.get("place") or particulars.get("facts_place"),
        "country": _two(event.get("country") or particulars.get("facts_country")),
    }


def _list(record: Mapping[str, Json], name: str) -> list[Json]:
    value = record.get(name)
    return value if isinstance(value, list) else []


def _first(record: Mapping[str, Json], name: str) -> Json:
    return next(iter(_list(record, name)), None)


def _date(value: Json) -> Json:
    return str(value).replace("-", "/") if value else None


def _two(value: Json) -> Json:
    return None if value is None else two_letters(str(value))
