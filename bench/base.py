"""Makes a base of a given number of customers, in a database of its own; one that is there already is used again."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from random import Random

import psycopg
from psycopg import sql

from bench.names import NameBook
from bench.rows import BILL_MONTHS, COMPETITORS, DISTRICTS, REGIONS, USAGE_MONTHS, Statement, statements
from svyaz.lib.text import name_key

# Raise it with every change of what a base holds: bases of another version are made anew.
VERSION = 2
# Dates stand relative to the day of the build; older bases would have promises past due and decisions to be judged.
GOOD_FOR = timedelta(days=14)
COMPANIES_IN_A_HUNDRED = 8
PARTY_COLUMNS = (
    "id", "kind", "name", "name_key", "family_name", "given_name", "middle_name", "birth_date", "gender", "legal_form",
    "inn", "kpp", "ogrn", "language", "home_area_id", "created_at",
)  # fmt: skip
RIVALS = ("МегаСеть", "Ростелефон", "БиЛинк", "Теле Два Ноль", "Дом Ток")

Say = Callable[[str], None]


def bills_every(customers: int) -> int:
    """Return k where every k-th customer has bills: all up to 200 000, one in four beyond, for the disk's sake."""
    return 1 if customers <= 200_000 else 4


def described(customers: int) -> str:
    """Return the mark of a finished base."""
    return f"svyaz bench {VERSION}, {customers} customers, of {datetime.now(UTC):%Y-%m-%d}"


def is_good(description: str | None, customers: int) -> bool:
    """Tell whether a base with this mark may be used as it is."""
    start = f"svyaz bench {VERSION}, {customers} customers, of "
    if not description or not description.startswith(start):
        return False
    return datetime.now(UTC).date() - date.fromisoformat(description.removeprefix(start)) < GOOD_FOR


def fill(url: str, customers: int, say: Say) -> None:
    """Fill the migrated, empty tables of a database: rows first, then indexes and constraints, all checked."""
    filling = statements(customers, bills_every(customers))
    tables = sorted({"parties_party", *(statement.table for statement in filling)})
    with psycopg.connect(url, autocommit=True) as connection:
        later = _take_down(connection, tables)
    for stage in (1, 2, 3):
        work: list[Callable[[], None]] = [lambda: _write_parties(url, customers, say)] if stage == 1 else []
        # The longest first, so that no lane is left with one at the end.
        work += [_filler(url, each, say) for each in reversed(filling) if each.stage == stage]
        _in_two_lanes(work)
    _in_two_lanes([_runner(url, text, say) for text in later if "FOREIGN KEY" not in text])
    for text in later:
        if "FOREIGN KEY" in text:
            _runner(url, text, say)()
    with psycopg.connect(url, autocommit=True) as connection:
        _set_sequences(connection, tables)
    _in_two_lanes([_runner(url, f"VACUUM (ANALYZE, FREEZE) {table}", say) for table in tables])


def _take_down(connection: psycopg.Connection, tables: list[str]) -> list[str]:
    """Drop the tables' secondary indexes and cross-row constraints; return the statements that make them again."""
    again: list[str] = []
    drops: list[str] = []
    constraints = """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype FROM pg_constraint
        WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u', 'x') ORDER BY contype = 'f', 1, 2"""
    for table, name, definition, _ in connection.execute(constraints, [tables]).fetchall():
        drops.insert(0, f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        again.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')

    indexes = """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid = ANY(%s::regclass[])
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))"""
    for name, definition in connection.execute(indexes, [tables]).fetchall():
        drops.append(f"DROP INDEX {name}")
        again.insert(0, definition)
    for drop in drops:
        connection.execute(drop.encode())
    return again


def _in_two_lanes(work: Iterable[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(max_workers=2) as lanes:
        for done in [lanes.submit(each) for each in work]:
            done.result()


def _runner(url: str, text: str, say: Say) -> Callable[[], None]:
    def run() -> None:
        started = time.monotonic()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET maintenance_work_mem = '512MB'")
            connection.execute("SET work_mem = '256MB'")
            rows = connection.execute(text.encode()).rowcount
        took = time.monotonic() - started
        if took > 1:
            say(f"    {took:6.1f} s  {f'{rows:>9,} rows  ' if rows > 0 else ''}{' '.join(text.split())[:110]}")

    return run


def _filler(url: str, statement: Statement, say: Say) -> Callable[[], None]:
    with psycopg.connect(url) as connection:
        names = [column.name for column in connection.execute(f"{statement.text} LIMIT 0".encode()).description or ()]
    return _runner(url, f"INSERT INTO {statement.table} ({', '.join(names)}) {statement.text}", say)


def _write_parties(url: str, customers: int, say: Say) -> None:
    started = time.monotonic()
    into = f"COPY parties_party ({', '.join(PARTY_COLUMNS)}) FROM STDIN"
    with psycopg.connect(url) as connection, connection.cursor().copy(into.encode()) as copy:
        for row in parties(customers):
            copy.write_row(row)
    say(f"    {time.monotonic() - started:6.1f} s  {customers:>9,} rows  COPY parties_party")


def parties(customers: int) -> Iterator[tuple[object, ...]]:
    """Yield the rows of all parties: customers, every twelfth of them a company, and the competitors."""
    draw, book = Random(customers), NameBook(customers)
    moment = datetime.now(UTC) - timedelta(days=1500)
    areas = REGIONS * DISTRICTS
    companies = book.companies(customers // 12 + COMPETITORS)
    for number, person in enumerate(book.people(customers), start=1):
        area = 10 + draw.randrange(areas)
        if number % 12:
            name = " ".join(part for part in person[:3] if part)
            gender = "female" if person.is_female else "male"
            born = date(1940 + draw.randrange(65), 1 + draw.randrange(12), 1 + draw.randrange(28))
            yield (number, "individual", name, name_key(name), person.family, person.given, person.middle, born,
                   gender, "", "", "", "", "", area, moment)  # fmt: skip
        else:
            company = next(companies)
            name = f"{company.form} «{company.brand}»"
            yield _company(number, name, company.form, f"78{number:08d}", area, moment)
    for place, rival in enumerate(RIVALS, start=1):
        yield _company(customers + place, rival, "", "", None, moment)


def _company(
    number: int, name: str, form: str, inn: str, area: int | None, moment: datetime
) -> tuple[object, ...]:  # fmt: skip
    return (
        number, "organization", name, name_key(name), "", "", "", None, "", form, inn, "", "", "", area, moment,
    )  # fmt: skip


def _set_sequences(connection: psycopg.Connection, tables: list[str]) -> None:
    """Let the sequences go on after the numbers that the rows brought along."""
    for table in tables:
        connection.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({0}, 'id'), (SELECT coalesce(max(id), 1) FROM {1}))").format(
                sql.Literal(table), sql.Identifier(table)
            )
        )


def contents(customers: int) -> str:
    """Return in words what a base holds."""
    every = bills_every(customers)
    whose = "every customer" if every == 1 else f"every {every}th customer (those whose view is read; the others none)"
    return (
        f"{customers:,} customers, one in twelve a company; 5 contacts each on average, falling as a power; "
        "2 services, an agreement, an account, a phone, an e-mail and an address each;\n"
        f"   {BILL_MONTHS} bills, {BILL_MONTHS // 2} payments and {USAGE_MONTHS} months of use for {whose};\n"
        "   decisions in force with two grounds and a promise for one in ten, competitors' offers for one in ten;\n"
        "   an event for each customer and contact; one customer with 20,000 services and 100,000 contacts"
    )
