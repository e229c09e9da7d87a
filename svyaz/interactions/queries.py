"""The faces of the triangle customer × employee × service, each in one query."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncDate

from svyaz.access.queries import Viewer
from svyaz.history.models import Event
from svyaz.history.queries import changes_of
from svyaz.interactions.models import Interaction, Topic
from svyaz.lib.trees import in_tree_order
from svyaz.parties.models import Party
from svyaz.services.models import ProductOffering
from svyaz.workforce.models import Employee

# Rows of values with counts: dictionaries, named after the fields they are grouped by.
Rows = QuerySet[Any, Any]


def who_served(party: Party, *, viewer: Viewer, since: datetime) -> Rows:
    """Return who served a customer and on which offering, with counts and the last time: employee × service."""
    found = Interaction.objects.visible_to(viewer).filter(party=party, at__gte=since, employee__isnull=False)
    return (
        found.values("employee_id", "employee__name", "offering_id", "offering__name")
        .annotate(contacts=Count("pk"), last_at=Max("at"))
        .order_by("-contacts", "employee__name")
    )


def services_of_employee(employee: Employee, *, viewer: Viewer, since: datetime) -> Rows:
    """Return on which offerings an employee serves, for how many customers, how often: customer × service."""
    found = Interaction.objects.visible_to(viewer).filter(employee=employee, at__gte=since)
    return (
        found.values("offering_id", "offering__name", "offering__name_en", "offering__kind")
        .annotate(contacts=Count("pk"), customers=Count("party", distinct=True), last_at=Max("at"))
        .order_by("-contacts")
    )


def customers_of_employee(employee: Employee, *, viewer: Viewer, since: datetime) -> Rows:
    """Return which customers an employee serves and how often."""
    found = Interaction.objects.visible_to(viewer).filter(employee=employee, at__gte=since, party__isnull=False)
    return (
        found.values("party_id", "party__name")
        .annotate(contacts=Count("pk"), last_at=Max("at"))
        .order_by("-contacts", "-last_at")
    )


def employees_of_service(offering: ProductOffering, *, viewer: Viewer, since: datetime) -> Rows:
    """Return who deals with an offering, for how many customers, how often: customer × employee."""
    found = Interaction.objects.visible_to(viewer).filter(offering=offering, at__gte=since, employee__isnull=False)
    return (
        found.values("employee_id", "employee__name", "department_id", "department__name", "department__name_en")
        .annotate(contacts=Count("pk"), customers=Count("party", distinct=True), last_at=Max("at"))
        .order_by("-contacts")
    )


def topics_of_service(offering: ProductOffering, *, viewer: Viewer, since: datetime) -> Rows:
    """Return why people turn to us about an offering, most frequent reason first."""
    found = Interaction.objects.visible_to(viewer).filter(offering=offering, at__gte=since, topic__isnull=False)
    return (
        found.values("topic_id", "topic__name", "topic__name_en").annotate(contacts=Count("pk")).order_by("-contacts")
    )


# Whoever was in contact with a customer longer ago is found by the words of the thread.
LATEST_CONTACTS = 3000


def employees_in_contact(viewer: Viewer) -> "QuerySet[Employee]":
    """Return who was in contact with the party in the viewer's hand in its latest contacts, by name."""
    latest = Interaction.objects.visible_to(viewer).filter(employee__isnull=False).order_by("-at")
    found: QuerySet[Employee] = Employee.objects.filter(pk__in=latest.values("employee")[:LATEST_CONTACTS])
    return found.order_by("name_key", "pk")


def topics_in_use() -> "QuerySet[Topic]":
    """Return the reasons that a contact may be given, each after the one it belongs to."""
    return Topic.objects.filter(is_active=True).select_related("parent").order_by("parent__name", "name")


def contacts_taken_by(employee: Employee, *, since: datetime) -> "QuerySet[Interaction]":
    """Return an employee's own contacts since a moment, latest first: his own work is his to see in any area."""
    found: QuerySet[Interaction] = Interaction.objects.filter(employee=employee, at__gte=since)
    return found.select_related("party", "topic", "offering").order_by("-at", "-pk")


def contacts_per_employee(employees: Iterable[int], *, since: datetime) -> dict[int, int]:
    """Return how many contacts each of these employees took since a moment: their head's view, without names."""
    found = Interaction.objects.filter(employee__in=list(employees), at__gte=since)
    return dict(found.order_by().values_list("employee").annotate(contacts=Count("pk")))


def contacts_waiting(viewer: Viewer, *, employees: Iterable[int], with_nobodys: bool, at: datetime) -> Any:
    """Return the contacts of these employees that wait for an answer, and those that nobody took, the oldest first."""
    whose = Q(employee__in=list(employees))
    if with_nobodys:
        whose |= Q(employee__isnull=True)
    found = Interaction.objects.visible_to(viewer).filter(whose).unanswered(at)
    return found.select_related("party", "topic", "offering", "employee").order_by("at", "pk")


def contacts_waiting_counted(viewer: Viewer, *, employees: Iterable[int], at: datetime) -> dict[int, int]:
    """Return how many contacts of each of these employees wait for an answer."""
    found = contacts_waiting(viewer, employees=employees, with_nobodys=False, at=at).select_related(None).order_by()
    return dict(found.values_list("employee").annotate(waiting=Count("pk")))


def contacts_by_day(employees: Iterable[int], *, since: datetime) -> dict[date, int]:
    """Return how many contacts these employees took on each day of the reader's clock, without names."""
    found = Interaction.objects.filter(employee__in=list(employees), at__gte=since).order_by()
    return dict(found.annotate(day=TruncDate("at")).values_list("day").annotate(contacts=Count("pk")))


def topic_tree() -> "list[tuple[int, Topic]]":
    """Return all topics with how deep they stand, each below the one it belongs to, neighbours by name."""
    return in_tree_order(Topic.objects.select_related("parent").order_by("name", "pk"))


def changes_of_topic(topic: Topic) -> "QuerySet[Event]":
    """Return what happened to a topic, the latest first."""
    return changes_of((Topic, [topic.pk]))
