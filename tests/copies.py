"""Nodes and databases for tests, copied from ones that were made once in each process.

Making a node takes half a second: two passphrases are hashed at their full cost, and some sixty tables made. Copies
have the same keys: a test of two nodes that are to differ makes them itself, with `init_node`.
"""

import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, Engine, create_engine, make_url

from comity.access.roles import role_named
from comity.app import init_node, now, open_node
from comity.registry import accounts
from comity.registry.accounts import Account
from comity.registry.engine import create_tables, open_engine

NAME = "Test"
FILE = "registry.sqlite"

Person = tuple[str, str, str]
"""The name of an account, the code of its bureau, the code of its role."""


@dataclass(frozen=True)
class Made:
    """What copies are made of: the files of a directory, and the database beside them where it is in a server."""

    files: dict[str, bytes]
    database: URL | None


def copy_node(directory: Path, people: tuple[Person, ...] = (), registry: str | None = None) -> None:
    """Make a node with these accounts; its registry is a file of its directory, or the database named."""
    made = _made_node(people, _server_of(registry))
    files = dict(made.files)
    if registry is not None:
        before = "" if made.database is None else _text(made.database)
        stated = files["node.toml"].decode()
        assert f'database = "{before}"' in stated, "the node says where its registry is"
        files["node.toml"] = stated.replace(f'database = "{before}"', f'database = "{registry}"').encode()
        _fill(registry, made.database, files.pop(FILE, b""))
    directory.mkdir(parents=True, mode=0o700)
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(exist_ok=True, mode=0o700)
        path.write_bytes(content)
        path.chmod(0o600)


def copy_tables(registry: str) -> Engine:
    """Return an engine on a database that is made here and has the tables of a node."""
    made = _made_tables(_server_of(registry))
    _fill(registry, made.database, made.files.get(FILE, b""))
    return open_engine(registry)


def _fill(registry: str, database: URL | None, content: bytes) -> None:
    if database is None:
        Path(str(make_url(registry).database)).write_bytes(content)
    else:
        url = make_url(registry)
        _sql(url, f"DROP DATABASE IF EXISTS {url.database}")
        _sql(url, f"CREATE DATABASE {url.database} TEMPLATE {database.database} STRATEGY FILE_COPY")


def _server_of(registry: str | None) -> URL | None:
    """Return the address of the server that a database is in, None where it is a file."""
    url = None if registry is None else make_url(registry)
    return None if url is None or url.get_backend_name() == "sqlite" else url.set(database="postgres")


@cache
def _made_node(people: tuple[Person, ...], server: URL | None) -> Made:
    database = None if server is None else _new_database(server)
    url = None if database is None else _text(database)
    with TemporaryDirectory() as parent:
        directory = Path(parent) / "node"
        if not people:
            init_node(directory, NAME, url)
            return Made(_files(directory), database)
        copy_node(directory, (), url)
        with open_node(directory) as node, node.desk.registry.write() as connection:
            for name, bureau, role in people:
                accounts.add_account(connection, Account(name, bureau, role_named(role)), now())
        return Made(_files(directory), database)


@cache
def _made_tables(server: URL | None) -> Made:
    database = None if server is None else _new_database(server)
    with TemporaryDirectory() as directory:
        engine = open_engine(f"sqlite:///{directory}/{FILE}" if database is None else _text(database))
        create_tables(engine, NAME)
        engine.dispose()
        return Made(_files(Path(directory)), database)


def _files(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }


def _new_database(server: URL) -> URL:
    """Make an empty database that stays until the server of the session is removed."""
    name = f"made_{uuid.uuid4().hex}"
    _sql(server, f"CREATE DATABASE {name} TEMPLATE template0")
    return server.set(database=name)


def _sql(url: URL, statement: str) -> None:
    with _server_engine(url.set(database="postgres")).connect() as connection:
        connection.exec_driver_sql(statement)


@cache
def _server_engine(server: URL) -> Engine:
    return create_engine(server, isolation_level="AUTOCOMMIT")


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
