"""What decision memory does when lower packages report something."""

from collections.abc import Sequence

from svyaz.decisions.actions import hand_over_promises_of_leaver, note_undealt
from svyaz.history.actions import subscribe
from svyaz.history.models import Event
from svyaz.interactions.events import InteractionEvent
from svyaz.workforce.events import WorkforceEvent
from svyaz.workforce.models import Employee
from svyaz.workforce.queries import head_of


@subscribe("decisions.sightings", [InteractionEvent.RECORDED, InteractionEvent.MATCHED])
def note_passed_over_decisions(events: Sequence[Event]) -> None:
    """A contact that says nothing of a decision in force leaves the mark "not dealt with"."""
    note_undealt(interaction_ids=[event.subject_id for event in events])


@subscribe("decisions.leavers", [WorkforceEvent.EMPLOYEE_LEFT])
def hand_over_promises(events: Sequence[Event]) -> None:
    """What a leaver promised goes on to his head; without a head it stays and comes up past due."""
    for event in events:
        employee = Employee.objects.get(pk=event.subject_id)
        if head := head_of(employee):
            hand_over_promises_of_leaver(employee=employee, to=head, by=event.by, at=event.at)
