"""The schemas of messages, the bureaus' keys, proposals and requests for access."""

from collections.abc import Mapping

from comity.api.schemas import (
    ANY_OBJECT,
    MOMENT,
    TEXT,
    TEXT_OR_NONE,
    TRUTH,
    WHOLE,
    chosen,
    closed,
    listed,
    named,
)
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, View
from comity.records.messages.message import REFERENCE_KINDS, Priority
from comity.records.messages.phrases import PHRASES

MOMENT_OR_NONE: Json = {"type": ["string", "null"], "format": "date-time"}
WHOLE_OR_NONE: Json = {"type": ["integer", "null"]}
HANDLING: Json = chosen(["H0", "H1", "H2", "H3"])


def _or_none(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _content() -> Json:
    phrase = closed({"code": chosen([*PHRASES])}, {"values": ANY_OBJECT})
    reference = closed({"kind": chosen([*REFERENCE_KINDS]), "id": TEXT})
    attachment = closed({"name": TEXT, "digest": TEXT})
    said: dict[str, Json] = {
        "subject": TEXT_OR_NONE,
        "text": TEXT_OR_NONE,
        "language": TEXT_OR_NONE,
        "reliability": TEXT,
        "phrase": _or_none(phrase),
        "references": listed(reference),
        "attachments": listed(attachment),
    }
    return closed({}, said)


def _header() -> dict[str, Json]:
    return {
        "priority": chosen([one.value for one in Priority]),
        "handling_code": HANDLING,
        "handling_note": TEXT_OR_NONE,
        "asks": TRUTH,
        "answer_within": WHOLE_OR_NONE,
        "second": TEXT_OR_NONE,
        "shows_recipients": TRUTH,
    }


def _carried() -> dict[str, Json]:
    return {"to": listed(TEXT), "purpose": chosen([one.value for one in Purpose]), **_header()}


def _envelope() -> Json:
    slot = closed({"bureau": TEXT, "key": TEXT, "wrapped": TEXT})
    head = closed(
        {
            **dict.fromkeys(("form", "author", "key", "at", "ephemeral"), TEXT),
            "thread": TEXT_OR_NONE,
            "to": listed(slot),
        }
    )
    return closed({"head": head, "sealed": TEXT, "signature": TEXT})


def _receipt() -> Json:
    moments = ("delivered_at", "read_at", "due_at", "answered_at", "escalated_at")
    return closed(
        {"bureau": TEXT, "part": TEXT, **dict.fromkeys(moments, MOMENT_OR_NONE), "may_forward": TRUTH}
    )


def _shown() -> Json:
    record = closed(
        {"kind": TEXT, "owner": TEXT, "view": chosen([one.value for one in View]), "data": ANY_OBJECT}
    )
    reference = closed({"kind": TEXT, "id": TEXT, "record": _or_none(record)})
    file = closed({"place": WHOLE, "name": TEXT, "digest": TEXT, "size": WHOLE})
    return closed(
        {
            **dict.fromkeys(("message", "thread", "author", "part"), TEXT),
            "place": WHOLE,
            "account": TEXT_OR_NONE,
            "unit": TEXT_OR_NONE,
            "at": MOMENT,
            "answers": TEXT_OR_NONE,
            **_carried(),
            "content": _or_none(named("MessageContent")),
            "sealed": _or_none(named("Envelope")),
            "forwarded": _or_none(named("Forwarded")),
            "references": listed(reference),
            "files": listed(file),
            "receipts": listed(_receipt()),
            "may_forward": TRUTH,
            "withheld": _or_none(chosen(["blocked", "erased"])),
            **dict.fromkeys(("due_at", "answered_at", "escalated_at"), MOMENT_OR_NONE),
        }
    )


def _line() -> Json:
    return closed(
        {
            **dict.fromkeys(("thread", "message", "author"), TEXT),
            "to": listed(TEXT),
            "at": MOMENT,
            "subject": TEXT_OR_NONE,
            "phrase": TEXT_OR_NONE,
            "is_sealed": TRUTH,
            "priority": TEXT,
            "handling_code": HANDLING,
            "messages_count": WHOLE,
            "is_unread": TRUTH,
            "due_at": MOMENT_OR_NONE,
        }
    )


def _draft() -> Json:
    return closed({"draft": TEXT, "saved_at": MOMENT, "message": ANY_OBJECT})


def _left_draft() -> Json:
    said: dict[str, Json] = dict.fromkeys(("draft", "account", "purged_on", "subject"), TEXT)
    return closed({**said, "saved_at": MOMENT, "to": listed(TEXT)})


def message_schemas() -> Mapping[str, Json]:
    """Return the schemas of messages by name."""
    content = _content()
    assert isinstance(content, dict), "an object's schema is one itself"
    said = content["properties"]
    assert isinstance(said, dict), "so are its properties"
    header = _header()
    sending = {**header, "thread": TEXT_OR_NONE, "answers": TEXT_OR_NONE, **said, "sealed": named("Envelope")}
    needed: dict[str, Json] = {
        "to": listed({"type": "string", "pattern": "^[A-Z]{3}$"}),
        "purpose": chosen([one.value for one in Purpose]),
    }
    passing: dict[str, Json] = {**header, "purpose": needed["purpose"], "text": TEXT_OR_NONE}
    field = closed({"field": TEXT, "type": TEXT, "is_required": TRUTH})
    phrase = closed(
        {
            "code": chosen([*PHRASES]),
            "asks": TRUTH,
            "is_urgent": TRUTH,
            "answer_within": WHOLE_OR_NONE,
            "one_of": listed(TEXT),
            "fields": listed(field),
        }
    )
    return {
        "MessageSending": closed(needed, sending),
        "MessagePassing": closed({"to": needed["to"]}, passing),
        "MessageContent": content,
        "Envelope": _envelope(),
        "Forwarded": closed(
            {
                "author": TEXT,
                "at": MOMENT,
                "handling_code": HANDLING,
                "handling_note": TEXT_OR_NONE,
                "content": named("MessageContent"),
                "forwarded": _or_none(named("Forwarded")),
            }
        ),
        "MessageShown": _shown(),
        "MessageSent": closed({"message": TEXT, "thread": TEXT, "at": MOMENT, "due_at": MOMENT_OR_NONE}),
        "Inbox": closed({"threads": listed(_line()), "next": TEXT_OR_NONE}),
        "MessageThread": closed(
            {"thread": TEXT, "messages": listed(named("MessageShown")), "next": TEXT_OR_NONE}
        ),
        **_search_schemas(),
        "MessagePost": closed({"messages": listed(named("MessageShown")), "next": TEXT}),
        "MessageReceipts": closed({"message": TEXT, "receipts": listed(_receipt())}),
        "MessageLeaveGiven": closed({"message": TEXT, "bureau": TEXT}),
        "MessageLeave": closed({"bureau": TEXT}),
        "MessageFile": closed({"name": TEXT, "digest": TEXT, "size": WHOLE}),
        "MessageDraft": _draft(),
        "MessageDrafts": closed({"drafts": listed(_draft())}),
        "LeftDrafts": closed({"drafts": listed(_left_draft())}),
        "LeftAnswer": closed({"answer": chosen(["take-over", "drop"])}),
        "LeftAnswered": closed({"draft": TEXT, "answer": chosen(["take-over", "drop"])}),
        "Dropped": closed({"draft": TEXT}),
        "AnyMessage": ANY_OBJECT,
        "Phrases": closed({"phrases": listed(phrase)}),
    }


def _search_schemas() -> dict[str, Json]:
    asked: dict[str, Json] = dict.fromkeys(("text", "bureau", "about", "before"), TEXT_OR_NONE)
    return {
        "MessageSearch": closed({}, {**asked, "limit": WHOLE_OR_NONE}),
        "MessagesFound": closed({"messages": listed(_found()), "next": TEXT_OR_NONE}),
        "Owed": closed({"owed": listed(_owed()), "has_more": TRUTH}),
    }


def _found() -> Json:
    return closed(
        {
            **dict.fromkeys(("message", "thread", "author", "excerpt"), TEXT),
            "to": listed(TEXT),
            "at": MOMENT,
            **dict.fromkeys(("subject", "phrase"), TEXT_OR_NONE),
            "is_sealed": TRUTH,
            "priority": chosen([one.value for one in Priority]),
            "handling_code": HANDLING,
        }
    )


def _owed() -> Json:
    return closed(
        {
            "what": chosen(["message", "hit", "proposal", "access"]),
            **dict.fromkeys(("id", "bureau"), TEXT),
            **dict.fromkeys(("asked_at", "due_at"), MOMENT),
            **dict.fromkeys(("is_overdue", "is_sealed", "is_passed_on"), TRUTH),
            **dict.fromkeys(("kind", "subject", "phrase", "passed_on_to"), TEXT_OR_NONE),
        }
    )


def key_schemas() -> Mapping[str, Json]:
    """Return the schemas of the key directory by name."""
    key = closed(
        {
            **dict.fromkeys(("key", "bureau"), TEXT),
            "published_at": MOMENT,
            **dict.fromkeys(("is_current", "is_endorsed", "is_first"), TRUTH),
            **dict.fromkeys(("replaced_at", "revoked_at"), MOMENT_OR_NONE),
            "reason": TEXT_OR_NONE,
        }
    )
    proof = closed({"seq": WHOLE, "size": WHOLE, "path": listed(TEXT)})
    return {
        "KeyStatement": closed({"statement": TEXT}),
        "ListedKey": key,
        "KeyDirectory": closed(
            {"events": listed(TEXT), "head": TEXT_OR_NONE, "verifier": TEXT, "keys": listed(key)}
        ),
        "KeyProofs": closed({"proofs": listed(closed({"entry": TEXT, "proof": proof, "head": TEXT}))}),
    }


def request_schemas() -> Mapping[str, Json]:
    """Return the schemas of proposals and requests for access by name."""
    shown: dict[str, Json] = {
        **dict.fromkeys(("record", "owner", "bureau", "reason", "state"), TEXT),
        **dict.fromkeys(("kind", "account", "purpose", "answer"), TEXT_OR_NONE),
        **dict.fromkeys(("made_at", "due_at"), MOMENT),
        "is_overdue": TRUTH,
        "ended_at": MOMENT_OR_NONE,
        "version": WHOLE_OR_NONE,
    }
    change = closed({"field": TEXT, "now": {}}, {"new": {}, "add": {}})
    proposal = closed({"proposal": TEXT, **shown, "changes": listed(change)})
    access = closed({"access": TEXT, **shown})
    new: Json = {"oneOf": [closed({"field": TEXT, "new": {}}), closed({"field": TEXT, "add": {}})]}
    return {
        "Proposing": closed({"record": TEXT, "version": WHOLE, "changes": listed(new), "reason": TEXT}),
        "Proposal": proposal,
        "Proposals": closed({"proposals": listed(proposal), "next": TEXT_OR_NONE}),
        "AccessAsking": closed({"record": TEXT, "reason": TEXT}),
        "AccessEnding": closed({"reason": TEXT}),
        "AccessRequest": access,
        "AccessRequests": closed({"requests": listed(access), "next": TEXT_OR_NONE}),
        "Decision": closed({"accept": TRUTH}, {"reason": TEXT_OR_NONE, "version": WHOLE}),
    }
