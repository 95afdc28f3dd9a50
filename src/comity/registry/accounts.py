"""Bureaus, accounts and credentials as the registry keeps them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, insert, or_, select, update

from comity.access.acts import Act
from comity.access.people import Bureau
from comity.access.roles import Role, role_named
from comity.errors import ConflictError, MalformedError, UnknownError
from comity.records.handling import Purpose
from comity.registry.schema import ACCOUNTS, API_KEYS, BUREAUS, DELEGATIONS, OFFICERS, SESSIONS, UNITS

# What every request asks is made once: putting a statement together takes longer than the database takes to answer it.
_NAMED: BindParameter[str] = bindparam("named")
_BUREAU_AND_COUNT = select(
    BUREAUS.c.code,
    BUREAUS.c.bit,
    BUREAUS.c.region,
    select(func.count()).select_from(BUREAUS).scalar_subquery(),
).where(BUREAUS.c.code == _NAMED)
_ALL_BUREAUS = select(BUREAUS.c.code, BUREAUS.c.bit, BUREAUS.c.region).order_by(BUREAUS.c.bit)
_ACCOUNT = select(ACCOUNTS).where(ACCOUNTS.c.name == _NAMED)
_KEY = select(API_KEYS).where(API_KEYS.c.id == _NAMED)
_SESSION = select(SESSIONS).where(SESSIONS.c.digest == _NAMED)


@dataclass(frozen=True, slots=True)
class Account:
    """An account: who signs in, for which bureau, in which role, for which purposes."""

    name: str
    bureau: str
    role: Role
    unit: str | None = None
    officer: str | None = None
    purposes: frozenset[Purpose] = frozenset()
    is_open: bool = True
    passphrase_hash: str | None = None
    code_secret: bytes | None = None
    code_step: int = 0
    failures_count: int = 0
    locked_until: datetime | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class StoredKey:
    """An API key as stored: never the key itself."""

    id: str
    account: str
    digest: str
    acts: frozenset[Act] | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as stored: the digest of its token."""

    digest: str
    account: str
    seen_at: datetime
    expires_at: datetime


def add_bureaus(connection: Connection, regions: Mapping[str, str]) -> None:
    """Add bureaus by code and region; each gets the next free bit. Known ones stay as they are."""
    known = set(connection.execute(select(BUREAUS.c.code)).scalars())
    bit = connection.execute(select(func.coalesce(func.max(BUREAUS.c.bit), -1))).scalar_one() + 1
    rows = [
        {"code": code, "bit": bit + place, "region": regions[code]}
        for place, code in enumerate(code for code in regions if code not in known)
    ]
    if rows:
        connection.execute(insert(BUREAUS), rows)


def all_bureaus(connection: Connection) -> dict[str, Bureau]:
    """Return every bureau by its code."""
    rows = connection.execute(_ALL_BUREAUS).all()
    return {code: Bureau(code, bit, region) for code, bit, region in rows}


def bureau_and_count(connection: Connection, code: str) -> tuple[Bureau, int]:
    """Return a bureau, and how many bureaus there are; raises `UnknownError`."""
    row = connection.execute(_BUREAU_AND_COUNT, {"named": code}).first()
    if row is None:
        raise UnknownError(what="bureau", name=code[:40])
    return Bureau(row[0], row[1], row[2]), row[3]


def add_unit(connection: Connection, bureau: str, code: str) -> None:
    """Add a unit to a bureau; raises `ConflictError` where the bureau has it already."""
    if code in units_of(connection, bureau):
        raise ConflictError(what="unit", rule="name-taken")
    connection.execute(insert(UNITS).values(bureau=bureau, code=code))


def units_of(connection: Connection, bureau: str) -> list[str]:
    """Return the codes of a bureau's units, in order."""
    found = select(UNITS.c.code).where(UNITS.c.bureau == bureau).order_by(UNITS.c.code)
    return list(connection.execute(found).scalars())


