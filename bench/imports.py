"""How fast customers of a file come in, beside plain COPY of the very rows that the import wrote."""

import csv
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from django.utils.timezone import now

from bench.databases import Database
from bench.names import NameBook
from svyaz.exchange.actions import import_customers
from svyaz.users.models import User

ROWS = 40_000
MAPPING = "customers_simple"


def measure(database: Database) -> dict[str, Any]:
    """Import a file of customers with name, phone and e-mail; return rows a second, and those of COPY."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "customers.csv"
        write_file(file)
        started = time.perf_counter()
        result = import_customers(
            path=file, mapping=MAPPING, by=User.objects.get(username="bench"), at=now(),
            bad_rows=Path(folder) / "customers.bad.csv",
        )  # fmt: skip
        seconds = time.perf_counter() - started
    if result.added != ROWS:
        raise RuntimeError(f"{result.added} of {ROWS} rows came in, {result.bad} were bad")
    copied = copy_again(database)
    return {
        "http_per_s": round(ROWS / seconds, 1), "p50_ms": None, "p99_ms": None,
        "floor_per_s": round(ROWS / copied, 1), "ratio": round(copied / seconds, 3),
    }  # fmt: skip


def write_file(file: Path) -> None:
    """Write a list of customers as people keep it: phones with brackets, e-mails in mixed case."""
    draw, book = Random(ROWS), NameBook(ROWS)
    with file.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, delimiter=";")
        lines.writerow(["name", "phone", "email"])
        for number, person in enumerate(book.people(ROWS)):
            name = " ".join(part for part in person[:3] if part)
            digits = f"{draw.randrange(100, 1000)}{number:05d}"[:8].zfill(8)
            phone = f"8 (49{digits[0]}) {digits[1:4]}-{digits[4:6]}-{digits[6:]}"
            lines.writerow([name, phone, f"Klient.{number}@Pochta.Example"])


def copy_again(database: Database) -> float:
    """Take the import's rows away and put the same ones back by one COPY a table; return the seconds of that."""
    rows: list[tuple[str, bytes]] = []
    with psycopg.connect(database.superuser) as connection:
        marks = connection.execute(
            # The order of the tables' foreign keys does not matter: they are checked at the end.
            "SELECT name, last FROM bench_mark WHERE name ~ '^(exchange_importedrow|parties|places|history_event)'"
        ).fetchall()
        for table, last in marks:
            with connection.cursor().copy(f"COPY (SELECT * FROM {table} WHERE id > {last}) TO STDOUT".encode()) as out:
                rows.append((table, b"".join(bytes(block) for block in out)))
    keep = _other_rows(database)
    database.restore()
    started = time.perf_counter()
    with psycopg.connect(database.owner) as connection:
        for table, text in [*keep, *rows]:
            if text:
                with connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as into:
                    into.write(text)
    return time.perf_counter() - started


def _other_rows(database: Database) -> list[tuple[str, bytes]]:
    """Return what the import's rows refer to: who imported, and the import itself."""
    kept = []
    with psycopg.connect(database.superuser) as connection:
        for table in ("users_user", "exchange_import"):
            (last,) = connection.execute("SELECT last FROM bench_mark WHERE name = %s", [table]).fetchone() or (0,)
            with connection.cursor().copy(f"COPY (SELECT * FROM {table} WHERE id > {last}) TO STDOUT".encode()) as out:
                kept.append((table, b"".join(bytes(block) for block in out)))
    return kept
