"""Accounts and API keys: who may make them, and what is shown of their secrets, once.

authorised (ACCOUNT_MANAGE: lower rank, own bureau; ACCOUNT_APPOINT: administrators alone)
    -> stored and logged in one transaction -> secrets
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote

from sqlalchemy import Connection

from comity.access import credentials
from comity.access.acts import Act
from comity.access.credentials import Secret
from comity.access.people import Officer
from comity.access.roles import may_manage
from comity.audit.lines import column_text
from comity.errors import MalformedError, RefusedError, UnknownError
from comity.procedures.bureaus import as_spelt, place_code
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.records.fieldtype import Json
from comity.records.handling import bureau_code
from comity.registry import accounts
from comity.registry.accounts import Account, StoredKey

KEY_DAYS_DEFAULT = 365
FOUR_EYES_ACTS = frozenset({Act.NOTICE_DRAFT, Act.NOTICE_SUBMIT, Act.NOTICE_REVIEW, Act.PROPOSAL_MAKE})
"""Acts of which one person does not do two on the same request."""

ACCOUNT_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,79}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """The secrets of a new account, shown once: what signs it in, and the key of its time-based codes.

    `beside` are the open accounts of the same officer that its manager may see. `is_apart` where no officer's number
    says whose it is, so that four eyes take it for a person of its own.
    """

    account: str
    passphrase: Secret
    code_secret: Secret
    beside: tuple[str, ...] = ()
    is_apart: bool = False


def code_address(node_name: str, made: Credentials) -> str:
    """Return the address that authenticators read from a picture (the `otpauth` key form)."""
    issuer = quote(node_name, safe="")
    label = f"{issuer}:{quote(made.account, safe='')}"
    return f"otpauth://totp/{label}?secret={made.code_secret.reveal()}&issuer={issuer}"


def open_account(account: Account, officer: Officer, desk: Desk) -> Credentials:
    """Open an account and return its random secrets.

    Raises `RefusedError` with rule `rank` for a role of the officer's own rank or above, `other-bureau`
    for another bureau, `MalformedError` `account-name` and `place-code`, and what `accounts.add_account` raises.
    All of it is logged.
    """
    asked: dict[str, Json] = {"account": account.name, "role": account.role.code, "bureau": account.bureau}
    act = managing_act(officer)
    leave(officer, act, desk, asked)
    with noting(officer, act, desk, asked):
        if not ACCOUNT_NAME.fullmatch(account.name):
            raise MalformedError("account-name", "account")
        _check_rank(account, officer)
        made, secrets = with_secrets(_placed(account), desk)
        with desk.registry.acting(entry_of(officer, act, desk.clock(), "done", query=asked)) as connection:
            made = _as_spelt(made, connection)
            beside = _beside(made, officer, connection)
            accounts.add_account(connection, made, desk.clock())
    is_apart = account.officer is None and not FOUR_EYES_ACTS.isdisjoint(account.role.acts)
    return replace(secrets, beside=beside, is_apart=is_apart)


def _placed(account: Account) -> Account:
    """Return an account with its unit and its officer's number as they are kept; raises `MalformedError`."""
    return replace(
        account,
        unit=None if account.unit is None else place_code(account.unit, "unit"),
        officer=None if account.officer is None else place_code(account.officer, "officer"),
    )


def _as_spelt(account: Account, connection: Connection) -> Account:
    """Return an account of the unit and the officer that its bureau has already, however they are capitalised."""
    held = accounts.accounts_of(connection, account.bureau)
    officers = [
        *accounts.officers_of(connection, account.bureau),
        *(one.officer for one in held if one.officer),
    ]
    units = [*accounts.units_of(connection, account.bureau), *(one.unit for one in held if one.unit)]
    return replace(
        account,
        unit=None if account.unit is None else as_spelt(account.unit, units),
        officer=None if account.officer is None else as_spelt(account.officer, officers),
    )


def _beside(account: Account, officer: Officer, connection: Connection) -> tuple[str, ...]:
    """Return the open accounts of the same officer, of those that the manager sees: four eyes take them for one."""
    if account.officer is None:
        return ()
    return tuple(
        one.name
        for one in accounts.accounts_of(connection, account.bureau)
        if one.officer == account.officer and one.is_open and may_manage(officer.role, one.role)
    )


def managing_act(officer: Officer) -> Act:
    """Return the act by which this officer manages accounts, where any does."""
    return Act.ACCOUNT_APPOINT if Act.ACCOUNT_APPOINT in officer.acts() else Act.ACCOUNT_MANAGE


def _check_rank(account: Account, officer: Officer) -> None:
    act = managing_act(officer)
    if not may_manage(officer.role, account.role):
        raise RefusedError(act=act.value, rule="rank")
    if act is Act.ACCOUNT_MANAGE and account.bureau != officer.bureau.code:
        raise RefusedError(act=act.value, rule="other-bureau")


def _managed(name: str, officer: Officer, connection: Connection) -> Account:
    """Return an account that the officer may manage.

    Another bureau's account is as unknown as one that does not exist.
    """
    name = column_text(name)
    account = accounts.account_named(connection, name)
    if managing_act(officer) is Act.ACCOUNT_MANAGE and account.bureau != officer.bureau.code:
        raise UnknownError(what="account", name=name[:80])
    _check_rank(account, officer)
    return account


