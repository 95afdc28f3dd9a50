"""Opening the database: SQLite with durable commits and one writer at a time, or PostgreSQL."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Final, Protocol, cast

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.sql.compiler import Compiled
from sqlalchemy.util import LRUCache

from comity.audit.lines import column_text
from comity.errors import DamagedError, FullError
from comity.registry import files_waiting, positions, watches
from comity.registry.schema import METADATA, NODE, SCHEMA_VERSION
from comity.registry.tables import TABLES

BUSY_TIMEOUT_S = 30
PAGES_KIB: Final = 65_536
SERVED_PAGES_KIB: Final = 8_192
"""How much of an SQLite file each connection keeps in memory of its own, where it is too large to be mapped whole.

Lists are entered with much. A served node has dozens of connections, in its processes and their threads.
"""
COMPILED_MAX = 1000
"""How many statements in SQL a process keeps; it lets the longest unused go when there are half as many more."""
_DRIVER: Final = "begun"
_NEXT: Final = "begin"
"""Where a connection keeps how its next transaction begins."""
NO_ROOM = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)
FOLLOWED_SINCE = 2
"""The first version of the tables with followers of the log and of the changes."""

EARLIER_IN_RUNS_SINCE = 3
"""The first version in which earlier checks wait in runs; before, each had rows of its own."""

FILES_WAIT_SINCE = 6
"""The first version that knows since when files wait to be sent."""


class _Cursor(Protocol):
    def execute(self, statement: str) -> object: ...
    def close(self) -> None: ...


class _DriverConnection(Protocol):
    isolation_level: str | None

    def cursor(self) -> _Cursor: ...


def open_engine(url: str, pages_kib: int = PAGES_KIB) -> Engine:
    """Return an engine for a `sqlite:///` or `postgresql+psycopg://` address.

    Each connection to SQLite keeps so much of the file in memory of its own.
    Whatever is done through it raises `FullError` where the database's disk takes no more.
    """
    if make_url(url).get_backend_name() == "sqlite":
        engine = _sqlite_engine(url, pages_kib)
    else:
        engine = create_engine(url, pool_size=16, max_overflow=32, pool_pre_ping=True)
        event.listen(engine, "before_cursor_execute", _without_nul, retval=True)
    event.listen(engine, "handle_error", _tell_full)
    return engine


def _without_nul(
    _connection: Connection,
    _cursor: object,
    statement: str,
    parameters: object,
    _context: object,
    _is_many: bool,  # noqa: FBT001  # as SQLAlchemy calls it
) -> tuple[str, object]:
    """Let what PostgreSQL cannot hold be looked for, and not be found, as in SQLite: what is unknown is no error.

    Rows that are entered many at once are not looked at: what they say was read before, and holds none.
    """
    if not isinstance(parameters, dict):
        return statement, parameters
    asked = cast("dict[str, object]", parameters)
    odd = {
        name: column_text(value)
        for name, value in asked.items()
        if isinstance(value, str) and "\x00" in value
    }
    return statement, {**asked, **odd} if odd else asked


def _tell_full(failed: ExceptionContext) -> None:
    if is_full(failed.original_exception):
        raise FullError from None


def is_full(error: BaseException) -> bool:
    """Return whether the database failed because its disk takes no more.

    Source: SQLite's result codes (a write that finds no room under its log, or for what its processes share, is
    an I/O error), PostgreSQL's appendix A (53100, disk full).
    """
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) in NO_ROOM
    return getattr(error, "sqlstate", None) == "53100"


class BegunByHand(SQLiteDialect_pysqlite):
    """SQLite, where each transaction begins with a statement, and one that writes with another.

    Where somebody listens to an engine for one thing, every connection and every statement looks for those who listen
    for others, which takes longer than to begin.
    """

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        """Return whether both say a statement in the same words: so do all of one process, which has one SQLite."""
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        """Begin as the connection's next transaction is to."""
        dbapi_connection.cursor().execute(dbapi_connection.info.pop(_NEXT, "BEGIN"))


