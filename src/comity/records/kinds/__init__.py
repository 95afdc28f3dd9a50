"""Which kinds of record are there? One declaration a file; a new kind is a new file and a line here."""

from collections.abc import Mapping
from types import MappingProxyType

from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.records.kind import Kind
from comity.records.kinds import (
    account,
    administrative_document,
    aircraft,
    artwork,
    container,
    device,
    firearm,
    method,
    organisation,
    person,
    travel_document,
    vehicle,
    vessel,
)

MODULES = (
    person,
    travel_document,
    administrative_document,
    vehicle,
    firearm,
    vessel,
    aircraft,
    artwork,
    device,
    account,
    container,
    organisation,
    method,
)

KINDS: Mapping[str, Kind] = MappingProxyType({module.KIND.code: module.KIND for module in MODULES})
"""Every kind of record by its code."""


def kind_named(code: Json, field: str = "kind") -> Kind:
    """Return the kind of record by its code. Raises `MalformedError` `unknown-kind`."""
    kind = KINDS.get(code) if isinstance(code, str) else None
    if kind is None:
        raise MalformedError("unknown-kind", field)
    return kind
