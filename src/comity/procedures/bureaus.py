"""Bureaus, their units and their officers: who joins, and who is there.

Bureaus are added by who runs the node, units and officers by the bureau's own administrator. Officers are
known by service number alone.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from comity.access.acts import Act
from comity.access.people import BUREAUS_MAX, Bureau, Officer
from comity.errors import ConflictError, MalformedError
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.records.countries import REGIONS
from comity.records.fieldtype import Json
from comity.records.handling import bureau_code
from comity.records.types.text import without_unseen
from comity.registry import accounts

PLACE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
"""Codes of units and service numbers of officers."""

OTHER_REGIONS = ("organisation", "secretariat")
"""Regions of bureaus that are no country's."""


def add_bureau(code: str, region: str, officer: Officer, desk: Desk) -> Bureau:
    """Add a bureau for an organisation or a country that has none yet, and return it.

    Its place in masks is given once and never used again: a bureau is not removed. Raises, after logging,
    `RefusedError`, `MalformedError` for the code or the region, and `ConflictError` where the bureau is
    there already or the node is full.
    """
    asked: dict[str, Json] = {"bureau": code, "region": region}
    leave(officer, Act.NODE_OPERATE, desk, asked)
    with noting(officer, Act.NODE_OPERATE, desk, asked):
        known = bureau_code(code, "bureau")
        if region not in {*REGIONS, *OTHER_REGIONS}:
            raise MalformedError("not-a-choice", "region")
        entry = entry_of(officer, Act.NODE_OPERATE, desk.clock(), "bureau-added", query={**asked})
        with desk.registry.acting(entry) as connection:
            held = accounts.all_bureaus(connection)
            if known in held:
                raise ConflictError(what="bureau", rule="exists")
            if len(held) >= BUREAUS_MAX:
                raise ConflictError(what="bureau", rule="too-many")
            accounts.add_bureaus(connection, {known: region})
    desk.follower.mind_bureaus(len(held) + 1)
    return desk.registry.bureaus()[known]


def add_unit(code: str, officer: Officer, desk: Desk) -> None:
    """Add a unit to the officer's own bureau; raises `RefusedError`, `MalformedError`, `ConflictError`."""
    asked: dict[str, Json] = {"unit": code}
    leave(officer, Act.ACCOUNT_MANAGE, desk, asked)
    with noting(officer, Act.ACCOUNT_MANAGE, desk, asked):
        unit = place_code(code, "unit")
        entry = entry_of(officer, Act.ACCOUNT_MANAGE, desk.clock(), "unit-added", query={**asked})
        with desk.registry.acting(entry) as connection:
            known = accounts.units_of(connection, officer.bureau.code)
            accounts.add_unit(connection, officer.bureau.code, as_spelt(unit, known))


def add_officer(number: str, unit: str, officer: Officer, desk: Desk) -> None:
    """Add an officer, by service number, to a unit of one's own bureau; raises as `add_unit`.

    Raises `UnknownError` for a unit that the bureau has not.
    """
    asked: dict[str, Json] = {"officer": number, "unit": unit}
    leave(officer, Act.ACCOUNT_MANAGE, desk, asked)
    with noting(officer, Act.ACCOUNT_MANAGE, desk, asked):
        service, place = place_code(number, "officer"), place_code(unit, "unit")
        entry = entry_of(officer, Act.ACCOUNT_MANAGE, desk.clock(), "officer-added", query={**asked})
        with desk.registry.acting(entry) as connection:
            own = officer.bureau.code
            service = as_spelt(service, accounts.officers_of(connection, own))
            place = as_spelt(place, accounts.units_of(connection, own))
            accounts.add_officer(connection, own, service, place)


def units(officer: Officer, desk: Desk) -> list[str]:
    """Return the codes of the units of the officer's own bureau; logged."""
    _log_listing("units", officer, desk)
    with desk.registry.read() as connection:
        return accounts.units_of(connection, officer.bureau.code)


def officers(officer: Officer, desk: Desk) -> Mapping[str, str]:
    """Return the unit of each officer of one's own bureau, by service number; logged."""
    _log_listing("officers", officer, desk)
    with desk.registry.read() as connection:
        return accounts.officers_of(connection, officer.bureau.code)


def _log_listing(what: str, officer: Officer, desk: Desk) -> None:
    leave(officer, Act.ACCOUNT_MANAGE, desk, {"list": what})
    desk.registry.log(entry_of(officer, Act.ACCOUNT_MANAGE, desk.clock(), "done", query={"list": what}))


def place_code(text: str, field: str) -> str:
    """Return the code of a unit, or a service number, as it is kept, whichever keyboard has typed it.

    Digits of any script are 0 to 9; what shows nothing is not there. Raises `MalformedError` `place-code`.

    >>> place_code("٤٧١١", "officer")
    '4711'
    """
    plain = unicodedata.normalize("NFKC", without_unseen(text)).strip()
    code = "".join(str(unicodedata.decimal(char, char)) for char in plain)
    if not PLACE_CODE.fullmatch(code):
        raise MalformedError("place-code", field)
    return code


def as_spelt(code: str, known: Iterable[str]) -> str:
    """Return a code as it is known already, in capitals or not; else as it is."""
    return next((one for one in known if one.casefold() == code.casefold()), code)
