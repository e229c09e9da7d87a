"""Taking lists out as files: what is seen and nothing more, recorded, in four formats, at once or as a job."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from pyarrow import parquet

from svyaz.exchange.actions.export import (
    ExportIsOver,
    MayNotExport,
    begin_export,
    defer_export,
    expire_exports,
    export_to_file,
    fetch_export,
    run_export,
    sent_at_once,
    stop_export,
)
from svyaz.exchange.actions.export_sheets import Sheet, UnknownTable, sheet_of
from svyaz.exchange.models import ExportJob
from svyaz.history.models import Event
from svyaz.parties.actions import create_individual, give_role
from svyaz.parties.actions.media import add_medium
from svyaz.parties.models import Party
from svyaz.places.models import Area
from svyaz.users.models import User
from tests.cast import NOON

COLUMNS = "columns=name,number,medium,since,monthly"


def sheet(viewer: User, query: str = COLUMNS) -> Sheet:
    return sheet_of("customers", query=query, viewer=viewer, at=NOON)


def sent(viewer: User, file_format: str, query: str = COLUMNS) -> bytes:
    found = sheet(viewer, query)
    job = begin_export(sheet=found, file_format=file_format, by=viewer, at=NOON)
    return b"".join(sent_at_once(job=job, sheet=found))


@pytest.mark.django_db
def test_csv_holds_what_is_seen_and_no_formula(vera: User, olga: Party, sever: Party) -> None:
    with override("ru"):
        lines = sent(vera, "csv").decode("utf-8-sig").split("\r\n")

    assert lines[0] == "Имя;Номер;Телефон или почта;Клиент с;В месяц"
    assert "Смирнова Ольга Ивановна;78120441;'+79215551234;2014-04-01;0" in lines
    assert len(lines) == 4


@pytest.mark.django_db
@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_name_that_is_a_formula_stays_a_name(vera: User, spb: Area, start: str) -> None:
    party = create_individual(family_name=f"{start}cmd|' /C calc'!A0", home_area=spb, by=None, at=NOON)
    give_role(party=party, kind="customer", by=None, at=NOON)

    assert f"'{start}cmd" in sent(vera, "csv").decode()


@pytest.mark.django_db
def test_a_filter_and_the_viewers_areas_limit_it(vera: User, gleb: User, olga: Party, sever: Party) -> None:
    assert b"\xd0\xa1\xd0\xbc\xd0\xb8\xd1\x80" not in sent(vera, "csv", "kind=organization")
    with pytest.raises(MayNotExport):
        sent(gleb, "csv")


@pytest.mark.django_db
def test_json_lines_are_typed(vera: User, olga: Party) -> None:
    row = json.loads(sent(vera, "jsonl"))

    assert row == {
        "name": "Смирнова Ольга Ивановна", "number": "78120441", "medium": "+79215551234", "since": "2014-04-01",
        "monthly": 0,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_workbook_keeps_texts_dates_and_numbers(vera: User, olga: Party) -> None:
    book = zipfile.ZipFile(io.BytesIO(sent(vera, "xlsx")))
    page = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    cells = {cell.get("r"): cell for cell in page.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}c")}

    assert "".join(cells["C2"].itertext()) == "+79215551234"
    assert "".join(cells["D2"].itertext()) == "41730"  # 1 April 2014, in days since 1900
    assert cells["E2"].get("t") is None
    assert not any("<f>" in book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


@pytest.mark.django_db
def test_a_parquet_file_has_its_types(vera: User, olga: Party, tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    path.write_bytes(sent(vera, "parquet"))
    table = parquet.read_table(path)

    assert table.schema.field("since").type == "date32[day]"
    assert str(table.schema.field("monthly").type) == "decimal128(18, 2)"
    assert table.column("name").to_pylist() == ["Смирнова Ольга Ивановна"]


@pytest.mark.django_db
def test_a_birth_date_is_masked_where_the_role_does_not_need_it(vera: User, admin: User, olga: Party) -> None:
    assert "1984-03-08" in sent(vera, "csv", "columns=name,birth").decode()
    assert "1984-••-••" in sent(admin, "csv", "columns=name,birth").decode()


@pytest.mark.django_db
def test_who_took_what_is_recorded_before_a_row_leaves(vera: User, olga: Party) -> None:
    with override("ru"):
        found = sheet(vera, "kind=individual&columns=name")
        job = begin_export(sheet=found, file_format="csv", by=vera, at=NOON)
    started = Event.objects.get(kind="export.started")
    assert started.by == vera
    assert started.details == {
        "what": "customers", "query": "kind=individual&columns=name", "filter": ["Вид — человек"],
        "columns": ["name"], "format": "csv", "expected": 1,
    }  # fmt: skip

    chunks = sent_at_once(job=job, sheet=found)
    next(chunks)
    chunks.close()  # type: ignore[attr-defined]

    assert Event.objects.get(kind="export.finished").details["rows"] == 0


@pytest.mark.django_db
def test_a_job_writes_the_file_that_only_its_maker_fetches(vera: User, anna: User, olga: Party) -> None:
    job = defer_export(sheet=sheet(vera), file_format="jsonl", by=vera, at=NOON)
    assert job.status == ExportJob.Status.RUNNING

    done = run_export(export_id=job.pk, at=NOON)
    assert done is not None
    assert (done.status, done.rows) == (ExportJob.Status.READY, 1)
    assert done.expires_at is not None
    fetched_at = done.expires_at - timedelta(hours=1)
    path = fetch_export(job=done, by=vera, at=fetched_at)
    assert path is not None
    assert path.stat().st_mode & 0o077 == 0
    assert json.loads(path.read_text())["number"] == "78120441"
    assert fetch_export(job=done, by=anna, at=fetched_at) is None
    assert list(ExportJob.objects.visible_to(anna)) == []

    assert run_export(export_id=job.pk, at=NOON) is None
    assert fetch_export(job=done, by=vera, at=done.expires_at) is None
    assert expire_exports(at=done.expires_at) == 1
    assert not path.exists()


@pytest.mark.django_db
def test_a_job_can_be_stopped(vera: User, olga: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svyaz.exchange.actions.export.TELLS_EVERY_SECONDS", 0)
    job = defer_export(sheet=sheet(vera), file_format="csv", by=vera, at=NOON)
    stop_export(job=job, by=vera, at=NOON)

    stopped = run_export(export_id=job.pk, at=NOON)

    assert stopped is not None
    assert stopped.status == ExportJob.Status.STOPPED
    with pytest.raises(ExportIsOver):
        stop_export(job=job, by=vera, at=NOON)


@pytest.mark.django_db
def test_queries_grow_with_chunks_and_not_with_rows(vera: User, primorsky: Area) -> None:
    def add(count: int) -> None:
        for _each in range(count):
            party = create_individual(family_name="Ким", home_area=primorsky, by=None, at=NOON)
            give_role(party=party, kind="customer", by=None, at=NOON)
            add_medium(party=party, kind="mobile", value="+79215550000", by=None, at=NOON)

    costs = []
    for more in (1, 2):
        add(more)
        found = sheet(vera, "columns=all")
        with CaptureQueriesContext(connection) as queries:
            assert sum(len(rows) for rows in found.chunks()) == (1 if more == 1 else 3)
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.django_db
def test_an_unknown_table_is_none(vera: User) -> None:
    with pytest.raises(UnknownTable):
        sheet_of("secrets", query="", viewer=vera, at=NOON)


@pytest.mark.django_db
def test_the_command_writes_a_list_and_the_whole_base(vera: User, olga: Party, reader: User, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    call_command("export", "customers", "--query", "kind=individual", "--as", "vera", "--out", str(path))
    assert "Смирнова" in path.read_text("utf-8-sig")

    whole = tmp_path / "out.zip"
    call_command("export", "all", "--format", "jsonl", "--as", "vera", "--out", str(whole))
    assert sorted(zipfile.ZipFile(whole).namelist()) == [
        f"svyaz-{name}.jsonl" for name in ("contacts", "customers", "decisions", "employees", "promises", "services")
    ]
    for user in ("reader", "nobody"):
        with pytest.raises(CommandError):
            call_command("export", "customers", "--as", user, "--out", str(path))


@pytest.mark.django_db
def test_export_to_file_counts(vera: User, olga: Party, sever: Party, tmp_path: Path) -> None:
    path = tmp_path / "customers.xlsx"
    assert export_to_file(what="customers", query="", file_format="xlsx", path=path, by=vera, at=NOON) == 2