# Statements of every SQLite node of this process, once in SQL: a command opens a node for each thing that it does, and
# putting them into SQL takes longer than they do. The keys hold the dialect, which is why dialects are equal.
_COMPILED: Final[LRUCache[object, Compiled]] = LRUCache(COMPILED_MAX)
registry.register(f"sqlite.{_DRIVER}", __name__, BegunByHand.__name__)


def _sqlite_engine(url: str, pages_kib: int) -> Engine:
    engine = create_engine(
        make_url(url).set(drivername=f"sqlite+{_DRIVER}"),
        pool_size=16,
        max_overflow=64,
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
        execution_options={"compiled_cache": _COMPILED},
    )
    event.listen(engine, "connect", partial(_prepare_sqlite, pages_kib))
    return engine


def _prepare_sqlite(pages_kib: int, connection: _DriverConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling would begin too late; `writing` and `reading` begin by hand.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged commit survives loss of power
        "foreign_keys=ON",
        "secure_delete=ON",  # what is purged is overwritten, not only let go
        f"busy_timeout={BUSY_TIMEOUT_S * 1000}",
        f"cache_size=-{pages_kib}",
        "mmap_size=1073741824",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@contextmanager
def writing(engine: Engine) -> Generator[Connection, None, None]:
    """Open a transaction that writes. Writers come one after the other, in every process of the node.

    On SQLite the transaction takes the write lock as it begins; on PostgreSQL it locks the node's row.
    Everything in it is durable when the block ends, or nothing is. Raises `FullError` where there is no room.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            connection.connection.info[_NEXT] = "BEGIN IMMEDIATE"
        with connection.begin():
            if not is_sqlite:
                connection.execute(select(NODE.c.id).with_for_update())
            yield connection


@contextmanager
def reading(engine: Engine) -> Generator[Connection, None, None]:
    """Open a transaction that sees one state of the registry throughout.

    SQLite gives a reader one state by itself; PostgreSQL would show each statement a newer one.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            # Both are settings of the driver's connection: they travel with BEGIN, not before it.
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


def create_tables(engine: Engine, node_name: str) -> None:
    """Create the tables and the node's row where they are missing."""
    METADATA.create_all(engine, list(TABLES.values()))
    with engine.begin() as connection:
        if connection.execute(select(NODE.c.id)).first() is None:
            connection.execute(
                NODE.insert().values(
                    id=1, schema_version=SCHEMA_VERSION, name=node_name, last_record=0, last_change=0
                )
            )


def upgrade_tables(engine: Engine) -> None:
    """Bring the tables of a node made by an earlier release up to this one.

    Raises `DamagedError` where the node's tables are of a later release, or hold no node.
    """
    with engine.connect() as connection:
        held = connection.execute(select(NODE.c.schema_version)).scalar_one_or_none()
    if held is None or held > SCHEMA_VERSION:
        raise DamagedError(what="registry")
    if held < SCHEMA_VERSION:
        METADATA.create_all(engine, list(TABLES.values()))
        with writing(engine) as connection:
            if held < FOLLOWED_SINCE:
                positions.begin_at_present(connection)
            elif held < EARLIER_IN_RUNS_SINCE:
                # What waits is a function of the log: it is gathered anew from there.
                watches.drop_earlier(connection)
                positions.move(connection, positions.LOG_TO_CHECKS, 0)
            if held < FILES_WAIT_SINCE:
                files_waiting.begin(connection, datetime.now(UTC))
            connection.execute(NODE.update().values(schema_version=SCHEMA_VERSION))


def scrub(engine: Engine) -> None:
    """Clear what deleted rows left in the database's own files: SQLite's log, PostgreSQL's dead rows.

    What was said of a record stands in many tables: all are cleared but the log's, of which no row is ever removed.
    """
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if engine.dialect.name == "sqlite":
            # The driver's connection itself: a transaction of ours would keep the log from being cut.
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            names = ", ".join(name for name in TABLES if not name.startswith("audit_"))
            connection.exec_driver_sql(f"VACUUM {names}")


def is_alive(engine: Engine) -> bool:
    """Return whether the database answers, and holds a node."""
    try:
        with engine.connect() as connection:
            return connection.execute(select(NODE.c.id)).first() is not None
    except (SQLAlchemyError, FullError):
        return False