def add_officer(connection: Connection, bureau: str, number: str, unit: str) -> None:
    """Add an officer, by service number, to a unit.

    Raises `UnknownError` for a unit that the bureau has not, `ConflictError` where the number is taken.
    """
    if unit not in units_of(connection, bureau):
        raise UnknownError(what="unit", name=unit[:40])
    if number in officers_of(connection, bureau):
        raise ConflictError(what="officer", rule="name-taken")
    connection.execute(insert(OFFICERS).values(bureau=bureau, number=number, unit=unit))


def officers_of(connection: Connection, bureau: str) -> dict[str, str]:
    """Return the unit of each of a bureau's officers by service number, in order."""
    found = select(OFFICERS.c.number, OFFICERS.c.unit).where(OFFICERS.c.bureau == bureau)
    return {row.number: row.unit for row in connection.execute(found.order_by(OFFICERS.c.number))}


def delegate(connection: Connection, owners: Iterable[str], bureau: str) -> None:
    """Record that each owner lets `bureau` enter lists in its name."""
    known = set(
        connection.execute(select(DELEGATIONS.c.owner).where(DELEGATIONS.c.bureau == bureau)).scalars()
    )
    rows = [{"owner": owner, "bureau": bureau} for owner in owners if owner not in known and owner != bureau]
    if rows:
        connection.execute(insert(DELEGATIONS), rows)


def take_back(connection: Connection, owner: str, bureau: str) -> None:
    """Record that the owner no longer lets `bureau` enter lists in its name."""
    connection.execute(
        DELEGATIONS.delete().where(DELEGATIONS.c.owner == owner, DELEGATIONS.c.bureau == bureau)
    )


def may_enter_for(connection: Connection, owner: str, bureau: str) -> bool:
    """Return whether `owner` lets `bureau` enter lists in its name."""
    found = select(DELEGATIONS.c.owner).where(DELEGATIONS.c.owner == owner, DELEGATIONS.c.bureau == bureau)
    return connection.execute(found).first() is not None


def add_account(connection: Connection, account: Account, at: datetime) -> None:
    """Add an account; raises `ConflictError` where the name is taken, `MalformedError` for the bureau."""
    if connection.execute(select(ACCOUNTS.c.name).where(ACCOUNTS.c.name == account.name)).first():
        raise ConflictError(what="account", rule="name-taken")
    if connection.execute(select(BUREAUS.c.code).where(BUREAUS.c.code == account.bureau)).first() is None:
        raise MalformedError("unknown-bureau", "bureau")
    _add_place(connection, account)
    connection.execute(
        insert(ACCOUNTS).values(
            name=account.name,
            bureau=account.bureau,
            unit=account.unit,
            officer=account.officer,
            role=account.role.code,
            purposes=json.dumps(sorted(account.purposes)),
            state="open" if account.is_open else "closed",
            passphrase_hash=account.passphrase_hash,
            code_secret=account.code_secret,
            code_step=0,
            failures_count=0,
            locked_until=None,
            language=account.language,
            created_at=at,
        )
    )


def _add_place(connection: Connection, account: Account) -> None:
    """Add the account's unit and officer where they are new."""
    if account.unit is None:
        return
    unit = select(UNITS.c.code).where(UNITS.c.bureau == account.bureau, UNITS.c.code == account.unit)
    if connection.execute(unit).first() is None:
        connection.execute(insert(UNITS).values(bureau=account.bureau, code=account.unit))
    if account.officer is None:
        return
    officer = select(OFFICERS.c.number).where(
        OFFICERS.c.bureau == account.bureau, OFFICERS.c.number == account.officer
    )
    if connection.execute(officer).first() is None:
        connection.execute(
            insert(OFFICERS).values(bureau=account.bureau, number=account.officer, unit=account.unit)
        )


def account_named(connection: Connection, name: str) -> Account:
    """Return the account; raises `UnknownError`."""
    row = connection.execute(_ACCOUNT, {"named": name}).first()
    if row is None:
        raise UnknownError(what="account", name=name[:80])
    return _account(row)


