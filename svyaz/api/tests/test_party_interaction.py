"""TMF683 PartyInteraction: recording contacts and reading them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from svyaz.access.models import Opening
from svyaz.api.models import IdempotencyKey, forget_keys
from svyaz.history.models import Event
from svyaz.interactions.models import Interaction, InteractionProduct, Participant

pytestmark = pytest.mark.django_db
PATH = "/tmf-api/partyInteractionManagement/v4/partyInteraction"


def contact(customer: Any = None, **more: Any) -> dict[str, Any]:
    """Return the body of a contact."""
    parties = [{"id": str(customer), "role": "customer", "@referredType": "Customer"}] if customer else []
    return {
        "channel": [{"id": "phone"}], "direction": "inbound", "reason": "Счёт", "description": "Спрашивает о счёте.",
        "relatedParty": parties, **more,
    }  # fmt: skip


def test_a_contact_is_recorded_and_answered_whole(
    anna: Any, calls: Any, olga_customer: Any, anna_employee: Any, olgas_internet: Any
) -> None:
    body = contact(
        olga_customer.pk,
        interactionDate={"startDateTime": "2026-05-19T09:00:00Z", "endDateTime": "2026-05-19T09:10:00+00:00"},
        interactionItem=[{"item": {"id": str(olgas_internet.pk), "@referredType": "Product"}}],
        note=[{"text": "Перезвонить."}],
        status="completed",
    )
    response = calls(anna).post(PATH, body)
    made = Interaction.objects.get()

    assert response.status_code == 201
    assert response["Location"] == response.json()["href"] == f"{PATH}/{made.pk}"
    answer = dict(response.json())
    assert answer.pop("creationDate") == answer.pop("statusChangeDate")
    assert answer == {
        "id": str(made.pk),
        "href": f"{PATH}/{made.pk}",
        "@type": "PartyInteraction",
        "direction": "inbound",
        "channel": [
            {"id": "phone", "href": "/tmf-api/svyaz/v1/channel/phone", "name": "phone", "@type": "RelatedChannel"}
        ],
        "reason": "Счёт",
        "description": "Спрашивает о счёте.\n\nПерезвонить.",
        "status": "completed",
        "interactionDate": {"startDateTime": "2026-05-19T09:00:00+00:00", "endDateTime": "2026-05-19T09:10:00+00:00"},
        "relatedParty": [
            {
                "id": str(olga_customer.pk),
                "href": f"/tmf-api/customerManagement/v4/customer/{olga_customer.pk}",
                "name": "Смирнова Ольга Ивановна",
                "role": "customer",
                "@type": "RelatedParty",
                "@referredType": "Customer",
            },
            {
                "id": str(anna_employee.pk),
                "href": f"/tmf-api/svyaz/v1/employee/{anna_employee.pk}",
                "name": "Анна Козлова",
                "role": "employee",
                "@type": "RelatedParty",
                "@referredType": "Employee",
            },
        ],
        "interactionItem": [
            {
                "id": str(InteractionProduct.objects.get().pk),
                "item": {
                    "id": str(olgas_internet.pk),
                    "href": f"/tmf-api/productInventoryManagement/v4/product/{olgas_internet.pk}",
                    "name": "Домашний 500",
                    "role": "subject",
                    "@referredType": "Product",
                },
            }
        ],
    }
    assert calls(anna).get(response["Location"]).json() == response.json()
    assert (made.employee, made.department) == (anna_employee, anna_employee.department)
    assert Event.objects.filter(kind="interaction.recorded", by=anna).count() == 1


def test_the_customer_is_named_by_id_number_party_or_not_at_all(
    anna: Any, calls: Any, olga: Any, olga_customer: Any
) -> None:
    caller = calls(anna)
    named = [{"id": olga_customer.number}, {"id": str(olga.pk), "@referredType": "Individual"}]
    for reference in named:
        assert caller.post(PATH, contact(relatedParty=[reference])).status_code == 201
    assert caller.post(PATH, contact()).status_code == 201

    assert list(Interaction.objects.order_by("pk").values_list("party", flat=True)) == [olga.pk, olga.pk, None]


def test_an_id_that_is_anothers_number_must_be_told_apart(
    anna: Any, calls: Any, olga: Any, olga_customer: Any, sever: Any
) -> None:
    from svyaz.parties.models import PartyRole

    other = PartyRole.objects.get(party=sever, kind="customer")
    PartyRole.objects.filter(pk=other.pk).update(number=str(olga_customer.pk))
    caller = calls(anna)
    href = f"/tmf-api/customerManagement/v4/customer/{olga_customer.pk}"

    assert caller.post(PATH, contact(olga_customer.pk)).status_code == 400
    reference = {"id": str(olga_customer.pk), "href": href, "@referredType": "Customer"}
    assert caller.post(PATH, contact(relatedParty=[reference])).status_code == 201
    assert Interaction.objects.get().party == olga


def test_further_parties_take_part(anna: Any, calls: Any, olga: Any, olga_customer: Any, sever: Any) -> None:
    also = {"id": str(sever.pk), "@referredType": "Organization", "role": "payer"}
    response = calls(anna).post(
        PATH, contact(relatedParty=[also, {"id": str(olga_customer.pk), "@referredType": "Customer"}])
    )

    assert response.status_code == 201
    assert [each["role"] for each in response.json()["relatedParty"]] == ["customer", "employee", "payer"]
    assert Participant.objects.get().party == sever


def test_statements_of_one_contact(anna: Any, calls: Any, olga_customer: Any, statements: Any) -> None:
    caller = calls(anna)
    caller.post(PATH, contact(olga_customer.pk))
    with statements() as sent:
        caller.post(PATH, contact(olga_customer.pk))

    words = [text.split()[0] for text in sent]
    # The one with WITH writes the contact and its event.
    assert [word for word in words if word not in {"SAVEPOINT", "RELEASE"}] == ["SELECT", "WITH", "SELECT"]


def test_a_stranger_finds_neither_customer_nor_contact(
    stranger: Any, anna: Any, calls: Any, olga_customer: Any
) -> None:
    made = calls(anna).post(PATH, contact(olga_customer.pk)).json()

    assert stranger.get(made["href"]).status_code == 404
    assert stranger.get(PATH).json() == []
    assert stranger.get(PATH, **{"relatedParty.id": str(olga_customer.pk)}).json() == []
    assert stranger.post(PATH, contact(olga_customer.pk)).status_code == 404
    assert Interaction.objects.count() == 1


def test_a_contact_by_exact_number_opens_the_relationship(stranger: Any, olga: Any, olga_customer: Any) -> None:
    response = stranger.post(PATH, contact(olga_customer.number))

    assert response.status_code == 201
    assert Opening.objects.get().basis == "contact"
    assert stranger.get(response["Location"]).status_code == 200
    assert len(stranger.get(PATH, **{"relatedParty.id": str(olga_customer.pk)}).json()) == 1


def test_a_reader_may_not(reader: Any, calls: Any) -> None:
    caller = calls(reader)

    assert [caller.get(PATH).status_code, caller.get(f"{PATH}/1").status_code] == [403, 403]
    assert caller.post(PATH, contact()).status_code == 403


def test_who_may_only_record_reads_back_what_he_wrote(anna: Any, calls: Any, olga_customer: Any) -> None:
    caller = calls(anna, "interaction:record", "party:read")

    assert caller.post(PATH, contact(olga_customer.pk)).json()["reason"] == "Счёт"
    assert caller.get(PATH).status_code == 403


def test_recording_for_another_needs_its_permission(
    anna: Any, vera: Any, calls: Any, olga_customer: Any, boris_employee: Any
) -> None:
    body = contact(olga_customer.pk)
    body["relatedParty"].append({"id": boris_employee.number, "@referredType": "Employee"})

    assert calls(anna).post(PATH, body).status_code == 403
    assert calls(vera, "party:read", "interaction:record").post(PATH, body).status_code == 403
    assert calls(vera).post(PATH, body).status_code == 201
    assert Interaction.objects.get().employee == boris_employee


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"channel": []}, 400),
        ({"channel": [{"id": "telepathy"}]}, 400),
        ({"channel": [{"id": "phone"}, {"id": "email"}]}, 400),
        ({"channel": "phone"}, 400),
        ({"direction": "sideways"}, 400),
        ({"reason": 5}, 400),
        ({"reason": "x" * 301}, 400),
        ({"description": "nul\x00"}, 400),
        ({"description": "\ud800"}, 400),
        ({"colour": "red"}, 400),
        ({"attachment": [{"id": "1"}]}, 400),
        ({"interactionDate": {"startDateTime": "yesterday"}}, 400),
        ({"interactionDate": {"startDateTime": 1}}, 400),
        ({"interactionDate": {"startDateTime": "0001-01-01T00:00:00+14:00"}}, 400),
        ({"interactionDate": {"startDateTime": "2026-05-19T09:00:00Z", "endDateTime": "2026-05-18T09:00:00Z"}}, 400),
        ({"relatedParty": [{"id": "nobody"}]}, 404),
        ({"relatedParty": [{"id": "9" * 30, "@referredType": "Individual"}]}, 404),
        ({"relatedParty": [{"id": "1", "@referredType": "Robot"}]}, 400),
        ({"relatedParty": [{}]}, 400),
        ({"interactionItem": [{"item": {"id": "1", "@referredType": "Product"}}]}, 404),
        ({"interactionItem": [{"item": {"id": "1", "@referredType": "ProductOffering"}}]}, 404),
        ({"interactionItem": [{"item": {"id": "1", "@referredType": "Car"}}]}, 400),
        ({"interactionRelationship": [{"id": "1"}]}, 404),
        ({"externalIdentifier": [{"id": ""}]}, 400),
    ],
)
def test_bad_input_changes_nothing(
    anna: Any, calls: Any, olga_customer: Any, more: dict[str, Any], status: int
) -> None:  # fmt: skip
    caller, events = calls(anna), Event.objects.count()
    response = caller.post(PATH, contact(olga_customer.pk) | more)

    assert response.status_code == status, response.json()
    assert (Interaction.objects.count(), Event.objects.count()) == (0, events)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"text"', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"reason": "\xed\xa0\x80"}', "application/json", 400),
        (b'{"reason": NaN}', "application/json", 400),
        (b'{"reason": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"a": ' * 500 + b"1" + b"}" * 500, "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (b"x" * (2 * 1024 * 1024 + 1), "application/json", 413),
    ],
    ids=range(13),
)
def test_bodies_that_are_none(anna: Any, calls: Any, body: bytes, kind: str, status: int) -> None:
    assert calls(anna).post(PATH, body, content_type=kind).status_code == status


def test_the_reason_names_the_field(anna: Any, calls: Any) -> None:
    response = calls(anna).post(PATH, contact(channel=[{"id": "telepathy"}]))

    assert response.json()["reason"].startswith("channel[0].id: ")


def test_a_source_sends_a_contact_once(anna: Any, calls: Any, olga_customer: Any, sever: Any) -> None:
    caller, given = calls(anna), {"externalIdentifier": [{"id": "call-7", "owner": "pbx"}]}
    first = caller.post(PATH, contact(olga_customer.pk, **given))
    again = caller.post(PATH, contact(olga_customer.pk, **given))
    other = caller.post(PATH, contact(**given, relatedParty=[{"id": str(sever.pk), "@referredType": "Organization"}]))
    elsewhere = caller.post(PATH, contact(olga_customer.pk, externalIdentifier=[{"id": "call-7", "owner": "site"}]))

    assert [each.status_code for each in (first, again, other, elsewhere)] == [201, 200, 409, 201]
    assert first.json() == again.json()
    assert first.json()["externalIdentifier"] == [{"id": "call-7", "owner": "pbx"}]
    assert len(caller.get(PATH, **{"externalIdentifier.id": "call-7", "externalIdentifier.owner": "pbx"}).json()) == 1


def test_a_key_is_answered_once(anna: Any, boris: Any, calls: Any, olga_customer: Any) -> None:
    caller, body = calls(anna), contact(olga_customer.pk)
    first = caller.post(PATH, body, idempotency_key="k-1")
    again = caller.post(PATH, body, idempotency_key="k-1")
    changed = caller.post(PATH, body | {"reason": "Other"}, idempotency_key="k-1")
    of_boris = calls(boris).post(PATH, body, idempotency_key="k-1")

    assert [each.status_code for each in (first, again, changed, of_boris)] == [201, 201, 422, 201]
    assert (again.content, again["Location"]) == (first.content, first["Location"])
    assert Interaction.objects.count() == 2


def test_a_refused_request_keeps_no_key(anna: Any, calls: Any, olga_customer: Any) -> None:
    caller = calls(anna)

    assert caller.post(PATH, contact(customer="nobody"), idempotency_key="k-2").status_code == 404
    assert caller.post(PATH, contact(olga_customer.pk), idempotency_key="k-2").status_code == 201
    assert caller.post(PATH, contact(olga_customer.pk), idempotency_key="").status_code == 400
    assert caller.post(PATH, contact(olga_customer.pk), idempotency_key="x" * 201).status_code == 400


def test_keys_are_forgotten_after_a_day(anna: Any, calls: Any) -> None:
    calls(anna).post(PATH, contact(), idempotency_key="k-3")

    assert forget_keys(at=now() + timedelta(hours=23)) == 0
    assert forget_keys(at=now() + timedelta(hours=25)) == 1
    assert IdempotencyKey.objects.count() == 0


def test_the_list_of_a_customer_is_newest_first(anna: Any, calls: Any, olga: Any, olga_customer: Any) -> None:
    caller = calls(anna)
    for day in ("01", "03", "02"):
        caller.post(PATH, contact(olga_customer.pk, reason=day, interactionDate={"startDateTime": f"2026-05-{day}"}))
    caller.post(PATH, contact(reason="another's"))
    by_customer = caller.get(PATH, **{"relatedParty.id": str(olga_customer.pk)})
    by_party = caller.get(PATH, **{"relatedParty.id": str(olga.pk), "relatedParty.@referredType": "Individual"})
    page = caller.get(PATH, **{"relatedParty.id": str(olga_customer.pk), "limit": "2", "fields": "reason"})
    rest = caller.get(page["Link"].partition('rel="first", <')[2].partition(">")[0])

    assert [each["reason"] for each in by_customer.json()] == ["03", "02", "01"]
    assert by_party.json() == by_customer.json()
    assert (page.status_code, page["X-Total-Count"]) == (206, "3")
    assert [each["reason"] for each in rest.json()] == ["01"]
    assert (
        len(caller.get(PATH, **{"interactionDate.startDateTime.gte": "2026-05-02", "direction": "inbound"}).json()) == 3
    )


def test_statements_do_not_grow_with_rows(anna: Any, calls: Any, olga_customer: Any, statements: Any) -> None:
    caller, counts = calls(anna), []
    for rows in (1, 3):
        while Interaction.objects.count() < rows:
            caller.post(PATH, contact(olga_customer.pk))
        for query in ({}, {"relatedParty.id": str(olga_customer.pk)}):
            caller.get(PATH, **query)
            with statements() as sent:
                caller.get(PATH, **query)
            counts.append(len(sent))

    assert counts == [1, 2, 1, 2]
