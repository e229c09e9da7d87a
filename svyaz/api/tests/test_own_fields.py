"""Own fields in the API: as characteristics, with the relationship, and as a filter."""

from typing import Any

import pytest

from svyaz.fields.actions import add_field, archive_field, change_field
from svyaz.parties.actions import set_own_values
from tests.cast import NOON

pytestmark = pytest.mark.django_db
PATH = "/tmf-api/customerManagement/v4/customer"


@pytest.fixture
def courier(olga: Any, anna: Any) -> Any:
    options = [{"name": "СДЭК", "name_en": "CDEK"}, {"name": "Почта", "name_en": "Post"}]
    field = add_field(noun="party", code="courier", kind="choices", name="Курьер", options=options, by=None, at=NOON)
    add_field(noun="party", code="floor", kind="number", name="Этаж", by=None, at=NOON)
    set_own_values(party=olga, values={"courier": "post, cdek", "floor": 3}, by=anna, at=NOON)
    return field


def test_own_values_are_characteristics(calls: Any, anna: Any, olga_customer: Any, courier: Any) -> None:
    told = calls(anna).get(f"{PATH}/{olga_customer.pk}").json()["characteristic"]
    assert told == [
        {"name": "tier", "value": "gold", "valueType": "string"},
        {"name": "courier", "value": ["cdek", "post"], "valueType": "array"},
        {"name": "floor", "value": 3, "valueType": "number"},
    ]


@pytest.mark.parametrize(
    ("asked", "count"),
    [("courier:post", 1), ("courier:СДЭК", 1), ("floor:3", 1), ("floor:4", 0), ("floor:4,courier:post", 1)],
)
def test_customers_are_found_by_them(
    calls: Any, anna: Any, gleb: Any, olga_customer: Any, courier: Any, asked: str, count: int
) -> None:
    assert len(calls(anna).get(PATH, **{"characteristic.own": asked}).json()) == count
    assert calls(gleb).get(PATH, **{"characteristic.own": asked}).json() == []


@pytest.mark.parametrize("asked", ["dragon:1", "courier", "courier:голубь", "floor:много", ":"])
def test_what_is_not_understood_is_refused(calls: Any, anna: Any, olga_customer: Any, courier: Any, asked: str) -> None:
    assert calls(anna).get(PATH, **{"characteristic.own": asked}).status_code == 400


def test_what_is_not_for_the_caller_is_neither_told_nor_found(
    calls: Any, anna: Any, admin: Any, olga_customer: Any, courier: Any
) -> None:
    change_field(field=courier, is_read_restricted=True, by=admin, at=NOON)
    told = calls(anna).get(f"{PATH}/{olga_customer.pk}")
    assert [each["name"] for each in told.json()["characteristic"]] == ["tier", "floor"]
    assert calls(anna).get(PATH, **{"characteristic.own": "courier:post"}).json() == []
    archive_field(field=courier, by=admin, at=NOON)
    assert calls(anna).get(PATH, **{"characteristic.own": "courier:post"}).status_code == 400


def test_the_relationship_tells_them_too(calls: Any, anna: Any, olga_customer: Any, courier: Any) -> None:
    view = calls(anna).get(f"/tmf-api/svyaz/v1/customer360/{olga_customer.pk}").json()
    assert {row["code"]: row["value"] for row in view["party"]["own"]} == {"courier": ["cdek", "post"], "floor": 3}
