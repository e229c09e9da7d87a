"""Roles in areas, and what follows from them."""

from datetime import timedelta
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from svyaz.access.actions import AssignmentAlreadyEnded, assign_role, end_assignment, save_role
from svyaz.access.events import AccessEvent
from svyaz.access.models import Assignment, Role
from svyaz.access.permissions import authenticated, needs, public
from svyaz.access.queries import rights_of
from svyaz.history.models import Event
from svyaz.users.models import User
from tests.cast import NOON

pytestmark = pytest.mark.django_db


class Sample(StrEnum):
    READ = "party:read"
    FLY = "dragon:fly"


def fresh(user):
    return rights_of(User.objects.get(pk=user.pk))


def test_a_role_holds_in_its_area_and_in_all_below(anna, spb, primorsky, novosibirsk, country):
    rights = rights_of(anna)

    assert rights.areas["party:read"] == {spb.pk, primorsky.pk}
    assert rights.may_in("party:read", primorsky.pk)
    assert rights.may_in("party:read", None)
    assert not rights.may_in("party:read", novosibirsk.pk)
    assert not rights.may_in("party:read", country.pk)
    assert not rights.may_in("dragon:fly", spb.pk)


def test_a_role_without_an_area_holds_everywhere(admin, novosibirsk):
    assert rights_of(admin).areas["party:read"] is None
    assert rights_of(admin).may_in("party:read", novosibirsk.pk)


def test_roles_add_up(anna, roles, novosibirsk, spb, primorsky, admin):
    assign_role(user=anna, role=roles["clerk"], area=novosibirsk, by=admin, at=NOON)

    rights = fresh(anna)
    assert rights.areas["party:read"] == {spb.pk, primorsky.pk, novosibirsk.pk}
    assert rights.areas["party:unmask"] == {novosibirsk.pk}


def test_rights_are_read_once_and_kept_on_the_user(anna, django_assert_num_queries):
    user = User.objects.get(pk=anna.pk)
    rights_of(user)

    with django_assert_num_queries(0):
        assert rights_of(user) is rights_of(user)
        assert rights_of(rights_of(user)) is rights_of(user)


def test_the_same_assignment_is_made_once(anna, roles, spb, admin):
    before = Event.objects.count()

    assign_role(user=anna, role=roles["agent"], area=spb, by=admin, at=NOON)

    assert Assignment.objects.filter(user=anna).count() == 1
    assert Event.objects.count() == before


def test_a_role_is_taken_away_once(anna, admin):
    assignment = Assignment.objects.get(user=anna)
    end_assignment(assignment=assignment, by=admin, at=NOON)

    assert not fresh(anna).areas
    assert Event.objects.latest("pk").kind == AccessEvent.ASSIGNMENT_ENDED
    with pytest.raises(AssignmentAlreadyEnded):
        end_assignment(assignment=assignment, by=admin, at=NOON + timedelta(days=1))


def test_a_role_that_changes_changes_what_its_holders_may(anna, admin):
    save_role(code="agent", name="Оператор", permissions=[Sample.FLY], by=admin, at=NOON)

    assert fresh(anna).profile == {"dragon:fly"}
    assert Role.objects.get(code="agent").permissions == ["dragon:fly"]


def test_nobody_in_particular_may_nothing(db):
    assert not rights_of(AnonymousUser()).areas


@needs(Sample.READ)
def parties_page(request):
    return "seen"


@authenticated
def own_page(request):
    return "own"


@public
def log_in_page(request):
    return "open"


def test_the_ladder_of_a_view(anna, gleb, reader):
    assert parties_page(SimpleNamespace(user=anna)) == "seen"
    assert parties_page(SimpleNamespace(user=gleb)) == "seen"
    for user in (reader, AnonymousUser()):
        with pytest.raises(PermissionDenied):
            parties_page(SimpleNamespace(user=user))


def test_other_declarations(reader):
    assert own_page(SimpleNamespace(user=reader)) == "own"
    with pytest.raises(PermissionDenied):
        own_page(SimpleNamespace(user=AnonymousUser()))
    assert log_in_page(SimpleNamespace(user=AnonymousUser())) == "open"
    views: list[Any] = [parties_page, own_page, log_in_page]
    assert [view.svyaz_permission for view in views] == [
        "party:read",
        "authenticated",
        "public",
    ]
