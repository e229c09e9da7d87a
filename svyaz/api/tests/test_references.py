"""Where references lead: parties, employees, channels."""

from typing import Any

import pytest

from svyaz.access.models import Opening

pytestmark = pytest.mark.django_db
CUSTOMER = "/tmf-api/customerManagement/v4/customer"


def test_a_person(anna: Any, vera: Any, calls: Any, olga: Any, olga_customer: Any) -> None:
    href = calls(anna).get(f"{CUSTOMER}/{olga_customer.pk}").json()["engagedParty"]["href"]
    found = calls(anna).get(href).json()

    assert (found["familyName"], found["givenName"], found["middleName"]) == ("Смирнова", "Ольга", "Ивановна")
    assert "birthDate" not in found
    assert calls(vera).get(href).json()["birthDate"] == "1984-03-08T00:00:00+00:00"
    assert Opening.objects.filter(party_id=olga.pk).count() == 3


def test_a_company(anna: Any, calls: Any, sever: Any) -> None:
    found = calls(anna).get("/tmf-api/party/v4/organization", name=sever.name).json()

    assert [(each["id"], each["tradingName"]) for each in found] == [(str(sever.pk), sever.name)]
    assert calls(anna).get(f"/tmf-api/party/v4/individual/{sever.pk}").status_code == 404


def test_an_employee_and_a_channel(anna: Any, calls: Any, boris_employee: Any) -> None:
    caller = calls(anna)

    assert caller.get(f"/tmf-api/svyaz/v1/employee/{boris_employee.pk}").json()["position"] == "Оператор"
    assert caller.get("/tmf-api/svyaz/v1/employee", number="E-boris").json()[0]["name"] == "Борис Новиков"
    assert caller.get("/tmf-api/svyaz/v1/channel/phone").json()["id"] == "phone"
    assert len(caller.get("/tmf-api/svyaz/v1/channel").json()) == 7
    assert caller.get("/tmf-api/svyaz/v1/channel/telepathy").status_code == 404


@pytest.mark.parametrize("path", ["party/v4/individual", "party/v4/organization", "svyaz/v1/employee"])
def test_strangers_readers_and_unknown_ids(
    path: str, stranger: Any, reader: Any, calls: Any, olga: Any, sever: Any
) -> None:
    ids = {"party/v4/individual": olga.pk, "party/v4/organization": sever.pk}

    assert stranger.get(f"/tmf-api/{path}/{ids.get(path, 0)}").status_code == 404
    assert stranger.get(f"/tmf-api/{path}/{'9' * 30}").status_code == 404
    assert calls(reader).get(f"/tmf-api/{path}").status_code == 403
    assert calls(reader).get(f"/tmf-api/{path}/1").status_code == 403
