"""`svyaz check`: Django's own checks, and what only this installation can get wrong."""

import sys
from collections.abc import Iterator

import psycopg

from svyaz.cli import environment, schema
from svyaz.cli.database import Addresses, database
from svyaz.cli.errors import CannotGoOn
from svyaz.cli.state import PROJECT_DIR, keep_keys, state_dir


def main(arguments: list[str]) -> int:
    """Print what is wrong, each with what to do; return 1 if anything is."""
    folder = state_dir()
    keep_keys(folder)
    with database(folder) as addresses:
        environment.use(addresses)
        found = [*of_the_database(addresses), *of_the_migrations(), *of_the_assets()]
        for problem in found:
            print(f"svyaz: {problem}", file=sys.stderr)
        return environment.execute("check", arguments) or int(bool(found))


def of_the_database(addresses: Addresses) -> Iterator[str]:
    """Yield what is wrong with the server, the data base and the application's role."""
    with psycopg.connect(addresses.application, autocommit=True) as connection:
        try:
            schema.refuse_a_wrong_version(connection)
            schema.refuse_without_cyrillic(connection)
        except CannotGoOn as error:
            yield str(error)
        except psycopg.errors.UndefinedFunction:
            yield "the extension pg_trgm is missing: run `svyaz migrate`."
        if missing := schema.missing_extensions(connection):
            yield f"extensions are missing: {', '.join(missing)}: run `svyaz migrate`."
        if schema.is_superuser(connection):
            yield "the application's role is a superuser, so nothing protects history: name another in DATABASE_URL."


def of_the_migrations() -> Iterator[str]:
    """Yield one line if the tables are not those of this program."""
    if missing := environment.missing_migrations():
        yield f"{len(missing)} migrations are missing ({missing[0]}, ...): run `svyaz migrate`."


def of_the_assets() -> Iterator[str]:
    """Yield one line if the front-end libraries were never fetched."""
    if not (PROJECT_DIR / "svyaz/desk/static/desk/built/desk.css").exists():
        yield "the front-end libraries are missing: run `svyaz assets`."
