"""Giving notices: to whom, unless he wants to hear nothing of it, and not within his quiet hours."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from svyaz.history.actions import PastEvent, record_many
from svyaz.history.models import Event
from svyaz.lib.clocks import clock_of
from svyaz.notices.events import NoticeEvent
from svyaz.notices.models import URGENT, Notice, NoticeSetting, QuietHours
from svyaz.notices.queries.recipients import Telling, tellings
from svyaz.users.models import User


@transaction.atomic
def give_notices(*, events: Sequence[Event]) -> list[Notice]:
    """Write a notice for each who should know of one of these events and does not yet; return the new ones."""
    told = tellings(events)
    known = set(
        Notice.objects.filter(event_id__in={event.pk for event in events}).values_list("event_id", "recipient_id")
    )
    new = [telling for telling in told if (telling.event.pk, telling.recipient_id) not in known]
    if not new:
        return []
    wishes = _Wishes({telling.recipient_id for telling in new})
    notices = [_notice(telling, wishes) for telling in new if not wishes.silent(telling)]
    notices = Notice.objects.bulk_create(notices)
    _announce((notice for notice in notices if notice.held_until is None), at=None)
    return notices


def _notice(telling: Telling, wishes: "_Wishes") -> Notice:
    event = telling.event
    return Notice(
        recipient_id=telling.recipient_id, kind=telling.kind, reason=telling.reason,
        department_id=telling.department_id, subject_type=event.subject_type, subject_id=event.subject_id,
        party_id=telling.party_id, by_id=event.by_id, event_id=event.pk, at=event.at,
        is_loud=wishes.level(telling) == NoticeSetting.Level.LOUD, held_until=wishes.held_until(telling),
    )  # fmt: skip


class _Wishes:
    """What some users want to hear, and when not."""

    def __init__(self, users: set[int]) -> None:
        rows = NoticeSetting.objects.filter(user__in=users)
        self.levels = {(row.user_id, row.kind): row.level for row in rows}
        self.quiet = {row.user_id: row for row in QuietHours.objects.filter(user__in=users)}
        zones = User.objects.filter(pk__in=self.quiet).values_list("pk", "time_zone")
        self.zones = {pk: clock_of(zone) for pk, zone in zones}

    def level(self, telling: Telling) -> str:
        """Return how loud the recipient wants to hear it."""
        return self.levels.get((telling.recipient_id, telling.kind), NoticeSetting.Level.LOUD)

    def silent(self, telling: Telling) -> bool:
        """Tell whether he wants to hear nothing of it."""
        return self.level(telling) == NoticeSetting.Level.OFF

    def held_until(self, telling: Telling) -> datetime | None:
        """Return until when his quiet hours hold it back."""
        hours = self.quiet.get(telling.recipient_id)
        if hours is None or telling.kind in URGENT:
            return None
        return hours.over_at(telling.event.at, self.zones[telling.recipient_id])


@transaction.atomic
def release_held(*, at: datetime) -> int:
    """Give what quiet hours held back until now; return how many."""
    due = list(Notice.objects.select_for_update(skip_locked=True).filter(held_until__lte=at).order_by("at", "pk"))
    Notice.objects.filter(pk__in=[notice.pk for notice in due]).update(held_until=None)
    _announce(due, at=at)
    return len(due)


def _announce(notices: Iterable[Notice], *, at: datetime | None) -> None:
    """Record that notices were given; the party stays out of it, so that its own history tells of the party alone."""
    given = [
        PastEvent(
            str(NoticeEvent.GIVEN), Notice._meta.label_lower, notice.pk, None, None, at or notice.at,
            {"to": notice.recipient_id},
        )
        for notice in notices
    ]  # fmt: skip
    if given:
        record_many(given)
