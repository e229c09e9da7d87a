"""Documents: encrypted, masked, shown in clear for a reason."""

from datetime import date

import pytest
from django.db import connection

from svyaz.access.models import Opening
from svyaz.history.models import Event
from svyaz.parties.actions import (
    DocumentAlreadyKnown,
    InvalidField,
    UnmaskingNeedsReason,
    add_identification,
    unmask_identification,
)
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Identification
from tests.cast import NOON

pytestmark = pytest.mark.django_db

NUMBER = "4010 123456"


@pytest.fixture
def passport(olga, anna):
    return add_identification(
        party=olga, kind="passport", number=NUMBER, issued_by="ГУ МВД", issued_date=date(2014, 5, 5), by=anna, at=NOON
    )


def test_the_number_lies_nowhere_in_clear(passport):
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM parties_identification t")
        row = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(details::text, '') FROM history_event")
        events = cursor.fetchone()[0]

    for text in (row, events):
        assert "123456" not in text
        assert "4010123456" not in text


def test_the_number_is_shown_masked(passport):
    assert passport.masked == "•••• 3456"
    assert str(passport) == "Паспорт •••• 3456" or "•••• 3456" in str(passport)


def test_it_is_unmasked_with_a_reason_that_is_recorded(passport, olga, vera):
    assert unmask_identification(identification=passport, reason="Сверка в салоне", by=vera, at=NOON) == NUMBER

    opening = Opening.objects.get()
    assert (opening.basis, opening.reason, opening.party_id, opening.by) == (
        "unmasking",
        "Сверка в салоне",
        olga.pk,
        vera,
    )
    assert opening.opens_until is None
    event = Event.objects.latest("pk")
    assert (event.kind, event.details["reason"]) == (PartyEvent.IDENTIFICATION_UNMASKED, "Сверка в салоне")


def test_it_is_not_unmasked_without_a_reason(passport, vera):
    with pytest.raises(UnmaskingNeedsReason):
        unmask_identification(identification=passport, reason="  ", by=vera, at=NOON)

    assert not Opening.objects.exists()


def test_the_same_document_in_another_spelling_is_known(passport, olga, anna):
    with pytest.raises(DocumentAlreadyKnown):
        add_identification(party=olga, kind="passport", number="40 10 123-456", by=anna, at=NOON)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "12"}, "number"),
        ({"number": ""}, "number"),
        ({"kind": "ticket"}, "kind"),
        ({"issued_date": date(2030, 1, 1)}, "issued_date"),
        ({"issued_date": date(2020, 1, 1), "expires_date": date(2019, 1, 1)}, "expires_date"),
    ],
)
def test_what_cannot_be_is_refused(olga, anna, changes, field):
    with pytest.raises(InvalidField) as refusal:
        add_identification(**{"party": olga, "kind": "passport", "number": NUMBER, **changes}, by=anna, at=NOON)

    assert refusal.value.field == field


def test_companies_have_no_documents_of_persons(sever, anna):
    with pytest.raises(InvalidField):
        add_identification(party=sever, kind="passport", number=NUMBER, by=anna, at=NOON)


def test_an_agent_without_the_permission_sees_no_documents(passport, anna, vera, gleb, reader):
    assert list(Identification.objects.visible_to(vera)) == [passport]
    for user in (anna, gleb, reader):
        assert not Identification.objects.visible_to(user).exists()
