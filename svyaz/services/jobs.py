"""Prices begin on their day."""

from django.utils.timezone import now
from procrastinate.contrib.django import app

from svyaz.jobs.actions import RETRY
from svyaz.services.actions import begin_prices


@app.periodic(cron="1 * * * *")
@app.task(name="services:prices", queueing_lock="services:prices", lock="services:prices", retry=RETRY)
def prices(timestamp: int) -> None:
    """Every hour: take up the prices whose day has come."""
    begin_prices(at=now())
