"""What names the person and is said no more, or was said beside a record of somebody else: each a thing of its own.

    passages that keys lead to -> earlier versions, scored as records are, and looked through for names
                               -> notes on hits, what was proposed and asked: looked through as messages are
    found -> a thing: `former` (all versions of a record before its present one), `note` (of a hit), `proposal`

What stands with a record that is about the person is no thing of its own: it is shown beside it, and goes with it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import msgspec
import numpy as np
from sqlalchemy import Connection

from comity.procedures.desk import Desk
from comity.procedures.mention_keys import Mention, mentions_in
from comity.procedures.message_keys import heard_ways, led_by, possible_ways
from comity.procedures.passage_keys import texts_asked
from comity.procedures.redress_elsewhere import with_elsewhere
from comity.procedures.redress_likeness import likelihoods_of
from comity.procedures.redress_mentions import Naming, namings
from comity.procedures.redress_thing import Thing
from comity.procedures.redress_words import Sought
from comity.records.check import Check
from comity.records.fieldtype import Json
from comity.records.hits import NOTED, OpenedHit, notes_of, without_notes
from comity.records.record import HeldRecord, record_from_bytes
from comity.registry import histories, hits, holdings, owner_requests, passages, redress
from comity.registry.histories import VERSION_BASE, HeldVersion
from comity.registry.owner_requests import OwnerRequest
from comity.registry.passages import FORMER, NOTE, Passage

AT_ONCE: Final = 500
FOUND_MAX: Final = 100
"""What is likeliest of so many records is shown at most."""

VERSIONS_MAX: Final = VERSION_BASE**3 - 1
"""An identifier has room for three signs: of a record with more versions the first so many are meant."""


def former_id(record: str, version: int) -> str:
    """Return the identifier of what a record said before a version."""
    return f"{record}.{np.base_repr(min(version, VERSIONS_MAX), VERSION_BASE)}"


def passages_naming(
    check: Check, known: Collection[str], about: Collection[str], connection: Connection, desk: Desk
) -> list[tuple[Thing, Naming]]:
    """Return what names the person in passages, surest first, `FOUND_MAX` of each sort at most.

    `known` are the records that are found by what they say now: what they said before is shown with them. `about`
    are those of them that are about the person: what is noted and proposed on these goes with them.
    """
    sought = Sought(check, ())
    ways = [way for way in possible_ways(sought) if way is not None] + heard_ways(sought)
    led = led_by(ways, passages.blocks(connection), desk)
    numbers = sorted({number for some in led for number in some})
    former: dict[str, Naming] = {}
    beside: dict[str, tuple[Thing, Naming]] = {}
    for start in range(0, len(numbers), AT_ONCE):
        page = [*passages.at(connection, numbers[start : start + AT_ONCE]).values()]
        said = [one for one in page if one.what == FORMER and one.one not in known]
        for record, naming in _naming_before(said, sought, connection, desk):
            if record not in former or naming.score > former[record].score:
                former[record] = naming
        others = [one for one in page if one.what != FORMER]
        beside |= {
            thing.id: (thing, naming) for thing, naming in _beside(others, about, sought, (connection, desk))
        }
    things = [(held, former[held.public_id]) for held in _likeliest(former, connection)]
    found = [
        (thing, naming) for held, naming in things if (thing := of_former(connection, held, held.version))
    ]
    return sorted([*found, *beside.values()], key=lambda pair: (-pair[1].score, pair[0].id))


def _likeliest(former: Mapping[str, Naming], connection: Connection) -> list[HeldRecord]:
    """Return the records that most surely named the person, as they are held: of few is it read what they said."""
    chosen = sorted(former, key=lambda one: (-former[one].score, one))[:FOUND_MAX]
    return [held for one in chosen if (held := holdings.fetch_by_id(connection, one)) is not None]


def _naming_before(
    some: Sequence[Passage], sought: Sought, connection: Connection, desk: Desk
) -> Iterator[tuple[str, Naming]]:
    """Yield which of the versions that these passages are of name the person, by their records."""
    bodies = histories.said_by(connection, {(one.one, one.version) for one in some})
    said = [(one, record_from_bytes(body)) for (one, _), body in sorted(bodies.items())]
    sure = likelihoods_of(with_elsewhere(sought.check), [record for _, record in said], desk)
    named = namings([mentions_in(record) for _, record in said], sought, desk)
    for (one, _), score, naming in zip(said, sure, named, strict=True):
        if score:
            yield one, Naming(score, "likeness", ())
        elif naming is not None:
            yield one, naming


def _beside(
    some: Sequence[Passage], about: Collection[str], sought: Sought, place: tuple[Connection, Desk]
) -> list[tuple[Thing, Naming]]:
    """Return the notes and requests of these passages that name the person, on records that are not about them."""
    connection, desk = place
    asked = owner_requests.held_with(connection, sorted({one.one for one in some if one.what != NOTE}))
    met = [hits.hit_with(connection, one) for one in sorted({one.one for one in some if one.what == NOTE})]
    noted = [hit for hit in met if hit is not None and hit.meeting.record not in about]
    said = [(thing, notes_of(hit)) for hit in noted if (thing := of_notes(hit)) is not None]
    said += [
        (thing, texts_asked(one))
        for one in asked
        if one.public_id not in about and (thing := of_asked(one)) is not None
    ]
    named = namings([[Mention("", text, is_name=False) for text in texts] for _, texts in said], sought, desk)
    return [
        (thing, replace(naming, fields=()))
        for (thing, _), naming in zip(said, named, strict=True)
        if naming is not None
    ]


def former_with(connection: Connection, one: str) -> Thing | None:
    """Return what such an identifier means, and is held; else None."""
    if one.endswith(NOTED):
        hit = hits.hit_with(connection, one.removesuffix(NOTED))
        return None if hit is None else of_notes(hit)
    record, dot, signs = one.partition(".")
    if dot:
        version = _version_of(signs)
        held = None if version is None else holdings.fetch_by_id(connection, record)
        # None that is still to come: what it will have said before nobody has read yet.
        if held is None or version is None or version > held.version:
            return None
        return of_former(connection, held, version)
    asked = owner_requests.held_with(connection, [one])
    return of_asked(asked[0]) if asked else None


def _version_of(signs: str) -> int | None:
    """Return the version that stands in an identifier; None for signs as which no version is written."""
    if not (
        signs.isascii() and signs.isalnum() and len(signs) <= len(np.base_repr(VERSIONS_MAX, VERSION_BASE))
    ):
        return None
    version = int(signs, VERSION_BASE)
    return version if np.base_repr(version, VERSION_BASE) == signs else None


def of_former(connection: Connection, held: HeldRecord, version: int) -> Thing | None:
    """Return what a record said before a version, as far as it says something else now; None where nothing is left."""
    earlier = [one for one in histories.history(connection, held) if one.number < min(version, held.version)]
    left = [one for one in earlier if one.record.data]
    if not left:
        return None
    record = held.record
    purposes: list[Json] = [purpose.value for purpose in sorted(record.handling.purposes)]
    versions: list[Json] = [shown for one in left if (shown := _version_json(one, record.data))["data"]]
    said: dict[str, Json] = {
        "record": held.public_id,
        "source_id": record.source_id,
        "list": held.list_name,
        "notice": record.notice,
        "purposes": purposes,
        "versions": versions,
    }
    body = b"\0".join(one.record.to_bytes() for one in left)
    one = former_id(held.public_id, version)
    return Thing(FORMER, one, held.owner, left[-1].at, "replaced", record.kind.code, said, body)


def _version_json(one: HeldVersion, now: Mapping[str, Json]) -> dict[str, Json]:
    data = {name: value for name, value in one.record.data.items() if now.get(name) != value}
    return {"version": one.number, "at": one.at.isoformat(), "data": data}


def of_notes(hit: OpenedHit) -> Thing | None:
    """Return the notes on a hit; its owner is whoever wrote the first of them. None where there are none."""
    notes = notes_of(hit)
    if not notes:
        return None
    parts = (
        (hit.meeting.bureau, hit.question),
        *((one.bureau, one) for one in (hit.reply, hit.closing) if one),
    )
    owner = next(bureau for bureau, part in parts if part is not None and part.note)
    bureaus: list[Json] = [*sorted({hit.meeting.owner, hit.meeting.bureau})]
    said: dict[str, Json] = {
        "record": hit.meeting.record,
        "hit": hit.id,
        "bureaus": bureaus,
        "purpose": hit.meeting.purpose,
        "notes": [*notes],
    }
    body = msgspec.json.encode(said, order="sorted")
    return Thing(NOTE, hit.id + NOTED, owner, hit.opened_at, hit.state.value, hit.meeting.kind, said, body)


def of_asked(request: OwnerRequest) -> Thing | None:
    """Return what was proposed to an owner, or asked of it, by another bureau; None where its words are gone."""
    if not texts_asked(request):
        return None
    asked: Json = msgspec.json.decode(request.said)
    said: dict[str, Json] = {
        "record": request.public_id,
        "owner": request.owner,
        "purpose": request.purpose,
        "said": asked,
        "reason": request.reason,
        "answer": request.answer,
    }
    body = msgspec.json.encode(said, order="sorted")
    return Thing(request.what, request.id, request.bureau, request.made_at, request.state, None, said, body)


def records_of_blocked(connection: Connection) -> set[str]:
    """Return the records with which something would be purged that a case blocks, and that they do not say now."""
    blocked = redress.blocked_beside(connection)
    records = {one.partition(".")[0] for what, one in blocked if what == FORMER}
    met = [hits.hit_with(connection, one.removesuffix(NOTED)) for what, one in blocked if what == NOTE]
    asked = owner_requests.held_with(connection, [one for what, one in blocked if what not in {FORMER, NOTE}])
    return records | {one.meeting.record for one in met if one} | {one.public_id for one in asked}


def remove_former(connection: Connection, thing: Thing) -> None:
    """Remove what such a thing says from the registry, and every key of it, in the caller's transaction."""
    if thing.kind == FORMER:
        record, _, version = thing.id.partition(".")
        held = holdings.fetch_by_id(connection, record)
        assert held is not None, "it was held a moment ago, in this transaction"
        histories.forget_before(connection, held, int(version, VERSION_BASE))
        passages.forget(connection, [record], int(version, VERSION_BASE))
    elif thing.kind == NOTE:
        hit = hits.hit_with(connection, thing.id.removesuffix(NOTED))
        assert hit is not None, "it was held a moment ago, in this transaction"
        hits.save(connection, [without_notes(hit)])
        passages.forget(connection, [hit.id])
    else:
        owner_requests.erase(connection, thing.id)
        passages.forget(connection, [thing.id])
