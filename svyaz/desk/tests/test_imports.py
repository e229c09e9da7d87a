"""Importing through the desk: a file, its columns, a check, the import, its bad rows, its undo."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now
from procrastinate.contrib.django.models import ProcrastinateJob

from svyaz.access.actions import assign_role, save_role
from svyaz.exchange.actions.running import clean_up, work_on_import
from svyaz.exchange.actions.uploads import folder
from svyaz.exchange.models import BadRow, Import, ImportChange, SavedMapping
from svyaz.exchange.permissions import ExchangePermission
from svyaz.exchange.tests.base import whole_base
from svyaz.parties.models import Party
from svyaz.users.models import User
from tests.cast import OLGAS_PHONE

pytestmark = pytest.mark.django_db
TABLE = (
    f"ФИО;Телефон;E-mail\nСмирнова Ольга Ивановна;{OLGAS_PHONE};olga@mail.ru\n"
    "Новый Пётр;89215550001;p@mail.ru\nПлохой Лев;12;\n"
)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def state(settings: Any, tmp_path: Path) -> Path:
    settings.STATE_DIR = tmp_path
    return tmp_path


@pytest.fixture
def desk(client: Client, admin: User, state: Path) -> Client:
    client.force_login(admin)
    return client


@pytest.fixture
def load(desk: Client) -> Callable[..., Import]:
    def load(text: str = TABLE, name: str = "люди.csv", encoding: str = "utf-8", **more: Any) -> Import:
        file = SimpleUploadedFile(name, text.encode(encoding))
        answer = desk.post("/imports/file/", {"file": file, **more})
        assert answer.status_code == 303, answer.content.decode()
        return newest()

    return load


def newest() -> Import:
    found: Import = Import.objects.latest("pk")
    return found


def work(admin: User) -> Import:
    """Do what waits in the queue, as the worker does."""
    for job in ProcrastinateJob.objects.filter(task_name="exchange:import", status="todo"):
        by = User.objects.get(pk=job.args["by_id"])
        work_on_import(import_id=job.args["import_id"], by=by, at=now())
    # The queue keeps what was done; the desk's next job must not find it waiting.
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'exchange:import'")
    return newest()


def plan(batch: Import, **more: Any) -> dict[str, Any]:
    sent = {
        "column-0": "name", "column-1": "phone", "column-2": "email", "match": ["phone"], "matched": "fill",
        "unmatched": "create", "as_of": "2026-11-01", "name_order": "family_first", "source": "file",
    }  # fmt: skip
    return sent | more


def test_a_file_is_sealed_looked_at_and_its_columns_proposed(
    load: Callable[..., Import], desk: Client, state: Path
) -> None:
    batch = load(encoding="cp1251")
    page = desk.get(f"/imports/{batch.pk}/")

    assert (batch.status, batch.plan["reading"]["encoding"]) == ("draft", "cp1251")
    assert {choice.heading: choice.target for choice in page.context["choices"]} == {
        "ФИО": "name", "Телефон": "phone", "E-mail": "email",
    }  # fmt: skip
    (sealed,) = folder().iterdir()
    assert "Смирнова".encode("cp1251") not in sealed.read_bytes()
    assert "+79215550001" in page.content.decode()
    assert not Party.objects.filter(family_name="Новый").exists()


def test_the_preview_tells_what_each_row_becomes(load: Callable[..., Import], desk: Client, olga: Party) -> None:
    batch = load()
    page = desk.post(f"/imports/{batch.pk}/columns/", plan(batch), headers=HTMX)

    rows = page.context["preview"].rows
    assert [(row.verdict, row.who) for row in rows] == [("change", "№ 78120441"), ("new", "Новый · Пётр"), ("bad", "")]
    assert rows[2].cells[1].problem


def test_checked_imported_and_taken_back(
    load: Callable[..., Import], desk: Client, admin: User, olga: Party, django_capture_on_commit_callbacks: Any
) -> None:
    before = whole_base()
    batch = load()
    desk.post(f"/imports/{batch.pk}/columns/", plan(batch, then="check"))
    tried = work(admin)
    assert (tried.status, tried.added, tried.updated, tried.bad) == ("tried", 1, 1, 1)
    assert before == whole_base() | {"exchange_savedmapping": before["exchange_savedmapping"]}

    desk.post(f"/imports/{batch.pk}/start/")
    done = work(admin)
    assert (done.status, done.added, done.updated, done.bad) == ("finished", 1, 1, 1)
    page = desk.get(f"/imports/{batch.pk}/").content.decode()
    assert "не номер телефона: 12" in page.lower()

    desk.post(f"/imports/{batch.pk}/undo/")
    undone = work(admin)
    assert (undone.status, undone.undone) == ("undone", 2)
    assert whole_base() == before
    assert desk.get(f"/imports/{batch.pk}/").status_code == 200


def test_bad_rows_are_loaded_repaired_with_the_plan_of_their_import(
    load: Callable[..., Import], desk: Client, admin: User
) -> None:
    batch = load()
    desk.post(f"/imports/{batch.pk}/columns/", plan(batch, source="billing", then="start"))
    work(admin)
    answer = desk.get(f"/imports/{batch.pk}/bad-rows/")
    text = b"".join(cast(Any, answer).streaming_content).decode("utf-8-sig")
    assert text.splitlines()[1].startswith("4,Телефон,")

    repaired = load(text.replace(",12,", ",89215550003,", 1).replace(": 12", ": x"), repairs=str(batch.pk))
    assert (repaired.repairs, repaired.source, repaired.match) == (batch, "billing", ["phone"])
    desk.post(f"/imports/{repaired.pk}/start/")
    done = work(admin)
    assert (done.added, done.bad) == (1, 0), list(BadRow.objects.values_list("reasons", flat=True))


def test_another_encoding_and_separator_may_be_chosen(load: Callable[..., Import], desk: Client) -> None:
    batch = load()
    sent = {"encoding": "cp866", "delimiter": ",", "header_line": "1", "sheet": ""}
    desk.post(f"/imports/{batch.pk}/reading/", sent, headers=HTMX)

    batch.refresh_from_db()
    assert len(batch.plan["header"]) == 1
    assert batch.plan["reading"]["encoding"] == "cp866"


def test_a_mapping_is_saved_shared_used_and_removed(
    load: Callable[..., Import], desk: Client, admin: User, roles: Any
) -> None:
    batch = load()
    desk.post(f"/imports/{batch.pk}/columns/", plan(batch, match=["phone", "email"]))
    desk.post(f"/imports/{batch.pk}/mappings/", {"name": "Биллинг", "is_shared": "on"})
    saved = SavedMapping.objects.get()
    assert (saved.name, saved.is_shared, saved.owner) == ("Биллинг", True, admin)

    other = load("E-mail;Имя Ф;Телефон\nx@y.ru;Новый Пётр;89215550001\n")
    desk.post(f"/imports/{other.pk}/mapping/", {"mapping": saved.pk})
    other.refresh_from_db()
    assert other.match == ["phone", "email"]
    assert other.plan["mapping"]["fields"].keys() == {"email", "phone"}

    assert desk.post(f"/imports/mappings/{saved.pk}/removal/").status_code == 303
    assert not SavedMapping.objects.exists()


def test_a_private_mapping_of_another_does_not_exist(
    load: Callable[..., Import], desk: Client, vera: User, roles: Any
) -> None:
    batch = load()
    saved = SavedMapping.objects.create(name="x", owner=vera, mapping=batch.plan["mapping"], saved_at=now())

    assert desk.post(f"/imports/{batch.pk}/mapping/", {"mapping": saved.pk}).status_code == 404
    assert desk.post(f"/imports/mappings/{saved.pk}/removal/").status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.csv", b"%PDF-1.4"),
        ("x.xlsx", b"PK\x03\x04zip"),
        ("x.csv", b""),
        ("x.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ],
)
def test_what_is_no_table_is_refused_and_nothing_of_it_stays(desk: Client, name: str, data: bytes) -> None:
    answer = desk.post("/imports/file/", {"file": SimpleUploadedFile(name, data)})

    assert answer.status_code == 422
    assert not Import.objects.exists()
    assert list(folder().glob("*")) == []


def test_a_file_beyond_the_limit_is_refused(desk: Client, settings: Any) -> None:
    settings.IMPORT_LIMIT_MB = 0
    answer = desk.post("/imports/file/", {"file": SimpleUploadedFile("x.csv", b"a;b\n1;2\n")})

    assert answer.status_code == 413
    assert list(folder().glob("*")) == []


def test_no_file_is_said(desk: Client) -> None:
    assert desk.post("/imports/file/", {}).status_code == 422


def test_an_upload_needs_its_token(admin: User, state: Path) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin)
    answer = strict.post("/imports/file/", {"file": SimpleUploadedFile("x.csv", b"a;b\n")})

    assert answer.status_code == 403
    assert not Import.objects.exists()


def test_columns_that_tell_nobody_are_said(load: Callable[..., Import], desk: Client) -> None:
    batch = load()
    sent = plan(batch, **{"column-0": "address", "column-1": "", "column-2": ""})
    desk.post(f"/imports/{batch.pk}/columns/", sent)
    answer = desk.post(f"/imports/{batch.pk}/start/", headers=HTMX)

    assert answer.status_code == 422
    assert newest().status == "draft"


def test_bad_input_is_422_with_the_fragment(load: Callable[..., Import], desk: Client) -> None:
    batch = load()
    for address, sent in (
        ("columns", plan(batch, as_of="yesterday")), ("columns", plan(batch, match=["colour"])),
        ("reading", {"encoding": "utf-99"}), ("mappings", {"name": ""}), ("mapping", {"mapping": "x"}),
    ):  # fmt: skip
        assert desk.post(f"/imports/{batch.pk}/{address}/", sent, headers=HTMX).status_code == 422, (address, sent)


def test_stopped_it_goes_on_behind_the_last_line(
    load: Callable[..., Import], desk: Client, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("svyaz.exchange.actions.customers.ROWS_OF_A_CHUNK", 2)
    rows = "".join(f"Иванов Иван;8921555{number:04d};\n" for number in range(10))
    batch = load(f"ФИО;Телефон;E-mail\n{rows}")
    desk.post(f"/imports/{batch.pk}/columns/", plan(batch, then="start"))
    desk.post(f"/imports/{batch.pk}/stop/")
    stopped = work(admin)
    assert (stopped.status, stopped.added) == ("stopped", 2)

    desk.post(f"/imports/{batch.pk}/start/")
    done = work(admin)
    assert (done.status, done.added, done.unchanged, done.rows) == ("finished", 10, 0, 10)
    assert Party.objects.filter(family_name="Иванов").count() == 10


def test_progress_is_a_part_of_the_page_and_leads_to_the_result(
    load: Callable[..., Import], desk: Client, admin: User
) -> None:
    batch = load()
    desk.post(f"/imports/{batch.pk}/columns/", plan(batch, then="start"))
    going = desk.get(f"/imports/{batch.pk}/progress/", headers=HTMX)
    assert (going.status_code, b"hx-trigger" in going.content) == (200, True)
    work(admin)
    over = desk.get(f"/imports/{batch.pk}/progress/", headers=HTMX)
    assert over.headers["HX-Redirect"] == f"/imports/{batch.pk}/"


def test_what_is_at_work_cannot_be_changed(load: Callable[..., Import], desk: Client) -> None:
    batch = load()
    desk.post(f"/imports/{batch.pk}/columns/", plan(batch, then="start"))

    assert desk.post(f"/imports/{batch.pk}/columns/", plan(batch), headers=HTMX).status_code == 422
    assert desk.post(f"/imports/{batch.pk}/undo/", headers=HTMX).status_code == 422
    assert desk.post(f"/imports/{batch.pk}/removal/", headers=HTMX).status_code == 422


def test_a_file_is_thrown_away(
    load: Callable[..., Import], desk: Client, django_capture_on_commit_callbacks: Any
) -> None:
    batch = load()
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(f"/imports/{batch.pk}/removal/").status_code == 303

    assert not Import.objects.exists()
    assert list(folder().glob("*")) == []


def test_files_and_former_values_go_after_their_time(
    load: Callable[..., Import], desk: Client, admin: User, olga: Party
) -> None:
    batch = load()
    desk.post(f"/imports/{batch.pk}/columns/", plan(batch, then="start"))
    work(admin)
    clean_up(at=now() + timedelta(days=8))
    batch.refresh_from_db()
    assert (batch.stored, list(folder().glob("*")), ImportChange.objects.count()) == ("", [], 1)
    clean_up(at=now() + timedelta(days=31))
    assert not ImportChange.objects.exists()
    assert not BadRow.objects.exists()


@pytest.fixture
def regional(roles: Any, novosibirsk: Any, gleb: User) -> User:
    """Gleb imports, in Novosibirsk."""
    role = save_role(
        code="importer", name="И", name_en="I", permissions=[ExchangePermission.IMPORT, ExchangePermission.READ],
        by=None, at=now(),
    )  # fmt: skip
    assign_role(user=gleb, role=role, area=novosibirsk, by=None, at=now())
    return User.objects.get(pk=gleb.pk)


def test_a_teammate_sees_it_and_a_stranger_does_not(
    load: Callable[..., Import], desk: Client, admin: User, regional: User, client: Client
) -> None:
    batch = load()
    assert desk.get(f"/imports/{batch.pk}/").status_code == 200
    client.force_login(regional)
    for address in ("", "bad-rows/", "notices/", "progress/"):
        assert client.get(f"/imports/{batch.pk}/{address}").status_code == 404
    for address in ("reading", "columns", "mapping", "mappings", "check", "start", "stop", "undo", "removal"):
        assert client.post(f"/imports/{batch.pk}/{address}/").status_code == 404
    assert list(client.get("/imports/").context["rows"]) == []


def test_a_reader_may_not(load: Callable[..., Import], reader: User, client: Client) -> None:
    batch = load()
    client.force_login(reader)
    for address in ("/imports/", f"/imports/{batch.pk}/", f"/imports/{batch.pk}/bad-rows/"):
        assert client.get(address).status_code == 403
    for address in ("file/", f"{batch.pk}/start/", f"{batch.pk}/undo/", f"{batch.pk}/columns/"):
        assert client.post(f"/imports/{address}").status_code == 403


def test_wrong_methods_are_405(load: Callable[..., Import], desk: Client) -> None:
    batch = load()
    for address in ("reading", "columns", "start", "stop", "undo", "check", "removal", "mapping", "mappings"):
        assert desk.get(f"/imports/{batch.pk}/{address}/").status_code == 405
    assert desk.post("/imports/").status_code == 405
    assert desk.get("/imports/file/").status_code == 405


def test_the_list_asks_as_often_for_one_as_for_three(load: Callable[..., Import], desk: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _time in (1, 3):
        while Import.objects.count() < _time:
            load()
        desk.get("/imports/")
        with CaptureQueriesContext(connection) as captured:
            desk.get("/imports/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
