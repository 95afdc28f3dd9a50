"""Which segments make up the index, at which position: one small file, replaced whole."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from comity.errors import DamagedError

MANIFEST = "CURRENT"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which segments make up the index, at which position, with which names for spaces of names.

    `pairs` counts changes by the audiences before and after them, -1 where the record was or is not held.
    `readings` says by which edition of the readings the oldest segment was made, "" where that is not known.
    """

    position: int
    segments: tuple[str, ...]
    spaces: tuple[str, ...]
    pairs: Mapping[tuple[int, int], int]
    readings: str = ""

    def to_text(self) -> str:
        """Return the manifest as stored."""
        pairs = [[before, after, count] for (before, after), count in sorted(self.pairs.items())]
        return json.dumps(
            {
                "position": self.position,
                "segments": self.segments,
                "spaces": self.spaces,
                "pairs": pairs,
                "readings": self.readings,
            }
        )


def read_manifest(directory: Path) -> Manifest:
    """Return the manifest of an index directory, an empty one where there is none yet."""
    path = directory / MANIFEST
    if not path.exists():
        return Manifest(0, (), (), {})
    try:
        data = json.loads(path.read_text("utf-8"))
        pairs = {(before, after): count for before, after, count in data["pairs"]}
        readings = str(data.get("readings", ""))
        return Manifest(
            int(data["position"]), tuple(data["segments"]), tuple(data["spaces"]), pairs, readings
        )
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedError(what="index manifest") from error
