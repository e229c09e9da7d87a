"""A file of Russian customers as an old billing gives it out: cp1251, semicolons, some rows bad; the same every time.

`python -m bench.russian_rows FILE [ROWS]` writes one.
"""

import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.names import NameBook

HEADER = ("Номер клиента", "ФИО", "Телефон", "E-mail", "Дата рождения", "Адрес")
BAD_SHARE = 0.03
# What is wrong with a bad row: the column, and what stands in it.
_FAULTS: tuple[tuple[int, Callable[[Random], str]], ...] = (
    (2, lambda draw: f"доб. {draw.randrange(100)}"),
    (3, lambda draw: f"почта{draw.randrange(1000)}(at)mail.ru"),
    (4, lambda draw: f"{draw.randrange(32, 99)}.13.19{draw.randrange(10, 99)}"),
)


@dataclass(frozen=True)
class Written:
    """What a file holds: its rows, and which lines are bad (the header is line 1)."""

    rows: int
    bad_lines: frozenset[int]


def write_file(path: Path, rows: int, *, bad_share: float = BAD_SHARE, encoding: str = "cp1251") -> Written:
    """Write a file of customers; return what is in it."""
    draw, book = Random(rows), NameBook(rows)
    bad = set()
    with path.open("w", encoding=encoding, newline="") as file:
        lines = csv.writer(file, delimiter=";")
        lines.writerow(HEADER)
        for number, person in enumerate(book.people(rows)):
            row = _row(number, " ".join(part for part in person[:3] if part), draw)
            if draw.random() < bad_share:
                column, fault = draw.choice(_FAULTS)
                row[column] = fault(draw)
                bad.add(number + 2)
            lines.writerow(row)
    return Written(rows, frozenset(bad))


def _row(number: int, name: str, draw: Random) -> list[str]:
    digits = f"{number:07d}"
    born = f"{draw.randrange(1, 29):02d}.{draw.randrange(1, 13):02d}.{draw.randrange(1940, 2005)}"
    home = f"ул. Садовая, {draw.randrange(1, 200)}, кв. {draw.randrange(1, 300)}"
    phone = f"8 (9{draw.randrange(10, 40)}) {digits[:3]}-{digits[3:5]}-{digits[5:]}"
    return [f"РК-{number + 1:06d}", name, phone, f"Klient.{number}@Pochta.Example", born, home]


if __name__ == "__main__":
    made = write_file(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 50_000)
    print(f"{made.rows} rows, {len(made.bad_lines)} bad")
