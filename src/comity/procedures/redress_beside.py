"""What stands beside a record of a case: the request it rests on, hits, proposals, who was not meant by it.

All of it goes with the record where that is erased (`purging.COPIES`), and its receipt says how much.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from comity.records.fieldtype import Json
from comity.records.hits import OpenedHit
from comity.registry import distinctions, hits, notices, owner_requests
from comity.registry.distinctions import Distinction
from comity.registry.notices import HeldNotice, Step
from comity.registry.owner_requests import OwnerRequest

HITS_MAX = 200


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a record; the newest hits, two hundred at most."""

    notice: HeldNotice | None
    steps: tuple[Step, ...]
    hits: tuple[OpenedHit, ...]
    requests: tuple[OwnerRequest, ...]
    distinctions: tuple[Distinction, ...]

    @property
    def ids(self) -> list[str]:
        """The identifiers under which messages may refer to any of it."""
        return [one.id for one in self.hits]

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {
            "notice": None if self.notice is None else _notice_json(self.notice, self.steps),
            "hits": [_hit_json(one) for one in self.hits],
            "requests": [_request_json(one) for one in self.requests],
            "distinctions": [_distinction_json(one) for one in self.distinctions],
        }


def beside(connection: Connection, record: str, number: int) -> Beside:
    """Return what stands beside a record, by its identifier and its number."""
    notice = notices.fetch(connection, record)
    return Beside(
        notice,
        () if notice is None else tuple(notices.steps(connection, record)),
        tuple(hits.on_record(connection, record, HITS_MAX)),
        tuple(owner_requests.on_record(connection, number)),
        tuple(distinctions.on_record(connection, record)),
    )


def counts_of(connection: Connection, record: str, number: int) -> dict[str, int]:
    """Return how much stands beside a record, for the receipt of its erasure; what there is none of left out."""
    found = beside(connection, record, number)
    counts = {
        "notice": int(found.notice is not None),
        "hits": len(found.hits),
        "requests": len(found.requests),
        "distinctions": len(found.distinctions),
    }
    return {name: count for name, count in counts.items() if count}


def _notice_json(held: HeldNotice, steps: Sequence[Step]) -> dict[str, Json]:
    moves: list[Json] = [step.to_json(named=True) for step in steps]
    return {
        "form": held.form.value,
        "state": held.state.value,
        "reference": held.reference,
        "content": held.latest.to_json(),
        "steps": moves,
    }


def _hit_json(hit: OpenedHit) -> dict[str, Json]:
    notes = [part.note for part in (hit.question, hit.reply, hit.closing) if part is not None and part.note]
    return {
        "hit": hit.id,
        "state": hit.state.value,
        "origin": hit.meeting.origin.value,
        "bureau": hit.meeting.bureau,
        "account": hit.meeting.account,
        "purpose": hit.meeting.purpose,
        "opened_at": hit.opened_at.isoformat(),
        "times": hit.times_count,
        "outcome": None if hit.closing is None else hit.closing.outcome.value,
        "notes": [*notes],
    }


def _request_json(one: OwnerRequest) -> dict[str, Json]:
    said: Json = msgspec.json.decode(one.said)
    return {
        "request": one.id,
        "what": one.what,
        "bureau": one.bureau,
        "account": one.account,
        "state": one.state,
        "made_at": one.made_at.isoformat(),
        "said": said,
        "reason": one.reason,
        "answer": one.answer,
    }


def _distinction_json(one: Distinction) -> dict[str, Json]:
    return {
        "hit": one.hit,
        "bureau": one.bureau,
        "account": one.account,
        "at": one.at.isoformat(),
        "until": one.until.isoformat(),
        "agreed_at": None if one.agreed_at is None else one.agreed_at.isoformat(),
    }
