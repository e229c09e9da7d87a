"""Who works on the imported base: the file names no employee, so two agents with their rights come first.

Run as a program of its own, on the data base that its environment names.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import django

USERS = {"anna": "Анна Козлова", "boris": "Борис Новиков"}
DISCOUNT = "discount"


def set_up() -> None:
    """Create roles, a department, two employees, the kind of decision with its limit, and a competitor."""
    from svyaz.access.actions import assign_role, create_user
    from svyaz.decisions.actions import save_kind, set_limit
    from svyaz.demo.queries import CAST_PASSWORD
    from svyaz.demo.roles import save_roles
    from svyaz.parties.actions import create_organization, give_role
    from svyaz.workforce.actions import create_department, hire_employee

    at = datetime.now(UTC)
    roles = save_roles(by=None, at=at)
    department = create_department(code="retention", name="Удержание", name_en="Retention", by=None, at=at)
    for number, (username, name) in enumerate(USERS.items()):
        user = create_user(username=username, name=name, password=CAST_PASSWORD, by=None, at=at)
        assign_role(user=user, role=roles["agent"], area=None, by=None, at=at)
        hire_employee(
            number=f"E-{number}", name=name, user=user, department=department, position="Оператор",
            hired_date=date(2020, 1, 1), by=None, at=at,
        )  # fmt: skip
    kind = save_kind(code=DISCOUNT, name="Скидка", name_en="Discount", unit="%", by=None, at=at)
    set_limit(kind=kind, role=roles["agent"], amount=Decimal(15), by=None, at=at)
    rival = create_organization(name="Ромашка-Телеком", legal_form="ООО", by=None, at=at)
    give_role(party=rival, kind="competitor", by=None, at=at)


if __name__ == "__main__":
    django.setup()
    set_up()
