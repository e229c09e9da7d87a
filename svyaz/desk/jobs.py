"""What the desk does by itself; and, because every process reads this, its lists are made known to the exchange."""

from django.utils.timezone import now
from procrastinate.contrib.django import app

from svyaz.access.queries import user_named
from svyaz.desk.contacts import listing as contacts
from svyaz.desk.customers import columns as customers
from svyaz.desk.decisions import listing as decisions
from svyaz.desk.employees import listing as employees
from svyaz.desk.lists.bulk import run_bulk
from svyaz.desk.lists.exporting import register_lists
from svyaz.desk.models import forget_drafts, forget_recents
from svyaz.desk.promises import listing as promises
from svyaz.desk.services import listing as services
from svyaz.jobs.actions import RETRY

DECLARED = (customers, contacts, decisions, promises, employees, services)
register_lists()


@app.periodic(cron="23 * * * *")
@app.task(name="desk:forget_drafts", queueing_lock="desk:forget_drafts", lock="desk:forget_drafts", retry=RETRY)
def forget_old_drafts(timestamp: int) -> None:
    """Every hour: forget what ended yesterday, what nobody has touched for months, and all but the last cards."""
    forget_drafts(at=now())
    forget_recents()


@app.task(name="desk:bulk", retry=RETRY)
def bulk(run_id: int, username: str) -> None:
    """Go on with work that somebody gave to many rows, with the rights that he has now."""
    user = user_named(username)
    if user is not None:
        run_bulk(run_id=run_id, by=user, at=now())
