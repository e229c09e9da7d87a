"""Reading notices, taking that back, and forgetting what was read long ago."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from svyaz.history.actions import record
from svyaz.notices.events import NoticeEvent
from svyaz.notices.models import Notice
from svyaz.users.models import User

# What was read so long ago nobody looks for among notices: history has it.
KEPT_AFTER_READING = timedelta(days=90)


@transaction.atomic
def mark_read(*, notices: Iterable[int], by: User, at: datetime) -> list[int]:
    """Mark some of a user's own notices as read; return those that were not read before."""
    unread = Notice.objects.select_for_update().filter(pk__in=list(notices), recipient=by, read_at__isnull=True)
    found = sorted(unread.values_list("pk", flat=True))
    if found:
        Notice.objects.filter(pk__in=found).update(read_at=at)
        record(NoticeEvent.READ, subject=by, by=by, at=at, to=by.pk, notices=found)
    return found


@transaction.atomic
def mark_unread(*, notices: Iterable[int], by: User, at: datetime) -> list[int]:
    """Take back that some of a user's own notices were read; return which."""
    read = Notice.objects.select_for_update().filter(pk__in=list(notices), recipient=by, read_at__isnull=False)
    found = sorted(read.values_list("pk", flat=True))
    if found:
        Notice.objects.filter(pk__in=found).update(read_at=None)
        record(NoticeEvent.UNREAD, subject=by, by=by, at=at, to=by.pk, notices=found)
    return found


def forget_old_notices(*, at: datetime) -> int:
    """Delete what was read long ago; return how many. What they told of stays in history."""
    deleted, _ = Notice.objects.filter(read_at__lt=at - KEPT_AFTER_READING).delete()
    return deleted
