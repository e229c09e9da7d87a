"""The review of cards opened beyond the area: works, others may not, each once."""

import pytest
from django.test import Client
from django.utils.timezone import now

from svyaz.access.actions import record_opening
from svyaz.access.models import Opening
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


def test_nobody_reviews_what_is_not_his(client: Client, opening: Opening, boris: User) -> None:
    client.force_login(boris)
    assert client.get("/openings/").status_code == 403
    assert client.post(f"/openings/{opening.pk}/review/", {"verdict": "justified"}).status_code == 403
    opening.refresh_from_db()
    assert opening.reviewed_at is None
