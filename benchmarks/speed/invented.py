"""Invented records in bulk, for measuring: documents, vehicles, objects and persons of no real being.

    seed -> words by syllables, drawn as names are (few very common, most rare) -> rows of Comity's own form

The same seed gives the same rows.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from comity.records.fieldtype import Json

Row = dict[str, Json]

COUNTRIES = ("FRA", "EGY", "BRA", "JPN", "KEN", "CAN", "IND", "DEU", "ZAF", "MEX", "TUR", "POL")
LETTERS: Mapping[str, tuple[str, str]] = {
    "latin": ("bdfgklmnprst", "aeiou"),
    "cyrillic": ("бдгклмнпрст", "аеиоу"),
    "arabic": ("بدكلمنرسحع", "اوي"),
}
"""The letters that open and close the syllables of each script's invented words."""

SCRIPT_WEIGHTS = (80, 12, 8)
WORDS_COUNT = 20_000
MIX: Mapping[str, int] = {
    "travel_document": 70,
    "vehicle": 18,
    "person": 5,
    "administrative_document": 3,
    "device": 2,
    "firearm": 2,
}
"""Records by kind in a hundred: mostly travel documents and vehicles, as the world's lists have them."""


class Inventor:
    """Makes rows of each kind from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._words = {script: self._vocabulary(*letters) for script, letters in LETTERS.items()}

    def _vocabulary(self, opening: str, closing: str) -> list[str]:
        syllables = [first + last for first in opening for last in closing]
        chosen = self._random
        return ["".join(chosen.choices(syllables, k=chosen.randint(2, 4))) for _ in range(WORDS_COUNT)]

    def word(self, script: str) -> str:
        """Return a word of names; the chance of the n-th falls about as one over n."""
        return self._words[script][int(WORDS_COUNT ** self._random.random()) - 1]

    def name(self) -> str:
        """Return a name of two to four words in one script."""
        (script,) = self._random.choices(tuple(LETTERS), SCRIPT_WEIGHTS)
        return " ".join(
            self.word(script).capitalize() for _ in range(self._random.choice((2, 2, 2, 3, 3, 4)))
        )

    def day(self, first: int, last: int) -> str:
        """Return a day between two years."""
        chosen = self._random
        return f"{chosen.randint(first, last)}-{chosen.randint(1, 12):02}-{chosen.randint(1, 28):02}"

    def travel_document(self) -> Row:
        """Return a stolen or lost travel document."""
        chosen = self._random
        return {
            "type": chosen.choice(("P", "P", "P", "I", "V")),
            "issuer": chosen.choice(COUNTRIES),
            "number": f"{chosen.choice('ABCDEFGHJK')}{chosen.randrange(10**8):08}",
            "status": chosen.choice(("stolen", "lost", "revoked")),
            "since": self.day(2005, 2025),
            "expires": self.day(2026, 2034),
        }

    def administrative_document(self) -> Row:
        """Return a stolen administrative document."""
        number = f"R {self._random.randrange(10**9):09}"
        return {"type": "XR", "issuer": self._random.choice(COUNTRIES), "number": number, "status": "stolen"}

    def vehicle(self) -> Row:
        """Return a stolen vehicle."""
        chosen = self._random
        vin = "WVWZZZ1KZ" + "".join(chosen.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=8))
        plate = f"{chosen.choice('BMKFS')}-{chosen.choice('ABXY')}{chosen.choice('KLMN')} {chosen.randrange(10**4)}"
        return {
            "vin": vin,
            "plate": plate,
            "country": "DEU",
            "make": "Volkswagen",
            "model": chosen.choice(("Golf", "Polo", "Passat")),
            "colour": chosen.choice(("silver", "black", "white")),
            "status": "stolen",
            "since": self.day(2015, 2025),
        }

    def device(self) -> Row:
        """Return a stolen telephone."""
        return {"imei": f"{self._random.randrange(10**15):015}", "make": "Nokia", "status": "stolen"}

    def firearm(self) -> Row:
        """Return a lost firearm."""
        serial = f"KX {self._random.randrange(10**7):07}"
        return {"serial": serial, "type": "pistol", "make": "Glock", "calibre": "9mm Luger", "country": "AUT"}

    def person(self) -> Row:
        """Return a sought person with one to three names, as notices carry them."""
        chosen = self._random
        names: list[Json] = [{"name": self.name(), "type": "primary"}]
        names += [{"name": self.name(), "type": "alias"} for _ in range(chosen.choice((0, 0, 1, 2)))]
        country = chosen.choice(COUNTRIES)
        number = f"{chosen.choice('ABCDEFGHJK')}{chosen.randrange(10**8):08}"
        return {
            "names": names,
            "born": [self.day(1945, 2005)],
            "sex": chosen.choice("MF"),
            "nationalities": [country],
            "documents": [{"type": "P", "issuer": country, "number": number}],
            "height": chosen.randint(150, 199),
            "charges": [{"issuer": country, "charge": "Invented for measuring"}],
        }

    def makers(self) -> Mapping[str, Callable[[], Row]]:
        """Return what makes a row of each kind."""
        return {kind: getattr(self, kind) for kind in MIX}

    def rows(self, count: int, kind: str = "") -> Iterator[Row]:
        """Yield rows of one kind, or of all in the proportions of `MIX`."""
        makers = self.makers()
        kinds = self._random.choices(tuple(MIX), tuple(MIX.values()), k=count) if not kind else [kind] * count
        for place, one in enumerate(kinds):
            yield {"kind": one, "source_id": f"invented-{place}", **makers[one]()}


def write_list(path: Path, count: int, kind: str = "", seed: int = 1) -> None:
    """Write a list in Comity's own form."""
    with path.open("wb") as file:
        for row in Inventor(seed).rows(count, kind):
            file.write(msgspec.json.encode(row) + b"\n")
