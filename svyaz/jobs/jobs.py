"""The queue looks after itself."""

from django.utils.timezone import now
from procrastinate.contrib.django import app

from svyaz.jobs.actions import RETRY, take_back_stalled_jobs


@app.periodic(cron="* * * * *")
@app.task(name="jobs:take_back_stalled", queueing_lock="jobs:take_back_stalled", retry=RETRY)
def take_back_stalled(timestamp: int) -> None:
    """Every minute: what killed workers were doing goes back into the queue."""
    take_back_stalled_jobs(at=now())
