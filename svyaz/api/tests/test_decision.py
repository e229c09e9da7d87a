"""…/decision: made, read with those in force first, replaced, approved."""

from decimal import Decimal
from typing import Any

import pytest

from svyaz.decisions.models import Approval, Decision, Ground, Promise, RejectedOption
from svyaz.history.models import Event
from svyaz.interactions.models import Interaction
from svyaz.markets.actions import OfferDraft, record_competitor_offer

pytestmark = pytest.mark.django_db
PATH = "/tmf-api/svyaz/v1/decision"
CONTACT = "/tmf-api/partyInteractionManagement/v4/partyInteraction"


def decision(customer: Any, **more: Any) -> dict[str, Any]:
    """Return the body of a decision."""
    return {
        "party": {"id": str(customer.pk), "@referredType": "Customer"}, "kind": "discount", "text": "Скидка 10 %",
        "amount": 10, "ground": [{"fact": "customer.since"}], **more,
    }  # fmt: skip


def take_contact(caller: Any, customer: Any) -> str:
    """Record a contact and return its id."""
    party = {"id": str(customer.pk), "@referredType": "Customer"}
    made = caller.post(CONTACT, {"channel": [{"id": "phone"}], "reason": "Цена", "relatedParty": [party]})
    return str(made.json()["id"])


def test_a_decision_is_made_with_everything_and_answered_whole(
    anna: Any, calls: Any, olga_customer: Any, olgas_internet: Any, discount: Any, anna_employee: Any
) -> None:
    caller = calls(anna)
    contact = take_contact(caller, olga_customer)
    body = decision(
        olga_customer,
        interaction={"id": contact},
        question="Снизить цену?",
        subject={"type": "product", "id": str(olgas_internet.pk)},
        ground=[{"fact": "product", "referenceId": str(olgas_internet.pk)}, {"fact": "customer.since"}],
        rejectedOption=[{"option": "Ничего", "reason": "Уйдёт"}],
        promise=[{"what": "Перезвонить", "dueDateTime": "2027-05-21T12:00:00+03:00"}],
        validFor={"endDateTime": "2027-11-19T00:00:00Z"},
        reviewDate="2027-08-01",
    )
    response = caller.post(PATH, body)
    made = Decision.objects.get()

    assert response.status_code == 201, response.json()
    assert response["Location"] == f"{PATH}/{made.pk}"
    answer = response.json()
    assert (answer["state"], answer["isInForce"], answer["amount"], answer["unit"]) == ("inForce", True, 10.0, "%")
    assert answer["subject"] == {"type": "product", "id": str(olgas_internet.pk)}
    assert answer["party"]["id"] == str(olga_customer.pk)
    assert answer["interaction"]["href"] == f"{CONTACT}/{contact}"
    assert answer["maker"]["name"] == "Анна Козлова"
    assert answer["authority"] == {"role": "Оператор контакт-центра", "limit": 15.0}
    assert [(each["fact"], each["label"]) for each in answer["ground"]][1] == ("customer.since", "Клиент с 2014 года")
    assert answer["ground"][0]["referenceId"] == str(olgas_internet.pk)
    assert answer["rejectedOption"] == [{"option": "Ничего", "reason": "Уйдёт"}]
    assert answer["promise"][0]["dueDateTime"] == "2027-05-21T09:00:00+00:00"
    assert answer["reviewDate"] == "2027-08-01"
    assert caller.get(response["Location"]).json() == answer
    assert (made.maker, Ground.objects.count(), Promise.objects.count()) == (anna_employee, 2, 1)
    assert RejectedOption.objects.count() == 1


def test_the_contact_alone_says_whom_and_is_the_ground(
    anna: Any, calls: Any, olga: Any, olga_customer: Any, discount: Any
) -> None:
    caller = calls(anna)
    body = decision(olga_customer, ground=[], interaction={"id": take_contact(caller, olga_customer)})
    del body["party"]
    answer = caller.post(PATH, body).json()

    assert [each["fact"] for each in answer["ground"]] == ["interaction"]
    assert Decision.objects.get().party == olga


