"""Acts upon many rows: done through each row's own action, watched, stopped, taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from svyaz.decisions.actions.promises import PromiseDraft, make_promise
from svyaz.decisions.models import Promise, PromiseResult
from svyaz.decisions.queries import promises_listed
from svyaz.desk.lists.bulk import (
    UNDONE_WITHIN,
    CannotBeUndone,
    RunIsOver,
    begin_bulk,
    run_bulk,
    stop_bulk,
    undo_bulk,
)
from svyaz.desk.models import BulkRow, BulkRun
from svyaz.history.models import Event
from svyaz.parties.actions import create_individual, give_role
from svyaz.parties.models import Party, PartyRole, Preference
from svyaz.places.models import Area
from svyaz.users.models import User
from svyaz.workforce.actions import assign_account_manager
from svyaz.workforce.models import Department, Employee
from svyaz.workforce.queries import account_manager_of
from tests.cast import NOON

BULK = "/lists/customers/bulk/"


@pytest.fixture
def desk(client: Client, vera: User) -> Client:
    client.force_login(vera)
    return client


def customers(area: Area, count: int) -> list[Party]:
    found = []
    for place in range(count):
        party = create_individual(family_name=f"Имя{place:02}", home_area=area, by=None, at=NOON)
        give_role(party=party, kind="customer", by=None, at=NOON)
        found.append(party)
    return found


def manager(party: Party) -> Employee | None:
    return account_manager_of(party.pk, BulkRun.objects.latest("pk").started_at.date())


def test_selected_customers_get_a_manager_and_it_is_taken_back(
    desk: Client, olga: Party, sever: Party, anna_employee: Employee, boris_employee: Employee, primorsky: Area
) -> None:
    (other,) = customers(primorsky, 1)
    assign_account_manager(party=sever, employee=boris_employee, by=None, at=NOON)
    sent = {"act": "manager", "manager-employee": anna_employee.pk, "pick": [olga.pk, sever.pk], "query": "kind=x"}

    answer = desk.post(BULK, sent)

    run = BulkRun.objects.get()
    assert answer.headers["Location"] == f"/customers/?run={run.pk}"
    assert (run.status, run.total) == ("finished", 2)
    assert [manager(party) for party in (olga, sever, other)] == [anna_employee, anna_employee, None]
    assert Event.objects.filter(kind="account_manager.assigned", by__username="vera").count() == 2
    page = desk.get(answer.headers["Location"])
    assert page.context["work"]["can_be_undone"]

    desk.post(f"/bulk/{run.pk}/undoing/")

    run.refresh_from_db()
    assert run.status == "undone"
    assert [manager(party) for party in (olga, sever)] == [None, boris_employee]
    assert desk.post(f"/bulk/{run.pk}/undoing/", headers={"HX-Request": "true"}).status_code == 422


def test_what_was_changed_since_is_not_taken_back(
    desk: Client, vera: User, olga: Party, anna_employee: Employee, boris_employee: Employee
) -> None:
    desk.post(BULK, {"act": "manager", "manager-employee": anna_employee.pk, "pick": [olga.pk]})
    run = BulkRun.objects.get()
    assign_account_manager(party=olga, employee=boris_employee, by=vera, at=run.started_at)

    desk.post(f"/bulk/{run.pk}/undoing/")

    assert manager(olga) == boris_employee
    assert run.rows.get().state == BulkRow.State.CHANGED


def test_a_row_that_is_so_already_is_left_out_with_a_reason(
    desk: Client, olga: Party, sever: Party, anna_employee: Employee
) -> None:
    assign_account_manager(party=olga, employee=anna_employee, by=None, at=NOON)
    desk.post(BULK, {"act": "manager", "manager-employee": anna_employee.pk, "pick": [olga.pk, sever.pk]})
    run = BulkRun.objects.get()

    assert {row.subject_id: row.state for row in run.rows.all()} == {olga.pk: "skipped", sever.pk: "done"}
    assert "Это уже так" in desk.get(f"/bulk/{run.pk}/").content.decode()


def test_tiers_and_interests_and_back(desk: Client, olga: Party, olga_customer: PartyRole) -> None:
    desk.post(BULK, {"act": "tier", "tier-tier": "platinum", "pick": [olga.pk]})
    desk.post(BULK, {"act": "interest", "interest-kind": "interest", "interest-value": "футбол", "pick": [olga.pk]})
    olga_customer.refresh_from_db()
    assert olga_customer.tier == "platinum"
    assert Preference.objects.get(party=olga).value == "футбол"

    for run in BulkRun.objects.all():
        desk.post(f"/bulk/{run.pk}/undoing/")

    olga_customer.refresh_from_db()
    assert olga_customer.tier == "gold"
    assert Preference.objects.get(party=olga).ended_date is not None


def test_every_row_of_the_list_is_meant_when_said_so(desk: Client, primorsky: Area, olga: Party) -> None:
    customers(primorsky, 3)
    desk.post(BULK, {"act": "tier", "tier-tier": "silver", "every": "1", "query": "name.has=имя"})
    assert BulkRun.objects.get().total == 3
    assert PartyRole.objects.get(party=olga).tier == "gold"


def test_many_are_a_job_that_can_be_stopped(
    desk: Client, vera: User, primorsky: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("svyaz.desk.lists.bulk.AT_ONCE", 2)
    parties = customers(primorsky, 4)
    run = begin_bulk(
        list_name="customers", act="tier", params={"tier": "silver"}, ids=[party.pk for party in parties], by=vera,
        at=NOON,
    )  # fmt: skip
    assert "hx-trigger" in desk.get(f"/bulk/{run.pk}/", headers={"HX-Request": "true"}).content.decode()
    stop_bulk(run=run, by=vera, at=NOON)

    stopped = run_bulk(run_id=run.pk, by=vera, at=NOON)

    assert stopped.status == BulkRun.Status.STOPPED
    assert not PartyRole.objects.filter(tier="silver").exists()
    with pytest.raises(RunIsOver):
        stop_bulk(run=stopped, by=vera, at=NOON)


def test_a_run_goes_on_where_it_stood(vera: User, primorsky: Area) -> None:
    parties = customers(primorsky, 3)
    ids = [party.pk for party in parties]
    run = begin_bulk(list_name="customers", act="tier", params={"tier": "silver"}, ids=ids, by=vera, at=NOON)
    run.rows.filter(subject_id=ids[0]).update(state=BulkRow.State.DONE)

    assert run_bulk(run_id=run.pk, by=vera, at=NOON).status == BulkRun.Status.FINISHED
    assert run_bulk(run_id=run.pk, by=vera, at=NOON).status == BulkRun.Status.FINISHED
    assert [PartyRole.objects.get(party=party).tier for party in parties] == ["", "silver", "silver"]


def test_what_an_act_asks_for_comes_when_it_is_opened(desk: Client, anna: User, olga: Party, client: Client) -> None:
    form = desk.get("/lists/customers/acts/manager/").content.decode()
    assert 'name="manager-employee"' in form
    assert "Анна Козлова" in form
    assert "Отменить это будет нельзя" not in form
    assert "Отменить это будет нельзя" in desk.get("/lists/promises/acts/result/").content.decode()
    assert desk.get("/lists/customers/acts/burn/").status_code == 404
    alone = desk.post(BULK, {"act": "interest", "pick": [olga.pk]})
    assert alone.status_code == 422
    assert f'name="pick" value="{olga.pk}"' in alone.content.decode()


def test_after_its_time_it_cannot_be_undone(vera: User, olga: Party) -> None:
    run = begin_bulk(list_name="customers", act="tier", params={"tier": "silver"}, ids=[olga.pk], by=vera, at=NOON)
    run = run_bulk(run_id=run.pk, by=vera, at=NOON)
    assert run.ended_at is not None
    with pytest.raises(CannotBeUndone):
        undo_bulk(run=run, by=vera, at=run.ended_at + UNDONE_WITHIN + timedelta(seconds=1))


def promised(party: Party, employee: Employee, user: User) -> Promise:
    draft = PromiseDraft("Перезвонить", NOON + timedelta(days=1))
    return make_promise(party=party, draft=draft, decision=None, interaction=None, employee=employee, by=user, at=NOON)


def owner(viewer: User) -> int:
    promise: Any = promises_listed(viewer).get()
    return int(promise.owner_id)


def test_promises_are_handed_over_and_back_and_get_a_result(
    desk: Client, vera: User, olga: Party, anna_employee: Employee, boris_employee: Employee
) -> None:
    promise = promised(olga, anna_employee, vera)
    page = "/lists/promises/bulk/"
    sent = {"act": "transfer", "transfer-to": boris_employee.pk, "transfer-reason": "Отпуск", "pick": [promise.pk]}
    desk.post(page, sent)
    assert owner(vera) == boris_employee.pk
    desk.post(f"/bulk/{BulkRun.objects.get().pk}/undoing/")
    assert owner(vera) == anna_employee.pk

    desk.post(page, {"act": "result", "result-result": "kept", "pick": [promise.pk]})
    assert PromiseResult.objects.get(promise=promise).result == "kept"
    assert BulkRun.objects.latest("pk").undo_until is None


def test_employees_move_to_another_department(
    client: Client, admin: User, anna_employee: Employee, far_shops: Department
) -> None:
    client.force_login(admin)
    sent = {"act": "department", "department-department": far_shops.pk, "pick": [anna_employee.pk]}
    client.post("/lists/employees/bulk/", sent)
    anna_employee.refresh_from_db()
    assert anna_employee.department == far_shops


def test_who_may_not(client: Client, anna: User, gleb: User, vera: User, reader: User, olga: Party) -> None:
    sent = {"act": "tier", "tier-tier": "silver", "pick": [olga.pk]}
    run = begin_bulk(list_name="customers", act="tier", params={"tier": "silver"}, ids=[olga.pk], by=vera, at=NOON)
    client.force_login(anna)
    assert client.post(BULK, sent).status_code == 404
    assert client.get(f"/bulk/{run.pk}/").status_code == 404
    assert client.post(f"/bulk/{run.pk}/stop/").status_code == 404
    assert client.get(BULK).status_code == 405
    client.force_login(gleb)
    noted = {"act": "interest", "interest-kind": "interest", "interest-value": "x", "pick": [olga.pk]}
    assert client.post(BULK, noted, headers={"HX-Request": "true"}).status_code == 422
    client.force_login(reader)
    assert client.post(BULK, sent).status_code == 403
    assert BulkRun.objects.count() == 1


@pytest.mark.parametrize(
    "sent", [{"act": "tier", "tier-tier": "lead"}, {"act": "tier", "tier-tier": "gold", "pick": "x"},
             {"act": "interest", "interest-kind": "interest", "interest-value": ""}],
)  # fmt: skip
def test_bad_input_does_nothing(desk: Client, olga: Party, sent: dict[str, str]) -> None:
    answer = desk.post(BULK, {"pick": str(olga.pk), **sent}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert not BulkRun.objects.exists()
    assert desk.post(BULK, {"act": "burn", "pick": olga.pk}).status_code == 404
