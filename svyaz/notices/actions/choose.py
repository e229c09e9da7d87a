"""What a user wants to hear of, how loud, and when not."""

from datetime import datetime, time

from django.db import transaction

from svyaz.history.actions import record
from svyaz.notices.events import NoticeEvent
from svyaz.notices.models import NoticeSetting, QuietHours
from svyaz.users.models import User


class QuietHoursAreEmpty(Exception):
    """Quiet hours begin and end at the same time."""


@transaction.atomic
def save_setting(*, user: User, kind: str, level: str, by: User, at: datetime) -> NoticeSetting:
    """Say how a user hears of a kind of thing."""
    setting, _ = NoticeSetting.objects.update_or_create(user=user, kind=kind, defaults={"level": level})
    record(NoticeEvent.SETTINGS_SAVED, subject=user, by=by, at=at, kind=kind, level=level)
    return setting


@transaction.atomic
def save_quiet_hours(
    *, user: User, begins: time | None, ends: time | None, by: User, at: datetime, weekends: bool = False
) -> QuietHours | None:
    """Set a user's quiet hours by his own clock, or take them away (None); raise QuietHoursAreEmpty."""
    if begins is None or ends is None:
        QuietHours.objects.filter(user=user).delete()
        record(NoticeEvent.SETTINGS_SAVED, subject=user, by=by, at=at, quiet=None)
        return None
    if begins == ends:
        raise QuietHoursAreEmpty(begins)
    values = {"begins": begins, "ends": ends, "weekends": weekends}
    hours, _ = QuietHours.objects.update_or_create(user=user, defaults=values)
    record(
        NoticeEvent.SETTINGS_SAVED, subject=user, by=by, at=at,
        quiet=[begins.isoformat("minutes"), ends.isoformat("minutes")], weekends=weekends,
    )  # fmt: skip
    return hours
