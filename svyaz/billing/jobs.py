"""Promises to pay are judged every hour."""

from django.utils.timezone import now
from procrastinate.contrib.django import app

from svyaz.billing.actions import resolve_payment_promises
from svyaz.jobs.actions import RETRY


@app.periodic(cron="7 * * * *")
@app.task(name="billing:payment_promises", queueing_lock="billing:payment_promises", retry=RETRY)
def judge_payment_promises(timestamp: int) -> None:
    """Mark promises to pay as kept or broken, by the day of each customer's own clock."""
    resolve_payment_promises(at=now())
