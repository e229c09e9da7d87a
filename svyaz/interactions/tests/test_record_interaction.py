"""Recording a contact: who, when, over what, about which services; once per external id."""

from datetime import timedelta

import pytest

from svyaz.history.models import Event
from svyaz.interactions.actions import (
    InteractionAlreadyMatched,
    InteractionDraft,
    ParticipantDraft,
    ProductOfAnotherParty,
    match_interaction,
    record_interaction,
)
from svyaz.interactions.models import Interaction, Participant
from svyaz.interactions.queries import employees_of_service, services_of_employee, who_served
from svyaz.parties.models import Party
from svyaz.services.models import Product, ProductOffering
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from tests.cast import NOON

A_YEAR_AGO = NOON - timedelta(days=365)


def test_it_keeps_department_and_position_of_that_time(olga: Party, anna: User, anna_employee: Employee) -> None:
    draft = InteractionDraft(channel="phone", text="Связь рвётся", at=NOON - timedelta(minutes=6), ended_at=NOON)
    contact = record_interaction(party=olga, draft=draft, employee=anna_employee, by=anna, at=NOON)
    anna_employee.position = "Наставник"
    anna_employee.save()

    contact.refresh_from_db()
    assert (contact.position, contact.department) == ("Оператор", anna_employee.department)
    assert (contact.at, contact.recorded_at) == (NOON - timedelta(minutes=6), NOON)
    event = Event.objects.get(kind="interaction.recorded")
    assert (event.subject_id, event.party_id, event.by) == (contact.pk, olga.pk, anna)


def test_an_external_id_is_taken_once_per_source(olga: Party, anna: User) -> None:
    draft = InteractionDraft(channel="email", source="mail", external_id="<1@example.org>")
    first = record_interaction(party=olga, draft=draft, employee=None, by=anna, at=NOON)
    again = record_interaction(party=olga, draft=draft, employee=None, by=anna, at=NOON)
    other = InteractionDraft(channel="email", source="fax", external_id="<1@example.org>")

    assert again == first
    assert record_interaction(party=olga, draft=other, employee=None, by=anna, at=NOON) != first
    assert Event.objects.filter(kind="interaction.recorded").count() == 2


def test_services_of_others_are_refused(olga: Party, sever: Party, anna: User, internet: ProductOffering) -> None:
    foreign = Product.objects.create(party=sever, offering=internet, valid_from=NOON.date())

    draft = InteractionDraft(channel="phone", products=[foreign])
    with pytest.raises(ProductOfAnotherParty):
        record_interaction(party=olga, draft=draft, employee=None, by=anna, at=NOON)
    assert not Interaction.objects.exists()


def test_an_unknown_caller_is_matched_later_and_once(olga: Party, sever: Party, anna: User) -> None:
    candidates = [ParticipantDraft(party, state=Participant.State.CANDIDATE) for party in (olga, sever)]
    draft = InteractionDraft(channel="phone", medium="+78120000000", participants=candidates)
    contact = record_interaction(party=None, draft=draft, employee=None, by=anna, at=NOON)
    assert contact.participants.filter(state="candidate").count() == 2

    match_interaction(interaction=contact, party=olga, by=anna, at=NOON)

    contact.refresh_from_db()
    assert contact.party == olga
    assert contact.participants.get(state="confirmed").party == olga
    with pytest.raises(InteractionAlreadyMatched):
        match_interaction(interaction=contact, party=sever, by=anna, at=NOON)


def test_strangers_do_not_see_it(olga: Party, anna: User, gleb: User, reader: User) -> None:
    record_interaction(party=olga, draft=InteractionDraft(channel="phone"), employee=None, by=anna, at=NOON)

    assert Interaction.objects.visible_to(anna).count() == 1
    assert Interaction.objects.visible_to(gleb).count() == 0
    assert Interaction.objects.visible_to(reader).count() == 0


def test_every_face_of_the_triangle_is_one_query(
    olga: Party, olgas_internet: Product, internet: ProductOffering, anna: User, anna_employee: Employee,
    gleb: User, django_assert_num_queries: object,
) -> None:  # fmt: skip
    draft = InteractionDraft(channel="phone", products=[olgas_internet])
    for _ in range(2):
        record_interaction(party=olga, draft=draft, employee=anna_employee, by=anna, at=NOON)
    Interaction.objects.visible_to(anna).exists()

    with django_assert_num_queries(3):  # type: ignore[operator]
        served = list(who_served(olga, viewer=anna, since=A_YEAR_AGO))
        services = list(services_of_employee(anna_employee, viewer=anna, since=A_YEAR_AGO))
        employees = list(employees_of_service(internet, viewer=anna, since=A_YEAR_AGO))

    assert [(row["employee__name"], row["offering__name"], row["contacts"]) for row in served] == [
        ("Анна Козлова", "Домашний 500", 2)
    ]
    assert [(row["offering__name"], row["contacts"], row["customers"]) for row in services] == [("Домашний 500", 2, 1)]
    assert [(row["employee__name"], row["customers"]) for row in employees] == [("Анна Козлова", 1)]
    assert list(employees_of_service(internet, viewer=gleb, since=A_YEAR_AGO)) == []
