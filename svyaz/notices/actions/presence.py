"""Coming to a desk or to a customer's card, and leaving it.

Standing at a card is no change of the business and leaves no event: the card's opening is on record already.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from svyaz.notices.models import SILENT_IS_GONE, AtCard
from svyaz.workforce.actions import EmployeeHasLeft, change_presence
from svyaz.workforce.models import Employee, Presence


def arrive_at_desk(*, employee: Employee, at: datetime) -> bool:
    """Say that an employee's desk is open; one who is busy stays so. Return whether he was away before."""
    present = (Presence.State.AVAILABLE, Presence.State.BUSY)
    if Presence.objects.filter(employee=employee, state__in=present).exists():
        return False
    try:
        change_presence(employee=employee, state=Presence.State.AVAILABLE, by=employee.user, at=at)
    except EmployeeHasLeft:
        return False
    return True


def leave_desk(*, employee: Employee, at: datetime) -> None:
    """Say that no desk of an employee is open any more."""
    try:
        change_presence(employee=employee, state=Presence.State.AWAY, by=employee.user, at=at)
    except EmployeeHasLeft:
        return


@transaction.atomic
def arrive_at_card(*, employee_id: int, party_id: int, at: datetime) -> AtCard:
    """Say that an employee has a card open; he who was there a moment ago is there since then."""
    row, is_new = AtCard.objects.select_for_update().get_or_create(
        employee_id=employee_id, party_id=party_id, defaults={"since": at, "seen_at": at}
    )
    if not is_new:
        row.since = row.since if row.seen_at > at - SILENT_IS_GONE else at
        row.seen_at = at
        row.save(update_fields=["since", "seen_at"])
    return row


def leave_card(*, employee_id: int, party_id: int) -> None:
    """Say that an employee has closed a card."""
    AtCard.objects.filter(employee_id=employee_id, party_id=party_id).delete()


def still_at_cards(*, pairs: Iterable[tuple[int, int]], at: datetime) -> None:
    """Say of many (employee, party) at once that they are still there."""
    found = Q(pk__in=())
    for employee_id, party_id in pairs:
        found |= Q(employee=employee_id, party=party_id)
    AtCard.objects.filter(found).update(seen_at=at)


def forget_the_silent(*, at: datetime) -> int:
    """Take away whose browsers were not heard of any more; return how many."""
    deleted, _ = AtCard.objects.filter(seen_at__lt=at - SILENT_IS_GONE).delete()
    return deleted
