"""Who is at the door? Passphrase and code, session, or API key, turned into an Officer.

    credential -> stored digest -> account -> Officer

Every failure is the same failure: nothing tells whether the account exists.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection

from comity.access import credentials
from comity.access.acts import Act
from comity.access.credentials import Secret
from comity.access.people import Officer
from comity.audit.entries import Entry, new_nonce
from comity.audit.lines import column_text
from comity.errors import NotSignedInError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import DOORS, entry_of
from comity.procedures.sealing import Box
from comity.registry import accounts
from comity.registry.accounts import Account, StoredSession

SESSION_IDLE = timedelta(minutes=30)
SESSION_LONGEST = timedelta(hours=12)
FAILURES_MAX = 5
LOCKED_FOR = timedelta(minutes=15)
TOUCH_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session just opened: the token to keep at the browser, and who it stands for."""

    token: Secret
    officer: Officer


def officer_of(account: Account, connection: Connection, door: str, desk: Desk) -> Officer:
    """Return the account as it acts; raises `NotSignedInError` where it is closed."""
    if not account.is_open:
        raise NotSignedInError
    bureau, count = accounts.bureau_and_count(connection, account.bureau)
    desk.follower.mind_bureaus(count)
    return Officer(account.name, bureau, account.role, account.unit, account.purposes, None, door)


def officer_named(name: str, desk: Desk, door: str = "cli") -> Officer:
    """Return the officer behind an account's name: for the command line, whose user holds the node's keys."""
    with desk.registry.read() as connection:
        return officer_of(accounts.account_named(connection, name), connection, door, desk)


def sign_in(name: str, passphrase: str, code: str, desk: Desk, door: str = "console") -> SignedIn:
    """Open a session; raises `NotSignedInError` for every wrong, missing, used or locked credential.

    Five failures in a row lock the account for a quarter of an hour; a code works once. Each attempt is
    logged, one on an account that does not exist too, and takes the same steps.
    """
    name, at = column_text(name), desk.clock()
    with desk.registry.read() as connection:
        account = _account(connection, name)
    step = _step_proven(account, passphrase, code, at, desk)
    token = credentials.new_session_token()
    with desk.registry.write() as connection:
        # Read again, under the lock: of two at once with one code, the second is too late.
        account = _account(connection, name)
        officer = _admitted(account, step, connection, door, desk)
        if officer is None:
            _note_failure(account, name, connection, desk, door)
        else:
            assert step is not None, "nobody is admitted without a code"
            accounts.change_account(connection, name, code_step=step, failures_count=0, locked_until=None)
            digest = credentials.token_digest(token.reveal())
            accounts.add_session(connection, StoredSession(digest, name, at, at + SESSION_LONGEST))
            desk.registry.append(connection, entry_of(officer, Act.SIGN_IN, at, "done"))
    if officer is None:
        raise NotSignedInError
    return SignedIn(token, officer)


def _account(connection: Connection, name: str) -> Account | None:
    try:
        return accounts.account_named(connection, name)
    except UnknownError:
        return None


def _step_proven(account: Account | None, passphrase: str, code: str, at: datetime, desk: Desk) -> int | None:
    """Return the time step that passphrase and code prove together; None where either does not hold.

    For an account that does not exist, or has no secrets, the same work is done on those of nobody.
    """
    nobody_hash, nobody_secret = _nobody(desk.box)
    stored = account.passphrase_hash if account else None
    sealed = account.code_secret if account else None
    holds = credentials.passphrase_holds(stored or nobody_hash, passphrase)
    last = account.code_step if account else 0
    secret = desk.box.open(sealed or nobody_secret)
    steps = [credentials.code_step(secret, code, one.timestamp(), last) for one in _moments(at, desk)]
    step = next((one for one in steps if one is not None), None)
    return step if holds and stored is not None and sealed is not None else None


def _moments(at: datetime, desk: Desk) -> list[datetime]:
    """Return by which moments a code may hold: of a clock that is not followed nobody knows which is right."""
    judged = desk.guard.look()
    return [at] if judged.is_followed else [at, judged.wall]


