"""API keys that were verified a moment ago, so that not every request asks the database who is there.

A key is known for seconds at most, and only as long as nobody has written anything that may change who may do
what: a key revoked, an account closed, a bureau joined. The registry's pulse tells of that at once, so that a
revoked key is refused from its revocation's receipt on.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from comity.access.people import Officer
from comity.registry.registry import Registry

KNOWN_FOR_S = 5.0
KNOWN_FOR_SHARED_S = 0.05
"""Where other machines may write, whose pulse is not seen here."""

KEYS_MAX = 10_000

AGEING: Final = 0.5
"""After so much of that time it is worth asking anew."""


class Known(NamedTuple):
    """What was proven of a key: its public name, who it stands for and until when, until when that is believed.

    `epoch` is what the pulse said of accounts, keys and bureaus before it was proven.
    """

    key_id: str
    officer: Officer
    expires_at: datetime
    until_s: float
    epoch: int


@dataclass(slots=True)
class KnownKeys:
    """Officers by the digest of the key that proved them; keys themselves are not kept."""

    registry: Registry
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, Known] = field(default_factory=dict[str, Known])

    def officer(self, digest: str, at: datetime) -> Officer | None:
        """Return who the key of this digest was proven to stand for, where that still holds; None otherwise."""
        beat, known = self.registry.beat(), self._known.get(digest)
        if beat is None or known is None or known.epoch != beat.access:
            return None
        return known.officer if at < known.expires_at and self.clock() < known.until_s else None

    def public_name(self, digest: str) -> str | None:
        """Return the public name of a key that was known, so that it can be asked for anew; None for any other."""
        known = self._known.get(digest)
        return None if known is None else known.key_id

    def ageing(self, digest: str) -> str | None:
        """Return the public name of a known key that is worth asking for anew; None for any other."""
        known = self._known.get(digest)
        if known is None or known.until_s - self.clock() > AGEING * self._lasting_s():
            return None
        return known.key_id

    def epoch(self) -> int:
        """Return what `know` is to be told, read before the database is asked."""
        beat = self.registry.beat()
        return -1 if beat is None else beat.access

    def know(self, digest: str, key_id: str, officer: Officer, expires_at: datetime, epoch: int) -> None:
        """Keep who a key stands for, as the database said after `epoch` was read."""
        if epoch < 0:
            return
        if len(self._known) >= KEYS_MAX:
            self._known.clear()
        before = self._known.get(digest)
        if before is not None and before.officer == officer:
            officer = before.officer  # what is kept beside it, by its identity, holds on
        self._known[digest] = Known(key_id, officer, expires_at, self.clock() + self._lasting_s(), epoch)

    def forget(self, digest: str) -> None:
        """Know a key no more."""
        self._known.pop(digest, None)

    def _lasting_s(self) -> float:
        return KNOWN_FOR_SHARED_S if self.registry.is_shared else KNOWN_FOR_S
