"""The employee in whose name the bench asks: every permission, everywhere, so that no panel is left out."""

from datetime import timedelta
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from svyaz.access.actions import assign_role, create_user, issue_token, save_role
from svyaz.places.models import Area
from svyaz.users.models import User


def permissions() -> list[str]:
    """Return every permission that a package knows."""
    found: set[str] = set()
    for app in settings.INSTALLED_APPS:
        if app.startswith("svyaz.") and find_spec(f"{app}.permissions"):
            for kind in vars(import_module(f"{app}.permissions")).values():
                if isinstance(kind, type) and issubclass(kind, StrEnum):
                    found.update(str(permission) for permission in kind)
    return sorted(found)


def tokens() -> tuple[str, str]:
    """Make the employee and return a token that sees everything, and one of a colleague who sees one region."""
    moment = now()
    role = save_role(code="bench", name="Bench", permissions=permissions(), by=None, at=moment)
    secrets = []
    for username, area in (
        ("bench", None),
        ("bench-region", Area.objects.order_by("id").filter(kind="region").first()),
    ):
        user = create_user(username=username, name=username, password=None, by=None, at=moment)
        assign_role(user=user, role=role, area=area, by=None, at=moment)
        _employ(user)
        _, secret = issue_token(
            user=user, name="bench", scopes=[], expires_at=moment + timedelta(days=1), by=None, at=moment
        )
        secrets.append(secret)
    return secrets[0], secrets[1]


def _employ(user: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workforce_employee"
            " (number, name, name_key, department_id, position, position_en, hired_date, user_id)"
            " VALUES (%s, %s, %s, 1, 'Специалист', 'Specialist', CURRENT_DATE, %s)",
            [user.username, user.name, user.username, user.pk],
        )