def test_those_in_force_stand_first(anna: Any, calls: Any, olga_customer: Any, discount: Any) -> None:
    caller = calls(anna)
    first = caller.post(PATH, decision(olga_customer, text="Первое")).json()
    caller.post(PATH, decision(olga_customer, text="Выше предела", amount=20))
    contact = take_contact(caller, olga_customer)
    second = caller.post(
        PATH,
        decision(olga_customer, text="Вместо первого", interaction={"id": contact}, supersedes={"id": first["id"]}),
    )
    found = caller.get(PATH, **{"party.id": str(olga_customer.pk)}).json()

    assert second.status_code == 201, second.json()
    assert [(each["text"], each["isInForce"]) for each in found] == [
        ("Вместо первого", True), ("Выше предела", False), ("Первое", False),
    ]  # fmt: skip
    assert found[0]["supersedes"]["id"] == first["id"]
    assert found[2]["sighting"][0]["outcome"] == "changed"
    again = decision(olga_customer, interaction={"id": contact}, supersedes={"id": first["id"]})
    assert caller.post(PATH, again).status_code == 409
    page = caller.get(PATH, **{"party.id": str(olga_customer.pk), "limit": "1"})
    assert page["X-Total-Count"] == "3"
    rest = caller.get(page["Link"].partition('rel="first", <')[2].partition(">")[0])
    assert [each["text"] for each in rest.json()] == ["Выше предела"]
    assert [each["text"] for each in caller.get(PATH, state="proposed").json()] == ["Выше предела"]


def test_a_proposal_is_approved_by_one_with_authority(
    anna: Any, vera: Any, calls: Any, olga_customer: Any, discount: Any
) -> None:
    made = calls(anna).post(PATH, decision(olga_customer, amount=20)).json()
    head = calls(vera)

    assert (made["state"], made["isInForce"]) == ("proposed", False)
    assert calls(anna).post(f"{made['href']}/approval", {"isApproved": True}).status_code == 403
    assert head.post(f"{made['href']}/approval", {"isApproved": False}).status_code == 400
    assert head.post(f"{made['href']}/approval", {"isApproved": "yes"}).status_code == 400
    approved = head.post(f"{made['href']}/approval", {"isApproved": True, "reason": "Хороший клиент"})
    assert (approved.status_code, approved.json()["isInForce"]) == (201, True)
    assert approved.json()["approval"]["approver"]["name"] == "Вера Лебедева"
    assert head.post(f"{made['href']}/approval", {"isApproved": True}).status_code == 409
    assert Approval.objects.count() == 1


def test_above_ones_own_authority_nobody_approves(
    anna: Any, vera: Any, calls: Any, olga_customer: Any, discount: Any
) -> None:
    made = calls(anna).post(PATH, decision(olga_customer, amount=50)).json()

    assert calls(vera).post(f"{made['href']}/approval", {"isApproved": True}).status_code == 403


def test_without_authority_in_a_kind_nobody_decides(admin: Any, anna: Any, calls: Any, olga_customer: Any) -> None:
    from svyaz.decisions.actions import save_kind
    from tests.cast import NOON

    save_kind(code="refund", name="Возврат", by=None, at=NOON)
    response = calls(anna).post(PATH, decision(olga_customer, kind="refund"))

    assert response.status_code == 403
    assert Decision.objects.count() == 0


def test_deciding_for_another_needs_its_permission(
    anna: Any, vera: Any, calls: Any, olga_customer: Any, discount: Any, boris_employee: Any
) -> None:
    body = decision(olga_customer, maker={"id": boris_employee.number, "@referredType": "Employee"})

    assert calls(anna).post(PATH, body).status_code == 403
    assert calls(vera).post(PATH, body).json()["maker"]["id"] == str(boris_employee.pk)


def test_a_stranger_finds_nothing(stranger: Any, anna: Any, calls: Any, olga_customer: Any, discount: Any) -> None:
    made = calls(anna).post(PATH, decision(olga_customer)).json()

    assert stranger.get(made["href"]).status_code == 404
    assert stranger.get(PATH).json() == []
    assert stranger.get(PATH, **{"party.id": str(olga_customer.pk)}).json() == []
    assert stranger.post(PATH, decision(olga_customer)).status_code == 404
    assert Decision.objects.count() == 1


def test_a_reader_may_not(reader: Any, calls: Any, olga_customer: Any) -> None:
    caller = calls(reader)

    assert [caller.get(path).status_code for path in (PATH, f"{PATH}/1")] == [403, 403]
    assert caller.post(PATH, decision(olga_customer)).status_code == 403
    assert caller.post(f"{PATH}/1/approval", {"isApproved": True}).status_code == 403


