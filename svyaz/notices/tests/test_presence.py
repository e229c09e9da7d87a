"""Who is at his desk, and at which card."""

from datetime import timedelta

from svyaz.notices.actions import (
    arrive_at_card,
    arrive_at_desk,
    forget_the_silent,
    leave_card,
    leave_desk,
    still_at_cards,
)
from svyaz.notices.queries.listing import colleagues_at_card
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.actions import change_presence, leave
from svyaz.workforce.models import Employee, Presence
from tests.cast import NOON

SOON, LATE = NOON + timedelta(seconds=30), NOON + timedelta(seconds=60)


def test_an_open_desk_is_available_and_a_closed_one_away(anna_employee: Employee) -> None:
    assert arrive_at_desk(employee=anna_employee, at=NOON)
    assert Presence.objects.get().state == "available"
    assert not arrive_at_desk(employee=anna_employee, at=SOON)
    assert Presence.objects.get().since == NOON

    leave_desk(employee=anna_employee, at=LATE)
    assert Presence.objects.get().state == "away"


def test_who_is_busy_stays_so(anna: User, anna_employee: Employee) -> None:
    change_presence(employee=anna_employee, state="busy", by=anna, at=NOON)
    assert not arrive_at_desk(employee=anna_employee, at=SOON)
    assert Presence.objects.get().state == "busy"


def test_a_leaver_has_no_desk(anna: User, anna_employee: Employee, vera: User) -> None:
    leave(employee=anna_employee, by=vera, at=NOON)
    assert not arrive_at_desk(employee=anna_employee, at=SOON)
    leave_desk(employee=anna_employee, at=SOON)
    assert not Presence.objects.exists()


def test_colleagues_at_a_card_see_each_other_and_not_themselves(
    olga: Party, anna: User, boris: User, anna_employee: Employee, boris_employee: Employee
) -> None:
    for employee in (anna_employee, boris_employee):
        arrive_at_card(employee_id=employee.pk, party_id=olga.pk, at=NOON)

    (other,) = colleagues_at_card(olga.pk, but=anna.pk, at=SOON)
    assert (other.employee, other.since) == (boris_employee, NOON)
    leave_card(employee_id=boris_employee.pk, party_id=olga.pk)
    assert not colleagues_at_card(olga.pk, but=anna.pk, at=SOON).exists()


def test_coming_back_soon_keeps_since_when(olga: Party, anna_employee: Employee) -> None:
    arrive_at_card(employee_id=anna_employee.pk, party_id=olga.pk, at=NOON)
    assert arrive_at_card(employee_id=anna_employee.pk, party_id=olga.pk, at=SOON).since == NOON
    assert arrive_at_card(employee_id=anna_employee.pk, party_id=olga.pk, at=SOON + timedelta(hours=1)).since > SOON


def test_whose_browser_fell_silent_has_left(olga: Party, anna_employee: Employee, boris_employee: Employee) -> None:
    for employee in (anna_employee, boris_employee):
        arrive_at_card(employee_id=employee.pk, party_id=olga.pk, at=NOON)
    still_at_cards(pairs=[(anna_employee.pk, olga.pk)], at=SOON)

    assert [one.employee for one in colleagues_at_card(olga.pk, but=0, at=LATE)] == [anna_employee]
    assert forget_the_silent(at=LATE) == 1
