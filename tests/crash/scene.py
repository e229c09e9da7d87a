"""Run in a process of its own: sets a scene in an empty base, or does what the worker does each minute."""

import json
import sys
from datetime import timedelta
from decimal import Decimal

import django

django.setup()

from django.utils.timezone import now  # noqa: E402

from svyaz.access.actions import assign_role, create_user, issue_token  # noqa: E402
from svyaz.decisions.actions import save_kind, set_limit  # noqa: E402
from svyaz.demo.roles import save_roles  # noqa: E402
from svyaz.jobs.actions import take_back_stalled_jobs  # noqa: E402
from svyaz.parties.actions.create import create_individual  # noqa: E402
from svyaz.parties.actions.roles import give_role  # noqa: E402
from svyaz.workforce.models import Department, Employee, Membership  # noqa: E402


def set_scene(customers: int) -> dict[str, object]:
    """Make an agent with a token, a kind of decisions that he has authority in, and customers."""
    at = now()
    roles = save_roles(by=None, at=at)
    agent = create_user(username="anna", name="Анна Козлова", password=None, by=None, at=at)
    assign_role(user=agent, role=roles["agent"], area=None, by=None, at=at - timedelta(days=1))
    department = Department.objects.create(code="retention", name="Удержание", valid_from=at.date())
    employee = Employee.objects.create(
        number="E-1", name=agent.name, name_key="анна", user=agent, department=department, position="Оператор",
        hired_date=at.date(),
    )  # fmt: skip
    Membership.objects.create(employee=employee, department=department, position="Оператор", valid_from=at.date())
    kind = save_kind(code="discount", name="Скидка", unit="%", by=None, at=at)
    set_limit(kind=kind, role=roles["agent"], amount=Decimal(15), by=None, at=at)
    ids = []
    for number in range(customers):
        party = create_individual(family_name=f"Клиент{number}", given_name="Иван", by=None, at=at)
        ids.append(give_role(party=party, kind="customer", valid_from=at.date(), by=None, at=at).pk)
    _, secret = issue_token(user=agent, name="crash", scopes=[], expires_at=at + timedelta(days=1), by=None, at=at)
    return {"secret": secret, "customers": ids}


if __name__ == "__main__":
    match sys.argv[1]:
        case "set":
            print(json.dumps(set_scene(int(sys.argv[2]))))
        case "take-back":
            # As if the worker's silence had lasted: the test does not wait for half a minute.
            print(take_back_stalled_jobs(at=now(), silent_for=timedelta(0)))
