"""What decision memory does by itself."""

from django.utils.timezone import now
from procrastinate.contrib.django import app

from svyaz.decisions.actions import measure_outcomes, note_past_due_promises
from svyaz.jobs.actions import RETRY


@app.periodic(cron="* * * * *")
@app.task(name="decisions:past_due", queueing_lock="decisions:past_due", lock="decisions:past_due", retry=RETRY)
def past_due(timestamp: int) -> None:
    """Every minute: record promises whose time has passed."""
    note_past_due_promises(at=now())


@app.periodic(cron="17 * * * *")
@app.task(name="decisions:outcomes", queueing_lock="decisions:outcomes", lock="decisions:outcomes", retry=RETRY)
def outcomes(timestamp: int) -> None:
    """Every hour: measure how decisions ended whose term of judgement has passed."""
    while measure_outcomes(at=now()):
        pass
