"""The registry's tables, the same on SQLite and PostgreSQL.

node ─ one row: the lock that orders writers, and the last numbers given
bureaus ─ units ─ officers ─ accounts ─ api_keys, sessions
records ─ versions (what earlier versions said) ─ changes (numbered) ─ audiences (who sees them)
notices ─ notice_steps, notice_recipients, notice_keys: see notices.py
imports ─ rejects are files beside the list, not rows here
audit_* ─ see audit_log
"""

import datetime as dt
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from comity.registry.audit_tables import audit_tables

SCHEMA_VERSION = 6

FETCH_MAX = 500
"""How many rows one statement asks for; both databases bound the number of parameters."""

METADATA = MetaData()


class Moment(TypeDecorator[dt.datetime]):
    """A moment in UTC, always aware; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Return the moment in UTC; a naive one is a mistake of ours."""
        del dialect
        assert value is None or value.tzinfo is not None
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dt.datetime | None:
        """Return the moment with its zone."""
        del dialect
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def in_plain_order(connection: Connection, column: Column[str]) -> ColumnElement[str]:
    """Return a text to be compared sign by sign, by their codes, as SQLite and Python do.

    PostgreSQL would compare by the rules of its database's language, in which a dot may count for nothing.
    """
    return column.collate("C") if connection.dialect.name == "postgresql" else column


NODE = Table(
    "node",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("schema_version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("last_record", BigInteger, nullable=False),
    Column("last_change", BigInteger, nullable=False),
)

BUREAUS = Table(
    "bureaus",
    METADATA,
    Column("code", String(3), primary_key=True),
    Column("bit", Integer, nullable=False, unique=True),
    Column("region", Text, nullable=False),
)

DELEGATIONS = Table(
    "delegations",  # `owner` lets `bureau` enter lists in its name; the owner may take that back
    METADATA,
    Column("owner", String(3), ForeignKey("bureaus.code"), primary_key=True),
    Column("bureau", String(3), ForeignKey("bureaus.code"), primary_key=True),
)

UNITS = Table(
    "units",
    METADATA,
    Column("bureau", String(3), ForeignKey("bureaus.code"), primary_key=True),
    Column("code", String(40), primary_key=True),
)

OFFICERS = Table(
    "officers",  # by service number: names of officers are not needed here
    METADATA,
    Column("bureau", String(3), ForeignKey("bureaus.code"), primary_key=True),
    Column("number", String(40), primary_key=True),
    Column("unit", String(40), nullable=False),
)

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("name", String(80), primary_key=True),
    Column("bureau", String(3), ForeignKey("bureaus.code"), nullable=False),
    Column("unit", String(40)),
    Column("officer", String(40)),
    Column("role", String(40), nullable=False),
    Column("purposes", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("passphrase_hash", Text),
    Column("code_secret", LargeBinary),  # sealed with the node's own key
    Column("code_step", BigInteger, nullable=False),
    Column("failures_count", Integer, nullable=False),
    Column("locked_until", Moment),
    Column("language", String(5)),
    Column("created_at", Moment, nullable=False),
)

API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("account", String(80), ForeignKey("accounts.name"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("acts", Text),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("account", String(80), ForeignKey("accounts.name"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

AUDIENCES = Table(
    "audiences",  # each distinct rule on who sees a record, once
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("rule", Text, nullable=False, unique=True),
)

RECORDS = Table(
    "records",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("public_id", String(24), nullable=False, unique=True),
    Column("owner", String(3), ForeignKey("bureaus.code"), nullable=False),
    Column("list_name", String(80), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("origin", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("audience", Integer, ForeignKey("audiences.id"), nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("retain_until", Date),
    Column("review_on", Date),
    Column("digest", LargeBinary(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("records_by_origin", "owner", "list_name", "origin", "state"),
    Index("records_by_review", "review_on"),
)

VERSIONS = Table(
    "versions",  # what a record said before it was amended or withdrawn
    METADATA,
    Column("record", BigInteger, ForeignKey("records.number"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("state", String(20), nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("account", String(80), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

CHANGES = Table(
    "changes",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("record", BigInteger, ForeignKey("records.number"), nullable=False),
    Column("what", String(20), nullable=False),
    Column("before", Integer),  # audience before the change; none where the record was not held
    Column("after", Integer),  # audience after it; none where it is withdrawn
    Column("at", Moment, nullable=False),
    Column("account", String(80), nullable=False),
    Index("changes_by_record", "record"),
)

IMPORTS = Table(
    "imports",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("source", String(40), nullable=False),
    Column("owner", String(3), nullable=False),
    Column("list_name", String(80), nullable=False),
    Column("origin", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    Column("rows_done", BigInteger, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
)

AUDIT = audit_tables(METADATA)
