"""The keys that a bureau holds itself: made and kept outside the node, published by a signed statement.

    new_pair -> publication (signed by the new key, endorsed by the one before) -> event of the directory
    revocation (signed by the key, or by none where it is lost) -> event of the directory

A pair is an X25519 key that messages are sealed to and an Ed25519 key that signs them (RFC 7748, RFC 8032).
A statement is canonical JSON: sorted names, no spaces, binary values in base 64.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from comity.errors import MalformedError

EVENT_BYTES_MAX: Final = 4096
REASON_CHARS_MAX: Final = 200
_ID_MARK: Final = b"comity-key-1\0"
_PUBLICATION_MARK: Final = b"comity-key-publication-1\0"
_REVOCATION_MARK: Final = b"comity-key-revocation-1\0"


class Publication(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="what", tag="published"
):
    """A bureau says which keys are its own from now on.

    `signature` is by the new key itself, `endorsement` by the `previous` one; a bureau that has lost its key
    publishes without one, and whoever seals to it is told so.
    """

    bureau: str
    key: str
    seal: bytes
    sign: bytes
    at: str
    previous: str | None
    signature: bytes = b""
    endorsement: bytes = b""


class Revocation(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="what", tag="revoked"
):
    """A bureau says that one of its keys is no longer to be trusted; `signature` is by that key, or empty."""

    bureau: str
    key: str
    at: str
    reason: str
    signature: bytes = b""


KeyStatement = Publication | Revocation
_Made = TypeVar("_Made", Publication, Revocation)
_decoder: msgspec.json.Decoder[KeyStatement] = msgspec.json.Decoder(KeyStatement)
_encoder: Final = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What others know of a bureau's pair."""

    bureau: str
    seal: bytes
    sign: bytes

    @property
    def id(self) -> str:
        """The name of the pair: 128 bits over both keys, in hexadecimal."""
        return hashlib.sha256(_ID_MARK + self.seal + self.sign).hexdigest()[:32]

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Return whether the signature is this pair's, over this message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.sign).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A bureau's own pair. It never comes near the node."""

    bureau: str
    seal: X25519PrivateKey
    sign: Ed25519PrivateKey

    @property
    def public(self) -> PublicKeys:
        """The public side."""
        return PublicKeys(
            self.bureau,
            self.seal.public_key().public_bytes_raw(),
            self.sign.public_key().public_bytes_raw(),
        )


def new_pair(bureau: str) -> KeyPair:
    """Return a new random pair."""
    return KeyPair(bureau, X25519PrivateKey.generate(), Ed25519PrivateKey.generate())


def publication(pair: KeyPair, at: datetime, previous: KeyPair | None = None) -> bytes:
    """Return the statement that publishes a pair, endorsed by the previous one where it is at hand."""
    public = pair.public
    said = Publication(
        bureau=pair.bureau,
        key=public.id,
        seal=public.seal,
        sign=public.sign,
        at=_moment(at),
        previous=None if previous is None else previous.public.id,
    )
    message = _PUBLICATION_MARK + _encoder.encode(said)
    endorsement = b"" if previous is None else previous.sign.sign(message)
    signed = msgspec.structs.replace(said, signature=pair.sign.sign(message), endorsement=endorsement)
    return _encoder.encode(signed)


def revocation(bureau: str, key: str, at: datetime, reason: str, pair: KeyPair | None = None) -> bytes:
    """Return the statement that revokes a key, signed by it where it is at hand."""
    said = Revocation(bureau=bureau, key=key, at=_moment(at), reason=reason)
    signature = b"" if pair is None else pair.sign.sign(_REVOCATION_MARK + _encoder.encode(said))
    return _encoder.encode(msgspec.structs.replace(said, signature=signature))


def read_statement(event: bytes) -> KeyStatement:
    """Return the statement of these bytes; its own signature holds.

    Raises `MalformedError` `key-statement` for bytes in any other form, and `key-signature`.
    """
    try:
        said = _decoder.decode(event)
        datetime.fromisoformat(said.at)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        raise MalformedError("key-statement", "statement") from None
    if len(event) > EVENT_BYTES_MAX or _encoder.encode(said) != event:
        raise MalformedError("key-statement", "statement")
    if isinstance(said, Revocation):
        if not said.reason.strip() or len(said.reason) > REASON_CHARS_MAX:
            raise MalformedError("key-statement", "statement")
        return said
    public = keys_of(said)
    if len(said.seal) != 32 or len(said.sign) != 32 or public.id != said.key:
        raise MalformedError("key-statement", "statement")
    if not public.holds(said.signature, _PUBLICATION_MARK + _unsigned(said)):
        raise MalformedError("key-signature", "statement")
    return said


def keys_of(said: Publication) -> PublicKeys:
    """Return the keys that a publication names."""
    return PublicKeys(said.bureau, said.seal, said.sign)


def is_endorsed(said: Publication, previous: PublicKeys) -> bool:
    """Return whether the previous pair vouches for the one that is published."""
    return previous.holds(said.endorsement, _PUBLICATION_MARK + _unsigned(said))


def is_signed(said: Revocation, key: PublicKeys) -> bool:
    """Return whether the key revokes itself."""
    return key.holds(said.signature, _REVOCATION_MARK + _unsigned(said))


def _unsigned(said: _Made) -> bytes:
    if isinstance(said, Publication):
        return _encoder.encode(msgspec.structs.replace(said, signature=b"", endorsement=b""))
    return _encoder.encode(msgspec.structs.replace(said, signature=b""))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat()
