"""Rights do not grow by themselves, and they do not get lost."""

from datetime import timedelta

import pytest

from svyaz.access.actions import (
    BeyondOwnRights,
    LastAdministrator,
    OwnRightsWidened,
    assign_role,
    deactivate_user,
    end_assignment,
    grant_permission,
    issue_token,
    reset_password,
    save_role,
    withdraw_permission,
)
from svyaz.access.models import Assignment, Role
from svyaz.access.queries import rights_of
from svyaz.history.models import Event
from svyaz.users.models import User
from tests.cast import NOON, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def doorkeeper(roles, spb):
    """Lets people in within Saint Petersburg, and holds what an agent holds there; manages no roles."""
    role = save_role(
        code="doorkeeper", name="Кадровик", permissions=[*roles["agent"].permissions, "access:manage"], by=None, at=NOON
    )
    return person("doorkeeper", "Кадровик", role, spb)


@pytest.fixture
def second_admin(roles):
    return person("second", "Второй администратор", roles["admin"], None)


def test_who_lets_people_in_gives_what_he_holds_where_he_holds_it(doorkeeper, roles, reader, spb, primorsky):
    for area in (spb, primorsky):
        assign_role(user=reader, role=roles["agent"], area=area, by=doorkeeper, at=NOON)
    assert Assignment.objects.filter(user=reader).count() == 2


@pytest.mark.parametrize(
    ("role", "area"), [("head", "spb"), ("agent", "novosibirsk"), ("agent", None), ("admin", "spb")]
)
def test_and_nothing_else_and_nowhere_else(doorkeeper, roles, reader, role, area, request):
    place = request.getfixturevalue(area) if area else None
    with pytest.raises(BeyondOwnRights):
        assign_role(user=reader, role=roles[role], area=place, by=doorkeeper, at=NOON)
    assert not Assignment.objects.filter(user=reader).exists()


def test_who_manages_roles_gives_others_what_he_lacks_himself(admin, reader, roles):
    assert not rights_of(admin).may("decision:approve")
    assign_role(user=reader, role=roles["head"], area=None, by=admin, at=NOON)
    grant_permission(role=roles["agent"], permission="party:unmask", by=admin, at=NOON)
    assert "party:unmask" in Role.objects.get(code="agent").permissions


def test_nobody_widens_his_own_rights(admin, roles, spb):
    with pytest.raises(OwnRightsWidened):
        assign_role(user=admin, role=roles["head"], area=spb, by=admin, at=NOON)
    with pytest.raises(OwnRightsWidened):
        grant_permission(role=roles["admin"], permission="decision:approve", by=admin, at=NOON)
    assert "decision:approve" not in Role.objects.get(code="admin").permissions


def test_a_colleague_who_manages_roles_may_widen_them(admin, second_admin, roles, spb):
    assign_role(user=admin, role=roles["head"], area=spb, by=second_admin, at=NOON)
    assert rights_of(User.objects.get(pk=admin.pk)).may("decision:approve")


def test_a_role_held_in_an_area_is_not_widened_by_what_is_held_in_another(doorkeeper, roles, novosibirsk, admin):
    assign_role(user=doorkeeper, role=roles["admin"], area=novosibirsk, by=admin, at=NOON)
    with pytest.raises((OwnRightsWidened, BeyondOwnRights)):
        grant_permission(role=Role.objects.get(code="doorkeeper"), permission="role:manage",
                         by=User.objects.get(pk=doorkeeper.pk), at=NOON)  # fmt: skip


def test_who_does_not_manage_roles_changes_none(anna, roles):
    with pytest.raises(BeyondOwnRights):
        grant_permission(role=roles["clerk"], permission="decision:approve", by=anna, at=NOON)


def test_the_last_administrator_stays(admin, roles):
    assignment = Assignment.objects.get(user=admin)
    with pytest.raises(LastAdministrator):
        end_assignment(assignment=assignment, by=admin, at=NOON)
    with pytest.raises(LastAdministrator):
        deactivate_user(user=admin, by=admin, at=NOON)
    with pytest.raises(LastAdministrator):
        withdraw_permission(role=roles["admin"], permission="role:manage", by=admin, at=NOON)
    with pytest.raises(LastAdministrator):
        save_role(code="admin", name="Администратор", permissions=[], by=None, at=NOON)
    assignment.refresh_from_db()
    assert assignment.valid_to is None
    assert User.objects.get(pk=admin.pk).is_active
    assert "role:manage" in Role.objects.get(code="admin").permissions


def test_one_of_two_administrators_may_go(admin, second_admin):
    end_assignment(assignment=Assignment.objects.get(user=admin), by=admin, at=NOON)
    with pytest.raises(LastAdministrator):
        end_assignment(assignment=Assignment.objects.get(user=second_admin), by=second_admin, at=NOON)


def test_an_administrator_for_a_time_does_not_count(admin, roles, reader):
    assign_role(user=reader, role=roles["admin"], area=None, by=None, at=NOON, valid_to=NOON + timedelta(days=9999))
    with pytest.raises(LastAdministrator):
        end_assignment(assignment=Assignment.objects.get(user=admin), by=admin, at=NOON)


def test_nobody_comes_to_act_as_one_who_may_more(doorkeeper, admin, anna, vera):
    with pytest.raises(BeyondOwnRights):
        reset_password(user=vera, by=doorkeeper, at=NOON)
    with pytest.raises(BeyondOwnRights):
        issue_token(user=admin, name="T", scopes=[], expires_at=NOON + timedelta(days=1), by=doorkeeper, at=NOON)
    assert reset_password(user=anna, by=doorkeeper, at=NOON)


def test_a_token_within_what_its_giver_holds(doorkeeper, vera):
    until = NOON + timedelta(days=1)
    assert issue_token(user=vera, name="T", scopes=["party:read"], expires_at=until, by=doorkeeper, at=NOON)
    with pytest.raises(BeyondOwnRights):
        issue_token(user=vera, name="T", scopes=["decision:approve"], expires_at=until, by=doorkeeper, at=NOON)


def test_a_role_for_a_time_begins_and_ends(reader, roles, admin):
    start, end = NOON + timedelta(days=1), NOON + timedelta(days=3)
    given = assign_role(user=reader, role=roles["agent"], area=None, by=admin, at=NOON, valid_from=start, valid_to=end)
    assert not Assignment.objects.in_force(NOON).filter(pk=given.pk).exists()
    assert Assignment.objects.in_force(start).filter(pk=given.pk).exists()
    assert not Assignment.objects.in_force(end).filter(pk=given.pk).exists()
    end_assignment(assignment=given, by=admin, at=NOON + timedelta(days=2))
    assert not Assignment.objects.in_force(NOON + timedelta(days=2)).filter(pk=given.pk).exists()


def test_what_a_role_was_before_is_kept(roles, admin):
    withdraw_permission(role=roles["agent"], permission="party:write", by=admin, at=NOON)
    event = Event.objects.latest("pk")
    assert "party:write" in event.details["former"]["permissions"]
    assert "party:write" not in event.details["new"]["permissions"]
    assert list(event.details["new"]) == ["permissions"]