@lru_cache(maxsize=4)
def _nobody(box: Box) -> tuple[str, bytes]:
    secret = credentials.new_code_secret().reveal()
    return credentials.hash_passphrase(credentials.new_passphrase().reveal()), box.seal(secret)


def _admitted(
    account: Account | None, step: int | None, connection: Connection, door: str, desk: Desk
) -> Officer | None:
    """Return the officer who may enter now with this step; None where anything stands against it."""
    if account is None or step is None or not account.is_open or step <= account.code_step:
        return None
    if account.locked_until is not None and account.locked_until > desk.clock():
        return None
    return officer_of(account, connection, door, desk)


def _note_failure(account: Account | None, name: str, connection: Connection, desk: Desk, door: str) -> None:
    """Count and log a failure. What was typed as a name may be a passphrase: a mark stands for it."""
    at = desk.clock()
    failures = 1 + (account.failures_count if account else 0)
    locked = account.locked_until if account else None
    if failures % FAILURES_MAX == 0:
        locked = at + LOCKED_FOR
    # An account that does not exist is changed like any other, to no effect.
    accounts.change_account(connection, name, failures_count=failures, locked_until=locked)
    entry = Entry(
        at=at,
        act=Act.SIGN_IN.value,
        account=account.name if account else "",
        bureau=account.bureau if account else "",
        unit=account.unit if account else None,
        query={} if account else {"name": desk.box.mark(name)},
        outcome="refused",
        reason=None if account else "unknown-account",
        door=DOORS[door],
        nonce=new_nonce(),
    )
    desk.registry.append(connection, entry)


def session_officer(token: str, desk: Desk) -> Officer:
    """Return who a session token stands for; raises `NotSignedInError` where it has ended or idled out."""
    at, digest = desk.clock(), credentials.token_digest(token)
    with desk.registry.read() as connection:
        session = accounts.session_with(connection, digest)
        if session is None or session.expires_at <= at or session.seen_at + SESSION_IDLE <= at:
            raise NotSignedInError
        officer = officer_of(accounts.account_named(connection, session.account), connection, "console", desk)
    if session.seen_at + TOUCH_AFTER <= at:
        with desk.registry.write() as connection:
            accounts.touch_session(connection, digest, at)
    return officer


def sign_out(token: str, desk: Desk) -> None:
    """End a session at once."""
    officer = session_officer(token, desk)
    with desk.registry.acting(entry_of(officer, Act.SIGN_OUT, desk.clock(), "done")) as connection:
        accounts.end_session(connection, credentials.token_digest(token))


def known_key_officer(presented: str, desk: Desk) -> Officer | None:
    """Return who an API key stands for, where it was proven a moment ago; asks no database, never waits."""
    return desk.keys.officer(credentials.token_digest(presented), desk.clock())


def key_officer(presented: str, desk: Desk) -> Officer:
    """Return who an API key stands for; raises `NotSignedInError` where it is wrong, ended or revoked."""
    key_id, digest = credentials.api_key_id(presented), credentials.token_digest(presented)
    if key_id is None:
        raise NotSignedInError
    known = desk.keys.officer(digest, desk.clock())
    return known or _proven(key_id, digest, desk)


def renew_known_key(key_id: str, digest: str, desk: Desk) -> None:
    """Ask anew who a key stands for that is known; where it stands for nobody any more, it is known no longer."""
    try:
        _proven(key_id, digest, desk)
    except NotSignedInError:
        desk.keys.forget(digest)


def _proven(key_id: str, digest: str, desk: Desk) -> Officer:
    epoch = desk.keys.epoch()
    with desk.registry.read() as connection:
        key = accounts.key_with(connection, key_id)
        if key is None or not credentials.same_digest(key.digest, digest):
            raise NotSignedInError
        if key.revoked_at is not None or key.expires_at <= desk.clock():
            raise NotSignedInError
        officer = officer_of(accounts.account_named(connection, key.account), connection, "http", desk)
    officer = replace(officer, scope=key.acts)
    desk.keys.know(digest, key_id, officer, key.expires_at, epoch)
    return officer
