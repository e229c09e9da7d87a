"""Quiet hours: by the employee's own clock, over midnight and weekends; urgent things come all the same."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from svyaz.decisions.actions import note_past_due_promises
from svyaz.history.models import Event
from svyaz.notices.actions import release_held, save_quiet_hours
from svyaz.notices.actions.choose import QuietHoursAreEmpty
from svyaz.notices.events import NoticeEvent
from svyaz.notices.models import Notice, QuietHours
from svyaz.notices.queries.listing import notices_of, unread_count
from svyaz.notices.tests.scene import DUE, promise, tell
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from tests.cast import NOON

MOSCOW = ZoneInfo("Europe/Moscow")


def moscow(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of May 2026 by the clock of Moscow: the 22nd is a Friday."""
    return datetime(2026, 5, day, hour, minute, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("at", "over_at"),
    [
        (moscow(20, 19, 59), None),
        (moscow(20, 20), moscow(21, 8)),
        (moscow(21, 3), moscow(21, 8)),
        (moscow(21, 8), None),
    ],
)
def test_they_go_over_midnight(at: datetime, over_at: datetime | None) -> None:
    assert QuietHours(begins=time(20), ends=time(8)).over_at(at, MOSCOW) == over_at


def test_within_a_day_they_end_on_that_day() -> None:
    hours = QuietHours(begins=time(13), ends=time(14))
    assert hours.over_at(moscow(20, 13, 30), MOSCOW) == moscow(20, 14)
    assert hours.over_at(moscow(20, 12, 59), MOSCOW) is None


def test_a_quiet_weekend_lasts_until_monday_morning() -> None:
    hours = QuietHours(begins=time(20), ends=time(8), weekends=True)
    assert hours.over_at(moscow(22, 21), MOSCOW) == moscow(25, 8)
    assert hours.over_at(moscow(23, 12), MOSCOW) == moscow(25, 8)
    assert hours.over_at(moscow(22, 12), MOSCOW) is None


def test_the_same_moment_is_quiet_in_one_zone_and_not_in_another() -> None:
    hours, at = QuietHours(begins=time(20), ends=time(8)), datetime(2026, 5, 20, 13, 30, tzinfo=UTC)
    assert hours.over_at(at, MOSCOW) is None
    assert hours.over_at(at, ZoneInfo("Asia/Novosibirsk")) == datetime(2026, 5, 21, 1, 0, tzinfo=UTC)


@pytest.fixture
def quiet_boris(boris: User) -> User:
    """Noon in Moscow is a quiet hour of his."""
    save_quiet_hours(user=boris, begins=time(11), ends=time(15), by=boris, at=NOON)
    return boris


def test_what_comes_meanwhile_is_held_back_and_then_given(
    olga: Party, anna: User, quiet_boris: User, boris_employee: Employee
) -> None:
    promise(olga, anna, boris_employee)
    tell()

    held = Notice.objects.get()
    assert held.held_until == moscow(19, 15)
    assert unread_count(quiet_boris) == 0
    assert list(notices_of(quiet_boris)) == [held]
    assert not Event.objects.filter(kind=NoticeEvent.GIVEN).exists()

    assert release_held(at=moscow(19, 14, 59)) == 0
    assert release_held(at=moscow(19, 15)) == 1
    assert unread_count(quiet_boris) == 1
    assert Event.objects.get(kind=NoticeEvent.GIVEN).details == {"to": quiet_boris.pk}


def test_what_is_urgent_comes_all_the_same(olga: Party, anna: User, anna_employee: Employee) -> None:
    save_quiet_hours(user=anna, begins=time(17), ends=time(23), by=anna, at=NOON)
    promise(olga, anna, anna_employee)
    note_past_due_promises(at=DUE + timedelta(minutes=1))
    tell()

    assert Notice.objects.get(kind="late").held_until is None
    assert unread_count(anna) == 1


def test_they_are_taken_away_again(quiet_boris: User) -> None:
    assert save_quiet_hours(user=quiet_boris, begins=None, ends=None, by=quiet_boris, at=NOON) is None
    assert not QuietHours.objects.exists()


def test_they_cannot_be_empty(boris: User) -> None:
    with pytest.raises(QuietHoursAreEmpty):
        save_quiet_hours(user=boris, begins=time(8), ends=time(8), by=boris, at=NOON)