def accounts_of(connection: Connection, bureau: str) -> list[Account]:
    """Return the accounts of a bureau by name."""
    rows = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.bureau == bureau).order_by(ACCOUNTS.c.name))
    return [_account(row) for row in rows]


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(
        name=row.name,
        bureau=row.bureau,
        role=role_named(row.role),
        unit=row.unit,
        officer=row.officer,
        purposes=frozenset(Purpose(code) for code in json.loads(row.purposes)),
        is_open=row.state == "open",
        passphrase_hash=row.passphrase_hash,
        code_secret=row.code_secret,
        code_step=row.code_step,
        failures_count=row.failures_count,
        locked_until=row.locked_until,
        language=row.language,
    )


def change_account(connection: Connection, name: str, **values: object) -> None:
    """Change columns of an account."""
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.name == name).values(**values))


def add_key(connection: Connection, key: StoredKey) -> None:
    """Store an API key's digest."""
    acts = None if key.acts is None else json.dumps(sorted(key.acts))
    connection.execute(
        insert(API_KEYS).values(
            id=key.id,
            account=key.account,
            digest=key.digest,
            acts=acts,
            created_at=key.created_at,
            expires_at=key.expires_at,
        )
    )


def key_with(connection: Connection, key_id: str) -> StoredKey | None:
    """Return the stored key, or None."""
    row = connection.execute(_KEY, {"named": key_id}).first()
    if row is None:
        return None
    acts = None if row.acts is None else frozenset(Act(act) for act in json.loads(row.acts))
    return StoredKey(row.id, row.account, row.digest, acts, row.created_at, row.expires_at, row.revoked_at)


def keys_of(connection: Connection, account: str) -> list[StoredKey]:
    """Return the keys of an account, newest first."""
    ids = select(API_KEYS.c.id).where(API_KEYS.c.account == account).order_by(API_KEYS.c.created_at.desc())
    found = [key_with(connection, key_id) for key_id in connection.execute(ids).scalars().all()]
    return [key for key in found if key is not None]


def revoke_key(connection: Connection, key_id: str, at: datetime) -> None:
    """End a key at once."""
    connection.execute(update(API_KEYS).where(API_KEYS.c.id == key_id).values(revoked_at=at))


def add_session(connection: Connection, session: StoredSession) -> None:
    """Store a session and drop those that have expired."""
    connection.execute(SESSIONS.delete().where(SESSIONS.c.expires_at < session.seen_at))
    connection.execute(
        insert(SESSIONS).values(
            digest=session.digest,
            account=session.account,
            created_at=session.seen_at,
            seen_at=session.seen_at,
            expires_at=session.expires_at,
        )
    )


def session_with(connection: Connection, digest: str) -> StoredSession | None:
    """Return the stored session, or None."""
    row = connection.execute(_SESSION, {"named": digest}).first()
    return None if row is None else StoredSession(row.digest, row.account, row.seen_at, row.expires_at)


def touch_session(connection: Connection, digest: str, at: datetime) -> None:
    """Note that the session was used."""
    connection.execute(update(SESSIONS).where(SESSIONS.c.digest == digest).values(seen_at=at))


def end_session(connection: Connection, digest: str) -> None:
    """End a session at once."""
    connection.execute(SESSIONS.delete().where(SESSIONS.c.digest == digest))


def end_begun_after(connection: Connection, at: datetime) -> None:
    """End every session and lock that was begun by a clock that was ahead of this moment, which it is now."""
    connection.execute(SESSIONS.delete().where(or_(SESSIONS.c.created_at > at, SESSIONS.c.seen_at > at)))
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.locked_until > at).values(locked_until=None))


def end_sessions_of(connection: Connection, account: str) -> None:
    """End every session of an account at once."""
    connection.execute(SESSIONS.delete().where(SESSIONS.c.account == account))
