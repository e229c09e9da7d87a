"""TMF629 Customer: one, and lists by what people ask for."""

import re
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from svyaz.access.models import Opening
from svyaz.parties.actions.create import create_individual
from svyaz.parties.actions.roles import give_role
from tests.cast import NOON, OLGAS_PHONE

pytestmark = pytest.mark.django_db
PATH = "/tmf-api/customerManagement/v4/customer"


@pytest.fixture
def others(primorsky: Any, novosibirsk: Any) -> list[Any]:
    """Six more customers: four of the city, two of another region."""
    made = []
    for place, name in enumerate(("Ёлкин", "Егоров", "Жуков", "Антонов", "Далёкий", "Дальний")):
        party = create_individual(
            family_name=name, given_name="Пётр", home_area=primorsky if place < 4 else novosibirsk, by=None, at=NOON
        )
        made.append(
            give_role(party=party, kind="customer", number=f"N-{place}", valid_from=date(2020, 1, 1), by=None, at=NOON)
        )
    return made


def names(response: Any) -> list[str]:
    return [each["name"] for each in response.json()]


def test_one_customer(anna: Any, calls: Any, olga: Any, olga_customer: Any, olgas_account: Any) -> None:
    response = calls(anna).get(f"{PATH}/{olga_customer.pk}")

    assert response.status_code == 200
    assert response.json() == {
        "id": str(olga_customer.pk),
        "href": f"{PATH}/{olga_customer.pk}",
        "@type": "Customer",
        "number": "78120441",
        "name": "Смирнова Ольга Ивановна",
        "status": "active",
        "validFor": {"startDateTime": "2014-04-01T00:00:00+00:00"},
        "engagedParty": {
            "id": str(olga.pk),
            "href": f"/tmf-api/party/v4/individual/{olga.pk}",
            "name": "Смирнова Ольга Ивановна",
            "@type": "RelatedParty",
            "@referredType": "Individual",
        },
        "contactMedium": [
            {
                "mediumType": "phone",
                "preferred": False,
                "characteristic": {"contactType": "mobile", "phoneNumber": OLGAS_PHONE},
                "validFor": {"startDateTime": "2026-05-19T00:00:00+00:00"},
            }
        ],
        "account": [
            {
                "id": str(olgas_account.pk),
                "name": "ЛС-1",
                "description": "postpaid",
                "@type": "AccountRef",
                "@referredType": "BillingAccount",
            }
        ],
        "characteristic": [{"name": "tier", "value": "gold", "valueType": "string"}],
    }


def test_one_takes_one_statement_beside_the_record_of_the_opening(
    anna: Any, calls: Any, olga_customer: Any, statements: Any
) -> None:
    caller = calls(anna)
    caller.get(f"{PATH}/{olga_customer.pk}")
    with statements() as sent:
        caller.get(f"{PATH}/{olga_customer.pk}")

    assert [text.split()[0] for text in sent] == ["SELECT", "INSERT"]


def test_what_needs_a_permission_is_absent_without_it(
    anna: Any, calls: Any, olga_customer: Any, olgas_account: Any
) -> None:
    assert "account" not in calls(anna, "party:read").get(f"{PATH}/{olga_customer.pk}").json()


def test_a_stranger_finds_nothing(stranger: Any, olga_customer: Any) -> None:
    assert stranger.get(f"{PATH}/{olga_customer.pk}").status_code == 404
    assert stranger.get(PATH).json() == []


def test_a_reader_may_not(reader: Any, calls: Any, olga_customer: Any) -> None:
    assert calls(reader).get(f"{PATH}/{olga_customer.pk}").status_code == 403
    assert calls(reader).get(PATH).status_code == 403


@pytest.mark.parametrize("pk", ["0", "-1", "1.5", "9" * 19, "9" * 40, "x", "%00", "%FF", "nul%00"])
def test_an_unknown_id_is_not_found(anna: Any, calls: Any, pk: str) -> None:
    assert calls(anna).get(f"{PATH}/{pk}").status_code == 404


def test_the_list_is_ordered_as_russians_expect(anna: Any, calls: Any, olga: Any, others: Any) -> None:
    response = calls(anna).get(PATH, sort="name")

    assert names(response) == ["Антонов Пётр", "Егоров Пётр", "Ёлкин Пётр", "Жуков Пётр", "Смирнова Ольга Ивановна"]
    assert (response["X-Total-Count"], response["X-Result-Count"]) == ("5", "5")
    assert "Link" not in response


@pytest.mark.parametrize("sort", ["name", "-name", "id", "-id", "-name,id"])
def test_pages_follow_each_other_by_key(anna: Any, calls: Any, olga: Any, others: Any, sort: str) -> None:
    caller = calls(anna)
    whole = names(caller.get(PATH, sort=sort))
    response = caller.get(PATH, sort=sort, limit="2")
    paged = names(response)
    assert response.status_code == 206
    while following := re.search(r'<([^>]+)>; rel="next"', response.get("Link", "")):
        response = caller.get(following[1])
        assert response["X-Total-Count"] == "5"
        paged += names(response)

    assert paged == whole


def test_pages_by_offset(anna: Any, calls: Any, olga: Any, others: Any) -> None:
    response = calls(anna).get(PATH, sort="name", limit="2", offset="2")

    assert names(response) == ["Ёлкин Пётр", "Жуков Пётр"]
    assert set(re.findall(r'rel="(\w+)"', response["Link"])) == {"first", "prev", "next", "last"}


