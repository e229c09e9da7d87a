"""Own fields in the desk: added by an administrator, filled in on the card, shown in lists and files."""

import csv
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from svyaz.access.actions import grant_permission
from svyaz.customer360.queries import relationship
from svyaz.exchange.permissions import ExchangePermission
from svyaz.fields.actions import add_field, archive_field, change_field
from svyaz.fields.models import OwnField
from svyaz.history.models import Event
from svyaz.parties.actions import set_own_values
from svyaz.parties.models import Party
from svyaz.users.models import User
from tests.cast import NOON

pytestmark = pytest.mark.django_db
FIELDS = "desk:administration_fields"


@pytest.fixture
def courier(admin):
    return add_field(
        noun="party", code="courier", kind="choice", name="Любимый курьер", name_en="Preferred courier",
        options=[{"name": "СДЭК", "name_en": "CDEK"}, {"name": "Почта", "name_en": "Post"}], by=admin, at=NOON,
    )  # fmt: skip


@pytest.fixture
def floor(admin):
    return add_field(noun="party", code="floor", kind="number", name="Этаж", by=admin, at=NOON)


def own_fact(party):
    return reverse("desk:customer_fact", args=[party.pk, "own"])


def test_a_field_is_added_changed_archived_and_comes_back(login, admin, anna):
    browser = login(admin)
    assert login(anna).get(reverse(FIELDS)).status_code == 403
    sent = {"noun": "party", "kind": "choice", "name": "Курьер", "name_en": "Courier", "code": "courier",
            "options": "СДЭК | CDEK\nПочта | Post", "in_lists": "on"}  # fmt: skip
    assert browser.post(reverse(f"{FIELDS}_new"), sent).status_code == 303
    field = OwnField.objects.get(code="courier")
    assert field.offered() == [("cdek", "СДЭК"), ("post", "Почта")]
    page = reverse(f"{FIELDS}_row", args=[field.pk])
    assert "СДЭК | CDEK" in browser.get(page).content.decode()
    changed = {"name": "Любимый курьер", "options": "Почта | Post\nСвой", "in_lists": "on", "is_archived": "on"}
    browser.post(page, changed)
    field.refresh_from_db()
    assert (field.name, field.archived_at is not None) == ("Любимый курьер", True)
    assert [option["code"] for option in field.options] == ["post", "option_1", "cdek"]
    del changed["is_archived"]
    browser.post(page, changed)
    field.refresh_from_db()
    assert field.archived_at is None
    assert "Любимый курьер" in browser.get(reverse(FIELDS)).content.decode()


def test_what_a_field_cannot_be(login, admin, courier):
    browser = login(admin)
    for wrong in (
        {"noun": "party", "kind": "choice", "name": "Икс", "code": "x"},
        {"noun": "party", "kind": "text", "name": "Икс", "code": "Плохой код"},
        {"noun": "party", "kind": "text", "name": "Икс", "code": "courier"},
        {"noun": "contact", "kind": "magic", "name": "Икс", "code": "x"},
    ):
        assert browser.post(reverse(f"{FIELDS}_new"), wrong).status_code == 422
    assert OwnField.objects.count() == 1


def test_a_field_for_some_roles_stands_on_the_page_of_roles(login, admin, courier, roles):
    change_field(field=courier, is_read_restricted=True, by=admin, at=NOON)
    browser = login(admin)
    page = browser.get(reverse("desk:administration_roles")).content.decode()
    assert "видеть «Любимый курьер»" in page or "Видеть «Любимый курьер»" in page
    address = reverse("desk:administration_permission", args=[roles["agent"].pk])
    assert browser.post(address, {"permission": courier.read_permission, "held": "yes"}).status_code == 303


def test_a_value_is_filled_in_on_the_card_and_taken_back(login, anna, olga, courier, floor):
    browser = login(anna)
    assert "Любимый курьер" in browser.get(reverse("desk:customer", args=[olga.pk])).content.decode()
    assert "Этаж" in browser.get(own_fact(olga)).content.decode()
    assert browser.post(own_fact(olga), {"courier": "post", "floor": "3"}).status_code == 303
    olga.refresh_from_db()
    assert olga.own == {"courier": "post", "floor": 3}
    assert "Почта" in browser.get(reverse("desk:customer", args=[olga.pk])).content.decode()

    event = Event.objects.filter(kind="party.own_changed").latest("pk")
    assert browser.post(reverse("desk:customer_undo", args=[olga.pk, event.pk])).status_code == 303
    olga.refresh_from_db()
    assert olga.own == {}


