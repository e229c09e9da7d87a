"""What the desk does by itself."""

from django.utils.timezone import now
from procrastinate.contrib.django import app

from svyaz.desk.models import forget_drafts, forget_recents
from svyaz.jobs.actions import RETRY


@app.periodic(cron="23 * * * *")
@app.task(name="desk:forget_drafts", queueing_lock="desk:forget_drafts", lock="desk:forget_drafts", retry=RETRY)
def forget_old_drafts(timestamp: int) -> None:
    """Every hour: forget what ended yesterday, what nobody has touched for months, and all but the last cards."""
    forget_drafts(at=now())
    forget_recents()