def test_fields(anna: Any, calls: Any, olga_customer: Any) -> None:
    caller, path = calls(anna), f"{PATH}/{olga_customer.pk}"
    always = {"id", "href", "@type"}

    assert set(caller.get(path, fields="name,status").json()) == always | {"name", "status"}
    assert set(caller.get(path, fields="none").json()) == always
    part = caller.get(path, fields="engagedParty.name,contactMedium.characteristic.phoneNumber").json()
    assert part["engagedParty"] == {"name": "Смирнова Ольга Ивановна"}
    assert part["contactMedium"] == [{"characteristic": {"phoneNumber": OLGAS_PHONE}}]
    assert set(caller.get(PATH, fields="name").json()[0]) == always | {"name"}


@pytest.mark.parametrize(
    "query",
    [
        {"name": "смирнова ольга ивановна"},
        {"name": '"СМИРНОВА Ольга Ивановна"'},
        {"name.regex": "^смирнова"},
        {"name.gt": "См", "name.lt": "Т"},
        {"status": "active,closed", "name": "Смирнова Ольга Ивановна"},
        {"number": "78120441"},
        {"validFor.startDateTime.lt": "2015-01-01T00:00:00Z"},
        {"validFor.startDateTime": "2014-04-01"},
        {"contactMedium.characteristic.phoneNumber": "8 (921) 555-12-34"},
        {"contactMedium.characteristic.phoneNumber": "+79215551234,+79990000000"},
    ],
)
def test_filters(anna: Any, calls: Any, olga: Any, others: Any, query: dict[str, str]) -> None:
    assert names(calls(anna).get(PATH, **query)) == ["Смирнова Ольга Ивановна"]


def test_filters_by_id(anna: Any, calls: Any, olga: Any, olga_customer: Any, others: Any) -> None:
    caller = calls(anna)

    assert names(caller.get(PATH, id=str(olga_customer.pk))) == ["Смирнова Ольга Ивановна"]
    assert names(caller.get(PATH, **{"engagedParty.id": f"{olga.pk},{10**30}"})) == ["Смирнова Ольга Ивановна"]
    assert names(caller.get(PATH, id="x")) == []


def test_an_exact_phone_opens_the_relationship_beyond_the_area(stranger: Any, olga: Any, olga_customer: Any) -> None:
    found = stranger.get(PATH, **{"contactMedium.characteristic.phoneNumber": OLGAS_PHONE})

    assert names(found) == ["Смирнова Ольга Ивановна"]
    opening = Opening.objects.get()
    assert (opening.party_id, opening.basis, opening.reason, opening.door) == (olga.pk, "identifier", "phone", "api")
    assert stranger.get(f"{PATH}/{olga_customer.pk}").status_code == 200


def test_an_exact_phone_of_ones_own_area_opens_nothing(anna: Any, calls: Any, olga: Any) -> None:
    calls(anna).get(PATH, **{"contactMedium.characteristic.phoneNumber": OLGAS_PHONE})

    assert Opening.objects.count() == 0


def test_several_phones_at_once_identify_nobody(stranger: Any, olga: Any) -> None:
    assert names(stranger.get(PATH, **{"contactMedium.characteristic.phoneNumber": f"{OLGAS_PHONE},89990000000"})) == []


@pytest.mark.parametrize(
    "query",
    [
        "color=red", "name.like=x", "status=gone", "status.gt=active", "limit=0", "limit=x", "limit=1001",
        "offset=10001", "offset=-1", "sort=color", "sort=name,name", "fields=color", "fields=name.first",
        "after=x", "after=bnVsbA", "after=WyJpZCIsIHRydWVd", "limit=1&limit=2", "name=%00", "name=%FF", "%00=1",
        "contactMedium.characteristic.phoneNumber=abc", "contactMedium.characteristic.emailAddress=abc",
        "validFor.startDateTime=yesterday", "validFor.startDateTime=0001-01-01T00:00:00Z",
        "validFor.startDateTime=2026-13-45T00:00:00Z", "name.regex=(", "id=" + ",".join("1" * 60),
        "&".join(f"name={place}" for place in range(600)),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(anna: Any, calls: Any, olga: Any, query: str) -> None:
    response = calls(anna).get(f"{PATH}?{query}")

    assert response.status_code == 400
    assert response.json()["reason"]


def test_the_reason_names_the_parameter(anna: Any, calls: Any) -> None:
    assert calls(anna).get(f"{PATH}?color=red").json()["reason"] == "color: there is no such attribute to filter by"
    assert calls(anna).get(f"{PATH}?limit=0").json()["reason"] == "limit: must be a whole number from 1 to 1000"


def test_other_methods_are_refused(anna: Any, calls: Any) -> None:
    response = calls(anna).post(PATH, {})

    assert response.status_code == 405
    assert response["Allow"] == "GET"


def test_an_unknown_address_is_not_found(anna: Any, calls: Any) -> None:
    assert calls(anna).get("/tmf-api/nothing/v4/here").status_code == 404


def test_statements_do_not_grow_with_rows(anna: Any, calls: Any, olga: Any, others: Any, statements: Any) -> None:
    caller = calls(anna)
    counts = []
    for limit in ("1", "3"):
        path = f"{PATH}?sort=name&limit={limit}&name.gt={quote('а')}"
        caller.get(path)
        with statements() as sent:
            caller.get(path)
        counts.append(len(sent))

    assert counts == [2, 2]
