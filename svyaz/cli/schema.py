"""What a data base must have before the migrations run: extensions, rights of the application's role, Cyrillic."""

import psycopg
from psycopg import sql

from svyaz.cli.database import Addresses
from svyaz.cli.errors import CannotGoOn

EXTENSIONS = ("btree_gin", "btree_gist", "pg_trgm", "unaccent")
OLDEST, NEWEST = 15, 18

NO_CYRILLIC = """\
This data base cannot search in Cyrillic: its locale's character type is {ctype!r}, and in it a trigram of a
Russian letter is empty. Make the data base anew with a UTF-8 locale, for example:
    CREATE DATABASE svyaz TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';"""


def prepare(addresses: Addresses) -> None:
    """Make the extensions as the owner, and let the application's role work with the tables to come."""
    application = psycopg.conninfo.conninfo_to_dict(addresses.application).get("user")
    try:
        with psycopg.connect(addresses.owner) as connection:
            refuse_a_wrong_version(connection)
            for extension in missing_extensions(connection):
                connection.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension)))
            refuse_without_cyrillic(connection)
            count_transactions_on(connection)
            if application and application != connection.info.user:
                _grant(connection, str(application))
    except psycopg.errors.InsufficientPrivilege as error:
        raise CannotGoOn(
            f"{error}The owner's role (DATABASE_OWNER_URL) must be able to create the extensions "
            f"{', '.join(EXTENSIONS)}: make it the owner of the data base."
        ) from error


def refuse_a_wrong_version(connection: psycopg.Connection) -> None:
    """Stop at a server that is too old, or newer than anyone tried."""
    version = connection.info.server_version // 10000
    if not OLDEST <= version <= NEWEST:
        raise CannotGoOn(f"PostgreSQL {version} is not supported; use {OLDEST} to {NEWEST}.")


def refuse_without_cyrillic(connection: psycopg.Connection) -> None:
    """Stop at a data base in which Russian words cannot be found."""
    if not reads_cyrillic(connection):
        ctype = connection.execute("SELECT datctype FROM pg_database WHERE datname = current_database()").fetchone()
        raise CannotGoOn(NO_CYRILLIC.format(ctype=ctype[0] if ctype else ""))


def count_transactions_on(connection: psycopg.Connection) -> None:
    """Let transactions of a data base that was restored on another server come after those that it has seen.

    Readers of events go by the number of the transaction that wrote them; another server counts from its own beginning.
    """
    if not connection.execute("SELECT to_regproc('history_horizon') IS NOT NULL").fetchone()[0]:  # type: ignore[index]
        return
    behind = connection.execute(
        "SELECT max(xid)::text::bigint - pg_snapshot_xmin(pg_current_snapshot())::text::bigint + 1,"
        " max(xid) >= history_horizon() FROM history_event"
    ).fetchone()
    if behind and behind[1]:
        # A constant in a function, not a row or a setting: it is written into every statement for nothing.
        function = "CREATE OR REPLACE FUNCTION history_shift() RETURNS bigint LANGUAGE sql IMMUTABLE RETURN {}::bigint"
        connection.execute(sql.SQL(function).format(sql.Literal(behind[0])))


def missing_extensions(connection: psycopg.Connection) -> list[str]:
    """Return the extensions that the data base needs and has not."""
    known = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
    return [name for name in EXTENSIONS if name not in known]


def is_superuser(connection: psycopg.Connection) -> bool:
    """Tell whether the role we work as may do everything."""
    found = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(found and found[0])


def reads_cyrillic(connection: psycopg.Connection) -> bool:
    """Tell whether trigrams of Russian letters exist here."""
    found = connection.execute("SELECT cardinality(show_trgm('ж')) > 0").fetchone()
    return bool(found and found[0])


def _grant(connection: psycopg.Connection, role: str) -> None:
    """Give the role the rows of every table that the owner will make, and neither TRUNCATE nor the tables."""
    for grant in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
    ):
        connection.execute(sql.SQL(grant).format(sql.Identifier(role)))


def has_tables(addresses: Addresses) -> bool:
    """Tell whether migrations ever ran here."""
    with psycopg.connect(addresses.application) as connection:
        found = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
    return bool(found and found[0])
