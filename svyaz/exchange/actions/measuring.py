"""How fast customers come in, beside a plain COPY of the same rows: for the bench."""

import csv
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from django.db import connection, transaction
from django.utils.timezone import now

from svyaz.exchange.actions.customers import ROWS_OF_A_CHUNK, import_customers
from svyaz.exchange.actions.drafts import RowReader
from svyaz.exchange.actions.mapping import load_mapping
from svyaz.exchange.actions.values import Setting
from svyaz.exchange.actions.writing import Batch, Destination
from svyaz.exchange.models import Import, ImportedRow
from svyaz.users.models import User

HEADER = ("number", "name", "phone", "email", "birth date")
SYLLABLES = "ва ко ми ро та бе ли на се до ру ши пе жа ло ни че гу".split()
GIVEN = "Анна Борис Вера Глеб Дарья Егор Жанна Захар Инна Кирилл Лев Мария Нина Олег Павел Роман".split()
PATRONYMICS = "Иванович Петрович Сергеевич Львович Олегович Игоревич Ильич Павлович".split()


def measure_import(rows: int, *, by: User, processes: int = 2, names: Iterable[str] | None = None) -> dict[str, float]:
    """Import `rows` simple customers, then COPY as many prepared ones with one loader; return both as rows a second.

    A customer is a party, its role, a phone, an e-mail, the row's identity and the event, with every index. Both
    stay in the base. The import's time is all of it: from opening the file to the last commit.
    """
    first = ImportedRow.objects.filter(source="measure").count()
    people = simple_customers(first, rows * 2, names)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "customers.csv"
        _write(file, people, rows)
        started = time.monotonic()
        result = import_customers(
            path=file, mapping="customers_simple", by=by, at=now(), source="measure", processes=processes
        )
        seconds = time.monotonic() - started
    if result.added != rows or result.import_id is None:
        raise RuntimeError(f"{result.added} of {rows} customers came in")
    floor = _plain_copy(people, rows, Destination("measure", result.import_id, by.pk, result.as_of, {}))
    return {
        "rows": rows,
        "seconds": seconds,
        "rows_per_s": rows / seconds,
        "floor_per_s": rows / floor,
        "ratio": floor / seconds,
    }


def simple_customers(first: int, count: int, names: Iterable[str] | None = None) -> Iterator[tuple[str, ...]]:
    """Yield rows of invented customers, no two alike, with phones and e-mails written as people write them."""
    random = Random(first)
    given_names = iter(names) if names is not None else _names(random)
    for place in range(first, first + count):
        digits = f"9{place % 10**9:09d}"
        phone = (f"+7{digits}", f"8 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}", digits)[place % 3]
        birth = f"{random.randint(1, 28):02d}.{random.randint(1, 12):02d}.{random.randint(1940, 2005)}"
        yield f"M{place:09d}", next(given_names), phone, f"Client{place}@Example.com", birth


def _names(random: Random) -> Iterator[str]:
    while True:
        family = "".join(random.choices(SYLLABLES, k=random.randint(2, 4))).capitalize() + "в"
        yield f"{family} {random.choice(GIVEN)} {random.choice(PATRONYMICS)}"


def _write(file: Path, people: Iterator[tuple[str, ...]], rows: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        writer.writerows(next(people) for _row in range(rows))


def _plain_copy(people: Iterator[tuple[str, ...]], rows: int, destination: Destination) -> float:
    """COPY prepared rows on this connection; return the seconds of the COPY alone."""
    at = now()
    reader = RowReader(load_mapping("customers_simple"), HEADER, Setting(destination.as_of, {}))
    seconds = 0.0
    for start in range(0, rows, ROWS_OF_A_CHUNK):
        count = min(ROWS_OF_A_CHUNK, rows - start)
        drafts = [reader.read(start + line, next(people)) for line in range(count)]
        batch = Batch(drafts, destination, at)
        started = time.monotonic()
        with transaction.atomic():
            batch.copy()
        seconds += time.monotonic() - started
    connection.close()
    Import.objects.filter(pk=destination.import_id).update(added=rows * 2)
    return seconds
