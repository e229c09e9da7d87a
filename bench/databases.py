"""The bench's own PostgreSQL server, with a database for each size, and its state after a run as before it."""

import contextlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg import sql

from bench import base
from bench.base import Say
from svyaz.cli import environment, schema
from svyaz.cli.cluster import Cluster
from svyaz.cli.database import NAME, OWNER, Addresses, embedded, embedded_bin_dir
from svyaz.cli.errors import CannotGoOn
from svyaz.cli.state import keep_keys, state_dir

T = TypeVar("T")
TABLES = """
    SELECT c.relname FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id' AND a.attidentity <> ''
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1"""


@dataclass(frozen=True)
class Database:
    """A database of the bench's server: how each role reaches it."""

    name: str
    folder: Path
    application: str
    owner: str
    superuser: str

    def addresses(self) -> Addresses:
        """Return the addresses as the `svyaz` commands know them."""
        return Addresses(application=self.application, owner=self.owner)

    def environment(self) -> dict[str, str]:
        """Return the environment in which Svyaz finds this database."""
        return os.environ | {
            "SVYAZ_STATE": str(self.folder),
            "DATABASE_URL": self.application,
            "DATABASE_OWNER_URL": self.owner,
            "DJANGO_SETTINGS_MODULE": "svyaz.settings",
            "BENCH_DATABASE": json.dumps(asdict(self), default=str),
        }

    @classmethod
    def of_environment(cls) -> "Database":
        """Return the database that the environment was made for."""
        parts = json.loads(os.environ["BENCH_DATABASE"])
        return cls(**{**parts, "folder": Path(parts["folder"])})

    def main_process(self) -> int:
        """Return the id of the server's main process."""
        return int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0])

    def restore(self) -> None:
        """Take away every row that a run has added, and what the application's workers left to do."""
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            # As the superuser, past triggers: the same rows that the application must never be able to take away.
            connection.execute("SET session_replication_role = 'replica'")
            for table, last in connection.execute("SELECT name, last FROM bench_mark").fetchall():
                where = sql.SQL("DELETE FROM {} WHERE id > {}").format(sql.Identifier(table), sql.Literal(last))
                if connection.execute(where).rowcount:
                    connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
            connection.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers")
            connection.execute("UPDATE history_cursor SET xid = history_horizon(), event_id = 0")


@contextlib.contextmanager
def server() -> Iterator[Database]:
    """Run the bench's server, in a folder of its own in the state folder; give its first database."""
    folder = state_dir() / "bench"
    # The web server looks for static files here; the bench asks for none.
    (folder / "static").mkdir(parents=True, exist_ok=True)
    keep_keys(folder)
    with embedded(Cluster(embedded_bin_dir(), folder / "postgres"), folder) as addresses:
        password = (folder / "postgres.postgres.password").read_text().strip()
        superuser = re.sub(r"//[^@]+@", f"//postgres:{password}@", addresses.owner)
        yield Database(NAME, folder, addresses.application, addresses.owner, superuser)


def named(first: Database, name: str) -> Database:
    """Return another database of the same server."""
    application, owner, superuser = (
        re.sub(r"/[^/]+$", f"/{name}", url) for url in (first.application, first.owner, first.superuser)
    )
    return replace(first, name=name, application=application, owner=owner, superuser=superuser)


def base_of(first: Database, customers: int, say: Say) -> Database:
    """Return the base of a size: the one of an earlier run, brought up to date, or a new one."""
    database = named(first, f"bench_{customers}")
    with psycopg.connect(first.superuser, autocommit=True) as connection:
        found = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [database.name]
        ).fetchone()
    if found and base.is_good(found[0], customers) and timed(say, "migrations", lambda: _is_up_to_date(database)):
        say(f"  base: {found[0]} (made by an earlier run)")
        timed(say, "rows of earlier runs taken away", database.restore)
    else:
        _build(first, database, customers, say)
    timed(say, "base read into the system's cache", lambda: _read_into_cache(database))
    return database


def timed(say: Say, name: str, act: Callable[[], T]) -> T:
    """Do something and say how long it took."""
    started = time.monotonic()
    result = act()
    say(f"  {time.monotonic() - started:6.1f} s  {name}")
    return result


def _build(first: Database, database: Database, customers: int, say: Say) -> None:
    started = time.monotonic()
    draft = named(first, f"{database.name}_draft")
    with psycopg.connect(first.superuser, autocommit=True) as connection:
        for old in (database.name, draft.name):
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(old)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(draft.name), sql.Identifier(OWNER))
        )
    schema.prepare(draft.addresses())
    _migrate(draft)
    base.fill(draft.owner, customers, say)
    with psycopg.connect(draft.superuser, autocommit=True) as connection:
        _mark(connection)
        connection.execute("CHECKPOINT")
    with psycopg.connect(first.superuser, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft.name), sql.Identifier(database.name))
        )
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(database.name), sql.Literal(base.described(customers))
            )
        )
        size = connection.execute("SELECT pg_size_pretty(pg_database_size(%s))", [database.name]).fetchone()
    say(f"  base: made in {time.monotonic() - started:.0f} s, {size[0] if size else ''} on disk")


def _mark(connection: psycopg.Connection) -> None:
    """Remember the last row of every table, so that a run's rows can be told from the base's."""
    connection.execute("CREATE TABLE bench_mark (name text PRIMARY KEY, last bigint NOT NULL)")
    for (table,) in connection.execute(TABLES).fetchall():
        connection.execute(
            sql.SQL("INSERT INTO bench_mark SELECT {}, coalesce(max(id), 0) FROM {}").format(
                sql.Literal(table), sql.Identifier(table)
            )
        )


def _migrate(database: Database) -> None:
    """Bring the tables up to date, by the same migrations as any base."""
    environment_before = dict(os.environ)
    os.environ.update(database.environment())
    try:
        environment.migrate(database.addresses())
    finally:
        os.environ.clear()
        os.environ.update(environment_before)


def _is_up_to_date(database: Database) -> bool:
    """Migrate a base of an earlier run; tell whether that worked, or a new one is needed."""
    try:
        _migrate(database)
    except CannotGoOn:
        return False
    return True


def _read_into_cache(database: Database) -> None:
    """Read the base's files once: what is measured is a base in use, not one just mounted."""
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        connection.execute(
            "SELECT sum(pg_prewarm(oid::regclass, 'read')) FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')"
        )
