"""Who is at the door? Passphrase and code, session, or API key, turned into an Officer.

    credential -> stored digest -> account -> Officer

Every failure is the same failure: nothing tells whether the account exists.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from comity.access import credentials
from comity.access.acts import Act
from comity.access.credentials import Secret
from comity.access.people import Officer
from comity.errors import NotSignedInError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.registry import accounts
from comity.registry.accounts import Account, StoredSession

SESSION_IDLE = timedelta(minutes=30)
SESSION_LONGEST = timedelta(hours=12)
FAILURES_MAX = 5
LOCKED_FOR = timedelta(minutes=15)
TOUCH_AFTER = timedelta(minutes=1)

# Verified for accounts that do not exist, so that both answers take the same time.
_NOBODY_HASH = credentials.hash_passphrase("nobody")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session just opened: the token to keep at the browser, and who it stands for."""

    token: Secret
    officer: Officer


def officer_of(account: Account, connection: Connection, door: str) -> Officer:
    """Return the account as it acts; raises `NotSignedInError` where it is closed."""
    if not account.is_open:
        raise NotSignedInError
    bureau = accounts.all_bureaus(connection)[account.bureau]
    return Officer(account.name, bureau, account.role, account.unit, account.purposes, None, door)


def officer_named(name: str, desk: Desk, door: str = "cli") -> Officer:
    """Return the officer behind an account's name: for the command line, whose user holds the node's keys."""
    with desk.registry.read() as connection:
        return officer_of(accounts.account_named(connection, name), connection, door)


def sign_in(name: str, passphrase: str, code: str, desk: Desk, door: str = "console") -> SignedIn:
    """Open a session; raises `NotSignedInError` for every wrong, missing, used or locked credential.

    Five failures in a row lock the account for a quarter of an hour; a code works once.
    """
    at = desk.clock()
    with desk.registry.read() as connection:
        account = _account(connection, name)
    stored = account.passphrase_hash if account else None
    holds = credentials.passphrase_holds(stored or _NOBODY_HASH, passphrase)
    if account is None or stored is None or account.code_secret is None:
        raise NotSignedInError
    step = credentials.code_step(desk.box.open(account.code_secret), code, at.timestamp(), account.code_step)
    is_locked = account.locked_until is not None and account.locked_until > at
    if is_locked or not holds or step is None or not account.is_open:
        _note_failure(account, at, desk, door)
        raise NotSignedInError
    return _open_session(account, step, desk, door)


def _account(connection: Connection, name: str) -> Account | None:
    try:
        return accounts.account_named(connection, name)
    except UnknownError:
        return None


def _note_failure(account: Account, at: datetime, desk: Desk, door: str) -> None:
    with desk.registry.read() as connection:
        officer = officer_of(replace(account, is_open=True), connection, door)
    with desk.registry.acting(entry_of(officer, Act.SIGN_IN, at, "refused")) as connection:
        failures = accounts.account_named(connection, account.name).failures_count + 1
        locked = at + LOCKED_FOR if failures % FAILURES_MAX == 0 else account.locked_until
        accounts.change_account(connection, account.name, failures_count=failures, locked_until=locked)


def _open_session(account: Account, step: int, desk: Desk, door: str) -> SignedIn:
    at = desk.clock()
    token = credentials.new_session_token()
    with desk.registry.read() as connection:
        officer = officer_of(account, connection, door)
    with desk.registry.acting(entry_of(officer, Act.SIGN_IN, at, "done")) as connection:
        if accounts.account_named(connection, account.name).code_step >= step:
            raise NotSignedInError  # two at once with one code: the second is too late
        accounts.change_account(connection, account.name, code_step=step, failures_count=0, locked_until=None)
        digest = credentials.token_digest(token.reveal())
        accounts.add_session(connection, StoredSession(digest, account.name, at, at + SESSION_LONGEST))
    return SignedIn(token, officer)


def session_officer(token: str, desk: Desk) -> Officer:
    """Return who a session token stands for; raises `NotSignedInError` where it has ended or idled out."""
    at, digest = desk.clock(), credentials.token_digest(token)
    with desk.registry.read() as connection:
        session = accounts.session_with(connection, digest)
        if session is None or session.expires_at <= at or session.seen_at + SESSION_IDLE <= at:
            raise NotSignedInError
        officer = officer_of(accounts.account_named(connection, session.account), connection, "console")
    if session.seen_at + TOUCH_AFTER <= at:
        with desk.registry.write() as connection:
            accounts.touch_session(connection, digest, at)
    return officer


def sign_out(token: str, desk: Desk) -> None:
    """End a session at once."""
    officer = session_officer(token, desk)
    with desk.registry.acting(entry_of(officer, Act.SIGN_OUT, desk.clock(), "done")) as connection:
        accounts.end_session(connection, credentials.token_digest(token))


def key_officer(presented: str, desk: Desk) -> Officer:
    """Return who an API key stands for; raises `NotSignedInError` where it is wrong, ended or revoked."""
    key_id = credentials.api_key_id(presented)
    if key_id is None:
        raise NotSignedInError
    with desk.registry.read() as connection:
        key = accounts.key_with(connection, key_id)
        if key is None or not credentials.same_digest(key.digest, credentials.token_digest(presented)):
            raise NotSignedInError
        if key.revoked_at is not None or key.expires_at <= desk.clock():
            raise NotSignedInError
        officer = officer_of(accounts.account_named(connection, key.account), connection, "http")
    return replace(officer, scope=key.acts)
