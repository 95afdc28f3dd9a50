"""How is it put together? A node is a directory; here alone its parts are built and joined.

DIR/node.toml          name, database address, defaults of the command line
DIR/keys/              audit.key (signs heads), ids.key, index.key, secrets.key: mode 0600
DIR/registry.sqlite    the registry, unless node.toml names a PostgreSQL
DIR/index/             segments; may be dropped, `comity rebuild` makes them again
DIR/clock              the last moment that the node knows, against a clock that jumps
"""

import datetime as dt
import gc
import os
import re
import secrets
import tomllib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from shutil import rmtree
from typing import cast

from cryptography.fernet import Fernet

from comity.access.people import SECRETARIAT_REGION
from comity.access.roles import role_named
from comity.audit.heads import Signer, create_key, load_key
from comity.couriers import Outgoing
from comity.errors import ConflictError, DamagedError, MalformedError, UnknownError
from comity.index.store import Index
from comity.matching.profiles import BORDER
from comity.procedures.backup import Progress, RestoreOrder, note_restored, opening_of, pour, quiet
from comity.procedures.desk import Desk
from comity.procedures.follow import Follower
from comity.procedures.known_keys import KnownKeys
from comity.procedures.node_clock import NodeClock
from comity.procedures.people import Credentials, with_secrets
from comity.procedures.sealing import Box
from comity.procedures.sign_in import officer_named
from comity.procedures.upkeep import examine, rebuild
from comity.records import retention
from comity.records.countries import member_regions
from comity.records.handling import Purpose, parse_purpose
from comity.records.retention import RetentionProfile
from comity.registry import accounts, audit_log
from comity.registry.accounts import Account
from comity.registry.engine import PAGES_KIB, create_tables, open_engine, reading, upgrade_tables, writing
from comity.registry.registry import Beside, Registry
from comity.registry.schema import METADATA

SECRETARIAT = "XPO"
"""The bureau of the general secretariat, by the code under which it issues travel documents."""

CLI_ACCOUNT = "desk"
OPERATOR_ACCOUNT = "operator"
COLLECTED_AFTER = (50_000, 20, 20)
"""How many objects are made between two looks for circles of garbage, and looks at the young between those at all."""
KEY_FILES = ("audit.key", "ids.key", "index.key", "secrets.key")


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """What `node.toml` says."""

    name: str
    database: str
    account: str
    operator: str
    purpose: Purpose
    outgoing: Outgoing = field(default_factory=Outgoing)
    retention: RetentionProfile = retention.SECRETARIAT


@dataclass(frozen=True, slots=True)
class Node:
    """An open node."""

    directory: Path
    settings: NodeSettings
    desk: Desk


def now() -> dt.datetime:
    """Return the moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def node_directory(named: Path | None) -> Path:
    """Return the node's directory: the one named, or that of COMITY_HOME; raises `MalformedError`."""
    if named is not None:
        return named
    home = os.environ.get("COMITY_HOME")
    if not home:
        raise MalformedError("node-not-named", "node")
    return Path(home)


def log_origin(name: str) -> str:
    """Return a node's name as the heads of its audit log carry it: lower case, without spaces."""
    return re.sub(r"[^a-z0-9.-]+", "-", name.lower()).strip("-")


