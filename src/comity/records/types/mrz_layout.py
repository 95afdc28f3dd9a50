"""Where each field stands in each machine-readable zone.

Sources: ICAO Doc 9303 part 4 (TD3), 5 (TD1), 6 (TD2), 7 (MRV-A, MRV-B); the French identity card of 1988
to 2021 by its published specification. Places are counted from 0; a line and the half-open span in it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A span of one line: `line` from 0, `start` inclusive, `end` exclusive."""

    line: int
    start: int
    end: int

    def of(self, lines: tuple[str, ...]) -> str:
        """Return the characters at this place."""
        return lines[self.line][self.start : self.end]


@dataclass(frozen=True, slots=True)
class Check:
    """A check digit: its name, where it stands, what it covers; `empty` if a filler may stand for none."""

    name: str
    digit: Place
    over: tuple[Place, ...]
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of a zone. `begins` is a pattern of its first line; `overflows` if long numbers may run on.

    `names` is one place, split at `<<`, or two: surname and given names.
    """

    name: str
    width: int
    begins: str
    type: Place
    issuer: Place
    number: Place
    number_digit: Place
    names: tuple[Place, ...]
    nationality: Place
    birth: Place
    sex: Place
    expiry: Place
    optional: tuple[Place, ...]
    checks: tuple[Check, ...]
    overflows: bool = True


NOWHERE = Place(0, 0, 0)


def _two_lines(name: str, width: int, begins: str, *, visa: bool) -> Layout:
    optional = Place(1, 28, width if visa else width - 1)
    checks = [
        Check("birth", Place(1, 19, 20), (Place(1, 13, 19),)),
        Check("expiry", Place(1, 27, 28), (Place(1, 21, 27),)),
    ]
    if width == 44 and not visa:
        optional = Place(1, 28, 42)
        checks.append(Check("personal", Place(1, 42, 43), (optional,), empty=True))
    if not visa:
        over = (Place(1, 0, 10), Place(1, 13, 20), Place(1, 21, width - 1))
        checks.append(Check("composite", Place(1, width - 1, width), over))
    return Layout(
        name=name,
        width=width,
        begins=begins,
        type=Place(0, 0, 2),
        issuer=Place(0, 2, 5),
        number=Place(1, 0, 9),
        number_digit=Place(1, 9, 10),
        names=(Place(0, 5, width),),
        nationality=Place(1, 10, 13),
        birth=Place(1, 13, 19),
        sex=Place(1, 20, 21),
        expiry=Place(1, 21, 27),
        optional=(optional,),
        checks=tuple(checks),
        overflows=width == 36 and not visa,
    )


TD1 = Layout(
    name="TD1",
    width=30,
    begins="[A-Z]",
    type=Place(0, 0, 2),
    issuer=Place(0, 2, 5),
    number=Place(0, 5, 14),
    number_digit=Place(0, 14, 15),
    names=(Place(2, 0, 30),),
    nationality=Place(1, 15, 18),
    birth=Place(1, 0, 6),
    sex=Place(1, 7, 8),
    expiry=Place(1, 8, 14),
    optional=(Place(0, 15, 30), Place(1, 18, 29)),
    checks=(
        Check("birth", Place(1, 6, 7), (Place(1, 0, 6),)),
        Check("expiry", Place(1, 14, 15), (Place(1, 8, 14),)),
        Check(
            "composite",
            Place(1, 29, 30),
            (Place(0, 5, 30), Place(1, 0, 7), Place(1, 8, 15), Place(1, 18, 29)),
        ),
    ),
)

# The card states no expiry; its number is year, month, department office and serial: twelve digits.
FRENCH_CARD = Layout(
    name="FRA-ID",
    width=36,
    begins="IDFRA",
    type=Place(0, 0, 2),
    issuer=Place(0, 2, 5),
    number=Place(1, 0, 12),
    number_digit=Place(1, 12, 13),
    names=(Place(0, 5, 30), Place(1, 13, 27)),
    nationality=Place(0, 2, 5),
    birth=Place(1, 27, 33),
    sex=Place(1, 34, 35),
    expiry=NOWHERE,
    optional=(Place(0, 30, 36),),
    checks=(
        Check("birth", Place(1, 33, 34), (Place(1, 27, 33),)),
        Check("composite", Place(1, 35, 36), (Place(0, 0, 36), Place(1, 0, 35))),
    ),
    overflows=False,
)

LAYOUTS = (
    _two_lines("MRV-A", 44, "V", visa=True),
    _two_lines("MRV-B", 36, "V", visa=True),
    FRENCH_CARD,
    _two_lines("TD3", 44, "[A-Z]", visa=False),
    _two_lines("TD2", 36, "[A-Z]", visa=False),
    TD1,
)
"""Tried in this order: the particular before the general."""
