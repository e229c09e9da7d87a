"""Who works where, for whom, and whose head he is."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from svyaz.access.models import Opening
from svyaz.access.permissions import AccessPermission
from svyaz.access.queries import Viewer, rights_of
from svyaz.history.models import Event
from svyaz.history.queries import changes_of
from svyaz.lib.text import name_key
from svyaz.lib.trees import in_tree_order
from svyaz.parties.queries import group_of
from svyaz.users.models import User
from svyaz.workforce.events import WorkforceEvent
from svyaz.workforce.models import AccountAssignment, Department, Employee, Membership, Presence, Skill

# Deeper trees of departments do not exist; a ring by mistake must not hang anyone.
DEEPEST = 12


def employee_of(user: User) -> Employee | None:
    """Return the employee behind a user, with his department; integrations and the system have none."""
    return Employee.objects.filter(user=user).select_related("department").first()


def department_of(user: User) -> Department | None:
    """Return the department in which a user works now."""
    employee = employee_of(user)
    return employee.department if employee else None


def membership_at(employee: Employee, day: date) -> Membership | None:
    """Return the department and position that an employee had on a day."""
    return (
        Membership.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day), employee=employee, valid_from__lte=day
        )
        .select_related("department")
        .order_by("-valid_from", "-pk")
        .first()
    )


def head_of(employee: Employee) -> Employee | None:
    """Return an employee's head: of his department, or of the next one above whose head is another and still works."""
    department: Department | None = employee.department
    for _ in range(DEEPEST):
        if department is None:
            return None
        head = department.head
        if head is not None and head.pk != employee.pk and head.left_date is None:
            return head
        department = department.parent
    return None


def departments_below(roots: set[int]) -> frozenset[int]:
    """Return the ids of departments and of all that belong to them."""
    found, level = set(roots), set(roots)
    for _ in range(DEEPEST):
        level = set(Department.objects.filter(parent__in=level).values_list("pk", flat=True)) - found
        if not level:
            break
        found |= level
    return frozenset(found)


def departments_headed_by(employee: Employee) -> frozenset[int]:
    """Return the ids of the departments that an employee heads, with all that belong to them."""
    return departments_below(set(Department.objects.filter(head=employee).values_list("pk", flat=True)))


def colleagues(user: User) -> QuerySet[Employee]:
    """Return who works in the user's department now, himself left out; nobody for one who is no employee."""
    employee = employee_of(user)
    if employee is None:
        return Employee.objects.none()
    return Employee.objects.working().filter(department=employee.department_id).exclude(pk=employee.pk)


def staff_of(user: User) -> QuerySet[Employee]:
    """Return who works under the user: in the departments that he heads and in those below them."""
    employee = employee_of(user)
    if employee is None:
        return Employee.objects.none()
    below = departments_headed_by(employee)
    return Employee.objects.working().filter(department__in=below).exclude(pk=employee.pk)


def account_manager_of(party_id: int, at: date) -> Employee | None:
    """Return who manages a party on a day."""
    assignment = (
        AccountAssignment.objects.in_force(at)
        .filter(party__in=group_of(party_id))
        .select_related("employee__department")
        .order_by("-valid_from")
        .first()
    )
    return assignment.employee if assignment else None


def openings_to_review(viewer: Viewer) -> QuerySet[Opening]:
    """Return the openings beyond the area that wait for a head's review, oldest first.

    Who may review everywhere sees all; a head of department his own people's; nobody his own.
    """
    return openings_under(viewer).unreviewed()  # type: ignore[attr-defined, no-any-return]


def openings_under(viewer: Viewer) -> QuerySet[Opening]:
    """Return the openings beyond the area, reviewed or not, that a viewer is to review, oldest first."""
    rights = rights_of(viewer)
    if not rights.may(AccessPermission.REVIEW):
        return Opening.objects.none()
    # What is reviewed is the act that opened the card.
    opened: QuerySet[Opening] = Opening.objects.acts().exclude(by=rights.user_id).order_by("at", "pk")
    if rights.areas[str(AccessPermission.REVIEW)] is None:
        return opened
    head = Employee.objects.filter(user=rights.user_id).first()
    below = departments_headed_by(head) if head else frozenset()
    users = Employee.objects.filter(department__in=below, user__isnull=False).values("user")
    return opened.filter(by__in=users)


