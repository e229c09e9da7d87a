"""Runs one of Django's commands or ours: with keys, with a data base, as the right role."""

import os
import subprocess
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from svyaz.cli import schema
from svyaz.cli.database import Addresses, database
from svyaz.cli.errors import CannotGoOn
from svyaz.cli.state import keep_keys, state_dir

# `import` cannot name a Python module that others import.
NAMES = {"import": "import_data"}
WITHOUT_DATABASE = {"help", "version", "--version", "collectstatic", "findstatic", "makemessages", "compilemessages"}
AS_OWNER = {"migrate", "flush"}
# On a base that has no tables yet these make them first; on one that is behind nobody changes tables unasked.
MIGRATE_FIRST = {"import", "demo", "token"}


def run(word: str, arguments: list[str]) -> int:
    """Run a management command by the name that people use."""
    folder = state_dir()
    keep_keys(folder)
    os.environ.setdefault("SVYAZ_STATE", str(folder))
    if word in WITHOUT_DATABASE or {"-h", "--help"} & set(arguments):
        os.environ.setdefault("DATABASE_URL", "postgres:///svyaz")
        return execute(word, arguments)
    with database(folder) as addresses:
        if word in AS_OWNER:
            schema.prepare(addresses)
        use(addresses, owner=word in AS_OWNER)
        if word in MIGRATE_FIRST:
            ready_for_work(addresses)
        return execute(word, arguments)


def use(addresses: Addresses, *, owner: bool = False) -> None:
    """Put the addresses where the settings look for them; the owner's only for work on tables."""
    os.environ["DATABASE_URL"] = addresses.owner if owner else addresses.application
    os.environ["DATABASE_OWNER_URL"] = addresses.owner


def ready_for_work(addresses: Addresses) -> None:
    """Make the tables of a fresh base; refuse a base whose tables are older or newer than the program."""
    if not schema.has_tables(addresses):
        schema.prepare(addresses)
        migrate(addresses)
        return
    if missing := missing_migrations():
        raise CannotGoOn(f"{len(missing)} migrations are missing ({missing[0]}, …): run `svyaz migrate` first.")


def migrate(addresses: Addresses) -> None:
    """Bring the tables up to date as their owner, in a process of its own: this one keeps its smaller role."""
    done = subprocess.run(
        [sys.executable, "-m", "svyaz.cli", "migrate", "--no-input", "--skip-checks", "--verbosity=0"],
        env=os.environ | {"DATABASE_URL": addresses.owner, "DATABASE_OWNER_URL": addresses.owner},
        cwd=Path(__file__).resolve().parents[2],
    )
    if done.returncode:
        raise CannotGoOn("the migrations failed; nothing was started.")


def missing_migrations() -> list[str]:
    """Return the names of the migrations that the data base has not had yet."""
    import django
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def execute(word: str, arguments: list[str]) -> int:
    """Run a management command inside this process; return its exit status."""
    try:
        execute_from_command_line(["svyaz", NAMES.get(word, word), *arguments])
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    return 0
