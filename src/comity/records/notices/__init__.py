"""Which colours of notice are there? One declaration a file; a new colour is a new file and a line here."""

from collections.abc import Mapping
from types import MappingProxyType

from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.records.notices import (
    black,
    blue,
    green,
    orange,
    purple,
    red,
    silver,
    stolen_art,
    un_special,
    yellow,
)
from comity.records.notices.colour import Colour

MODULES = (red, yellow, blue, black, green, orange, purple, silver, un_special, stolen_art)

COLOURS: Mapping[str, Colour] = MappingProxyType({module.COLOUR.code: module.COLOUR for module in MODULES})
"""Every colour by its code."""


def colour_named(code: Json, field: str = "colour") -> Colour:
    """Return the colour by its code. Raises `MalformedError` `unknown-colour`."""
    colour = COLOURS.get(code) if isinstance(code, str) else None
    if colour is None:
        raise MalformedError("unknown-colour", field)
    return colour
