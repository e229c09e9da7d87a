"""GET …/search?q=."""

from typing import Any

import pytest

from svyaz.access.models import Opening
from tests.cast import OLGAS_PHONE

pytestmark = pytest.mark.django_db
PATH = "/tmf-api/svyaz/v1/search"


def test_finds_by_part_of_a_name(anna: Any, calls: Any, olga: Any, olga_customer: Any) -> None:
    (found,) = calls(anna).get(PATH, q="смирн оль").json()

    assert found == {
        "id": str(olga_customer.pk),
        "href": f"/tmf-api/customerManagement/v4/customer/{olga_customer.pk}",
        "@referredType": "Customer",
        "name": "Смирнова Ольга Ивановна",
        "number": "78120441",
        "status": "active",
        "area": "Приморский район",
        "phoneNumber": OLGAS_PHONE,
        "isOwnArea": True,
        "party": {
            "id": str(olga.pk),
            "href": f"/tmf-api/party/v4/individual/{olga.pk}",
            "@referredType": "Individual",
        },
    }


@pytest.mark.parametrize(
    ("text", "matched"), [(OLGAS_PHONE, "mobile"), ("8 921 555 12 34", "mobile"), ("78120441", "number")]
)
def test_an_exact_identifier_opens_the_relationship(
    stranger: Any, olga: Any, olga_customer: Any, text: str, matched: str
) -> None:
    (found,) = stranger.get(PATH, q=text).json()

    assert (found["matched"], found["isOwnArea"]) == (matched, False)
    assert Opening.objects.get().door == "api"
    assert stranger.get(found["href"]).status_code == 200


def test_a_stranger_finds_nobody_by_name(stranger: Any, olga: Any) -> None:
    assert stranger.get(PATH, q="Смирнова").json() == []
    assert Opening.objects.count() == 0


def test_a_reader_may_not(reader: Any, calls: Any) -> None:
    assert calls(reader).get(PATH, q="x").status_code == 403


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%20", "q=%00", "q=%FF", "q=a&limit=0", "q=a&limit=x", "q=a&r=1", "q=" + "x" * 201]
)
def test_what_is_not_understood_is_refused(anna: Any, calls: Any, query: str) -> None:
    assert calls(anna).get(f"{PATH}?{query}").status_code == 400


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", '"', "((", "+", "@", "a@b", "\U0001f600", "9" * 200, "-1"])
def test_any_text_may_be_searched_for(anna: Any, calls: Any, olga: Any, text: str) -> None:
    assert calls(anna).get(PATH, q=text).json() == []
