"""Rows on their way into the base: gathered per table as COPY lines, written a batch at a time."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection, models

from svyaz.history.actions import PastEvent, record_many

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def copy_text(value: Any) -> str:
    """Return a value as COPY reads it."""
    if type(value) is str:
        return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES)
    if value is None:
        return NULL
    if type(value) is int:
        return str(value)
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return str(value)


def json_text(value: Any) -> str:
    """Return a value as COPY reads it into a column of JSON."""
    return json.dumps(value, ensure_ascii=False).replace("\\", "\\\\")


class Table:
    """The rows of one model; numbers are given here, so that rows can name each other before they are written."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.name = model._meta.db_table
        fields = [f for f in model._meta.local_concrete_fields if f.db_default is models.NOT_PROVIDED]
        self.columns = [str(f.column) for f in fields]
        self._json = {str(f.column) for f in fields if isinstance(f, models.JSONField)}
        defaults = {str(f.column): f.get_default() for f in fields}
        self._blank = {column: copy_text(value) for column, value in defaults.items()}
        self._blank |= {column: json_text(defaults[column]) for column in self._json if defaults[column] is not None}
        self._next = self._first_number()
        self._taken = 0
        self._lines: list[str] = []

    @property
    def next_number(self) -> int:
        """Return the number that the next row will have."""
        return self._next

    def add(self, **values: Any) -> int:
        """Gather a row; return its number. Columns that are not named take the model's defaults."""
        number = self._next
        self._next = number + 1
        row = self._blank.copy()
        row["id"] = str(number)
        for column, value in values.items():
            row[column] = copy_text(value)
        for column in self._json & values.keys():
            row[column] = json_text(values[column])
        if len(row) != len(self.columns):
            raise TypeError(f"{self.name} has no column {set(row) - set(self.columns)}")
        self._lines.append("\t".join(row.values()))
        return number

    def take(self) -> str:
        """Return what was gathered since the last time."""
        lines, self._lines = self._lines, []
        self._taken += len(lines)
        return "\n".join(lines) + "\n" if lines else ""

    def write(self, lines: str) -> None:
        """Copy gathered lines into the base."""
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {self.name} ({', '.join(self.columns)}) FROM STDIN") as copy,
        ):
            copy.write(lines)

    def leave_numbers(self) -> None:
        """Move the table's sequence past the numbers that were given here."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT max(nextval(pg_get_serial_sequence(%s, 'id'))) FROM generate_series(1, %s)",
                [self.name, self._taken],
            )

    def _first_number(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [self.name])
            return int(cursor.fetchone()[0])


@dataclass
class Batch:
    """What some customers wrote: COPY lines by table, and their events, each party's in order of time."""

    lines: list[tuple[Table, str]]
    events: list[PastEvent]
    customers: int


@dataclass
class Book:
    """Every table of the load, in the order in which their rows may be written, and the events of the batch."""

    system_id: int
    tables: dict[type[models.Model], Table] = field(default_factory=dict)
    events: list[PastEvent] = field(default_factory=list)

    def open(self, table_models: Iterable[type[models.Model]]) -> None:
        """Prepare the tables, parents before children."""
        for model in table_models:
            self.tables[model] = Table(model)

    def add(self, model: type[models.Model], **values: Any) -> int:
        """Gather a row of a model; return its number."""
        return self.tables[model].add(**values)

    def tell(
        self, kind: StrEnum, label: str, subject_id: int, party_id: int | None, at: datetime, /, *,
        by: int | None = None, **details: Any,
    ) -> None:  # fmt: skip
        """Gather the event that the change would have recorded; whoever had no login then is the system."""
        self.events.append(PastEvent(kind.value, label, subject_id, party_id, by or self.system_id, at, details))

    def take(self, customers: int) -> Batch:
        """Return the batch gathered so far and begin a new one."""
        events, self.events = self.events, []
        events.sort(key=lambda event: event.at)
        lines = [(table, table.take()) for table in self.tables.values()]
        return Batch([(table, text) for table, text in lines if text], events, customers)

    def close(self) -> None:
        """Leave the sequences where the next row of everyday work goes on."""
        for table in self.tables.values():
            table.leave_numbers()


def write_batch(batch: Batch) -> None:
    """Write a batch in the current transaction."""
    for table, lines in batch.lines:
        table.write(lines)
    record_many(batch.events)
