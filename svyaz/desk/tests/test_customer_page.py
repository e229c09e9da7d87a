"""The customer's page: everything at a glance, the thread, promises, approvals, documents."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from svyaz.access.actions import assign_role
from svyaz.access.models import Opening
from svyaz.billing.models import Bill
from svyaz.customer360.actions import ContactDraft, save_contact
from svyaz.decisions.actions import DecisionDraft, PromiseDraft
from svyaz.decisions.models import Approval, Decision, DecisionKind, Promise, PromiseResult
from svyaz.interactions.actions import InteractionDraft
from svyaz.interactions.models import Interaction
from svyaz.parties.actions import add_identification
from svyaz.parties.models import Party
from svyaz.services.models import Product
from svyaz.users.models import User
from svyaz.workforce.models import Employee


def contact(party: Party, employee: Employee, by: User, text: str = "Звонок", **draft: Any) -> Any:
    interaction = InteractionDraft(channel=draft.pop("channel", "phone"), text=text, at=draft.pop("at", None))
    return save_contact(party=party, draft=ContactDraft(interaction, **draft), employee=employee, by=by, at=now())


def page_of(party: Party) -> str:
    return reverse("desk:customer", args=[party.pk])


@pytest.fixture
def decided(olga: Party, anna: User, anna_employee: Employee, discount: DecisionKind) -> Decision:
    """Anna gave Olga a discount within her limit and promised to call."""
    promise = PromiseDraft("Перезвонить", now() + timedelta(hours=3))
    draft = DecisionDraft(kind=discount, text="Скидка 15 %", amount=Decimal(15), promises=[promise])
    found: Decision = contact(olga, anna_employee, anna, "Просит скидку", decision=draft).decision
    return found


@pytest.fixture
def proposed(olga: Party, anna: User, anna_employee: Employee, discount: DecisionKind) -> Decision:
    """Anna proposed more than she may give."""
    draft = DecisionDraft(kind=discount, text="Скидка 25 %", amount=Decimal(25))
    found: Decision = contact(olga, anna_employee, anna, decision=draft).decision
    return found


def test_everything_at_a_glance(
    login, boris: User, olga: Party, decided: Decision, olgas_internet: Product, olgas_late_bill: Bill
) -> None:
    page = login(boris).get(page_of(olga)).content.decode()

    for words in ("Смирнова Ольга Ивановна", "78120441", "Скидка 15 %", "Просит скидку", "Перезвонить", "Домашний 500"):
        assert words in page
    assert page.index('id="front"') < page.index('id="thread"') < page.index('id="composer"')
    assert f'value="product:{olgas_internet.pk}"' in page


def test_the_opening_is_recorded(login, anna: User, olga: Party) -> None:
    login(anna).get(page_of(olga))

    assert Opening.objects.get().basis == Opening.Basis.AREA


def test_a_stranger_finds_nothing(login, gleb: User, olga: Party) -> None:
    browser = login(gleb)
    for address in (page_of(olga), f"{page_of(olga)}thread/", f"{page_of(olga)}offers/", f"{page_of(olga)}authority/"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"{page_of(olga)}contacts/", {"channel": "phone", "text": "x"}).status_code == 404


def test_what_does_not_exist_is_404(login, anna: User) -> None:
    browser = login(anna)
    for number in ("0", "999999999999999999", "99999999999999999999999"):
        assert browser.get(f"/customers/{number}/").status_code == 404


def test_a_reader_is_refused(login, reader: User, olga: Party) -> None:
    assert login(reader).get(page_of(olga)).status_code == 403


@pytest.mark.parametrize(("method", "path"), [("post", ""), ("get", "contacts/"), ("post", "thread/")])
def test_wrong_methods(login, anna: User, olga: Party, method: str, path: str) -> None:
    assert getattr(login(anna), method)(page_of(olga) + path).status_code == 405


def test_a_panel_without_right_is_absent(login, admin: User, olga: Party, olgas_internet: Product) -> None:
    page = login(admin).get(page_of(olga)).content.decode()

    assert 'id="services"' in page
    assert 'id="composer"' not in page


def test_the_page_costs_the_same_for_one_and_three_contacts(
    login, anna: User, anna_employee: Employee, olga: Party, discount: DecisionKind
) -> None:
    browser = login(anna)
    costs = []
    for more in (1, 2):
        for _ in range(more):
            draft = DecisionDraft(kind=discount, text="Скидка", amount=Decimal(5))
            contact(olga, anna_employee, anna, decision=draft)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page_of(olga)).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 16


def test_the_thread_is_endless_by_key(login, anna: User, anna_employee: Employee, olga: Party) -> None:
    start = now() - timedelta(days=100)
    for index in range(45):
        contact(olga, anna_employee, anna, f"Контакт {index:02}", at=start + timedelta(days=index))
    browser = login(anna)

    first = browser.get(page_of(olga))
    texts = [entry["text"] for day in first.context["thread"]["days"] for entry in day["entries"]]
    key = first.context["thread"]["next"]
    rest: list[str] = []
    while key is not None:
        part = browser.get(f"{page_of(olga)}thread/", {"before": str(key)}, headers={"HX-Request": "true"})
        rest += [entry["text"] for day in part.context["thread"]["days"] for entry in day["entries"]]
        key = part.context["thread"]["next"]

    assert [*texts, *rest] == [f"Контакт {index:02}" for index in reversed(range(45))]


def test_contacts_of_one_moment_are_neither_lost_nor_doubled(
    login, anna: User, anna_employee: Employee, olga: Party
) -> None:
    at = now() - timedelta(days=1)
    for index in range(70):
        contact(olga, anna_employee, anna, f"{index}", at=at)
    browser = login(anna)
    texts: list[str] = []
    key: Any = ""
    while key is not None:
        part = browser.get(f"{page_of(olga)}thread/", {"before": str(key)}, headers={"HX-Request": "true"})
        texts += [entry["text"] for day in part.context["thread"]["days"] for entry in day["entries"]]
        key = part.context["thread"]["next"]
    assert sorted(map(int, texts)) == list(range(70))


def test_the_thread_by_channel(login, anna: User, anna_employee: Employee, olga: Party, decided: Decision) -> None:
    contact(olga, anna_employee, anna, "Письмом", channel="post")
    browser = login(anna)

    def kinds(kind: str) -> list[str]:
        part = browser.get(f"{page_of(olga)}thread/", {"thread": kind}, headers={"HX-Request": "true"})
        days = part.context["thread"]["days"]
        return [entry.get("channel", "decision") for day in days for entry in day["entries"]]

    assert kinds("letters") == ["post"]
    assert kinds("calls") == ["phone"]
    assert kinds("decisions") == ["decision"]
    assert kinds("") == ["post", "decision", "phone"]
    assert kinds("nonsense") == kinds("")


@pytest.mark.parametrize("key", ["x", "2026-01-01_decision_1", "2026-01-01T00:00:00+00:00_case_1", "_"])
def test_a_key_that_means_nothing_begins_anew(login, anna: User, olga: Party, key: str) -> None:
    assert login(anna).get(f"{page_of(olga)}thread/", {"before": key}).status_code == 200


def test_a_promise_has_its_result(login, boris: User, olga: Party, decided: Decision) -> None:
    promise = Promise.objects.get()
    address = reverse("desk:promise_result", args=[promise.pk])

    answer = login(boris).post(address, {"result": "kept", "note": "Дозвонилась"})

    assert answer.status_code == 303
    assert PromiseResult.objects.get().result == PromiseResult.Result.KEPT
    again = login(boris).post(address, {"result": "broken"}, headers={"HX-Request": "true"})
    assert again.status_code == 422
    assert PromiseResult.objects.get().result == PromiseResult.Result.KEPT


def test_a_wrong_result_changes_nothing(login, boris: User, decided: Decision) -> None:
    address = reverse("desk:promise_result", args=[Promise.objects.get().pk])

    assert login(boris).post(address, {"result": "maybe"}, headers={"HX-Request": "true"}).status_code == 422
    assert not PromiseResult.objects.exists()


def test_a_stranger_resolves_nothing(login, gleb: User, olga: Party, decided: Decision) -> None:
    address = reverse("desk:promise_result", args=[Promise.objects.get().pk])

    assert login(gleb).post(address, {"result": "kept"}).status_code == 404
    assert login(gleb).post(address, {"result": "kept", "customer": olga.pk}).status_code == 404


def test_a_head_approves(login, vera: User, olga: Party, proposed: Decision) -> None:
    assert "Скидка 25 %" in login(vera).get(page_of(olga)).content.decode()

    answer = login(vera).post(reverse("desk:decision_approval", args=[proposed.pk]), {"verdict": "approved"})

    assert answer.status_code == 303
    assert Approval.objects.get().is_approved


def test_a_refusal_needs_a_reason(login, vera: User, proposed: Decision) -> None:
    address = reverse("desk:decision_approval", args=[proposed.pk])

    assert login(vera).post(address, {"verdict": "refused"}, headers={"HX-Request": "true"}).status_code == 422
    assert not Approval.objects.exists()
    assert login(vera).post(address, {"verdict": "refused", "reason": "Дорого"}).status_code == 303


def test_an_agent_may_not_approve(login, boris: User, proposed: Decision) -> None:
    answer = login(boris).post(reverse("desk:decision_approval", args=[proposed.pk]), {"verdict": "approved"})

    assert answer.status_code == 403


def test_authority_and_precedents(login, anna: User, olga: Party, discount: DecisionKind, decided: Decision) -> None:
    browser = login(anna)

    assert "15" in browser.get(f"{page_of(olga)}authority/?decision-kind={discount.pk}").content.decode()
    assert browser.get(f"{page_of(olga)}authority/?decision-kind=x").content == b""
    assert browser.get(reverse("desk:precedents", args=[olga.pk, decided.pk])).status_code == 200


def test_a_document_shows_for_a_reason_only(login, roles: dict[str, Any], anna: User, olga: Party) -> None:
    assign_role(user=anna, role=roles["clerk"], area=None, by=None, at=now() - timedelta(days=1))
    document = add_identification(party=olga, kind="passport", number="4010 123456", by=None, at=now())
    browser = login(anna)
    address = reverse("desk:customer_unmasking", args=[olga.pk, document.pk])
    assert "4010" not in browser.get(page_of(olga)).content.decode()

    refused = browser.post(address, {"reason": " "})
    shown = browser.post(address, {"reason": "Договор на подпись"})

    assert refused.status_code == 422
    assert "4010 123456" in shown.content.decode()
    assert Opening.objects.filter(basis=Opening.Basis.UNMASKING, reason="Договор на подпись").count() == 1


def test_an_offer_without_a_contact(login, anna: User, olga: Party, romashka: Party) -> None:
    address = reverse("desk:customer_offers", args=[olga.pk])
    browser = login(anna)
    sent = {"offer-competitor": romashka.pk, "offer-service_kind": "internet", "offer-price": "450,50"}

    assert browser.post(address, sent | {"offer-competitor": olga.pk}).status_code == 422
    assert browser.post(address, sent).status_code == 303
    assert "450,50" in browser.get(page_of(olga)).content.decode()
    assert not Interaction.objects.exists()


def test_an_account_shows_what_its_source_said_it_costs(login, anna: User, olga: Party, olgas_account) -> None:
    olgas_account.characteristics = {"monthlyCharge": "29.85", "totalCharge": None}
    olgas_account.currency = "XXX"
    olgas_account.save()

    page = login(anna).get(page_of(olga)).content.decode().replace("\xa0", " ")

    assert "29,85 в месяц" in page
    assert "всего" not in page