def init_node(directory: Path, name: str, database: str | None = None) -> tuple[Credentials, Credentials]:
    """Create a node: a bureau for every member country, and two accounts of the command line.

    One enters lists and checks, the other runs the node and appoints administrators: nobody does both.
    Returns the accounts' secrets in this order, made at random and shown once. Raises `ConflictError` where the
    directory holds a node already, and `MalformedError` for a name without letters.
    """
    if not log_origin(name):
        raise MalformedError("node-name", "name")
    if (directory / "node.toml").exists():
        raise ConflictError(what="node", rule="exists")
    # Whoever else has an account on the machine reads nothing of the node, the registry included.
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    _make_keys(directory / "keys")
    settings = _settings_text(
        NodeSettings(name, database or "", CLI_ACCOUNT, OPERATOR_ACCOUNT, Purpose.BORDER)
    )
    node = _open(directory, tomllib.loads(settings), is_new=True)
    try:
        desk, desk_secrets = with_secrets(Account(CLI_ACCOUNT, SECRETARIAT, role_named("desk")), node.desk)
        operator, operator_secrets = with_secrets(
            Account(OPERATOR_ACCOUNT, SECRETARIAT, role_named("operator")), node.desk
        )
        with node.desk.registry.write() as connection:
            regions = member_regions()
            accounts.add_bureaus(connection, {**regions, SECRETARIAT: SECRETARIAT_REGION})
            accounts.delegate(connection, regions, SECRETARIAT)
            accounts.add_account(connection, desk, now())
            accounts.add_account(connection, operator, now())
    finally:
        node.desk.registry.close()
    # Last, so that an interrupted creation leaves no node behind but an unfinished directory.
    _write_private(directory / "node.toml", settings.encode())
    return desk_secrets, operator_secrets


def _settings_text(settings: NodeSettings) -> str:
    return (
        f"# A Comity node. The keys beside this file are the node: keep a copy apart.\n"
        f"name = {_toml_text(settings.name)}\n"
        f"database = {_toml_text(settings.database)}  # empty: registry.sqlite in this directory\n"
        f"retention = {_toml_text(settings.retention.code)}  # secretariat, or border: how long records are held\n\n"
        f"[command-line]\naccount = {_toml_text(settings.account)}\noperator = {_toml_text(settings.operator)}\n"
        f"purpose = {_toml_text(settings.purpose.value)}\n\n"
        "[outgoing]  # how events reach bureaus outside the console\n"
        f"console = {_toml_text(settings.outgoing.console)}  # where the console is found, as in https://host\n"
        f"relay = {_toml_text(settings.outgoing.relay)}  # host:port of a mail relay; empty: no e-mail is sent\n"
        f"sender = {_toml_text(settings.outgoing.sender)}\n"
    )


def _toml_text(text: str) -> str:
    escaped = "".join(char if char >= " " and char not in '"\\' else f"\\u{ord(char):04x}" for char in text)
    return f'"{escaped}"'


