"""What is held and is no record, as a case has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from comity.records.fieldtype import Json


@dataclass(frozen=True, slots=True)
class Thing:
    """What is held and is no record. `said` is what it says; `about` the kind of record that this describes.

    `version` counts its changes where it can be corrected; `body` is what its receipt is the digest of.
    """

    kind: str
    id: str
    owner: str
    at: datetime
    state: str
    about: str | None
    said: Mapping[str, Json]
    body: bytes
    version: int | None = None

    @property
    def may_be_corrected(self) -> bool:
        """Whether its owner can amend it."""
        return self.version is not None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"state": self.state, "at": self.at.isoformat(), "about": self.about, "said": {**self.said}}

    @property
    def stands_at(self) -> str | None:
        """The record at which it stands, where that is somebody else's: who met this met it."""
        record = self.said.get("record")
        return record if isinstance(record, str) else None
