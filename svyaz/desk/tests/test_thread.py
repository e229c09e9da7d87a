"""The thread: narrowed by kind, employee, service and words, in the address; each line opened with all of it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from svyaz.access.actions import assign_role
from svyaz.billing.models import BillingAccount, Payment
from svyaz.customer360.actions import ContactDraft, save_contact
from svyaz.decisions.actions import DecisionDraft, PromiseDraft, RejectedDraft
from svyaz.decisions.models import Decision, DecisionKind
from svyaz.interactions.actions import InteractionDraft, ParticipantDraft
from svyaz.interactions.models import Interaction
from svyaz.markets.actions import OfferDraft
from svyaz.parties.models import Party
from svyaz.services.models import Product
from svyaz.users.models import User
from svyaz.workforce.models import Employee

HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(login: Any, anna: User) -> Client:
    found: Client = login(anna)
    return found


@pytest.fixture
def talk(olga: Party, anna: User, anna_employee: Employee) -> Any:
    def take(text: str, *, employee: Employee = anna_employee, products: Any = (), at: Any = None, **more: Any) -> Any:
        draft = InteractionDraft(
            channel=more.pop("channel", "phone"), text=text, at=at, products=products,
            participants=more.pop("participants", ()),
        )  # fmt: skip
        return save_contact(party=olga, draft=ContactDraft(draft, **more), employee=employee, by=anna, at=now())

    return take


def texts(answer: Any) -> list[str]:
    return [entry.get("text", "") for day in answer.context["thread"]["days"] for entry in day["entries"]]


def thread_of(browser: Client, party: Party, **query: Any) -> Any:
    return browser.get(reverse("desk:customer_thread", args=[party.pk]), query, headers=HTMX)


def test_by_employee_service_and_words(
    browser: Client, olga: Party, talk: Any, boris_employee: Employee, olgas_internet: Product
) -> None:
    talk("Рвётся связь", products=[olgas_internet])
    talk("Спрашивает о счёте", employee=boris_employee)

    assert texts(thread_of(browser, olga, by=boris_employee.pk)) == ["Спрашивает о счёте"]
    assert texts(thread_of(browser, olga, service=olgas_internet.pk)) == ["Рвётся связь"]
    assert texts(thread_of(browser, olga, q="СВЯЗЬ рвётся")) == ["Рвётся связь"]
    assert texts(thread_of(browser, olga, q="нет такого")) == []
    assert len(texts(thread_of(browser, olga, by="x", service="-1", thread="nonsense"))) == 2


def test_what_is_wanted_stands_in_the_address(browser: Client, olga: Party, talk: Any) -> None:
    talk("Рвётся связь")
    answer = thread_of(browser, olga, q="связь", thread="calls")
    address = answer["HX-Replace-Url"]
    assert address.startswith(f"/customers/{olga.pk}/?thread=calls&q=")
    page = browser.get(address)
    assert texts(page) == ["Рвётся связь"]
    assert page.context["wanted"].words == "связь"


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "\x00", "а" * 5000, "a b c d e f g h i j"])
def test_no_words_break_the_search(browser: Client, olga: Party, talk: Any, words: str) -> None:
    talk("Рвётся связь")
    assert thread_of(browser, olga, q=words).status_code == 200


def test_a_narrowed_thread_goes_on_by_key(browser: Client, olga: Party, talk: Any) -> None:
    start = now() - timedelta(days=90)
    for index in range(35):
        talk(f"о связи {index:02}", at=start + timedelta(days=index))
        talk("другое", at=start + timedelta(days=index, hours=1))
    first = thread_of(browser, olga, q="связи")
    rest = thread_of(browser, olga, q="связи", before=str(first.context["thread"]["next"]))
    assert [*texts(first), *texts(rest)] == [f"о связи {index:02}" for index in reversed(range(35))]


def test_offers_and_payments(
    browser: Client, olga: Party, talk: Any, romashka: Party, olgas_account: BillingAccount
) -> None:
    offer = OfferDraft(competitor=romashka, service_kind="internet", price=Decimal(450), heard_date=date(2026, 5, 1))
    talk("Зовут к соседям", offers=[offer])
    Payment.objects.create(party=olga, account=olgas_account, amount=Decimal(650), paid_at=now(), method="card")

    assert "Ромашка-Телеком" in thread_of(browser, olga, thread="offers").content.decode()
    assert "650" in thread_of(browser, olga, thread="payments").content.decode()


def test_many_payments_go_on_by_key(browser: Client, olga: Party, olgas_account: BillingAccount) -> None:
    for index in range(40):
        Payment.objects.create(
            party=olga, account=olgas_account, amount=Decimal(100 + index), paid_at=now() - timedelta(days=index // 2),
            method="card",
        )  # fmt: skip
    seen: list[int] = []
    key: Any = ""
    while key is not None:
        page = thread_of(browser, olga, thread="payments", before=str(key)).context["thread"]
        seen += [entry["id"] for day in page["days"] for entry in day["entries"]]
        key = page["next"]
    assert len(seen) == len(set(seen)) == 40


def test_many_offers_go_on_by_key(browser: Client, olga: Party, talk: Any, romashka: Party) -> None:
    for index in range(35):
        day = date(2026, 5, 1) + timedelta(days=index // 3)
        talk("", offers=[OfferDraft(competitor=romashka, service_kind="internet", heard_date=day)])
    seen: list[int] = []
    key: Any = ""
    while key is not None:
        page = thread_of(browser, olga, thread="offers", before=str(key)).context["thread"]
        seen += [entry["id"] for day in page["days"] for entry in day["entries"]]
        key = page["next"]
    assert len(seen) == len(set(seen)) == 35


def test_a_panel_without_right_stays_hidden(login: Any, reader: User, roles: Any, olga: Party, talk: Any) -> None:
    talk("Рвётся связь")
    assign_role(user=reader, role=roles["technician"], area=None, by=None, at=now() - timedelta(days=1))
    assert texts(thread_of(login(reader), olga, thread="payments")) == []


def test_a_contact_opened(
    browser: Client, olga: Party, talk: Any, sever: Party, discount: DecisionKind, anna_employee: Employee
) -> None:
    decision = DecisionDraft(kind=discount, text="Скидка 5 %", amount=Decimal(5))
    promise = PromiseDraft("Перезвонить", now() + timedelta(hours=3))
    someone = ParticipantDraft(party=sever, role="свидетель")
    talk("Рвётся связь", decision=decision, promises=[promise], participants=[someone])
    address = reverse("desk:customer_line", args=[olga.pk, "contact", Interaction.objects.get().pk])

    words = browser.get(address, headers=HTMX).content.decode()
    for part in ("Скидка 5 %", "Перезвонить", "Север", "свидетель", "Анна Козлова"):
        assert part in words
    assert "Рвётся связь" in browser.get(address).content.decode()


def test_a_decision_opened(browser: Client, olga: Party, talk: Any, discount: DecisionKind, boris: User) -> None:
    draft = DecisionDraft(
        kind=discount, text="Скидка 5 %", amount=Decimal(5), rejected=[RejectedDraft("Смена тарифа", "не хочет")],
        promises=[PromiseDraft("Подтвердить", now() + timedelta(days=1))],
    )  # fmt: skip
    talk("Просит скидку", decision=draft)
    talk("Снова звонит", keep_all=True)
    address = reverse("desk:customer_line", args=[olga.pk, "decision", Decision.objects.get().pk])

    words = browser.get(address, headers=HTMX).content.decode()

    for part in (
        "Скидка",
        "Смена тарифа",
        "не хочет",
        "Подтвердить",
        "В следующих контактах",
        "Основания, какими были тогда",
    ):
        assert part.lower() in words.lower()


def test_what_does_not_exist(browser: Client, login: Any, gleb: User, olga: Party, sever: Party, talk: Any) -> None:
    talk("Рвётся связь")
    contact = Interaction.objects.get().pk
    assert browser.get(reverse("desk:customer_line", args=[sever.pk, "contact", contact])).status_code == 404
    assert browser.get(reverse("desk:customer_line", args=[olga.pk, "contact", contact + 1])).status_code == 404
    assert browser.get(reverse("desk:customer_line", args=[olga.pk, "case", contact])).status_code == 404
    stranger = login(gleb)
    for name in ("customer_narrowing", "customer_front"):
        assert stranger.get(reverse(f"desk:{name}", args=[olga.pk])).status_code == 404
        assert browser.post(reverse(f"desk:{name}", args=[olga.pk])).status_code == 405
    assert stranger.get(reverse("desk:customer_line", args=[olga.pk, "contact", contact])).status_code == 404


def test_a_reader_is_refused(login: Any, reader: User, olga: Party) -> None:
    for name in ("customer_narrowing", "customer_front"):
        assert login(reader).get(reverse(f"desk:{name}", args=[olga.pk])).status_code == 403


def test_who_and_what_it_can_be_narrowed_by(
    browser: Client, olga: Party, talk: Any, boris_employee: Employee, olgas_internet: Product
) -> None:
    talk("Рвётся связь", employee=boris_employee)
    address = reverse("desk:customer_narrowing", args=[olga.pk])
    for headers in (HTMX, {}):
        words = browser.get(address, headers=headers).content.decode()
        assert "Борис Новиков" in words
        assert "Домашний 500" in words


def test_what_stands_in_front_by_itself(browser: Client, olga: Party, talk: Any, discount: DecisionKind) -> None:
    talk("Просит", decision=DecisionDraft(kind=discount, text="Скидка 5 %", amount=Decimal(5)))
    address = reverse("desk:customer_front", args=[olga.pk])
    assert 'id="front"' in browser.get(address, headers=HTMX).content.decode()
    assert browser.get(address).status_code == 302


def test_a_line_costs_the_same_for_one_and_three(
    browser: Client, olga: Party, talk: Any, discount: DecisionKind, romashka: Party
) -> None:
    costs = []
    for count in (1, 3):
        promises = [PromiseDraft(f"Дело {index}", now() + timedelta(days=1)) for index in range(count)]
        offers = [OfferDraft(competitor=romashka, service_kind="internet") for _ in range(count)]
        decision = DecisionDraft(kind=discount, text="Скидка", amount=Decimal(5), promises=promises)
        saved = talk("Просит", decision=decision, offers=offers, promises=promises)
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("desk:customer_line", args=[olga.pk, "contact", saved.interaction.pk]), headers=HTMX)
            browser.get(reverse("desk:customer_line", args=[olga.pk, "decision", saved.decision.pk]), headers=HTMX)
        costs.append(len(queries))
    assert costs[0] == costs[1]
