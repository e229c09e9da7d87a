"""…/partyMerge: merged once, found by either id, parted again; and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from svyaz.interactions.actions import InteractionDraft, record_interaction
from svyaz.parties.actions import add_medium, create_individual, give_role, merge_parties
from svyaz.parties.models import Merge, Party, PartyRole
from svyaz.places.models import Area
from svyaz.users.models import User
from tests.cast import NOON

pytestmark = pytest.mark.django_db
PATH = "/tmf-api/svyaz/v1/partyMerge"
CUSTOMER = "/tmf-api/customerManagement/v4/customer"
INDIVIDUAL = "/tmf-api/party/v4/individual"
Calls = Callable[..., Any]


@pytest.fixture
def twin(primorsky: Area) -> Party:
    party = create_individual(family_name="Волкова", given_name="Ольга", home_area=primorsky, by=None, at=NOON)
    give_role(party=party, kind="customer", number="90000001", by=None, at=NOON)
    add_medium(party=party, kind="email", value="olga@example.com", by=None, at=NOON)
    return party


@pytest.fixture
def twin_customer(twin: Party) -> PartyRole:
    return PartyRole.objects.get(party=twin)


def body(survivor: PartyRole, *merged: PartyRole, **more: Any) -> dict[str, Any]:
    return {
        "survivor": {"id": str(survivor.pk)}, "merged": [{"id": str(each.pk)} for each in merged],
        "reason": "Один паспорт", **more,
    }  # fmt: skip


def test_parties_are_merged_and_the_values_chosen(
    vera: User, calls: Calls, olga_customer: PartyRole, twin_customer: PartyRole, twin: Party
) -> None:
    chosen = [{"attribute": "familyName", "party": {"id": "90000001"}}]

    response = calls(vera).post(PATH, body(olga_customer, twin_customer, chosen=chosen))

    assert response.status_code == 201, response.json()
    merge = Merge.objects.get()
    assert response["Location"] == f"{PATH}/{merge.pk}"
    [answer] = response.json()
    assert (answer["survivor"]["id"], answer["merged"]["id"]) == (str(olga_customer.party_id), str(twin.pk))
    assert answer["takenOver"] == {"family_name": {"former": "Смирнова", "chosen": "Волкова"}}
    assert answer["survivor"]["name"] == "Волкова Ольга Ивановна"


def test_the_same_key_merges_once(vera: User, calls: Calls, olga_customer: PartyRole, twin_customer: PartyRole) -> None:
    caller, sent = calls(vera), body(olga_customer, twin_customer)

    one, two = (caller.post(PATH, sent, Idempotency_Key="k1") for _ in range(2))

    assert (one.status_code, two.status_code, one.json()) == (201, 201, two.json())
    assert two["Idempotent-Replayed"] == "true"
    assert caller.post(PATH, sent).status_code == 409
    assert Merge.objects.count() == 1


def test_an_old_id_is_answered_with_the_survivor(
    vera: User, calls: Calls, olga: Party, olga_customer: PartyRole, twin: Party, twin_customer: PartyRole
) -> None:
    merge_parties(survivor=olga, merged=[twin], reason="Одна", by=None, at=NOON)
    caller = calls(vera)

    old, new = caller.get(f"{CUSTOMER}/{twin_customer.pk}"), caller.get(f"{CUSTOMER}/{olga_customer.pk}")

    assert old.status_code == 200
    assert old.json() == new.json()
    assert old.json()["id"] == str(olga_customer.pk)
    assert old["Content-Location"] == f"{CUSTOMER}/{olga_customer.pk}"
    assert "Content-Location" not in new
    values = {each["characteristic"].get("emailAddress") for each in new.json()["contactMedium"]}
    assert "olga@example.com" in values
    person = caller.get(f"{INDIVIDUAL}/{twin.pk}")
    assert (person.json()["id"], person["Content-Location"]) == (str(olga.pk), f"{INDIVIDUAL}/{olga.pk}")


def test_lists_show_the_survivor_only(
    vera: User, calls: Calls, olga: Party, olga_customer: PartyRole, twin: Party, twin_customer: PartyRole
) -> None:
    merge_parties(survivor=olga, merged=[twin], reason="Одна", by=None, at=NOON)
    caller = calls(vera)

    assert [each["id"] for each in caller.get(CUSTOMER).json()] == [str(olga_customer.pk)]
    assert [each["id"] for each in caller.get(INDIVIDUAL).json()] == [str(olga.pk)]


def test_contacts_of_both_are_listed_for_either(
    vera: User, calls: Calls, olga: Party, olga_customer: PartyRole, twin: Party, twin_customer: PartyRole
) -> None:
    contacts = "/tmf-api/partyInteractionManagement/v4/partyInteraction"
    for party in (olga, twin):
        draft = InteractionDraft(channel="phone", text="?")
        record_interaction(party=party, draft=draft, employee=None, by=vera, at=NOON)
    merge_parties(survivor=olga, merged=[twin], reason="Одна", by=None, at=NOON)

    for number in ("78120441", "90000001"):
        response = calls(vera).get(contacts, **{"relatedParty.id": number})
        assert len(response.json()) == 2


def test_a_contact_by_an_old_number_is_written_to_the_survivor(
    vera: User, calls: Calls, olga: Party, twin: Party, twin_customer: PartyRole, vera_employee: Any
) -> None:
    merge_parties(survivor=olga, merged=[twin], reason="Одна", by=None, at=NOON)
    contact = {"channel": [{"id": "phone"}], "reason": "x", "relatedParty": [{"id": "90000001"}]}

    response = calls(vera).post("/tmf-api/partyInteractionManagement/v4/partyInteraction", contact)

    assert response.status_code == 201
    assert response.json()["relatedParty"][0]["name"] == olga.name


def test_a_merge_is_undone_once(vera: User, calls: Calls, olga: Party, twin: Party, twin_customer: PartyRole) -> None:
    [merge] = merge_parties(survivor=olga, merged=[twin], reason="Одна", by=None, at=NOON)
    caller, address = calls(vera), f"{PATH}/{merge.pk}/undo"

    response = caller.post(address, {"reason": "Мать и дочь"})

    assert (response.status_code, response.json()["undoReason"]) == (201, "Мать и дочь")
    assert caller.post(address, {}).status_code == 409
    assert caller.get(f"{CUSTOMER}/{twin_customer.pk}").json()["id"] == str(twin_customer.pk)
    assert caller.get(f"{PATH}/{merge.pk}").json()["undoneBy"] == "Вера Лебедева"
    assert [each["id"] for each in caller.get(PATH, **{"merged.id": str(twin.pk)}).json()] == [str(merge.pk)]


def test_who_may_not(
    anna: User, gleb: User, calls: Calls, olga: Party, olga_customer: PartyRole, twin: Party, twin_customer: PartyRole
) -> None:
    [merge] = merge_parties(survivor=olga, merged=[twin], reason="Одна", by=None, at=NOON)
    for user in (anna, gleb):
        caller = calls(user)
        assert caller.get(PATH).status_code == 403
        assert caller.post(PATH, body(olga_customer, twin_customer)).status_code == 403
        assert caller.post(f"{PATH}/{merge.pk}/undo", {}).status_code == 403


def test_bad_input_is_named_and_merges_nothing(
    vera: User, calls: Calls, olga_customer: PartyRole, twin_customer: PartyRole, novosibirsk: Area, twin: Party
) -> None:
    caller, one = calls(vera), {"id": "78120441"}
    mistakes: list[dict[str, Any]] = [
        {"merged": []}, {"reason": " "}, {"more": 1}, {"chosen": [{"attribute": "number", "party": one}]},
        {"chosen": [{"attribute": "kpp", "party": {"id": "90000001"}}]},
    ]  # fmt: skip
    for wrong in mistakes:
        assert caller.post(PATH, body(olga_customer, twin_customer) | wrong).status_code == 400, wrong
    assert caller.post(PATH, body(olga_customer, olga_customer)).status_code == 409
    assert caller.post(PATH, body(olga_customer, twin_customer) | {"merged": [{"id": "0"}]}).status_code == 404
    Party.objects.filter(pk=twin.pk).update(home_area=novosibirsk)
    assert caller.post(PATH, body(olga_customer, twin_customer)).status_code == 404
    assert caller.post(f"{PATH}/999/undo", {}).status_code == 404
    assert caller.get(f"{PATH}/999").status_code == 404
    assert Merge.objects.count() == 0
