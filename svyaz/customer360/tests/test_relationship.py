"""The 360° view: one round trip, absent panels, area, exact number, contact in hand."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from svyaz.access.actions import record_opening
from svyaz.access.models import Opening
from svyaz.access.queries import Rights
from svyaz.billing.models import Bill
from svyaz.customer360.actions import ContactDraft, save_contact
from svyaz.customer360.queries import camel, opening_of, relationship, statement
from svyaz.customer360.queries.panels import PANELS
from svyaz.decisions.actions import DecisionDraft
from svyaz.decisions.models import DecisionKind
from svyaz.interactions.actions import InteractionDraft
from svyaz.parties.models import Party, PartyRole
from svyaz.services.models import Product, ProductOffering
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from tests.cast import NOON


def names_of_panels(data: dict[str, Any]) -> set[str]:
    return set(data["panels"]) - {"decisions_in_force", "proposals"}


def seen(viewer: User | Rights, party: Party) -> dict[str, Any]:
    found = relationship(viewer, at=NOON, party_id=party.pk)
    assert found is not None
    return found.data


def test_everything_of_one_party(
    olga: Party,
    anna: User,
    anna_employee: Employee,
    olgas_internet: Product,
    olgas_late_bill: Bill,
    discount: DecisionKind,
) -> None:
    decision = DecisionDraft(kind=discount, text="15 % на 6 месяцев", amount=Decimal(15))
    contact = InteractionDraft(channel="phone", text="Дорого", products=[olgas_internet])
    save_contact(party=olga, draft=ContactDraft(contact, decision=decision), employee=anna_employee, by=anna, at=NOON)

    data = seen(anna, olga)

    assert data["party"]["name"] == "Смирнова Ольга Ивановна"
    assert data["party"]["roles"][0]["number"] == "78120441"
    assert data["party"]["monthly"] == 650
    assert [row["text"] for row in data["panels"]["decisions_in_force"]["items"]] == ["15 % на 6 месяцев"]
    assert data["panels"]["decisions"]["items"][0]["grounds"][0]["value"]["text"] == "Дорого"
    assert data["panels"]["interactions"]["items"][0]["products"] == [
        {"id": olgas_internet.pk, "name": "Домашний 500", "name_en": "Home 500"}
    ]
    assert data["solvency"]["overdue_amount"] == 965
    assert data["panels"]["media"]["items"][0]["value"] == "+79215551234"


def test_a_panel_without_the_right_is_absent(olga: Party, anna: User, admin: User) -> None:
    assert "identifications" not in names_of_panels(seen(anna, olga))
    assert "birthday" not in seen(anna, olga)["party"]

    bare = Rights(anna.pk, {"party:read": None})
    data = seen(bare, olga)
    assert "solvency" not in data
    assert names_of_panels(data) == {panel.name for panel in PANELS if panel.permission == "party:read"}


def test_without_the_permission_or_the_area_nothing_exists(olga: Party, gleb: User, reader: User) -> None:
    assert relationship(gleb, at=NOON, party_id=olga.pk) is None
    assert relationship(reader, at=NOON, party_id=olga.pk) is None
    assert relationship(gleb, at=NOON, party_id=10**12) is None


def test_an_exact_number_opens_it_beyond_the_area(olga: Party, olga_customer: PartyRole, gleb: User) -> None:
    found = relationship(gleb, at=NOON, customer="78120441", naming=camel)
    assert found is not None
    assert found.basis == Opening.Basis.IDENTIFIER
    assert relationship(gleb, at=NOON, customer=str(olga_customer.pk)) is None

    opening_of(found, viewer=gleb, at=NOON, door="api", reason="78120441").save()

    by_id = relationship(gleb, at=NOON, customer=str(olga_customer.pk))
    assert by_id is not None
    assert by_id.basis == Opening.Basis.CONTACT
    assert relationship(gleb, at=NOON + timedelta(hours=13), party_id=olga.pk) is None


def test_only_the_one_opened_party_is_in_hand(olga: Party, sever: Party, gleb: User) -> None:
    record_opening(party_id=olga.pk, basis="contact", reason="звонок", by=gleb, at=NOON)

    assert relationship(gleb, at=NOON, party_id=olga.pk) is not None
    assert relationship(gleb, at=NOON, party_id=sever.pk) is None


def test_it_is_one_round_trip(olga: Party, anna: User, django_assert_num_queries: Any) -> None:
    seen(anna, olga)
    statements: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count), django_assert_num_queries(0):
        found = relationship(anna, at=NOON, party_id=olga.pk)
    # The one statement itself goes past Django's cursors, prepared.
    assert found is not None
    assert statements == []


def test_panels_are_capped_with_a_count(olga: Party, anna: User, internet: ProductOffering) -> None:
    Product.objects.bulk_create(
        Product(party=olga, offering=internet, price=1, valid_from=NOON.date()) for _ in range(1005)
    )

    panel = seen(anna, olga)["panels"]["products"]

    assert len(panel["items"]) == 12
    assert panel["count"] == 1001


def test_the_api_names_keys_as_tm_forum_does(olga: Party, anna: User) -> None:
    found = relationship(anna, at=NOON, customer="78120441", naming=camel)
    assert found is not None
    role = json.loads(found.json)["party"]["roles"][0]
    assert {"validFrom", "validTo", "endReason"} <= set(role)


@pytest.mark.parametrize("customer", ["", "0", "-1", "9" * 30, "１２３", "78120441'--", "%"])
def test_what_names_nobody_is_nobody(olga: Party, anna: User, customer: str) -> None:
    assert relationship(anna, at=NOON, customer=customer) is None


def test_statements_are_kept_per_profile(anna: User, boris: User) -> None:
    one = statement(frozenset({"party:read"}), False, camel)
    assert statement(frozenset({"party:read"}), False, camel) is one
