"""Moving an area moves the rights that hang on it."""

import pytest

from svyaz.access.actions import AreaWithinItself, BeyondOwnRights, move_area
from svyaz.access.queries import rights_of
from svyaz.history.models import Event
from svyaz.places.actions import create_area
from svyaz.users.models import User
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_all_that_lies_in_an_area_moves_along(primorsky, spb, novosibirsk, gleb, anna, admin):
    town = create_area(kind="town", code="T", name="Лахта", parent=primorsky, by=None, at=NOON)

    move_area(area=primorsky, parent=novosibirsk, by=admin, at=NOON)

    town.refresh_from_db()
    assert town.path == [*novosibirsk.path, primorsky.pk, town.pk]
    assert rights_of(User.objects.get(pk=gleb.pk)).holds_throughout("party:read", town.pk)
    assert not rights_of(User.objects.get(pk=anna.pk)).holds_throughout("party:read", town.pk)
    moved = Event.objects.latest("pk")
    assert (moved.details["former"], moved.details["new"]) == ({"parent": spb.name}, {"parent": novosibirsk.name})


def test_the_same_place_is_no_change(primorsky, spb, admin):
    before = Event.objects.count()
    move_area(area=primorsky, parent=spb, by=admin, at=NOON)
    assert Event.objects.count() == before


def test_an_area_does_not_lie_in_itself(primorsky, spb, country, admin):
    for area, parent in ((spb, primorsky), (spb, spb), (country, spb)):
        with pytest.raises(AreaWithinItself):
            move_area(area=area, parent=parent, by=admin, at=NOON)


def test_who_does_not_manage_roles_moves_nothing(primorsky, novosibirsk, anna):
    with pytest.raises(BeyondOwnRights):
        move_area(area=primorsky, parent=novosibirsk, by=anna, at=NOON)