@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"kind": "bribe"}, 400, "kind"),
        ({"text": ""}, 400, "text"),
        ({"text": "nul\x00"}, 400, "body"),
        ({"amount": -1}, 400, "amount"),
        ({"amount": 1e15}, 400, "amount"),
        ({"amount": 1.005}, 400, "amount"),
        ({"amount": True}, 400, "amount"),
        ({"amount": "NaN"}, 400, "amount"),
        ({"party": None}, 400, "party"),
        ({"party": {"id": "nobody"}}, 404, "party"),
        ({"interaction": {"id": "1"}}, 404, "interaction.id"),
        ({"subject": {"type": "case", "id": "1"}}, 400, "subject.type"),
        ({"subject": {"type": "product", "id": "1"}}, 404, "subject.id"),
        ({"ground": [{"fact": "weather"}]}, 400, "ground[0].fact"),
        ({"ground": [{"fact": "customer.since"}, {"fact": "product", "referenceId": "99"}]}, 404, "ground[1]"),
        ({"ground": [{"fact": "product", "referenceId": "9" * 30}]}, 404, "ground[0]"),
        ({"ground": [{"fact": "bill"}]}, 404, "ground[0]"),
        ({"ground": []}, 400, "ground"),
        ({"rejectedOption": [{"option": "x"}]}, 400, "rejectedOption[0].reason"),
        ({"promise": [{"what": "x", "dueDateTime": "soon"}]}, 400, "promise[0].dueDateTime"),
        ({"validFor": {"endDateTime": "2020-01-01T00:00:00Z"}}, 400, "validFor.endDateTime"),
        ({"reviewDate": "9999-99-99"}, 400, "reviewDate"),
        ({"supersedes": {"id": "1"}}, 404, "supersedes.id"),
        ({"unit": "x" * 17}, 400, "unit"),
        ({"colour": "red"}, 400, "colour"),
    ],
)
def test_bad_input_changes_nothing(
    anna: Any, calls: Any, olga_customer: Any, discount: Any, more: dict[str, Any], status: int, field: str
) -> None:
    caller, events = calls(anna), Event.objects.count()
    response = caller.post(PATH, decision(olga_customer) | more)

    assert response.status_code == status, response.json()
    assert response.json()["reason"].startswith(f"{field}: ")
    assert (Decision.objects.count(), Event.objects.count()) == (0, events)


@pytest.mark.parametrize("pk", ["0", "x", "9" * 30, "%00", "-1"])
def test_an_unknown_decision_is_not_found(anna: Any, vera: Any, calls: Any, pk: str) -> None:
    assert calls(anna).get(f"{PATH}/{pk}").status_code == 404
    assert calls(vera).post(f"{PATH}/{pk}/approval", {"isApproved": True}).status_code == 404


def test_a_key_is_answered_once(anna: Any, calls: Any, olga_customer: Any, discount: Any) -> None:
    caller = calls(anna)
    first = caller.post(PATH, decision(olga_customer), idempotency_key="d-1")
    again = caller.post(PATH, decision(olga_customer), idempotency_key="d-1")

    assert first.content == again.content
    assert Decision.objects.count() == 1
    assert Interaction.objects.count() == 0


def test_statements_do_not_grow_with_rows(
    anna: Any, calls: Any, olga_customer: Any, discount: Any, statements: Any
) -> None:
    caller, counts = calls(anna), []
    for rows in (1, 3):
        while Decision.objects.count() < rows:
            caller.post(PATH, decision(olga_customer))
        for query in ({}, {"party.id": str(olga_customer.pk)}):
            caller.get(PATH, **query)
            with statements() as sent:
                caller.get(PATH, **query)
            counts.append(len(sent))

    assert counts == [1, 2, 1, 2]


def test_a_decision_answers_the_offers_among_its_grounds(
    anna: Any, calls: Any, olga: Any, olga_customer: Any, discount: Any, anna_employee: Any, romashka: Any, noon: Any
) -> None:
    draft = OfferDraft(competitor=romashka, service_kind="internet", price=Decimal(450))
    offer = record_competitor_offer(party=olga, draft=draft, interaction=None, by=anna, at=noon)

    ground = [{"fact": "competitor_offer", "referenceId": str(offer.pk)}]
    response = calls(anna).post(PATH, decision(olga_customer, ground=ground))

    assert response.status_code == 201, response.json()
    offer.refresh_from_db()
    assert offer.answer == Decision.objects.get()
