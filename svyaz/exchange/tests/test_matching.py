"""Rows that mean a customer who is there already: found by the chosen keys, changed by the chosen policy."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from django.utils.functional import Promise

from svyaz.access.actions import assign_role, create_user, save_role
from svyaz.access.models import Opening
from svyaz.exchange.actions import Result, UnknownKey
from svyaz.exchange.actions.drafts import Draft
from svyaz.exchange.actions.matching import KEYS, Candidates, register_key
from svyaz.exchange.models import ImportChange, ImportedRow
from svyaz.exchange.permissions import ExchangePermission
from svyaz.exchange.tests.conftest import AT, table
from svyaz.history.models import Event
from svyaz.parties.models import ContactMedium, Identification, Party, PartyRole
from svyaz.users.models import User
from tests.cast import OLGAS_PHONE

Bring = Callable[..., Result]
HEADER = "ФИО;Телефон;E-mail;Дата рождения;Адрес;Договор"
OLGA = f"Смирнова Ольга Ивановна;{OLGAS_PHONE};olga@mail.ru;08.03.1984;Невский, 1;Д-1"


def test_fill_adds_what_is_missing_and_leaves_what_is_there(bring: Bring, olga: Party) -> None:
    row = OLGA.replace("08.03.1984", "09.03.1984")
    result = bring([HEADER, row], match=["phone"], matched="fill")

    olga.refresh_from_db()
    assert (result.added, result.updated, result.bad) == (0, 1, 0)
    assert olga.birth_date == date(1984, 3, 8)
    assert set(ContactMedium.objects.values_list("value", flat=True)) == {OLGAS_PHONE, "olga@mail.ru"}
    assert olga.addresses.get().address.text == "Невский, 1"
    assert olga.agreements.get().number == "Д-1"


def test_overwrite_takes_what_the_file_says_with_its_history(bring: Bring, olga: Party) -> None:
    bring([HEADER, OLGA.replace("Смирнова", "Петрова")], match=["phone"], matched="overwrite")

    olga.refresh_from_db()
    assert olga.name == "Петрова Ольга Ивановна"
    changed = Event.objects.get(kind="party.changed", party_id=olga.pk)
    assert changed.details["former"] == {"family_name": "Смирнова", "name": "Смирнова Ольга Ивановна"}
    assert Event.objects.filter(kind="party.changed_by_import", party_id=olga.pk).count() == 1
    assert Event.objects.filter(kind="contact_medium.added", party_id=olga.pk).exists()


@pytest.mark.parametrize(("matched", "count"), [("skip", "skipped"), ("refuse", "bad")])
def test_skip_and_refuse_change_nothing(bring: Bring, olga: Party, matched: str, count: str) -> None:
    result = bring([HEADER, OLGA], match=["phone"], matched=matched)

    assert getattr(result, count) == 1
    assert not ContactMedium.objects.filter(kind="email").exists()


def test_unknown_customers_may_be_left_out(bring: Bring, olga: Party) -> None:
    result = bring([HEADER, "Новый Пётр;+79215550000;;;;", OLGA], match=["phone"], matched="fill", unmatched="skip")

    assert (result.skipped, result.updated) == (1, 1)
    assert Party.objects.count() == 1


def test_the_same_file_twice_changes_nothing_the_second_time(bring: Bring, olga: Party) -> None:
    bring([HEADER, OLGA], match=["phone"], matched="overwrite")
    events = Event.objects.filter(party_id=olga.pk).count()
    again = bring([HEADER, OLGA], match=["phone"], matched="overwrite")

    assert (again.added, again.updated, again.unchanged) == (0, 0, 1)
    assert Event.objects.filter(party_id=olga.pk).count() == events


def test_nothing_new_is_no_change_but_the_row_is_known_from_now_on(bring: Bring, olga: Party) -> None:
    result = bring(["ФИО;Телефон", f"Смирнова Ольга Ивановна;{OLGAS_PHONE}"], match=["phone"], matched="fill")

    assert (result.updated, result.unchanged) == (0, 1)
    assert not ImportChange.objects.exists()
    assert (ImportedRow.objects.get().party, ImportedRow.objects.get().is_new) == (olga, False)


@pytest.mark.parametrize(
    ("header", "cell", "key"),
    [
        ("Номер клиента", "78120441", "number"),
        ("Телефон", "8 921 555-12-34", "phone"),
        ("E-mail", "OLGA@example.org", "email"),
        ("ИНН", "500100732259", "inn"),
        ("Паспорт", "40 12 345678", "document"),
    ],
)
def test_each_key_finds_her(bring: Bring, olga: Party, header: str, cell: str, key: str) -> None:
    from svyaz.parties.actions.create import change_party
    from svyaz.parties.actions.documents import add_identification
    from svyaz.parties.actions.media import add_medium

    add_medium(party=olga, kind="email", value="olga@example.org", by=None, at=AT)
    add_identification(party=olga, kind="passport", number="4012 345678", by=None, at=AT)
    change_party(party=olga, changes={"inn": "500100732259"}, by=None, at=AT)
    result = bring([f"{header};Адрес", f"{cell};Невский, 1"], mapping="customers_ru", match=[key], matched="fill")

    assert (result.added, result.updated, result.bad) == (0, 1, 0), table(result.bad_rows_file) if result.bad else ""


def test_rows_of_one_file_that_mean_the_same_customer_meet(bring: Bring) -> None:
    rows = ["Новый Пётр;+79215550000;;;;", ";89215550000;petr@mail.ru;;;", ";89215550000;;;Невский, 1;"]
    options = {"match": ["phone"], "matched": "fill"}
    tried = bring([HEADER, *rows], dry_run=True, **options)
    done = bring([HEADER, *rows], **options)

    assert (done.added, done.updated, done.bad) == (1, 2, 0)
    assert (tried.added, tried.updated, tried.bad) == (1, 2, 0)
    assert set(ContactMedium.objects.values_list("value", flat=True)) == {"+79215550000", "petr@mail.ru"}


def test_two_holders_of_a_phone_make_a_bad_row_that_names_both(bring: Bring) -> None:
    bring(["Номер;ФИО;Телефон", "1;Иванов Иван;89215550001", "2;Иванова Анна;89215550001"])
    result = bring(["ФИО;Телефон;E-mail", "Кто-то;89215550001;x@y.ru"], match=["phone"], matched="fill", source="other")

    assert "1, 2" in table(result.bad_rows_file)[1][2]


def test_keys_that_contradict_each_other_make_a_bad_row(bring: Bring) -> None:
    bring(["Номер;ФИО;Телефон;E-mail", "1;Иванов Иван;89215550001;", "2;Петров Пётр;;p@mail.ru"])
    result = bring(
        ["ФИО;Телефон;E-mail", "Кто-то;89215550001;p@mail.ru"], match=["phone", "email"], matched="fill", source="other"
    )

    assert (result.bad, result.updated) == (1, 0)


def test_another_number_than_the_base_has_is_refused(bring: Bring, olga: Party) -> None:
    result = bring(["Номер;Телефон", f"К-9;{OLGAS_PHONE}"], match=["phone"], matched="overwrite")

    assert table(result.bad_rows_file)[1][1] == "number"
    assert "78120441" in table(result.bad_rows_file)[1][2]


def test_a_company_is_not_made_a_person(bring: Bring, sever: Party) -> None:
    bring(["Наименование;ИНН;КПП;Телефон", "ООО Север;7707083893;770701001;88123001020"], match=["inn"], matched="fill")
    result = bring(["ФИО;Телефон", "Иванов Иван;88123001020"], match=["phone"], matched="overwrite")

    assert table(result.bad_rows_file)[1][1] == "kind"


def test_a_document_comes_in_encrypted_and_masked(bring: Bring) -> None:
    bring(["ФИО;Паспорт", "Иванов Иван;40 12 345678"])

    document = Identification.objects.get()
    assert (document.number_tail, document.kind) == ("5678", "passport")
    assert b"345678" not in bytes(document.number_encrypted)
    assert "345678" not in ImportedRow.objects.get().external_id


def test_an_unknown_key_is_refused(bring: Bring) -> None:
    with pytest.raises(UnknownKey):
        bring([HEADER, OLGA], match=["colour"])


def test_a_key_of_another_package_is_asked_like_the_others(bring: Bring, olga: Party) -> None:
    class Oracle:
        code = "oracle"
        label: str | Promise = "oracle"
        is_exact = False

        def tokens(self, draft: Draft) -> list[str]:
            return []

        def find(self, drafts: Sequence[Draft]) -> Mapping[int, Candidates]:
            return {draft.line: frozenset({olga.pk}) for draft in drafts}

    register_key(Oracle())
    try:
        assert bring([HEADER, OLGA], match=["oracle"], matched="fill").updated == 1
    finally:
        del KEYS["oracle"]


@pytest.fixture
def importer(novosibirsk: object) -> User:
    """Who imports in Novosibirsk only."""
    role = save_role(
        code="importer", name="И", name_en="I", permissions=[ExchangePermission.IMPORT, ExchangePermission.READ],
        by=None, at=AT,
    )  # fmt: skip
    user = create_user(username="importer", name="Импортёр", password=None, by=None, at=AT)
    assign_role(user=user, role=role, area=novosibirsk, by=None, at=AT)  # type: ignore[arg-type]
    return user


def test_an_exact_identifier_opens_a_customer_of_another_area_and_is_recorded(
    bring: Bring, olga: Party, importer: User, novosibirsk: object
) -> None:
    result = bring([HEADER, OLGA], match=["phone"], matched="fill", by=importer, area=novosibirsk)

    opening = Opening.objects.get()
    assert result.updated == 1
    assert (opening.party_id, opening.basis, opening.reason, opening.opens_until) == (
        olga.pk, "identifier", "phone", None,
    )  # fmt: skip


def test_a_name_opens_nobody_of_another_area(bring: Bring, olga: Party, importer: User, novosibirsk: object) -> None:
    header, row = "ФИО;Дата рождения;E-mail", "Смирнова Ольга Ивановна;08.03.1984;o@mail.ru"
    result = bring([header, row], match=["name_birth"], matched="fill", by=importer, area=novosibirsk)

    assert (result.added, result.updated) == (1, 0)
    assert not Opening.objects.exists()


def test_a_number_of_another_area_is_not_told(bring: Bring, olga: Party, importer: User, novosibirsk: object) -> None:
    result = bring([HEADER, OLGA], match=["phone"], matched="refuse", by=importer, area=novosibirsk)

    assert "78120441" not in table(result.bad_rows_file)[1][2]


def test_new_customers_come_into_ones_own_areas_only(bring: Bring, importer: User, spb: object) -> None:
    rows = ["ФИО;Телефон;Регион", "Иванов Иван;89215550001;RU-SPE", "Петров Пётр;89215550002;"]
    result = bring(rows, by=importer)

    assert (result.added, result.bad) == (0, 2)


def test_a_former_customer_stays_a_former_one(bring: Bring, olga: Party) -> None:
    from svyaz.parties.actions.roles import end_role

    end_role(role=PartyRole.objects.get(), by=None, at=AT)
    bring([HEADER, OLGA], match=["phone"], matched="overwrite")

    assert PartyRole.objects.get().valid_to == AT.date()


def test_bad_rows_are_safe_in_a_spreadsheet_and_come_back_as_they_were(bring: Bring, tmp_path: Path) -> None:
    lines = ["Номер;ФИО;Телефон", "=cmd|x;Иванов Иван;12", "@y;Петров Пётр;+7 921 555-00-02"]
    result = bring(lines)
    rows = table(result.bad_rows_file)

    assert (rows[1][3], rows[1][5]) == ("'=cmd|x", "12")
    repaired = [rows[0], [*rows[1][:5], "89215550001"]]
    bring(["\t".join(row) for row in repaired])
    assert PartyRole.objects.filter(number="=cmd|x").exists()


@pytest.fixture
def courier(bring: Bring, tmp_path: Path, clerk: User) -> str:
    """An own field of parties, and a mapping that knows it."""
    from svyaz.fields.actions import add_field

    add_field(noun="party", code="courier", kind="choice", name="Курьер", by=clerk, at=AT,
              options=[{"name": "Утром"}, {"name": "Вечером"}])  # fmt: skip
    path = tmp_path / "own.toml"
    path.write_text(
        "identity = [['phone']]\n[fields]\nphone = { columns = ['t'] }\n'own.courier' = { columns = ['k'] }\n",
        encoding="utf-8",
    )
    return str(path)


def test_an_own_field_is_a_column_like_any_other(bring: Bring, olga: Party, courier: str) -> None:
    rows = ["t;k", "89215550001;утром", f"{OLGAS_PHONE};Вечером", "89215550003;ночью"]
    result = bring(rows, mapping=courier, match=["phone"], matched="fill")

    assert (result.added, result.updated, result.bad) == (1, 1, 1)
    values = {party.pk == olga.pk: party.own["courier"] for party in Party.objects.exclude(own={})}
    assert len(set(values.values())) == 2
    assert table(result.bad_rows_file)[1][1] == "k"
    assert bring(rows[:3], mapping=courier, match=["phone"], matched="fill").unchanged == 2