def _make_keys(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (directory / "audit.key").exists():
        create_key(directory / "audit.key")
    for name in ("ids.key", "index.key"):
        if not (directory / name).exists():
            _write_private(directory / name, secrets.token_bytes(32))
    if not (directory / "secrets.key").exists():
        _write_private(directory / "secrets.key", Fernet.generate_key())


def _write_private(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def open_node(directory: Path, pages_kib: int = PAGES_KIB) -> Generator[Node, None, None]:
    """Open the node in a directory, and close it after use; raises `UnknownError` and `DamagedError`.

    Each connection to SQLite keeps so much of the registry in memory of its own.
    """
    path = directory / "node.toml"
    if not path.is_file():
        raise UnknownError(what="node", name=str(directory))
    try:
        stated = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DamagedError(what="node.toml") from error
    node = _open(directory, stated, pages_kib)
    collected = gc.get_threshold()
    # Rows, words and readings come by the thousand and hold hardly a circle: walking all of them as often as Python
    # does by itself took a third of an import.
    gc.set_threshold(*map(max, collected, COLLECTED_AFTER))
    try:
        yield node
    finally:
        gc.set_threshold(*collected)
        node.desk.registry.close()


def _open(
    directory: Path, stated: Mapping[str, object], pages_kib: int = PAGES_KIB, *, is_new: bool = False
) -> Node:
    settings = _settings(stated)
    keys = directory / "keys"
    database = settings.database or f"sqlite:///{directory / 'registry.sqlite'}"
    engine = open_engine(database, pages_kib)
    _secret(keys / "audit.key")  # told by name where it is gone
    key = load_key(keys / "audit.key")
    if is_new:
        create_tables(engine, settings.name)
    else:
        upgrade_tables(engine)
    with reading(engine) as connection:
        clock = NodeClock(directory / "clock", audit_log.last_made_at(connection))
    signer = Signer(log_origin(settings.name), key, clock)
    if is_new:
        with writing(engine) as connection:
            audit_log.start(connection, signer)
    sealing = blake2b(_secret(keys / "secrets.key"), person=b"comity journals").digest()
    beside = Beside(directory / "pulse", directory / "journal", sealing)
    registry = Registry(engine, signer, _secret(keys / "ids.key"), beside)
    index = Index(directory / "index", _secret(keys / "index.key"))
    box = Box(_secret(keys / "secrets.key"))
    desk = Desk(
        registry,
        index,
        Follower(registry, index),
        BORDER,
        box,
        clock,
        KnownKeys(registry),
        clock,
        retention=settings.retention,
    )
    return Node(directory, settings, desk)


def node_files(directory: Path) -> dict[str, bytes]:
    """Return the files that make a directory this node and no other: what a backup carries beside the rows."""
    names = ("node.toml", *(f"keys/{name}" for name in KEY_FILES))
    return {name: (directory / name).read_bytes() for name in names}


def restore_node(
    order: RestoreOrder, directory: Path, database: str | None = None, progress: Progress = quiet
) -> list[str]:
    """Make a node of a backup, prove its audit log, build its index anew; return what the doctor finds.

    The registry is an SQLite file in the directory, or the empty database named. Raises `ConflictError`
    where either holds anything, and what `backup.pour` raises; then nothing is left of the directory.
    """
    if directory.exists() and any(directory.iterdir()):
        raise ConflictError(what="node", rule="exists")
    try:
        return _restore(order, directory, database or "", progress)
    except BaseException:
        rmtree(directory, ignore_errors=True)
        raise


def _restore(order: RestoreOrder, directory: Path, database: str, progress: Progress) -> list[str]:
    opening = opening_of(order.file, order.passphrase)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    (directory / "keys").mkdir(mode=0o700)
    for name in KEY_FILES:
        _write_private(directory / "keys" / name, opening.files[f"keys/{name}"])
    before = _settings(tomllib.loads(opening.files["node.toml"].decode()))
    settings = _settings_text(replace(before, database=database))
    engine = open_engine(database or f"sqlite:///{directory / 'registry.sqlite'}")
    METADATA.create_all(engine)
    with engine.begin() as connection:
        head = pour(order.file, order.passphrase, connection, progress)
    engine.dispose()
    node = _open(directory, tomllib.loads(settings))
    try:
        node.desk.guard.restored()
        rebuild(node.desk)
        findings = examine(node.desk, [head])
        note_restored(order.file, head, officer_named(before.operator, node.desk), node.desk)
    finally:
        node.desk.registry.close()
    _write_private(directory / "node.toml", settings.encode())
    return findings


def _settings(stated: Mapping[str, object]) -> NodeSettings:
    try:
        defaults = cast("Mapping[str, str]", stated["command-line"])
        return NodeSettings(
            name=str(stated["name"]),
            database=str(stated["database"]),
            account=str(defaults["account"]),
            operator=str(defaults.get("operator", OPERATOR_ACCOUNT)),
            purpose=parse_purpose(defaults["purpose"], "node.toml purpose"),
            outgoing=_outgoing(stated.get("outgoing")),
            retention=retention.profile_named(str(stated.get("retention", retention.SECRETARIAT.code))),
        )
    except (KeyError, TypeError) as error:
        raise DamagedError(what="node.toml") from error


def _outgoing(stated: object) -> Outgoing:
    """Return what the node says of itself outside; a node made before there was any says nothing."""
    said: Mapping[str, object] = {}
    if isinstance(stated, dict):
        said = cast("Mapping[str, object]", stated)
    console, relay, sender = (str(said.get(name, "")) for name in ("console", "relay", "sender"))
    return Outgoing(console.rstrip("/"), relay, sender)


def _secret(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DamagedError(what=path.name) from error