def with_secrets(account: Account, desk: Desk) -> tuple[Account, Credentials]:
    """Return the account with hashes of new random secrets, and the secrets."""
    passphrase, code_secret = credentials.new_passphrase(), credentials.new_code_secret()
    made = replace(
        account,
        passphrase_hash=credentials.hash_passphrase(passphrase.reveal()),
        code_secret=desk.box.seal(code_secret.reveal()),
    )
    return made, Credentials(account.name, passphrase, code_secret)


def reset_account(name: str, officer: Officer, desk: Desk) -> Credentials:
    """Give an account new secrets and end its sessions.

    Raises `RefusedError` with rule `rank`, and `UnknownError` for an account that the officer's bureau has
    not; logged like what is done.
    """
    act, asked = managing_act(officer), {"reset": name}
    leave(officer, act, desk, {**asked})
    with noting(officer, act, desk, {**asked}):
        entry = entry_of(officer, act, desk.clock(), "done", query=asked)
        with desk.registry.acting(entry) as connection:
            made, secrets = with_secrets(_managed(name, officer, connection), desk)
            accounts.change_account(
                connection,
                made.name,
                passphrase_hash=made.passphrase_hash,
                code_secret=made.code_secret,
                failures_count=0,
                locked_until=None,
            )
            accounts.end_sessions_of(connection, made.name)
    return secrets


def close_account(name: str, officer: Officer, desk: Desk) -> None:
    """Close an account at once, with its sessions and keys; raises as `reset_account`."""
    act, asked = managing_act(officer), {"close": name}
    leave(officer, act, desk, {**asked})
    with noting(officer, act, desk, {**asked}):
        entry = entry_of(officer, act, desk.clock(), "done", query=asked)
        with desk.registry.acting(entry) as connection:
            account = _managed(name, officer, connection)
            accounts.change_account(connection, account.name, state="closed")
            accounts.end_sessions_of(connection, account.name)
            for key in accounts.keys_of(connection, account.name):
                if key.revoked_at is None:
                    accounts.revoke_key(connection, key.id, desk.clock())


def managed_accounts(bureau: str | None, officer: Officer, desk: Desk) -> list[Account]:
    """Return the accounts that the officer may manage, by name, of its own bureau or of the one named.

    Raises, after logging, `MalformedError` for a bureau that is none, and `RefusedError` with rule `other-bureau`
    where the officer manages its own bureau alone.
    """
    act, asked = managing_act(officer), {"list": bureau}
    leave(officer, act, desk, {**asked})
    with noting(officer, act, desk, {**asked}):
        code = bureau_code(bureau, "bureau") if bureau else officer.bureau.code
        if act is Act.ACCOUNT_MANAGE and code != officer.bureau.code:
            raise RefusedError(act=act.value, rule="other-bureau")
    desk.registry.log(entry_of(officer, act, desk.clock(), "done", query=asked))
    with desk.registry.read() as connection:
        found = accounts.accounts_of(connection, code)
    return [account for account in found if may_manage(officer.role, account.role)]


def new_key(officer: Officer, desk: Desk, acts: Sequence[str] = (), days: int = KEY_DAYS_DEFAULT) -> Secret:
    """Return a new API key for the officer's own account, with all its acts or only those named.

    Raises `MalformedError`, after logging, for an unknown act, one outside the role, or a time that is not
    1 to 730 days.
    """
    with noting(officer, Act.SIGN_IN, desk, {"key-for-days": days, "acts": ",".join(acts)}):
        if not 1 <= days <= 730:
            raise MalformedError("out-of-range", "days")
        scope = frozenset(_act(name, officer) for name in acts) if acts else None
    key, at = credentials.new_api_key(), desk.clock()
    entry = entry_of(officer, Act.SIGN_IN, at, "key-made", query={"key": key.id, "days": days})
    with desk.registry.acting(entry) as connection:
        stored = StoredKey(key.id, officer.account, key.digest, scope, at, at + timedelta(days=days), None)
        accounts.add_key(connection, stored)
    return key.secret


def _act(name: str, officer: Officer) -> Act:
    found = next((act for act in officer.acts() if act.value == name), None)
    if found is None:
        raise MalformedError("act-not-in-role", "acts")
    return found


def own_keys(officer: Officer, desk: Desk) -> list[StoredKey]:
    """Return the keys of the officer's own account, newest first, ended ones too; never the keys themselves."""
    with desk.registry.read() as connection:
        return accounts.keys_of(connection, officer.account)


def end_key(key_id: str, officer: Officer, desk: Desk) -> datetime:
    """Revoke one of the officer's own keys at once; raises `MalformedError` where it is not theirs."""
    at, asked = desk.clock(), {"key": key_id[:40]}
    with noting(officer, Act.SIGN_OUT, desk, {**asked}):
        entry = entry_of(officer, Act.SIGN_OUT, at, "key-revoked", query=asked)
        with desk.registry.acting(entry) as connection:
            if key_id not in {key.id for key in accounts.keys_of(connection, officer.account)}:
                raise MalformedError("unknown-key", "key")
            accounts.revoke_key(connection, key_id, at)
    return at
