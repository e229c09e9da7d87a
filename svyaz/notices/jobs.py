"""What happens to notices by itself."""

from django.utils.timezone import now
from procrastinate.contrib.django import app

from svyaz.jobs.actions import RETRY
from svyaz.notices.actions import forget_old_notices, forget_the_silent, release_held


@app.periodic(cron="* * * * *")
@app.task(name="notices:release", queueing_lock="notices:release", lock="notices:release", retry=RETRY)
def release(timestamp: int) -> None:
    """Every minute: give what quiet hours held back and is due, and forget who left a card without a word."""
    release_held(at=now())
    forget_the_silent(at=now())


@app.periodic(cron="41 3 * * *")
@app.task(name="notices:forget", queueing_lock="notices:forget", lock="notices:forget", retry=RETRY)
def forget(timestamp: int) -> None:
    """Every night: delete what was read long ago."""
    forget_old_notices(at=now())
