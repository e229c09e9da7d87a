"""What the exchange does later: long exports, and throwing their files away."""

from django.utils.timezone import now
from procrastinate.contrib.django import app

from svyaz.exchange.actions.export import expire_exports, run_export
from svyaz.jobs.actions import RETRY


@app.task(name="exchange:export", retry=RETRY)
def export(export_id: int) -> None:
    """Write the file of an export."""
    run_export(export_id=export_id, at=now())


@app.periodic(cron="7 * * * *")
@app.task(name="exchange:expire_exports", queueing_lock="exchange:expire_exports", retry=RETRY)
def expire(timestamp: int) -> None:
    """Every hour: files that are no longer kept go."""
    expire_exports(at=now())
