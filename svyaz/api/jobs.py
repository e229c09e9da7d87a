"""What the API does by itself."""

from django.utils.timezone import now
from procrastinate.contrib.django import app

from svyaz.api.models import forget_keys
from svyaz.jobs.actions import RETRY


@app.periodic(cron="41 * * * *")
@app.task(name="api:forget_keys", queueing_lock="api:forget_keys", lock="api:forget_keys", retry=RETRY)
def forget_old_keys(timestamp: int) -> None:
    """Every hour: forget answers to keys of yesterday."""
    forget_keys(at=now())
