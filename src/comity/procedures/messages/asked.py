"""What the log keeps of a message that was asked for: how it was to be carried, never what it says."""

import secrets
from base64 import b32encode

from comity.errors import UnknownError
from comity.records.fieldtype import Json
from comity.records.messages.message import HEADER_FIELDS, PUBLIC_ID


def terms(data: Json) -> dict[str, Json]:
    """Return the parts of a message's header as they were asked, and the code of its phrase.

    What a message says is for its parties; it does not go into a log that others prove and read.
    """
    if not isinstance(data, dict):
        return {"malformed": type(data).__name__}
    said = {name: value for name, value in data.items() if name in HEADER_FIELDS - {"handling_note"}}
    phrase = data.get("phrase")
    code = phrase.get("code") if isinstance(phrase, dict) else None
    return {**said, "phrase": code} if isinstance(code, str) else said


def new_id() -> str:
    """Return a random identifier as the doors show them: 20 characters, 100 bits."""
    return b32encode(secrets.token_bytes(13)).decode()[:20]


def known_form(one: str, what: str) -> str:
    """Return the identifier; what has not the form of one is as unknown as one that is not held."""
    if not PUBLIC_ID.fullmatch(one):
        raise UnknownError(what=what, name=one[:40])
    return one
