"""The tree of areas, with its clocks, and addresses."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from svyaz.history.models import Event
from svyaz.places.actions import AreaCodeTaken, create_address, create_area
from svyaz.places.models import Address, Area
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_an_area_lies_below_its_parents(country, spb, primorsky, novosibirsk):
    assert primorsky.path == [country.pk, spb.pk, primorsky.pk]
    assert Area.objects.below(spb.pk) == {spb.pk, primorsky.pk}
    assert Area.objects.below(country.pk) == {country.pk, spb.pk, primorsky.pk, novosibirsk.pk}


def test_an_area_takes_its_parents_clock_unless_it_has_its_own(spb, novosibirsk, admin):
    town = create_area(kind="town", code="N-1", name="Бердск", parent=novosibirsk, by=admin, at=NOON)

    assert spb.time_zone == "Europe/Moscow"
    assert town.time_zone == "Asia/Novosibirsk"
    evening = datetime(2026, 5, 19, 18, 0, tzinfo=UTC)
    assert (spb.local_date(evening), town.local_date(evening)) == (date(2026, 5, 19), date(2026, 5, 20))


def test_only_a_country_stands_alone(spb):
    for kind, parent in (("region", None), ("country", spb)):
        with pytest.raises(IntegrityError), transaction.atomic():
            create_area(kind=kind, code="X", name="Икс", parent=parent, by=None, at=NOON)


def test_a_code_is_given_once(spb, country):
    with pytest.raises(AreaCodeTaken):
        create_area(kind="region", code="RU-SPE", name="Ещё раз", parent=country, by=None, at=NOON)


def test_names_speak_the_readers_language(spb):
    with override("en"):
        assert str(spb) == "Saint Petersburg"
    with override("ru"):
        assert str(spb) == "Санкт-Петербург"


def test_an_address_reads_as_it_is_written(spb, admin):
    parts = create_address(
        area=spb, postal_code="190000", locality="Санкт-Петербург", street="Невский пр.", house="1", flat="2",
        by=admin, at=NOON,
    )  # fmt: skip
    text = create_address(text="деревня Старая, у моста", by=admin, at=NOON)

    assert str(parts) == "190000, Санкт-Петербург, Невский пр., 1, 2"
    assert str(text) == "деревня Старая, у моста"
    assert Event.objects.latest("pk").subject_id == text.pk


def test_an_address_says_something(admin):
    with pytest.raises(IntegrityError), transaction.atomic():
        create_address(house="1", by=admin, at=NOON)
    assert not Address.objects.exists()
