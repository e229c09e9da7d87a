"""What the exchange does later: imports, long exports, and throwing files away after their time."""

from django.utils.timezone import now
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

from svyaz.exchange.actions.export import expire_exports, run_export
from svyaz.exchange.actions.running import WorkerLeaves, clean_up, work_on_import
from svyaz.exchange.actions.uploads import JOB
from svyaz.jobs.actions import RETRY, RETRY_SOON
from svyaz.users.models import User


@app.task(name="exchange:export", retry=RETRY)
def export(export_id: int) -> None:
    """Write the file of an export."""
    run_export(export_id=export_id, at=now())


@app.periodic(cron="7 * * * *")
@app.task(name="exchange:expire_exports", queueing_lock="exchange:expire_exports", retry=RETRY)
def expire(timestamp: int) -> None:
    """Every hour: files that are no longer kept go."""
    expire_exports(at=now())


@app.task(name=JOB, pass_context=True, retry=RETRY_SOON)
def work(context: JobContext, import_id: int, by_id: int) -> None:
    """Check, carry out or take back one import; begun again, it goes on where it was cut off."""
    by = User.objects.get(pk=by_id)
    try:
        work_on_import(import_id=import_id, by=by, at=now(), is_leaving=context.should_abort)
    except WorkerLeaves as fact:
        raise JobAborted from fact


@app.periodic(cron="41 * * * *")
@app.task(name="exchange:clean_up", queueing_lock="exchange:clean_up", retry=RETRY)
def tidy(timestamp: int) -> None:
    """Every hour: files and former values of imports go after their time."""
    clean_up(at=now())
