"""The tables of the audit log."""

from typing import Final, NamedTuple

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

# SQLite numbers rows by INTEGER PRIMARY KEY alone, which is 64 bits wide there.
_Number: Final = BigInteger().with_variant(Integer, "sqlite")


class AuditTables(NamedTuple):
    """The tables of the log."""

    entries: Table
    shown: Table
    tiles: Table
    heads: Table
    tip: Table


def audit_tables(metadata: MetaData) -> AuditTables:
    """Return the tables of the log, added to this metadata."""
    entries = Table(
        "audit_entries",
        metadata,
        Column("seq", _Number, primary_key=True, autoincrement=False),
        Column("at_us", BigInteger, nullable=False),
        Column("account", Text, nullable=False),
        Column("bureau", Text, nullable=False),
        Column("act", Text, nullable=False),
        Column("purpose", Text),
        Column("outcome", Text, nullable=False),
        Column("leaf", LargeBinary, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Index("audit_entries_account", "account", "seq"),
    )
    shown = Table(
        "audit_records",
        metadata,
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        Column("record", Text, primary_key=True),
        Column("owner", Text, nullable=False),
        Index("audit_records_owner", "owner", "seq"),
        Index("audit_records_record", "record", "seq"),
        sqlite_with_rowid=False,
    )
    tiles = Table(
        "audit_tiles",
        metadata,
        Column("level", Integer, primary_key=True, autoincrement=False),
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("hash", LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    heads = Table(
        "audit_heads",
        metadata,
        Column("number", _Number, primary_key=True, autoincrement=False),
        Column("size", BigInteger, nullable=False),
        Column("note", Text, nullable=False),
        Index("audit_heads_size", "size"),
    )
    # One row: where appending goes on. It is also what appenders lock, so that they take turns.
    tip = Table(
        "audit_tip",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("size", BigInteger, nullable=False),
        Column("peaks", LargeBinary, nullable=False),
        Column("heads", BigInteger, nullable=False),
    )
    return AuditTables(entries, shown, tiles, heads, tip)
