"""An envelope: content that only its readers' keys open, signed by its author.

    content, padded -> sealed once under a fresh content key -> that key wrapped for each reader -> signed

    wrapping key  HKDF-SHA256 (RFC 5869) of X25519 (RFC 7748) between a fresh key of the envelope and the reader's
    ciphers       ChaCha20-Poly1305 (RFC 8439)
    signature     Ed25519 (RFC 8032) over the canonical bytes of everything else

The head - author, readers, thread, moment - is associated data of the content: whoever cuts the signature off
and signs anew cannot pass the content off as their own. Each key is used for one sealing alone, so that nonces
are zero. There is no forward secrecy: whoever gets a reader's key later reads what was sealed to it.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from comity.access.bureau_keys import KeyPair, PublicKeys
from comity.errors import MalformedError

BLOCK_BYTES: Final = 1024
"""Content is padded to whole blocks: a short message and a shorter one look alike."""

CONTENT_BYTES_MAX: Final = 8 * 1024 * 1024
_SIGNED_MARK: Final = b"comity-envelope-1\0"
_WRAP_MARK: Final = b"comity-envelope-1 wrap\0"
_NONCE: Final = bytes(12)
_Key = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
_Wrapped = Annotated[bytes, msgspec.Meta(min_length=48, max_length=48)]


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content key as one reader's pair opens it."""

    bureau: str
    key: str
    wrapped: _Wrapped


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who wrote, by which key, to whom, in which thread, when. All of it is open to the node."""

    form: Literal["comity-envelope-1"] = "comity-envelope-1"
    author: str
    key: str
    at: str
    thread: str | None
    ephemeral: _Key
    to: tuple[Slot, ...]


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sealed message as it travels and is kept."""

    head: Head
    sealed: bytes
    signature: bytes


_encoder: Final = msgspec.json.Encoder(order="sorted")
_decoder: Final = msgspec.json.Decoder(Envelope)


def seal(
    content: bytes, author: KeyPair, readers: Sequence[PublicKeys], thread: str | None, at: datetime
) -> bytes:
    """Return the envelope that these readers, and its author, can open.

    Raises `MalformedError` `text-too-long` for more than 8 MiB, `key-statement` for a key that is none.
    """
    if len(content) > CONTENT_BYTES_MAX:
        raise MalformedError("text-too-long", "text")
    content_key, ephemeral = os.urandom(32), X25519PrivateKey.generate()
    everyone = {public.id: public for public in (*readers, author.public)}
    head = Head(
        author=author.bureau,
        key=author.public.id,
        at=at.astimezone(UTC).replace(microsecond=0).isoformat(),
        thread=thread,
        ephemeral=ephemeral.public_key().public_bytes_raw(),
        to=tuple(_slot(public, ephemeral, content_key) for public in everyone.values()),
    )
    sealed = ChaCha20Poly1305(content_key).encrypt(_NONCE, _padded(content), _encoder.encode(head))
    unsigned = Envelope(head, sealed, b"")
    signature = author.sign.sign(_SIGNED_MARK + _encoder.encode(unsigned))
    return _encoder.encode(Envelope(head, sealed, signature))


def read_envelope(body: bytes) -> Envelope:
    """Return the envelope of these canonical bytes; raises `MalformedError` `envelope-form`."""
    try:
        envelope = _decoder.decode(body)
        datetime.fromisoformat(envelope.head.at)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        raise MalformedError("envelope-form", "sealed") from None
    if _encoder.encode(envelope) != body or len({slot.bureau for slot in envelope.head.to}) < 2:
        raise MalformedError("envelope-form", "sealed")
    return envelope


def is_signed_by(envelope: Envelope, author: PublicKeys) -> bool:
    """Return whether the envelope is its author's, by this key, in every byte."""
    head = envelope.head
    unsigned = msgspec.structs.replace(envelope, signature=b"")
    return (head.author, head.key) == (author.bureau, author.id) and author.holds(
        envelope.signature, _SIGNED_MARK + _encoder.encode(unsigned)
    )


def open_envelope(envelope: Envelope, author: PublicKeys, reader: KeyPair) -> bytes:
    """Return the content.

    Raises `MalformedError` `envelope-signature` where it is not the author's, `envelope-other-key` where it is
    not sealed to the reader's pair, `envelope-damaged` where it does not open.
    """
    if not is_signed_by(envelope, author):
        raise MalformedError("envelope-signature", "sealed")
    slot = next((one for one in envelope.head.to if one.key == reader.public.id), None)
    if slot is None:
        raise MalformedError("envelope-other-key", "key")
    head = envelope.head
    try:
        shared = reader.seal.exchange(X25519PublicKey.from_public_bytes(head.ephemeral))
        wrapping = _wrapping(shared, head.ephemeral, reader.public)
        content_key = wrapping.decrypt(_NONCE, slot.wrapped, None)
        padded = ChaCha20Poly1305(content_key).decrypt(_NONCE, envelope.sealed, _encoder.encode(head))
    except (InvalidTag, ValueError):
        raise MalformedError("envelope-damaged", "sealed") from None
    return padded.rstrip(b"\0")[:-1]


def _slot(public: PublicKeys, ephemeral: X25519PrivateKey, content_key: bytes) -> Slot:
    try:
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public.seal))
    except ValueError:
        raise MalformedError("key-statement", "to") from None
    wrapping = _wrapping(shared, ephemeral.public_key().public_bytes_raw(), public)
    return Slot(public.bureau, public.id, wrapping.encrypt(_NONCE, content_key, None))


def _wrapping(shared: bytes, ephemeral: bytes, public: PublicKeys) -> ChaCha20Poly1305:
    info = _WRAP_MARK + public.id.encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=ephemeral + public.seal, info=info).derive(shared)
    return ChaCha20Poly1305(key)


def _padded(content: bytes) -> bytes:
    marked = content + b"\x80"
    return marked + bytes(-len(marked) % BLOCK_BYTES)
