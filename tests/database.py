"""The data base of a test run: copied from a template that the owner migrated, used by the application's role."""

import hashlib
import os
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from svyaz.cli import schema
from svyaz.cli.database import Addresses
from svyaz.cli.state import PROJECT_DIR, locked, state_dir


def address(url: str, name: str) -> str:
    """Return the address of another data base on the same server, for the same role."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def fingerprint() -> str:
    """Return a digest of everything that makes the tables: our migrations, and the versions of the others'."""
    digest = hashlib.sha256()
    for path in [PROJECT_DIR / "requirements.txt", *sorted(PROJECT_DIR.glob("svyaz/*/migrations/*.py"))]:
        digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@dataclass(frozen=True)
class TestDatabase:
    """One data base for one test run."""

    __test__ = False

    name: str
    application: str
    owner: str

    @classmethod
    def for_this_run(cls, purpose: str = "test") -> "TestDatabase":
        """Name the data base after this process: several runs may go on at once."""
        name = f"svyaz_{purpose}_{os.getpid()}"
        given = Addresses(application=os.environ["DATABASE_URL"], owner=os.environ["DATABASE_OWNER_URL"])
        return cls(name, application=address(given.application, name), owner=address(given.owner, name))

    def create(self) -> None:
        """Copy the template, made first if the migrations changed."""
        with locked(state_dir() / "template.lock"), self._server() as server:
            _forget_the_dead(server)
            template = _template(server, self)
            self._replace(server, template)

    def drop(self) -> None:
        """Remove the data base."""
        from django.db import connections

        connections.close_all()
        with self._server() as server:
            _drop(server, self.name)

    def connect_django(self) -> None:
        """Turn Django's connection to this data base; nothing opens before `db` allows it."""
        from django.conf import settings
        from django.db import connections

        connections["default"].close()
        connections["default"].settings_dict["NAME"] = self.name
        settings.DATABASES["default"]["NAME"] = self.name

    def reset_after_transactional_tests(self) -> None:
        """Make the data base anew where Django would truncate: the append-only tables refuse that, to everyone."""
        from django.db import connections
        from django.test import TransactionTestCase

        def renew(test: TransactionTestCase) -> None:
            connections.close_all()
            self.create()

        TransactionTestCase._fixture_teardown = renew  # type: ignore[attr-defined]

    def _replace(self, server: psycopg.Connection, template: str) -> None:
        _drop(server, self.name)
        names = sql.Identifier(self.name), sql.Identifier(template)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))

    def _server(self) -> "closing[psycopg.Connection]":
        return closing(psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True))


def _template(server: psycopg.Connection, base: TestDatabase) -> str:
    name = f"svyaz_template_{fingerprint()}"
    known = [row[0] for row in server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'svyaz_template_%'")]
    if name in known:
        return name
    for old in known:
        _drop(server, old)
    draft = f"svyaz_draft_{os.getpid()}"
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    _migrate(Addresses(application=address(base.application, draft), owner=address(base.owner, draft)))
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))
    return name


def _migrate(addresses: Addresses) -> None:
    schema.prepare(addresses)
    environment = os.environ | {"DATABASE_URL": addresses.owner, "DATABASE_OWNER_URL": addresses.owner}
    command = [sys.executable, "-m", "svyaz.cli", "migrate", "--no-input", "--skip-checks", "--verbosity=0"]
    subprocess.run(command, env=environment, cwd=PROJECT_DIR, check=True)


def _forget_the_dead(server: psycopg.Connection) -> None:
    """Drop what killed test runs left."""
    for (name,) in server.execute("SELECT datname FROM pg_database WHERE datname ~ '^svyaz_[a-z]+_[0-9]+$'"):
        if not Path(f"/proc/{name.rpartition('_')[2]}").exists():
            _drop(server, name)


def _drop(server: psycopg.Connection, name: str) -> None:
    """Drop a data base with whoever is in it; patiently, since older servers refuse while autovacuum is in it."""
    for patience in range(100, -1, -1):
        try:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            if not patience:
                raise
            time.sleep(0.1)
        else:
            return
