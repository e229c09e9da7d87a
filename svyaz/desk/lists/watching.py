"""What a list shows of acts upon its rows: those that can be given, and how far the one in hand is."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from svyaz.desk.lists.acts import Act
from svyaz.desk.lists.asked import Asked
from svyaz.desk.lists.bulk import counts_of
from svyaz.desk.lists.columns import Look
from svyaz.desk.lists.definition import list_for
from svyaz.desk.models import BulkRow, BulkRun


def acts_of(asked: Asked, look: Look) -> list[Act]:
    """Return the acts that the viewer may give to rows of a list; what each asks for is fetched when it is opened."""
    return [act for act in asked.listed.acts if act.may(look)]


def run_in_hand(request: HttpRequest, look: Look) -> dict[str, Any] | None:
    """Return the run that the address names, to be shown over its list."""
    number = request.GET.get("run", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    found = BulkRun.objects.visible_to(look.user).filter(pk=int(number)).first()
    return shown(found, look) if found else None


def shown(run: BulkRun, look: Look) -> dict[str, Any]:
    """Return how far a run is and what can be done with it."""
    counts = counts_of(run)
    listed = list_for(run.list, look)
    act: Act | None = next((one for one in listed.acts if one.key == run.act), None) if listed else None
    return {
        "run": run,
        "label": act.label if act else run.act,
        "page": reverse(listed.page) if listed else "",
        "counts": counts,
        "gone": run.total - counts.get(BulkRow.State.WAITING, 0),
        "done": counts.get(BulkRow.State.DONE, 0),
        "skipped": counts.get(BulkRow.State.SKIPPED, 0),
        "undone": counts.get(BulkRow.State.UNDONE, 0),
        "changed": counts.get(BulkRow.State.CHANGED, 0),
        "can_be_undone": run.can_be_undone(look.at) and counts.get(BulkRow.State.DONE, 0) > 0,
    }
