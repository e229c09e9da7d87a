"""A whole import is taken back: the base is as it was, field by field, but for what somebody has worked on since."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from svyaz.exchange.actions import Result
from svyaz.exchange.actions.undoing import take_back_import
from svyaz.exchange.actions.uploads import NotNow, undo_import
from svyaz.exchange.models import Import, Remnant
from svyaz.exchange.tests.base import whole_base
from svyaz.exchange.tests.conftest import AT
from svyaz.history.models import Event
from svyaz.interactions.actions import InteractionDraft, record_interaction
from svyaz.parties.actions.create import change_party
from svyaz.parties.actions.media import add_medium
from svyaz.parties.models import ContactMedium, Party
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from tests.cast import OLGAS_PHONE

Bring = Callable[..., Result]
LATER = AT + timedelta(hours=1)
HEADER = "Номер;ФИО;Телефон;E-mail;Дата рождения;Адрес;Договор;Лицевой счёт;Паспорт;Уровень"
NEW = "К-1;Иванов Иван;89215550001;i@mail.ru;01.02.1980;Невский, 1;Д-1;Л-1;4012 345678;"
OLGA = f";Петрова Ольга Ивановна;{OLGAS_PHONE};olga@mail.ru;09.03.1984;Невский, 2;Д-2;Л-2;4013 345678;"


def books_of(result: Result) -> Import:
    found: Import = Import.objects.get(pk=result.import_id or 0)
    return found


def undo(result: Result, clerk: User) -> Import:
    batch = books_of(result)
    batch = undo_import(batch=batch, by=clerk, at=LATER, as_job=False)
    assert take_back_import(batch, by=clerk, at=LATER)
    return books_of(result)


@pytest.mark.parametrize("matched", ["fill", "overwrite"])
def test_the_base_is_as_it_was_field_by_field(
    bring: Bring, clerk: User, olga: Party, sever: Party, matched: str
) -> None:
    before = whole_base()
    result = bring([HEADER, NEW, OLGA], match=["phone"], matched=matched)
    assert (result.added, result.updated) == (1, 1)
    assert whole_base() != before

    batch = undo(result, clerk)

    assert whole_base() == before
    assert (batch.status, batch.undone) == ("undone", 2)
    assert not Remnant.objects.exists()
    assert Event.objects.filter(kind="party.import_undone").count() == 2


def test_products_and_offerings_of_the_mapping_go_too(bring: Bring, clerk: User, tmp_path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        "identity = [['number']]\n[fields]\nnumber = { columns = ['n'] }\naccount = { columns = ['a'] }\n"
        "[[products]]\ncolumns = ['tv']\nofferings = { 'yes' = 'tv' }\nwithout = ['no']\n"
        "[offerings.tv]\nkind = 'tv'\nname = 'ТВ'\n",
        encoding="utf-8",
    )
    before = whole_base()
    undo(bring(["n,a,tv", "1,A1,yes", "2,A2,no"], mapping=str(path)), clerk)

    assert whole_base() == before


def test_undone_it_can_be_imported_again(bring: Bring, clerk: User) -> None:
    undo(bring([HEADER, NEW]), clerk)

    assert bring([HEADER, NEW]).added == 1


def test_who_was_worked_on_since_stays_and_is_listed(
    bring: Bring, clerk: User, anna: User, anna_employee: Employee
) -> None:
    result = bring([HEADER, NEW, NEW.replace("1;", "3;", 1).replace("Д-1;Л-1", "Д-3;Л-3")])
    met = Party.objects.order_by("pk").first()
    assert met is not None
    record_interaction(party=met, draft=InteractionDraft(channel="phone"), employee=anna_employee, by=anna, at=LATER)
    batch = undo(result, clerk)

    assert list(Party.objects.filter(roles__kind="customer").values_list("pk", flat=True)) == [met.pk]
    assert [(each.party_id, each.reason) for each in Remnant.objects.all()] == [(met.pk, "worked_on")]
    assert batch.undone == 1


def test_a_field_changed_since_stays_and_is_named(bring: Bring, clerk: User, olga: Party) -> None:
    result = bring([HEADER, OLGA], match=["phone"], matched="overwrite")
    change_party(party=olga, changes={"family_name": "Кузнецова"}, by=clerk, at=LATER)
    undo(result, clerk)

    olga.refresh_from_db()
    assert (olga.family_name, str(olga.birth_date)) == ("Кузнецова", "1984-03-08")
    assert "parties_party.family_name" in Remnant.objects.get().fields


def test_what_was_added_beside_the_import_stays(bring: Bring, clerk: User, olga: Party) -> None:
    result = bring([HEADER, OLGA], match=["phone"], matched="fill")
    add_medium(party=olga, kind="email", value="second@mail.ru", by=clerk, at=LATER)
    undo(result, clerk)

    assert set(ContactMedium.objects.values_list("value", flat=True)) == {OLGAS_PHONE, "second@mail.ru"}


def test_imports_are_undone_one_after_another(bring: Bring, clerk: User) -> None:
    before = whole_base()
    first = bring([HEADER, NEW])
    second = bring([HEADER, NEW.replace("Иванов", "Петров")], matched="overwrite")
    assert second.updated == 1
    undo(second, clerk)
    undo(first, clerk)

    assert whole_base() == before


def test_an_import_that_a_later_one_builds_on_keeps_that_customer(bring: Bring, clerk: User) -> None:
    first = bring([HEADER, NEW])
    second = bring([HEADER, NEW.replace("Иванов", "Петров")], matched="overwrite")
    undo(first, clerk)

    assert Party.objects.count() == 1
    undo(second, clerk)
    undo(first, clerk)
    assert Party.objects.count() == 0


def test_rows_of_one_file_that_built_on_each_other_go_together(bring: Bring, clerk: User) -> None:
    before = whole_base()
    rows = ["К-1;Новый Пётр;+79215550000;;;;;;;", ";;89215550000;petr@mail.ru;;;;;;"]
    result = bring([HEADER, *rows], match=["phone"], matched="fill")
    assert (result.added, result.updated) == (1, 1)
    undo(result, clerk)

    assert whole_base() == before


def test_cut_off_in_the_middle_it_goes_on(bring: Bring, clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svyaz.exchange.actions.undoing.PARTIES_AT_ONCE", 2)
    before = whole_base()
    result = bring(["Номер;ФИО", *(f"К-{number};Иванов Иван" for number in range(5))])
    batch = undo_import(batch=books_of(result), by=clerk, at=LATER, as_job=False)
    stops = iter([False, False, False, True])
    assert not take_back_import(batch, by=clerk, at=LATER, is_to_stop=lambda: next(stops))
    assert 0 < Party.objects.count() < 5

    assert take_back_import(batch, by=clerk, at=LATER)
    assert whole_base() == before


def test_after_its_time_it_cannot_be_undone(bring: Bring, clerk: User) -> None:
    result = bring([HEADER, NEW])
    batch = books_of(result)

    with pytest.raises(NotNow):
        undo_import(batch=batch, by=clerk, at=batch.undo_until, as_job=False)
