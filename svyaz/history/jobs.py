"""The wake-up that lets every subscriber read on."""

import time

from django.utils.timezone import now
from procrastinate.contrib.django import app

from svyaz.history.actions import SUBSCRIBERS, WAKE_EVERY_SECONDS, drain, retry_failed_deliveries
from svyaz.jobs.actions import RETRY_SOON


@app.task(name="history:drain", lock="history:drain", queueing_lock="history:drain", retry=RETRY_SOON)
def drain_subscribers() -> None:
    """Wait out the interval in which further wake-ups are held back, then drain every subscriber."""
    time.sleep(WAKE_EVERY_SECONDS)
    for subscriber in SUBSCRIBERS.values():
        drain(subscriber, at=now())


@app.periodic(cron="* * * * *")
@app.task(name="history:sweep", queueing_lock="history:sweep", lock="history:drain", retry=RETRY_SOON)
def sweep_subscribers(timestamp: int) -> None:
    """Every minute: drain what a lost wake-up left, and retry what subscribers could not take."""
    for subscriber in SUBSCRIBERS.values():
        drain(subscriber, at=now())
    retry_failed_deliveries(at=now())
