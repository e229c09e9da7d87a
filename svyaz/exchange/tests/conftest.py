"""Files as they come from other systems, and who brings them in."""

import csv
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from svyaz.access.actions import create_user
from svyaz.exchange.actions import Result, import_customers
from svyaz.users.models import User

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def table(path: Path | None) -> list[list[str]]:
    """Return the rows of a CSV file that the import wrote, with the heading."""
    assert path is not None
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def clerk(db: None) -> User:
    return create_user(username="clerk", name="Clerk", password=None, kind=User.Kind.SYSTEM, by=None, at=AT)


@pytest.fixture
def bring(clerk: User, tmp_path: Path) -> Callable[..., Result]:
    """Write lines into a file, in some encoding, and import it."""

    def bring(lines: Sequence[str] | bytes, mapping: str = "customers_ru", **options: Any) -> Result:
        encoding = options.pop("written_in", "utf-8")
        path = tmp_path / options.pop("name", "customers.csv")
        path.write_bytes(lines if isinstance(lines, bytes) else "\r\n".join([*lines, ""]).encode(encoding))
        defaults: dict[str, Any] = {"bad_rows": tmp_path / "bad.csv", "as_of": date(2026, 11, 1)}
        user = options.pop("by", clerk)
        return import_customers(path=path, mapping=mapping, by=user, at=AT, **(defaults | options))

    return bring
