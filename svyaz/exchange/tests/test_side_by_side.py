"""Large files: processes side by side, cut off in the middle, begun again."""

import csv
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.db import connection

from svyaz.exchange.actions import import_customers
from svyaz.exchange.models import Import, ImportedRow
from svyaz.exchange.tests.conftest import AT, table
from svyaz.history.models import Event
from svyaz.parties.models import Party, PartyRole
from svyaz.users.models import User
from tests.database import address

ROWS = 9_000
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def write(path: Path, *, bad: float = 0.0, repeated: int = 0) -> int:
    """Write Russian rows in cp1251; return how many are bad."""
    random = Random(1)
    wrong = 0
    with path.open("w", encoding="cp1251", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(["Номер", "ФИО", "Телефон", "E-mail"])
        rows = []
        for number in range(ROWS):
            is_bad = random.random() < bad
            wrong += is_bad
            phone = "нет" if is_bad else f"8 (921) {number // 10000:03d}-{number // 100 % 100:02d}-{number % 100:02d}"
            rows.append([f"А-{number}", f"Ёлкин Пётр{number}", phone, f"a{number}@пример.рф"])
        out.writerows(rows + rows[:repeated])
    return wrong


def test_two_processes_take_what_is_good_and_put_the_rest_aside(clerk: User, tmp_path: Path) -> None:
    path = tmp_path / "base.csv"
    wrong = write(path, bad=0.03, repeated=100)
    result = import_customers(
        path=path, mapping="customers_ru", by=clerk, at=AT, as_of=date(2026, 11, 1), bad_rows=tmp_path / "bad.csv"
    )

    lines = [int(row[0]) for row in table(tmp_path / "bad.csv")[1:]]
    assert result.added == Party.objects.count() == ROWS - wrong
    assert result.added + result.bad + result.unchanged == result.rows == ROWS + 100
    assert lines == sorted(lines)
    assert len(lines) == result.bad
    assert Event.objects.filter(kind="party.imported").count() == result.added


def test_killed_in_the_middle_the_next_run_goes_on_without_doubles(clerk: User, tmp_path: Path) -> None:
    path = tmp_path / "base.csv"
    write(path)
    command = [sys.executable, "-m", "svyaz.cli", "import", "customers", str(path), "--mapping", "customers_ru"]
    url = address(os.environ["DATABASE_URL"], connection.settings_dict["NAME"])
    environment = os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": url}
    with subprocess.Popen(
        [*command, "--as", "clerk", "--as-of", "2026-11-01"], env=environment, cwd=settings.PROJECT_DIR.parent,
        stdout=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        wait_for_rows(process)
        process.send_signal(signal.SIGKILL)
    wait_for_quiet()

    half = ImportedRow.objects.count()
    assert 0 < half < ROWS
    assert Party.objects.count() == PartyRole.objects.count() == half, "a chunk is in whole or not at all"
    result = import_customers(
        path=path, mapping="customers_ru", by=clerk, at=AT, as_of=date(2026, 11, 1), bad_rows=tmp_path / "bad.csv"
    )
    assert (result.added, result.unchanged, result.bad) == (ROWS - half, half, 0)
    assert Party.objects.count() == Event.objects.filter(kind="party.imported").count() == ROWS
    assert sorted(Import.objects.values_list("status", "added")) == [("finished", ROWS - half), ("stopped", half)]


def wait_for_rows(process: "subprocess.Popen[bytes]") -> None:
    patience = time.monotonic() + 120
    while not ImportedRow.objects.exists():
        assert process.poll() is None, "it ended before anything was written"
        assert time.monotonic() < patience
        time.sleep(0.005)


def wait_for_quiet() -> None:
    """Wait until the processes that the killed one left are gone from the server."""
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the worker processes did not end with their parent")
