"""Users: created, barred, with passwords."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from svyaz.access.actions import (
    LinkIsSpent,
    NotAPerson,
    UserNameTaken,
    change_password,
    choose_password,
    create_user,
    deactivate_user,
    reactivate_user,
    reset_password,
    save_preferences,
    unlock_user,
)
from svyaz.access.events import AccessEvent
from svyaz.access.queries import is_locked_out, permission_groups, rights_of
from svyaz.history.models import Event
from svyaz.users.models import User
from tests.cast import NOON, PASSWORD

pytestmark = pytest.mark.django_db


def logged_in(username, password):
    return authenticate(RequestFactory().post("/"), username=username, password=password)


def test_a_user_logs_in_with_his_password(anna):
    assert logged_in("anna", PASSWORD) == anna
    assert logged_in("anna", "something else") is None


def test_a_user_name_is_given_once_case_aside(anna, admin):
    with pytest.raises(UserNameTaken):
        create_user(username="Anna", name="Другая", password=None, by=admin, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="Boris", name="Борис")
    assert User.objects.get_by_natural_key("ANNA") == anna


@pytest.mark.parametrize("password", ["short", "12345678901", "password", "newcomer1"])
def test_a_weak_password_is_refused(db, password):
    with pytest.raises(ValidationError):
        create_user(username="newcomer", name="Newcomer", password=password, by=None, at=NOON)
    assert not User.objects.filter(username="newcomer").exists()


def test_without_a_password_nobody_logs_in(db):
    user = create_user(username="robot", name="Робот", password=None, kind="integration", by=None, at=NOON)

    assert not user.has_usable_password()
    assert logged_in("robot", "") is None


def test_a_password_is_changed_and_the_event_does_not_tell_it(anna):
    change_password(user=anna, password="nevsky-prospekt-25", by=anna, at=NOON)

    assert logged_in("anna", "nevsky-prospekt-25") == anna
    event = Event.objects.latest("pk")
    assert (event.kind, event.details) == (AccessEvent.PASSWORD_CHANGED, {})
    with pytest.raises(ValidationError):
        change_password(user=anna, password="1", by=anna, at=NOON)


def test_a_barred_user_neither_logs_in_nor_sees_anything(anna, admin):
    deactivate_user(user=anna, by=admin, at=NOON)

    assert logged_in("anna", PASSWORD) is None
    assert not rights_of(User.objects.get(pk=anna.pk)).areas


def test_after_five_failures_the_door_stays_shut_for_a_while(anna, client):
    for _ in range(5):
        logged_in("anna", "guess")

    assert AccessAttempt.objects.get().failures_since_start == 5
    assert logged_in("anna", PASSWORD) is None


def test_settings_that_stay_as_they_are_are_no_change(anna):
    before = Event.objects.count()
    save_preferences(user=anna, language="ru", by=anna, at=NOON)
    assert Event.objects.count() == before

    save_preferences(user=anna, language="en", theme="dark", by=anna, at=NOON)
    assert Event.objects.latest("pk").details == {"changed": {"language": "en", "theme": "dark"}}


def test_a_reset_password_is_chosen_anew_by_the_link_once(anna, admin):
    key = reset_password(user=anna, by=admin, at=NOON)
    assert logged_in("anna", PASSWORD) is None

    choose_password(user=anna, key=key, password="длинное новое слово", at=NOON)

    assert logged_in("anna", "длинное новое слово") == anna
    assert key not in repr(list(Event.objects.values("details")))
    with pytest.raises(LinkIsSpent):
        choose_password(user=anna, key=key, password="ещё одно длинное слово", at=NOON)


def test_a_program_has_no_password_to_reset(db, admin):
    program = create_user(username="crm", name="CRM", password=None, kind="integration", by=admin, at=NOON)
    with pytest.raises(NotAPerson):
        reset_password(user=program, by=admin, at=NOON)


def test_one_who_was_locked_out_is_let_try_again(anna, admin):
    for _ in range(5):
        logged_in("anna", "wrong")
    assert is_locked_out(anna)

    unlock_user(user=anna, by=admin, at=NOON)

    assert not is_locked_out(anna)
    assert logged_in("anna", PASSWORD) == anna
    assert Event.objects.latest("pk").kind == AccessEvent.USER_UNLOCKED


def test_a_barred_user_comes_back(anna, admin):
    deactivate_user(user=anna, by=admin, at=NOON)
    reactivate_user(user=anna, by=admin, at=NOON)

    assert logged_in("anna", PASSWORD) == anna
    assert Event.objects.latest("pk").kind == AccessEvent.USER_REACTIVATED


def test_every_permission_says_what_it_allows():
    unnamed = [value for group in permission_groups() for value, words in group.permissions.items() if words == value]
    assert unnamed == []
