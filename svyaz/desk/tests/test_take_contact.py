"""Taking a contact by hand: text, decision with grounds, promises, offers, what is kept and overridden."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from svyaz.decisions.models import Decision, DecisionKind, Ground, Promise, RejectedOption, Sighting
from svyaz.interactions.models import Interaction, Topic
from svyaz.markets.models import CompetitorOffer
from svyaz.parties.models import ContactMedium, Party, PartyRole
from svyaz.services.models import Product
from svyaz.users.models import User
from tests.cast import OLGAS_PHONE

HTMX = {"HX-Request": "true"}


def post(browser: Client, party: Party, headers: dict[str, str] | None = None, **sent: Any) -> Any:
    sent = {"channel": "phone", **{name.replace("__", "-"): value for name, value in sent.items()}}
    return browser.post(reverse("desk:customer_contacts", args=[party.pk]), sent, headers=headers or {})


def decision_of(kind: DecisionKind, text: str = "Скидка 15 % на 6 месяцев", **more: Any) -> dict[str, Any]:
    return {"decide": "1", "decision__text": text, "decision__kind": kind.pk, **more}


def test_a_call_is_written_down(login, anna: User, olga: Party, olgas_internet: Product, outage: Topic) -> None:
    answer = post(login(anna), olga, text="Связь рвётся", topic=outage.pk, products=[olgas_internet.pk], minutes="6")

    assert answer.status_code == 303
    assert answer["Location"] == reverse("desk:customer", args=[olga.pk])
    contact: Any = Interaction.objects.get()
    assert (contact.text, contact.topic, contact.channel, contact.party) == ("Связь рвётся", outage, "phone", olga)
    assert contact.employee is not None
    assert contact.employee.user == anna
    assert contact.ended_at - contact.at == timedelta(minutes=6)


def test_a_decision_with_pinned_grounds_rejected_options_and_a_promise(
    login, anna: User, olga: Party, olgas_internet: Product, discount: DecisionKind
) -> None:
    due_at = (now() + timedelta(days=1)).replace(microsecond=0)
    answer = post(
        login(anna), olga, text="Просит скидку", ground=["customer.since", f"product:{olgas_internet.pk}"],
        rejected__0__option="Смена тарифа", rejected__0__reason="клиент против",
        promise__0__what="Подтвердить", promise__0__due=due_at.isoformat(), **decision_of(discount),
    )  # fmt: skip

    assert answer.status_code == 303
    decision = Decision.objects.get()
    assert (decision.amount, decision.state) == (Decimal(15), Decision.State.IN_FORCE)
    assert set(Ground.objects.values_list("label", flat=True)) == {"Клиент с 2014 года", "Домашний 500: 650 ₽"}
    assert RejectedOption.objects.get().reason == "клиент против"
    assert Promise.objects.get().due_at == due_at


def test_above_the_limit_it_waits(login, anna: User, olga: Party, discount: DecisionKind) -> None:
    answer = post(login(anna), olga, text="Просит", **decision_of(discount, "Скидка 25 %"))

    assert answer.status_code == 303
    assert Decision.objects.get().state == Decision.State.PROPOSED


def test_the_next_colleague_keeps_it(login, anna: User, boris: User, olga: Party, discount: DecisionKind) -> None:
    post(login(anna), olga, text="Просит", **decision_of(discount))
    browser = login(boris)
    assert "Скидка 15 % на 6 месяцев" in browser.get(reverse("desk:customer", args=[olga.pk])).content.decode()

    answer = post(browser, olga, channel="email", text="Спрашивает, когда начнётся скидка", keep_all="1")

    assert answer.status_code == 303
    sighting = Sighting.objects.get()
    assert (sighting.outcome, sighting.by) == (Sighting.Outcome.KEPT, boris)


def test_change_supersedes(login, anna: User, boris: User, olga: Party, discount: DecisionKind) -> None:
    post(login(anna), olga, text="Просит", **decision_of(discount))
    first = Decision.objects.get()
    page = login(boris).get(reverse("desk:customer", args=[olga.pk]), {"change": first.pk}).content.decode()
    assert f'name="replaces" value="{first.pk}"' in page
    assert 'value="Скидка 15 % на 6 месяцев"' in page

    post(login(boris), olga, text="Хватит десяти", replaces=first.pk, **decision_of(discount, "Скидка 10 %"))

    assert Decision.objects.exclude(pk=first.pk).get().supersedes == first
    assert list(Decision.objects.in_force(now()).values_list("text", flat=True)) == ["Скидка 10 %"]


def test_override_needs_its_reason(login, anna: User, olga: Party, discount: DecisionKind) -> None:
    browser = login(anna)
    post(browser, olga, text="Просит", **decision_of(discount))
    decision = Decision.objects.get()

    sent: dict[str, Any] = {f"override-{decision.pk}": "Уезжает"}
    post(browser, olga, text="Передумала", **sent)

    assert Sighting.objects.get().reason == "Уезжает"
    assert not Decision.objects.in_force(now()).exists()


def test_an_offer_heard_becomes_a_ground(
    login, anna: User, olga: Party, romashka: Party, discount: DecisionKind
) -> None:
    offer: dict[str, Any] = {
        "offering": "1",
        "offer__competitor": romashka.pk,
        "offer__service_kind": "internet",
        "offer__price": "450",
    }
    post(login(anna), olga, text="Зовут к конкуренту", **offer, **decision_of(discount))

    heard = CompetitorOffer.objects.get()
    assert (heard.price, heard.answer) == (Decimal(450), Decision.objects.get())
    assert Ground.objects.get().fact == "competitor_offer"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"text": ""}, "Напишите в двух словах"),
        ({"text": "x", "channel": "pigeon"}, "Просит"),
        ({"text": "x", "at": "2999-01-01T10:00"}, "не может быть в будущем"),
        ({"text": "x", "at": "вчера"}, ""),
        ({"text": "x", "topic": "999999"}, ""),
        ({"text": "x", "products": ["1", "x"]}, ""),
        ({"text": "\x00"}, ""),
        ({"text": "x", "decide": "1"}, "Напишите, что решили"),
        ({"text": "x", "promising": "1", "promise-0-what": "Позвонить"}, "К какому сроку"),
        ({"text": "x", "promising": "1", "promise-0-what": "П", "promise-0-due": "2001-01-01T00:00:00Z"}, "прошло"),
        ({"text": "x", "offering": "1", "offer-price": "-1"}, "Кто предлагает"),
        ({"text": "x", "keep": ["999"]}, "Решение за это время изменилось"),
        ({"text": "x" * 20001}, ""),
    ],
)  # fmt: skip
def test_bad_input_saves_nothing_and_loses_nothing(
    login, anna: User, olga: Party, sent: dict[str, Any], words: str
) -> None:
    browser = login(anna)

    answer = post(browser, olga, HTMX, **{"text": "Просит скидку", **sent})

    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#composer"
    body = answer.content.decode()
    assert words == "Просит" or words in body
    assert 'id="composer"' in body
    assert '<nav class="rail"' not in body
    assert not Interaction.objects.exists()
    assert '<nav class="rail"' in post(browser, olga, **{"text": "Просит скидку", **sent}).content.decode()


def test_what_was_typed_stays(login, anna: User, olga: Party, discount: DecisionKind) -> None:
    sent = decision_of(
        discount, "Скидка", rejected__0__option="Тариф", rejected__0__reason="нет", ground="customer.since"
    )
    body = post(login(anna), olga, HTMX, text="Просит скидку", **sent).content.decode()

    assert "Сколько? В единицах: %" in body
    for words in (
        "Просит скидку",
        'value="Скидка"',
        'value="Тариф"',
        'value="customer.since"',
        'name="decide" value="1" checked',
    ):
        assert words in body  # fmt: skip


@pytest.mark.parametrize("ground", ["nonsense:1", "product:999999", "product:x", "interaction:"])
def test_a_ground_that_is_not_there(login, anna: User, olga: Party, discount: DecisionKind, ground: str) -> None:
    answer = post(login(anna), olga, HTMX, text="x", ground=ground, **decision_of(discount))

    assert answer.status_code == 422
    assert not Interaction.objects.exists()


def test_a_reader_and_a_role_without_the_right(login, reader: User, admin: User, olga: Party) -> None:
    for user in (reader, admin):
        assert post(login(user), olga, text="x").status_code == 403


def test_a_contact_of_a_new_person(login, anna: User, primorsky: Any) -> None:
    sent = {
        "who": "individual", "family_name": "Лосев", "given_name": "Пётр", "phone": "8 921 700-10-20",
        "home_area": primorsky.pk, "channel": "meeting", "text": "Хочет подключиться",
    }  # fmt: skip
    answer = login(anna).post(reverse("desk:new_contact"), sent)

    party = Party.objects.get(family_name="Лосев")
    assert answer["Location"] == reverse("desk:customer", args=[party.pk])
    assert PartyRole.objects.get(party=party).status == PartyRole.Status.PROSPECT
    assert ContactMedium.objects.get(party=party).value == "+79217001020"
    assert Interaction.objects.get().party == party


def test_likely_twins_are_shown_first(login, anna: User, olga: Party) -> None:
    sent = {"who": "individual", "given_name": "Оля", "phone": OLGAS_PHONE, "channel": "phone", "text": "Вопрос"}
    browser = login(anna)

    warned = browser.post(reverse("desk:new_contact"), sent)
    assert warned.status_code == 422
    assert "Смирнова Ольга Ивановна" in warned.content.decode()
    assert "тот же телефон" in warned.content.decode()
    assert Party.objects.count() == 1

    assert browser.post(reverse("desk:new_contact"), {**sent, "twins_seen": "1"}).status_code == 303
    assert Party.objects.count() == 2


def test_nobody_knows_yet_who_it_was(login, anna: User) -> None:
    sent = {"who": "unknown", "phone": "+7 921 111-22-33", "channel": "phone", "text": "Молчание в трубке"}

    assert login(anna).post(reverse("desk:new_contact"), sent).status_code == 303
    assert Interaction.objects.get().party is None


@pytest.mark.parametrize(
    "sent",
    [
        {"who": "organization", "name": "", "text": "x"},
        {"who": "individual", "text": "x"},
        {"who": "alien", "text": "x"},
        {"who": "individual", "phone": "123", "text": "x"},
        {"who": "organization", "name": "Альфа", "inn": "123", "text": "x"},
        {"who": "individual", "given_name": "Пётр", "text": ""},
    ],
)
def test_a_bad_newcomer_is_not_created(login, anna: User, sent: dict[str, str]) -> None:
    answer = login(anna).post(reverse("desk:new_contact"), {"channel": "phone", **sent})

    assert answer.status_code == 422
    assert not Party.objects.exists()
    assert not Interaction.objects.exists()


def test_finding_who_is_in_contact(login, anna: User, olga: Party) -> None:
    assert "Смирнова" in login(anna).get(reverse("desk:new_contact"), {"q": "смирнова"}).content.decode()