def working_employees(viewer: Viewer, *, department: Department | None = None) -> QuerySet[Employee]:
    """Return the employees of a department (of all, without one) in the order of their names."""
    found = Employee.objects.visible_to(viewer).working().select_related("department").order_by("name_key", "pk")
    return found.filter(department=department) if department else found


def serves_account(employee: Employee, party_id: int, at: datetime) -> bool:
    """Tell whether an employee is the party's account manager at a moment."""
    managed = AccountAssignment.objects.in_force(at.date()).filter(party__in=group_of(party_id))
    return managed.filter(employee=employee).exists()


def departments_in_use() -> QuerySet[Department]:
    """Return the departments of today by name: they are no secret within the operator."""
    return Department.objects.filter(valid_to__isnull=True).order_by("name", "pk")


def employees_of_users(users: Iterable[int]) -> dict[int, Employee]:
    """Return the employees behind some users, with their departments."""
    found = Employee.objects.filter(user__in=set(users)).select_related("department")
    return {employee.user_id: employee for employee in found if employee.user_id is not None}


def departments_of_user(user_id: int) -> "QuerySet[Employee, Any]":
    """Return the id of the department in which a user works, for a condition on rows that departments share."""
    return Employee.objects.filter(user=user_id).values("department")


def department_tree() -> list[tuple[int, Department]]:
    """Return all departments, closed ones too, with how deep they stand and how many work there (`staff`)."""
    working = Count("employees", filter=Q(employees__left_date__isnull=True))
    found = Department.objects.select_related("head", "area", "parent").annotate(staff=working).order_by("name", "pk")
    return in_tree_order(found)


def possible_heads(department: Department) -> "QuerySet[Employee]":
    """Return who may head a department: who works in it or above it, and who heads it now."""
    above, one = [department.pk], department.parent
    while one is not None and one.pk not in above:
        above.append(one.pk)
        one = one.parent
    here = Employee.objects.working().filter(department__in=above)
    found: QuerySet[Employee] = here | Employee.objects.filter(pk=department.head_id or 0)
    return found.order_by("name_key", "pk")


def skills() -> "QuerySet[Skill]":
    """Return what an employee may be good at, by name."""
    return Skill.objects.order_by("name", "pk")


def staff_named(viewer: Viewer, text: str) -> "QuerySet[Employee]":
    """Return the employees, those who left too, whose name or number holds every word of a text, by name."""
    found: QuerySet[Employee] = Employee.objects.visible_to(viewer).select_related("department", "user")
    for word in name_key(text).split():
        found = found.filter(Q(name_key__contains=word) | Q(number__icontains=word) | Q(user__username=word))
    return found.order_by("name_key", "pk")


def changes_of_employee(employee: Employee) -> "QuerySet[Event]":
    """Return what happened to an employee, the latest first; where he is at the moment does not count."""
    return changes_of((Employee, [employee.pk])).exclude(kind=WorkforceEvent.PRESENCE_CHANGED)


def changes_of_department(department: Department) -> "QuerySet[Event]":
    """Return what happened to a department, the latest first."""
    return changes_of((Department, [department.pk]))


def customers_managed(employees: Sequence[int], viewer: Viewer, day: date) -> dict[int, int]:
    """Return how many of the viewer's customers each of these employees manages on a day."""
    found = AccountAssignment.objects.visible_to(viewer).in_force(day).filter(employee__in=employees)
    return dict(found.order_by().values_list("employee").annotate(customers=Count("party")))


def employee_with(employee_id: int) -> Employee | None:
    """Return an employee by his id, with his user."""
    return Employee.objects.filter(pk=employee_id).select_related("user").first()


def employees_present() -> QuerySet[Employee]:
    """Return who is said to be at his desk and could be: those who can log in."""
    present = (Presence.State.AVAILABLE, Presence.State.BUSY)
    return Employee.objects.filter(presence__state__in=present, user__isnull=False).select_related("user")
