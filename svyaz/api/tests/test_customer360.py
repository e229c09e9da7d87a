"""GET …/customer360/{customer}."""

import time
from typing import Any

import pytest

from svyaz.access.models import Opening
from svyaz.api.openings import OpeningsRecorder, own_area

pytestmark = pytest.mark.django_db
PATH = "/tmf-api/svyaz/v1/customer360"


def test_answers_by_number_and_by_id(anna: Any, calls: Any, olga: Any, olga_customer: Any) -> None:
    by_number = calls(anna).get(f"{PATH}/{olga_customer.number}")
    by_id = calls(anna).get(f"{PATH}/{olga_customer.pk}")

    assert by_number.status_code == by_id.status_code == 200
    assert by_number.json()["party"]["name"] == olga.name
    assert by_number.json()["party"] == by_id.json()["party"]
    assert "interactions" in by_number.json()["panels"]


def test_takes_one_statement_beside_the_record_of_the_opening(
    anna: Any, calls: Any, olga_customer: Any, statements: Any
) -> None:
    caller = calls(anna)
    caller.get(f"{PATH}/{olga_customer.pk}")
    with statements() as sent:
        caller.get(f"{PATH}/{olga_customer.pk}")

    assert [text.split()[0] for text in sent] == ["WITH", "INSERT"]


def test_every_opening_is_recorded(anna: Any, calls: Any, olga: Any, olga_customer: Any) -> None:
    calls(anna).get(f"{PATH}/{olga_customer.pk}")

    assert list(Opening.objects.values_list("party_id", "by", "basis", "door")) == [(olga.pk, anna.pk, "area", "api")]


def test_a_stranger_finds_nothing_by_id(stranger: Any, olga_customer: Any) -> None:
    assert stranger.get(f"{PATH}/{olga_customer.pk}").status_code == 404


def test_an_exact_number_opens_the_relationship_for_the_next_calls(
    stranger: Any, olga: Any, olga_customer: Any
) -> None:
    assert stranger.get(f"{PATH}/{olga_customer.number}").status_code == 200
    assert stranger.get(f"{PATH}/{olga_customer.pk}").status_code == 200
    assert stranger.get(f"/tmf-api/customerManagement/v4/customer/{olga_customer.pk}").status_code == 200
    assert Opening.objects.order_by("pk").values_list("basis", flat=True).first() == "identifier"


def test_a_reader_may_not(reader: Any, calls: Any, olga_customer: Any) -> None:
    assert calls(reader).get(f"{PATH}/{olga_customer.pk}").status_code == 403


@pytest.mark.parametrize(
    "customer", ["0", "999999999", "9" * 30, "nobody", "%00", "%FF", "%ED%A0%80", "a%2Fb", "-1", "٣"]
)
def test_what_does_not_exist_is_not_found(anna: Any, calls: Any, customer: str) -> None:
    assert calls(anna).get(f"{PATH}/{customer}").status_code in {400, 404}


@pytest.mark.django_db(transaction=True)
def test_openings_are_written_by_a_thread_soon(anna: Any, olga: Any, settings: Any, noon: Any) -> None:
    settings.API_OPENINGS_DELAY = 0.2
    recorder = OpeningsRecorder()
    for _ in range(3):
        recorder.note(own_area(olga.pk, anna.pk, noon))
    assert Opening.objects.count() == 0

    deadline = time.monotonic() + 10
    while Opening.objects.count() < 3 and time.monotonic() < deadline:
        time.sleep(0.05)

    recorder.stop()
    assert Opening.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_an_opening_that_is_refused_holds_up_no_other(anna: Any, olga: Any, settings: Any, noon: Any) -> None:
    settings.API_OPENINGS_DELAY = 60
    recorder = OpeningsRecorder()
    for user_id in (anna.pk, 999_999_999, anna.pk):
        recorder.waiting.put(own_area(olga.pk, user_id, noon))

    assert recorder.flush() == 2
    assert list(Opening.objects.values_list("by_id", flat=True)) == [anna.pk, anna.pk]
    assert recorder.waiting.empty()
