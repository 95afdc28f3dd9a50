"""Accounts and API keys: who may make them, and what is shown of their secrets, once.

authorised (ACCOUNT_MANAGE, lower rank, own bureau) -> stored and logged in one transaction -> secrets
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from comity.access import credentials
from comity.access.acts import Act
from comity.access.credentials import Secret
from comity.access.people import Officer
from comity.access.roles import may_manage
from comity.errors import MalformedError, RefusedError
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.registry import accounts
from comity.registry.accounts import Account, StoredKey

KEY_DAYS_DEFAULT = 365


@dataclass(frozen=True, slots=True)
class Credentials:
    """The secrets of a new account, shown once: what signs it in, and the key of its time-based codes."""

    account: str
    passphrase: Secret
    code_secret: Secret


def open_account(account: Account, officer: Officer, desk: Desk) -> Credentials:
    """Open an account and return its random secrets.

    Raises `RefusedError` with rule `rank` for a role of the officer's own rank or above, `other-bureau`
    for another bureau, and what `accounts.add_account` raises.
    """
    asked = {"account": account.name, "role": account.role.code, "bureau": account.bureau}
    leave(officer, Act.ACCOUNT_MANAGE, desk, {**asked})
    _check_rank(account, officer)
    entry = entry_of(officer, Act.ACCOUNT_MANAGE, desk.clock(), "done", query=asked)
    with desk.registry.acting(entry) as connection:
        made, secrets = with_secrets(account, desk)
        accounts.add_account(connection, made, desk.clock())
    return secrets


def _check_rank(account: Account, officer: Officer) -> None:
    if not may_manage(officer.role, account.role):
        raise RefusedError(act=Act.ACCOUNT_MANAGE.value, rule="rank")
    if account.bureau != officer.bureau.code:
        raise RefusedError(act=Act.ACCOUNT_MANAGE.value, rule="other-bureau")


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
    """Give an account new secrets and end its sessions; raises as `open_account`, and `UnknownError`."""
    leave(officer, Act.ACCOUNT_MANAGE, desk, {"account": name})
    with desk.registry.read() as connection:
        account = accounts.account_named(connection, name)
    _check_rank(account, officer)
    made, secrets = with_secrets(account, desk)
    entry = entry_of(officer, Act.ACCOUNT_MANAGE, desk.clock(), "done", query={"reset": name})
    with desk.registry.acting(entry) as connection:
        accounts.change_account(
            connection,
            name,
            passphrase_hash=made.passphrase_hash,
            code_secret=made.code_secret,
            failures_count=0,
            locked_until=None,
        )
        accounts.end_sessions_of(connection, name)
    return secrets


def close_account(name: str, officer: Officer, desk: Desk) -> None:
    """Close an account at once, with its sessions and keys; raises as `reset_account`."""
    leave(officer, Act.ACCOUNT_MANAGE, desk, {"account": name})
    with desk.registry.read() as connection:
        account = accounts.account_named(connection, name)
    _check_rank(account, officer)
    entry = entry_of(officer, Act.ACCOUNT_MANAGE, desk.clock(), "done", query={"close": name})
    with desk.registry.acting(entry) as connection:
        accounts.change_account(connection, name, state="closed")
        accounts.end_sessions_of(connection, name)
        for key in accounts.keys_of(connection, name):
            accounts.revoke_key(connection, key.id, desk.clock())


def new_key(officer: Officer, desk: Desk, acts: Sequence[str] = (), days: int = KEY_DAYS_DEFAULT) -> Secret:
    """Return a new API key for the officer's own account, with all its acts or only those named.

    Raises `MalformedError` for an unknown act, one outside the role, or a time that is not 1 to 730 days.
    """
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


def end_key(key_id: str, officer: Officer, desk: Desk) -> datetime:
    """Revoke one of the officer's own keys at once; raises `MalformedError` where it is not theirs."""
    at = desk.clock()
    entry = entry_of(officer, Act.SIGN_OUT, at, "key-revoked", query={"key": key_id[:40]})
    with desk.registry.acting(entry) as connection:
        if key_id not in {key.id for key in accounts.keys_of(connection, officer.account)}:
            raise MalformedError("unknown-key", "key")
        accounts.revoke_key(connection, key_id, at)
    return at