def test_the_ladder_of_the_card(login, anna, boris, gleb, reader, olga, courier, floor):
    assert login(boris).post(own_fact(olga), {"courier": "cdek", "floor": ""}).status_code == 303
    assert login(gleb).post(own_fact(olga), {"courier": "post"}).status_code == 404
    assert login(reader).post(own_fact(olga), {"courier": "post"}).status_code == 403
    assert login(anna).post(own_fact(olga), {"courier": "голубь"}).status_code == 422
    assert login(anna).post(own_fact(olga), {"floor": "много"}).status_code == 422
    assert login(anna).put(own_fact(olga)).status_code == 405
    assert Party.objects.get(pk=olga.pk).own == {"courier": "cdek"}


def test_a_colleague_wrote_another_value_meanwhile(login, anna, boris, olga, courier):
    set_own_values(party=olga, values={"courier": "cdek"}, by=boris, at=NOON)
    answer = login(anna).post(own_fact(olga), {"courier": "post", "seen": '{"courier": ""}'})
    assert answer.status_code == 409
    assert Party.objects.get(pk=olga.pk).own == {"courier": "cdek"}


def test_own_values_come_with_the_relationship_in_its_one_round_trip(anna, olga, courier, floor):
    set_own_values(party=olga, values={"courier": "post"}, by=anna, at=NOON)
    relationship(anna, at=NOON, party_id=olga.pk)
    with CaptureQueriesContext(connection) as queries:
        found = relationship(anna, at=NOON, party_id=olga.pk)
    assert found is not None
    own = {row["code"]: row["value"] for row in found.data["party"]["own"]}
    assert own == {"courier": "post", "floor": None}
    assert len(queries) == 0, "prepared statements go past Django's own cursors: nothing else was asked"


def test_what_is_not_for_the_viewer_or_archived_is_nowhere(login, anna, admin, olga, courier, floor):
    set_own_values(party=olga, values={"courier": "post", "floor": 3}, by=anna, at=NOON)
    change_field(field=courier, is_read_restricted=True, by=admin, at=NOON)
    archive_field(field=floor, by=admin, at=NOON)
    browser = login(anna)
    card = browser.get(reverse("desk:customer", args=[olga.pk])).content.decode()
    listed = browser.get("/customers/?columns=name,own_courier,own_floor").content.decode()
    for page in (card, listed):
        assert "Любимый курьер" not in page
        assert "Этаж" not in page


def names(browser, query):
    page = browser.get(f"/customers/?{query}").content.decode()
    return re.findall(r'class="whole[^"]*" href="[^"]+">([^<]+)<', page)


def test_a_list_shows_filters_and_sorts_by_own_fields(login, anna, olga, sever, courier, floor):
    set_own_values(party=olga, values={"courier": "post", "floor": 12}, by=anna, at=NOON)
    set_own_values(party=sever, values={"courier": "cdek", "floor": 3}, by=anna, at=NOON)
    browser = login(anna)
    page = browser.get("/customers/?columns=name,own_courier,own_floor").content.decode()
    assert "Почта" in page
    assert "СДЭК" in page
    both = names(browser, "columns=name,own_floor&sort=own_floor")
    assert len(both) == 2
    assert both == list(reversed(names(browser, "columns=name,own_floor&sort=-own_floor")))
    assert len(names(browser, "own_courier=post")) == 1
    assert len(names(browser, "own_courier.not=post")) == 1
    assert len(names(browser, "own_courier=none")) == 0
    assert len(names(browser, "own_floor.from=10")) == 1
    assert len(names(browser, "own_floor.to=2")) == 0


def test_a_file_has_the_own_columns(login, anna, admin, olga, courier, roles):
    set_own_values(party=olga, values={"courier": "post"}, by=anna, at=NOON)
    grant_permission(role=roles["agent"], permission=ExchangePermission.EXPORT, by=admin, at=NOON)
    asked = {"format": "csv", "query": "columns=name,own_courier"}
    answer: Any = login(User.objects.get(pk=anna.pk)).post(reverse("desk:list_export", args=["customers"]), asked)
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body), delimiter=";" if ";" in body.splitlines()[0] else ","))
    assert "Любимый курьер" in rows[0]
    assert "Почта" in rows[1]
