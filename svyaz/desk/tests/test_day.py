"""My day: promises in their heaps, proposals, contacts; a head's people."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import now

from svyaz.access.actions.roles import assign_role
from svyaz.access.models import Role
from svyaz.decisions.actions import DecisionDraft, PromiseDraft, make_decision, make_promise
from svyaz.decisions.models import Approval, DecisionKind, Promise, PromiseResult
from svyaz.desk.drafts.actions import keep_draft
from svyaz.desk.models.drafts import Written
from svyaz.desk.work import end_of_day
from svyaz.interactions.actions import InteractionDraft, record_interaction
from svyaz.parties.models import Party
from svyaz.places.models import Area
from svyaz.users.models import User
from svyaz.workforce.actions import appoint_head
from svyaz.workforce.models import Employee


def promised(party: Party, employee: Employee, what: str, due_in: timedelta) -> Promise:
    at = now()
    assert employee.user is not None
    draft = PromiseDraft(what=what, due_at=at + due_in)
    return make_promise(
        party=party, draft=draft, decision=None, interaction=None, employee=employee, by=employee.user, at=at
    )


@pytest.fixture
def desk(client: Client, anna: User) -> Client:
    client.force_login(anna)
    return client


def test_promises_stand_in_their_heaps(desk: Client, olga: Party, anna_employee: Employee) -> None:
    assert anna_employee.user is not None
    promised(olga, anna_employee, "Перезвонить", timedelta(hours=-1))
    with timezone.override(anna_employee.user.time_zone):
        left_today = end_of_day(now()) - now()
    promised(olga, anna_employee, "Прислать договор", left_today - timedelta(seconds=30))
    promised(olga, anna_employee, "Сверить счёт", timedelta(days=3))
    page = desk.get("/")
    heaps = page.context["promises"]
    assert {name: heaps[name]["count"] for name in ("past_due", "today", "coming")} == {
        "past_due": 1, "today": 1, "coming": 1,
    }  # fmt: skip
    said = page.content.decode()
    assert "Перезвонить" in said
    assert "Смирнова Ольга Ивановна" in said


def test_a_promise_gets_its_result_from_the_day(desk: Client, olga: Party, anna_employee: Employee) -> None:
    promise = promised(olga, anna_employee, "Перезвонить", timedelta(hours=1))
    answer = desk.post(f"/promises/{promise.pk}/result/", {"result": "kept", "back": "day"})
    assert answer.headers["Location"] == "/"
    assert PromiseResult.objects.get(promise=promise).result == "kept"
    assert desk.get("/").context["promises"]["count"] == 0


def test_ones_own_promise_stays_when_the_customers_card_is_closed(
    client: Client, gleb: User, gleb_employee: Employee, olga: Party
) -> None:
    promise = promised(olga, gleb_employee, "Передать в Петербург", timedelta(hours=1))
    client.force_login(gleb)
    page = client.get("/").content.decode()
    assert "Передать в Петербург" in page
    assert "вне моей территории" in page
    assert f'href="/customers/{olga.pk}/"' not in page
    assert client.post(f"/promises/{promise.pk}/result/", {"result": "kept", "back": "day"}).status_code == 303


def test_anothers_promise_is_not_on_my_day(desk: Client, olga: Party, boris_employee: Employee) -> None:
    promised(olga, boris_employee, "Перезвонить", timedelta(hours=1))
    assert desk.get("/").context["promises"]["count"] == 0


def test_a_proposal_waits_for_the_head_and_not_for_its_maker(
    client: Client, olga: Party, anna: User, anna_employee: Employee, vera: User, discount: DecisionKind
) -> None:
    at = now()
    contact = record_interaction(
        party=olga, draft=InteractionDraft(channel="phone", text="Дорого"), employee=anna_employee, by=anna, at=at
    )
    draft = DecisionDraft(kind=discount, text="Скидка 25 %", amount=Decimal(25))
    decision = make_decision(party=olga, draft=draft, interaction=contact, maker=anna_employee, by=anna, at=at)
    client.force_login(anna)
    assert client.get("/").context["proposals"] is None
    client.force_login(vera)
    assert client.get("/").context["proposals"]["count"] == 1
    assert client.get("/decisions/?of=judge").context["count"] == 1
    sent = {"verdict": "approved", "back": "day"}
    assert client.post(f"/decisions/{decision.pk}/approval/", sent).headers["Location"] == "/"
    assert Approval.objects.get(decision=decision).is_approved
    assert client.get("/").context["proposals"]["count"] == 0


def test_contacts_of_today_are_ones_own(
    desk: Client, olga: Party, anna: User, anna_employee: Employee, boris_employee: Employee
) -> None:
    at = now()
    for employee, text in ((anna_employee, "Мой"), (boris_employee, "Чужой")):
        draft = InteractionDraft(channel="phone", text=text)
        record_interaction(party=olga, draft=draft, employee=employee, by=anna, at=at)
    assert [row["words"] for row in desk.get("/").context["contacts"]["items"]] == ["Мой"]


def test_a_head_sees_who_carries_how_much(
    client: Client, olga: Party, vera: User, anna_employee: Employee, boris_employee: Employee
) -> None:
    promised(olga, boris_employee, "Перезвонить", timedelta(hours=-1))
    promised(olga, boris_employee, "Прислать", timedelta(hours=1))
    client.force_login(vera)
    team = client.get("/people/").context["team"]
    assert [(row["employee"].name, row["past_due"], row["open"]) for row in team["rows"]] == [
        ("Борис Новиков", 1, 2), ("Анна Козлова", 0, 0),
    ]  # fmt: skip
    assert client.get("/promises/?of=mine&due=past").context["count"] == 1


def test_who_heads_nobody_has_no_day_of_a_head(desk: Client, admin: User) -> None:
    assert "/people/" not in desk.get("/").content.decode()
    assert desk.get("/people/").status_code == 403
    desk.force_login(admin)
    assert desk.get("/people/").context["team"] is None


def test_a_user_without_an_employee_has_a_day_too(client: Client, admin: User) -> None:
    client.force_login(admin)
    answer = client.get("/")
    assert answer.status_code == 200
    assert "За этим пользователем нет сотрудника" in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/promises/", "/contacts/", "/decisions/"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    desk: Client, olga: Party, sever: Party, anna: User, anna_employee: Employee, discount: DecisionKind, path: str,
) -> None:  # fmt: skip
    def add(party: Party) -> None:
        at = now()
        contact = record_interaction(
            party=party, draft=InteractionDraft(channel="phone", text="Дорого"), employee=anna_employee, by=anna, at=at
        )
        draft = DecisionDraft(kind=discount, text="Скидка 10 %", amount=Decimal(10))
        make_decision(party=party, draft=draft, interaction=contact, maker=anna_employee, by=anna, at=at)
        promised(party, anna_employee, "Перезвонить", timedelta(hours=1))

    add(olga)
    one = queries_of(desk, path)
    add(sever)
    add(olga)
    assert queries_of(desk, path) == one


def queries_of(client: Client, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.fixture
def stood_still(
    olga: Party, sever: Party, anna: User, anna_employee: Employee, vera: User, discount: DecisionKind
) -> None:
    """A letter without an answer, a promise past due, a proposal nobody judged, a decision to look at again."""
    at = now()
    letter = InteractionDraft(channel="email", text="Когда ответите?")
    record_interaction(party=olga, draft=letter, employee=anna_employee, by=anna, at=at - timedelta(days=2))
    promised(olga, anna_employee, "Перезвонить", timedelta(hours=-1))
    call = InteractionDraft(channel="phone", text="Дорого")
    contact = record_interaction(party=sever, draft=call, employee=anna_employee, by=anna, at=at)
    for draft in (
        DecisionDraft(kind=discount, text="Скидка 25 %", amount=Decimal(25)),
        DecisionDraft(kind=discount, text="Скидка 5 %", amount=Decimal(5), review_on=(at - timedelta(days=1)).date()),
    ):
        make_decision(party=sever, draft=draft, interaction=contact, maker=anna_employee, by=anna, at=at)


def test_a_head_sees_what_stood_still_and_every_number_opens_its_list(
    client: Client, vera: User, stood_still: None
) -> None:
    client.force_login(vera)
    page = client.get("/people/")
    assert [stood.count for stood in page.context["team"]["stood"]] == [1, 1, 1, 1, 0]
    for stood in page.context["team"]["stood"][:4]:
        assert client.get(stood.address).context["count"] == stood.count, stood.address
        assert stood.address.replace("&", "&amp;") in page.content.decode()
    assert page.context["team"]["bars"][-1].count == 1


def test_my_own_day_shows_what_waits_for_me(desk: Client, stood_still: None) -> None:
    page = desk.get("/")
    assert page.context["waiting"]["count"] == 1
    assert page.context["to_review_decisions"] == 1
    assert "Когда ответите?" in page.content.decode()
    assert desk.get("/contacts/?answer=missing&employee=me,none").context["count"] == 1
    assert desk.get("/decisions/?review=past&of=mine").context["count"] == 1


def test_the_week_ahead_opens_day_by_day(desk: Client, olga: Party, anna_employee: Employee) -> None:
    promised(olga, anna_employee, "Сверить счёт", timedelta(days=3))
    week = desk.get("/").context["promises"]["week"]
    (day,) = [bar for bar in week if bar.count]
    assert (day.height, len(week)) == (100, 7)
    assert desk.get(f"/promises/?of=me&by={day.day.isoformat()}").context["count"] == 1


def test_a_head_sees_his_department_and_those_below_and_no_other(
    client: Client, gleb: User, gleb_employee: Employee, stood_still: None, roles: dict[str, Role], novosibirsk: Area
) -> None:
    assign_role(user=gleb, role=roles["head"], area=None, by=None, at=now() - timedelta(days=1))
    assert gleb_employee.department is not None
    appoint_head(department=gleb_employee.department, head=gleb_employee, by=None, at=now())
    client.force_login(gleb)
    assert client.get("/people/").context["team"] is None
    assert client.get("/contacts/?answer=missing&of=people").context["count"] == 0
    assert client.get("/decisions/?review=past&of=people").context["count"] == 0


def test_a_heads_day_costs_the_same_for_one_and_three(
    client: Client, vera: User, olga: Party, anna_employee: Employee, boris_employee: Employee, stood_still: None
) -> None:
    client.force_login(vera)
    one = queries_of(client, "/people/")
    for employee in (boris_employee, anna_employee):
        promised(olga, employee, "Ещё", timedelta(hours=-1))
    assert queries_of(client, "/people/") == one


def test_a_draft_waits_on_the_day(desk: Client, anna: User, olga: Party) -> None:
    written = Written((("text", "Начала писать"),), {}, "")
    keep_draft(uid=uuid4(), version=0, written=written, party=olga, by=anna, at=now())
    page = desk.get("/")
    assert len(page.context["drafts"]) == 1
    assert 'id="drafts"' in page.content.decode()


def test_days_are_for_looking(desk: Client) -> None:
    assert desk.post("/people/").status_code == 405
