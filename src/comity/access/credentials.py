"""Credentials: passphrases (argon2id) with a time-based code, API keys, session tokens.

Nothing here stores anything; what is returned for storing cannot be turned back into the secret.
Sources: RFC 9106 (argon2), RFC 6238 (time-based codes, 30 s, 6 digits, SHA-1 as authenticators use it).
"""

import base64
import hashlib
import hmac
import secrets
import struct
import unicodedata
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

CODE_STEP_S = 30
CODE_WINDOW = 1
"""Steps of clock drift accepted on each side."""

_KEY_PREFIX = "comity_"
_WORD_CHARS = "abcdefghjkmnpqrstuvwxyz23456789"
_hasher = PasswordHasher()


class Secret(str):
    """A secret that a log, a traceback or a format string does not print; `reveal()` does."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return stars."""
        return "Secret('***')"

    def __str__(self) -> str:
        """Return stars."""
        return "***"

    def __format__(self, spec: str) -> str:
        """Return stars."""
        return "***"

    def reveal(self) -> str:
        """Return the secret itself, for the one place that must show or send it."""
        return str.__str__(self)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as its holder gets it, once: `id` finds it, `secret` is the whole key."""

    id: str
    secret: Secret
    digest: str


def new_passphrase() -> Secret:
    """Return a random passphrase of five groups, over 80 bits, without characters that look alike."""
    return Secret("-".join("".join(secrets.choice(_WORD_CHARS) for _ in range(4)) for _ in range(5)))


def hash_passphrase(passphrase: str) -> str:
    """Return the argon2id hash to store."""
    return _hasher.hash(passphrase.encode())


def passphrase_holds(stored: str, passphrase: str) -> bool:
    """Return whether the passphrase is the one whose hash is stored. Takes some 100 ms by design."""
    try:
        return _hasher.verify(stored, passphrase.encode("utf-8", "replace"))
    except (VerificationError, InvalidHashError):
        return False


def new_code_secret() -> Secret:
    """Return a random secret for time-based codes, base 32, 160 bits."""
    return Secret(base64.b32encode(secrets.token_bytes(20)).decode())


def code_at(secret: str, at_s: float) -> str:
    """Return the six-digit code for a moment, in seconds since 1970."""
    return _code(secret, int(at_s) // CODE_STEP_S)


def code_step(secret: str, code: str, at_s: float, last_step: int) -> int | None:
    """Return the time step that the code belongs to, or None where it does not hold.

    A step at or before `last_step` is not accepted: a code works once.
    """
    now = int(at_s) // CODE_STEP_S
    # A keyboard may write the digits of another script.
    plain = "".join(str(unicodedata.decimal(char, char)) for char in code if char != " ")
    presented = plain.encode("utf-8", "replace")
    for step in range(now - CODE_WINDOW, now + CODE_WINDOW + 1):
        if step > last_step and hmac.compare_digest(_code(secret, step).encode(), presented):
            return step
    return None


def _code(secret: str, step: int) -> str:
    key = base64.b32decode(str.__str__(secret))
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def new_api_key() -> ApiKey:
    """Return a new API key: 64 bits that find it, 256 bits that prove it."""
    key_id = secrets.token_hex(8)
    secret = Secret(f"{_KEY_PREFIX}{key_id}_{secrets.token_urlsafe(32)}")
    return ApiKey(key_id, secret, token_digest(secret.reveal()))


def api_key_id(secret: str) -> str | None:
    """Return the identifier inside a presented key, or None where it has not the form of a key."""
    parts = secret.removeprefix(_KEY_PREFIX).split("_", 1)
    return parts[0] if secret.startswith(_KEY_PREFIX) and len(parts) == 2 and len(parts[0]) == 16 else None


def new_session_token() -> Secret:
    """Return a new opaque session token of 256 bits."""
    return Secret(secrets.token_urlsafe(32))


def token_digest(token: str) -> str:
    """Return what is stored of a key or token: its SHA-256, enough for secrets of 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def same_digest(stored: str, presented: str) -> bool:
    """Return whether two digests are equal, in constant time."""
    return hmac.compare_digest(stored, presented)
