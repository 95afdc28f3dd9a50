"""Secrets that must be read again, such as those of time-based codes, sealed with the node's own key."""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken

from comity.errors import DamagedError


@dataclass(frozen=True, slots=True)
class Box:
    """Seals and opens with one key."""

    key: bytes

    def seal(self, secret: str) -> bytes:
        """Return the secret, sealed."""
        return Fernet(self.key).encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Return the secret; raises `DamagedError` where the key is another or the bytes are changed."""
        try:
            return Fernet(self.key).decrypt(sealed).decode()
        except InvalidToken as error:
            raise DamagedError(what="sealed secret") from error

    def mark(self, text: str) -> str:
        """Return what stands for a text in a log: the same each time, and nothing of it can be read back."""
        return hmac.new(self.key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:16]
