"""Changing what an area is called, its code and its clock."""

import pytest

from svyaz.history.models import Event
from svyaz.places.actions import AreaCodeTaken, NoSuchTimeZone, change_area, create_area
from svyaz.places.queries import area_tree, changes_of_area
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def changed(area, by, **more):
    given = {"code": area.code, "name": area.name, "name_en": area.name_en, "time_zone": area.time_zone, **more}
    return change_area(area=area, by=by, at=NOON, **given)


def test_what_changed_is_kept_with_what_it_was(spb, admin):
    changed(spb, admin, name_en="St Petersburg", time_zone="Asia/Omsk")
    event = changes_of_area(spb)[0]
    assert event.details["former"] == {"name_en": "Saint Petersburg", "time_zone": "Europe/Moscow"}
    assert event.details["new"] == {"name_en": "St Petersburg", "time_zone": "Asia/Omsk"}
    assert event.by == admin


def test_nothing_changes_no_event(spb, admin):
    before = Event.objects.count()
    changed(spb, admin)
    assert Event.objects.count() == before


def test_what_cannot_be_is_refused(spb, novosibirsk, admin):
    with pytest.raises(AreaCodeTaken):
        changed(spb, admin, code=novosibirsk.code)
    with pytest.raises(NoSuchTimeZone):
        changed(spb, admin, time_zone="Mars/Base")
    with pytest.raises(AreaCodeTaken):
        create_area(kind="region", code=spb.code, name="Икс", parent=None, by=admin, at=NOON)


def test_the_tree_stands_in_order(country, spb, primorsky, novosibirsk):
    assert [(depth, area.code) for depth, area in area_tree()] == [
        (0, "RU"), (1, "RU-NVS"), (1, "RU-SPE"), (2, "40322000"),
    ]  # fmt: skip
