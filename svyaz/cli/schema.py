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
            refuse_what_does_not_fit(connection)
            if application and application != connection.info.user:
                _grant(connection, str(application))
    except psycopg.errors.InsufficientPrivilege as error:
        raise CannotGoOn(
            f"{error}The owner's role (DATABASE_OWNER_URL) must be able to create the extensions "
            f"{', '.join(EXTENSIONS)}: make it the owner of the data base."
        ) from error


def refuse_what_does_not_fit(connection: psycopg.Connection) -> None:
    """Stop at a server of the wrong version, and at a data base in which Russian words cannot be found."""
    version = connection.info.server_version // 10000
    if not OLDEST <= version <= NEWEST:
        raise CannotGoOn(f"PostgreSQL {version} is not supported; use {OLDEST} to {NEWEST}.")
    for extension in EXTENSIONS:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    if not reads_cyrillic(connection):
        ctype = connection.execute("SELECT datctype FROM pg_database WHERE datname = current_database()").fetchone()
        raise CannotGoOn(NO_CYRILLIC.format(ctype=ctype[0] if ctype else ""))


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
