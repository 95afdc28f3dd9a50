"""API keys that were verified a moment ago, so that not every request asks the database who is there.

A key is known for seconds at most, and only as long as nobody has written anything that may change who may do
what: a key revoked, an account closed, a bureau joined. The registry's pulse tells of that at once, so that a
revoked key is refused from its revocation's receipt on.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from comity.access.people import Officer
from comity.registry.registry import Registry

KNOWN_FOR_S = 5.0
KNOWN_FOR_SHARED_S = 0.05
"""Where other machines may write, whose pulse is not seen here."""

KEYS_MAX = 10_000


@dataclass(slots=True)
class KnownKeys:
    """Officers by the digest of the key that proved them; keys themselves are not kept."""

    registry: Registry
    clock: Callable[[], float] = time.monotonic
    _officers: dict[str, tuple[Officer, datetime, float]] = field(
        default_factory=dict[str, tuple[Officer, datetime, float]]
    )
    _access: int = -1

    def officer(self, digest: str, at: datetime) -> Officer | None:
        """Return who the key of this digest was proven to stand for, where that still holds; None otherwise."""
        beat = self.registry.beat()
        if beat is None or beat.access != self._access:
            self._officers.clear()
            self._access = -1 if beat is None else beat.access
            return None
        known = self._officers.get(digest)
        if known is None:
            return None
        officer, expires_at, known_until = known
        return officer if at < expires_at and self.clock() < known_until else None

    def epoch(self) -> int:
        """Return what `know` is to be told, read before the database is asked."""
        beat = self.registry.beat()
        return -1 if beat is None else beat.access

    def know(self, digest: str, officer: Officer, expires_at: datetime, epoch: int) -> None:
        """Keep who a key stands for, as the database said after `epoch` was read."""
        if epoch < 0 or epoch != self._access:
            return
        if len(self._officers) >= KEYS_MAX:
            self._officers.clear()
        lasting = KNOWN_FOR_SHARED_S if self.registry.is_shared else KNOWN_FOR_S
        self._officers[digest] = officer, expires_at, self.clock() + lasting
