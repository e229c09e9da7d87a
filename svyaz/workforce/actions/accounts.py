"""Who manages which customer."""

from datetime import date, datetime

from django.db import transaction

from svyaz.history.actions import record
from svyaz.parties.models import Party
from svyaz.parties.queries import ids_of
from svyaz.users.models import User
from svyaz.workforce.actions.employees import locked_employee
from svyaz.workforce.events import WorkforceEvent
from svyaz.workforce.models import AccountAssignment, Employee


class AlreadyAccountManager(Exception):
    """The employee manages this customer already."""


@transaction.atomic
def assign_account_manager(
    *, party: Party, employee: Employee | None, by: User | None, at: datetime, valid_from: date | None = None
) -> AccountAssignment | None:
    """Make an employee the account manager of a party from a day on, in place of the former; None: nobody.

    Raises EmployeeHasLeft, AlreadyAccountManager.
    """
    day = valid_from or at.date()
    Party.objects.select_for_update(of=("self",)).get(pk=party.pk)
    managed = AccountAssignment.objects.filter(party__in=ids_of(party), valid_to__isnull=True)
    former = managed.select_related("employee").order_by("-valid_from", "-pk").first()
    if employee is not None:
        employee = locked_employee(employee)
        if former is not None and former.employee_id == employee.pk:
            raise AlreadyAccountManager(party.pk, employee)
    if former is not None:
        former.valid_to = max(day, former.valid_from)
        former.save(update_fields=["valid_to"])
    return _give_account(party, employee, former, day, by=by, at=at)


def _give_account(
    party: Party, employee: Employee | None, former: AccountAssignment | None, day: date,
    *, by: User | None, at: datetime,
) -> AccountAssignment | None:  # fmt: skip
    former_name = former.employee.name if former else ""
    if employee is None:
        if former is not None:
            record(WorkforceEvent.ACCOUNT_RELEASED, subject=former, party_id=party.pk, by=by, at=at, former=former_name)
        return None
    assignment = AccountAssignment.objects.create(party=party, employee=employee, valid_from=day)
    record(
        WorkforceEvent.ACCOUNT_ASSIGNED, subject=assignment, party_id=party.pk, by=by, at=at,
        employee=employee.name, former=former_name,
    )  # fmt: skip
    return assignment
