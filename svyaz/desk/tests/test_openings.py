"""The review of cards opened beyond the area: works, others may not, each once."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from svyaz.access.actions import record_opening
from svyaz.access.models import Opening, OpeningQuestion
from svyaz.customer360.actions import ContactDraft, save_contact
from svyaz.interactions.actions import InteractionDraft
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.models import Department


@pytest.fixture
def opening(anna: User, far_customer: Party) -> Opening:
    return record_opening(party_id=far_customer.pk, basis="identifier", by=anna, at=now(), reason="phone")


@pytest.fixture
def far_customer(olga: Party, novosibirsk) -> Party:
    olga.home_area = novosibirsk
    olga.save()
    return olga


@pytest.fixture
def desk(client: Client, vera: User, retention: Department) -> Client:
    client.force_login(vera)
    return client


def test_a_head_sees_what_his_people_opened_and_why(desk: Client, opening: Opening) -> None:
    page = desk.get("/openings/").content.decode()
    assert "Смирнова Ольга Ивановна" in page
    assert "Анна Козлова" in page
    assert "телефон" in page


def test_an_opening_is_reviewed_once(desk: Client, opening: Opening, vera: User) -> None:
    assert desk.post(f"/openings/{opening.pk}/review/", {"verdict": "justified"}).headers["Location"] == "/openings/"
    opening.refresh_from_db()
    assert (opening.reviewed_by, opening.is_justified) == (vera, True)
    assert desk.get("/openings/").context["count"] == 0
    assert desk.post(f"/openings/{opening.pk}/review/", {"verdict": "justified"}).status_code == 404


def test_what_was_not_justified_needs_a_word(desk: Client, opening: Opening) -> None:
    sent = {"verdict": "unjustified"}
    address = f"/openings/{opening.pk}/review/"
    assert desk.post(address, sent, headers={"HX-Request": "true"}).status_code == 422
    assert desk.post(address, {**sent, "note": "Клиент не обращался"}).status_code == 303
    opening.refresh_from_db()
    assert opening.review_note == "Клиент не обращался"


def test_what_was_done_and_for_how_long(desk: Client, opening: Opening, anna: User, anna_employee: Any) -> None:
    draft = ContactDraft(InteractionDraft(channel="phone", text="Звонок"))
    party = Party.objects.get(pk=opening.party_id)
    save_contact(party=party, draft=draft, employee=anna_employee, by=anna, at=now())

    page = desk.get("/openings/").content.decode()

    assert "1 контакт" in page
    assert "12 часов" in page


def test_only_looked_at(desk: Client, opening: Opening) -> None:
    assert "только просмотр" in desk.get("/openings/").content.decode()


def test_a_question_is_asked_and_answered(desk: Client, login: Any, opening: Opening, anna: User, boris: User) -> None:
    address = f"/openings/{opening.pk}/review/"
    assert desk.post(address, {"verdict": "question"}, headers={"HX-Request": "true"}).status_code == 422
    assert desk.post(address, {"verdict": "question", "note": "Зачем открывали?"}).status_code == 303
    assert desk.post(address, {"verdict": "question", "note": "А?"}, headers={"HX-Request": "true"}).status_code == 422
    agent = login(anna)
    assert "/openings/questions/" in agent.get("/").content.decode()
    assert "Зачем открывали?" in agent.get("/openings/questions/").content.decode()
    reply = f"/openings/questions/{OpeningQuestion.objects.get().pk}/answer/"

    assert login(boris).post(reply, {"answer": "Не я"}).status_code == 404
    assert agent.post(reply, {"answer": " "}, headers={"HX-Request": "true"}).status_code == 422
    assert agent.post(reply, {"answer": "Клиент звонил"}).status_code == 303

    assert agent.post(reply, {"answer": "Ещё"}).status_code == 404
    assert "Клиент звонил" in desk.get("/openings/?state=answered").content.decode()
    assert desk.get("/openings/?state=asked").context["count"] == 0
    assert agent.get(reply).status_code == 405


def test_the_filters(desk: Client, opening: Opening, anna: User, boris: User, vera: User) -> None:
    record_opening(party_id=opening.party_id, basis="contact", by=boris, at=now(), reason="phone 7")

    def count(**filters: Any) -> int:
        return int(desk.get("/openings/", filters).context["count"])

    assert count() == 2
    assert (count(employee=anna.pk), count(basis="contact"), count(employee="x"), count(state="reviewed")) == (
        1,
        1,
        2,
        0,
    )
    desk.post(f"/openings/{opening.pk}/review/", {"verdict": "unjustified", "note": "Не звонил"})
    assert (count(), count(state="reviewed"), count(state="wrong")) == (1, 1, 1)
    assert "Не звонил" in desk.get("/openings/?state=wrong").content.decode()


def test_one_comes_back_to_where_one_was(desk: Client, opening: Opening) -> None:
    back = "/openings/?basis=identifier"
    sent = {"verdict": "justified", "back": back}
    assert desk.post(f"/openings/{opening.pk}/review/", sent)["Location"] == back


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", "/customers/", "javascript:x"])
def test_nobody_is_led_elsewhere(desk: Client, opening: Opening, back: str) -> None:
    sent = {"verdict": "justified", "back": back}
    assert desk.post(f"/openings/{opening.pk}/review/", sent)["Location"] == "/openings/"


def test_pages_by_key(desk: Client, opening: Opening, anna: User, boris: User) -> None:
    for user in (anna, boris):
        for _ in range(35):
            record_opening(party_id=opening.party_id, basis="identifier", by=user, at=now(), reason="inn")
    seen: list[int] = []
    address = "/openings/"
    while address:
        page = desk.get(address)
        seen += [one["row"].pk for group in page.context["groups"] for one in group["items"]]
        address = page.context["next"]
    assert len(seen) == len(set(seen)) == 71
    assert desk.get("/openings/?after=nonsense").status_code == 200


def test_the_list_costs_the_same_for_one_and_three(desk: Client, opening: Opening, boris: User, sever: Party) -> None:
    costs = []
    for more in (0, 1):
        for _ in range(more * 2):
            record_opening(party_id=sever.pk, basis="contact", by=boris, at=now(), reason="email 3")
        with CaptureQueriesContext(connection) as queries:
            desk.get("/openings/")
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_page_says_why_it_is_open(login: Any, gleb: User, olga: Party) -> None:
    stranger = login(gleb)
    assert stranger.get(f"/customers/{olga.pk}/").status_code == 404
    record_opening(party_id=olga.pk, basis="identifier", by=gleb, at=now(), reason="phone")

    page = stranger.get(f"/customers/{olga.pk}/").content.decode()

    assert "Открыто по номеру телефона, который вы искали" in page
    assert "открытие записано" in page


@pytest.mark.parametrize(
    ("basis", "reason", "words"),
    [
        ("identifier", "inn", "по ИНН"), ("identifier", "mobile", "по номеру телефона"),
        ("identifier", "new-kind", "по точному номеру"), ("contact", "email 17", "письмом по почте"),
        ("contact", "pigeon", "контактом"),
    ],
)  # fmt: skip
def test_every_reason_has_words(login: Any, gleb: User, olga: Party, basis: str, reason: str, words: str) -> None:
    record_opening(party_id=olga.pk, basis=basis, by=gleb, at=now(), reason=reason)
    assert words in login(gleb).get(f"/customers/{olga.pk}/").content.decode()


def test_in_ones_own_area_nothing_is_said(login: Any, anna: User, olga: Party) -> None:
    assert 'class="opened"' not in login(anna).get(f"/customers/{olga.pk}/").content.decode()


def test_nobody_reviews_what_is_not_his(client: Client, opening: Opening, boris: User) -> None:
    client.force_login(boris)
    assert client.get("/openings/").status_code == 403
    assert client.post(f"/openings/{opening.pk}/review/", {"verdict": "justified"}).status_code == 403
    opening.refresh_from_db()
    assert opening.reviewed_at is None
