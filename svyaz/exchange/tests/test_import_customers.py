"""Customers come in from a file: each good row once, with everything that belongs to it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from svyaz.billing.models import BillingAccount
from svyaz.exchange.actions import MissingColumns, Result, UnreadableFile
from svyaz.exchange.models import Import, ImportedRow
from svyaz.exchange.tests.conftest import table
from svyaz.history.models import Event
from svyaz.parties.models import AddressUse, Agreement, ContactMedium, Party, PartyRole
from svyaz.places.actions import create_area

Bring = Callable[..., Result]

HEADER = "Номер клиента;ФИО;Телефон;E-mail;ИНН;КПП;Дата рождения;Договор;Лицевой счёт;Адрес;Клиент с"
OLGA = "К-1;Ёлкина Ольга Петровна;8 (921) 555-12-34;Olga@Mail.RU;;;05.03.1984;Д-7;770001;Невский, 1;01.02.2020"
SEVER = "К-2;ООО «Север»;+7 812 300-10-20;info@sever.ru;7707083893;770701001;;Д-8;770002;;2019-05-06"


def bad_rows(result: Result) -> list[list[str]]:
    return table(result.bad_rows_file)[1:]


def test_a_person_comes_with_everything_the_row_says(bring: Bring) -> None:
    result = bring([HEADER, OLGA])

    olga = Party.objects.get()
    assert (result.rows, result.added, result.bad) == (1, 1, 0)
    assert (olga.kind, olga.name, olga.name_key) == (
        "individual", "Ёлкина Ольга Петровна", "елкина ольга петровна",
    )  # fmt: skip
    assert (olga.family_name, olga.given_name, olga.middle_name) == ("Ёлкина", "Ольга", "Петровна")
    assert olga.birth_date == date(1984, 3, 5)
    role = PartyRole.objects.get()
    assert (role.number, role.status, role.valid_from, role.valid_to) == ("К-1", "active", date(2020, 2, 1), None)
    assert set(ContactMedium.objects.values_list("kind", "value")) == {
        ("mobile", "+79215551234"), ("email", "olga@mail.ru"),
    }  # fmt: skip
    assert Agreement.objects.get().number == "Д-7"
    assert BillingAccount.objects.get().agreement == Agreement.objects.get()
    assert AddressUse.objects.get().address.text == "Невский, 1"


def test_a_company_is_told_by_its_numbers_and_form(bring: Bring) -> None:
    bring([HEADER, SEVER])

    sever = Party.objects.get()
    assert (sever.kind, sever.legal_form, sever.inn, sever.kpp) == ("organization", "ООО", "7707083893", "770701001")
    assert sever.name == "ООО «Север»"
    assert ContactMedium.objects.get(kind="phone").value == "+78123001020"


def test_each_customer_is_one_event_and_one_identity(bring: Bring) -> None:
    result = bring([HEADER, OLGA, SEVER])

    events = Event.objects.filter(kind="party.imported").order_by("id")
    assert [event.details for event in events] == [
        {"import": result.import_id, "line": 2}, {"import": result.import_id, "line": 3},
    ]  # fmt: skip
    assert [event.party_id for event in events] == list(Party.objects.order_by("id").values_list("pk", flat=True))
    assert set(ImportedRow.objects.values_list("external_id", "party__name")) == {
        ("К-1", "Ёлкина Ольга Петровна"), ("К-2", "ООО «Север»"),
    }  # fmt: skip
    assert list(Event.objects.filter(kind__startswith="import.").values_list("kind", flat=True)) == [
        "import.started", "import.finished",
    ]  # fmt: skip


def test_the_same_file_twice_adds_nothing(bring: Bring) -> None:
    bring([HEADER, OLGA, SEVER])
    again = bring([HEADER, OLGA, SEVER])

    assert (again.added, again.unchanged, again.bad) == (0, 2, 0)
    assert Party.objects.count() == 2
    assert Event.objects.filter(kind="party.imported").count() == 2
    assert list(Import.objects.order_by("id").values_list("status", "added", "unchanged")) == [
        ("finished", 2, 0), ("finished", 0, 2),
    ]  # fmt: skip


def test_the_same_file_in_another_encoding_and_order_of_columns_adds_nothing(bring: Bring) -> None:
    bring(["ФИО;Телефон", "Иванов Иван;89215550001"])
    again = bring(["Телефон\tФИО", "89215550001\tИванов Иван"], written_in="cp1251")

    assert (again.format.encoding, again.format.delimiter) == ("cp1251", "\t")
    assert (again.added, again.unchanged) == (0, 1)


def test_a_row_twice_in_one_file_comes_in_once(bring: Bring) -> None:
    result = bring([HEADER, OLGA, OLGA, OLGA.replace("1984", "1985")])

    assert (result.added, result.unchanged, result.bad) == (1, 1, 1)
    assert bad_rows(result)[0][0] == "4"


def test_a_dry_run_says_the_same_and_writes_nothing(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svyaz.exchange.actions.customers.ROWS_OF_A_CHUNK", 1)
    lines = [HEADER, OLGA, SEVER, OLGA, SEVER.replace("К-2", "К-3"), OLGA.replace("1984", "1985")]

    tried = bring(lines, dry_run=True)

    assert (tried.rows, tried.added, tried.unchanged, tried.bad) == (5, 2, 1, 2)
    assert not Party.objects.exists()
    assert not Import.objects.exists()
    assert not Event.objects.filter(kind__startswith="import.").exists()
    done = bring(lines)
    assert (done.added, done.unchanged, done.bad) == (tried.added, tried.unchanged, tried.bad)


def test_bad_rows_go_to_a_file_with_every_reason_and_come_in_after_repair(bring: Bring) -> None:
    broken = OLGA.replace("8 (921) 555-12-34", "12").replace("Olga@Mail.RU", "olga(at)mail").replace("05.03.1984", "x")
    result = bring([HEADER, broken, SEVER])

    (row,) = bad_rows(result)
    assert (result.added, result.bad) == (1, 1)
    assert row[0] == "2"
    assert row[1] == "Телефон; E-mail; Дата рождения"
    assert row[3:] == broken.split(";")
    assert result.bad_rows_file is not None
    assert result.bad_rows_file.stat().st_mode & 0o077 == 0

    heading = table(result.bad_rows_file)[0]
    lines = [
        ",".join(f'"{cell}"' for cell in heading),
        ",".join(f'"{cell}"' for cell in ["2", "", "", *OLGA.split(";")]),
    ]
    assert bring(lines).added == 1


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("К-9;ООО «Юг»;;;7707083894;770701001;;;;;", "ИНН"),
        ("К-9;ООО «Юг»;;;7707083893;77;;;;;", "КПП"),
        ("К-9;Иванов Иван;;;;;31.02.1990;;;;", "Дата рождения"),
        ("К-9;Иванов Иван;;;;;01.01.2027;;;;", "Дата рождения"),
        ("К-9;Иванов Иван;;;;;;;;;01.01.2030", "Клиент с"),
        ("К-9;Иванов Иван;;;7707083893;770701001;01.01.1990;;;;", "birth_date"),
        (";;;;;;;;;Невский, 1;", ""),
        (f"К-9;{'я' * 301};;;;;;;;;", "ФИО"),
    ],
)
def test_what_cannot_be_is_refused(bring: Bring, row: str, field: str) -> None:
    result = bring([HEADER, row])

    assert result.added == 0
    assert bad_rows(result)[0][1] == field


def test_a_clash_with_the_base_names_the_customer_that_has_it(bring: Bring) -> None:
    bring([HEADER, OLGA, SEVER])
    result = bring(
        [
            HEADER,
            "К-1;Другая Ольга;;;;;;;;;",
            "К-5;ООО «Север-2»;;;7707083893;770701001;;;;;",
            "К-6;Иванов Иван;;;;;;Д-7;;;",
            "К-7;Петров Пётр;;;;;;;770001;;",
            "К-8;Сидоров Сидор;89215551234;;;;;;;;",
        ],
        source="another system",
    )

    assert [(row[0], row[1]) for row in bad_rows(result)] == [
        ("2", "number"), ("3", "inn"), ("4", "agreement"), ("5", "account"),
    ]  # fmt: skip
    assert all(number in row[2] for row, number in zip(bad_rows(result), ["К-1", "К-2", "К-1", "К-1"], strict=True))
    assert result.added == 1, "a phone may be shared"


def test_a_changed_row_is_told_and_left_as_it_is(bring: Bring) -> None:
    bring([HEADER, OLGA])
    result = bring([HEADER, OLGA.replace("Ёлкина", "Иванова")])

    assert (result.added, result.bad) == (0, 1)
    assert Party.objects.get().family_name == "Ёлкина"


def test_customers_without_a_number_get_the_next_free_ones(bring: Bring) -> None:
    bring(["name,phone", "Ivanov Ivan,89215550001", "Petrov Petr,89215550002"], mapping="customers_simple")

    first, second = (int(number) for number in PartyRole.objects.order_by("id").values_list("number", flat=True))
    assert second == first + 1


def test_an_area_is_found_by_code_or_name_and_the_rest_gets_the_default(bring: Bring, clerk) -> None:
    country = create_area(kind="country", code="RU", name="Россия", parent=None, by=clerk, at=clerk.created_at)
    spb = create_area(
        kind="region", code="RU-SPE", name="Санкт-Петербург", parent=country, by=clerk, at=clerk.created_at
    )
    result = bring(
        ["ФИО;Телефон;Регион", "Иванов Иван;89215550001;RU-SPE", "Петров Пётр;89215550002;санкт-петербург",
         "Сидоров Сидор;89215550003;", "Лунин Лев;89215550004;Луна"],
        area=country,
    )  # fmt: skip

    areas = list(Party.objects.order_by("id").values_list("home_area", flat=True))
    assert areas == [spb.pk, spb.pk, country.pk]
    assert bad_rows(result)[0][1] == "Регион"


def test_who_left_is_a_customer_no_longer(bring: Bring) -> None:
    bring(["Номер;ФИО;Телефон;Договор;ЛС;Дата расторжения", "1;Иванов Иван;89215550001;Д-1;Л-1;05.10.2026"])

    role, agreement, account = PartyRole.objects.get(), Agreement.objects.get(), BillingAccount.objects.get()
    assert (role.status, role.valid_to, role.end_reason) == ("closed", date(2026, 10, 5), "")
    assert agreement.valid_to == date(2026, 10, 5)
    assert (account.status, account.valid_to) == ("closed", date(2026, 10, 5))


def test_a_file_without_the_columns_that_tell_who_is_refused_before_anything_is_written(bring: Bring) -> None:
    with pytest.raises(MissingColumns, match="Цвет"):
        bring(["Цвет;Адрес", "синий;Невский, 1"])
    with pytest.raises(UnreadableFile):
        bring(b"PK\x03\x04whatever", name="book.xlsx")
    with pytest.raises(UnreadableFile):
        bring(b"")

    assert not Import.objects.exists()


def test_an_import_cut_off_is_closed_by_the_next_one(bring: Bring) -> None:
    first = bring([HEADER, OLGA])
    assert first.import_id is not None
    Import.objects.filter(pk=first.import_id).update(status="running", finished_at=None, added=0)

    bring([HEADER, OLGA, SEVER])

    stopped = Import.objects.get(pk=first.import_id)
    assert (stopped.status, stopped.added) == ("stopped", 1)
    assert Party.objects.count() == 2


def test_reasons_are_in_the_language_of_who_asks(bring: Bring, tmp_path: Path) -> None:
    from django.utils import translation

    seen = {}
    for language in ("ru", "en"):
        with translation.override(language):
            seen[language] = bad_rows(bring([HEADER, OLGA.replace("8 (921) 555-12-34", "12")]))[0][2]

    assert seen["en"] == "not a phone number: 12"
    assert seen["ru"] == "не номер телефона: 12"
