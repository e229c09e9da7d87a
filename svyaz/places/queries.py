"""The tree of areas."""

from django.db.models import QuerySet

from svyaz.history.models import Event
from svyaz.history.queries import changes_of
from svyaz.lib.trees import in_tree_order
from svyaz.places.models import Area


def area_tree() -> list[tuple[int, Area]]:
    """Return all areas with how deep they lie, each below the one it lies in, neighbours by name: no secret."""
    return in_tree_order(Area.objects.select_related("parent").order_by("name", "pk"))


def changes_of_area(area: Area) -> "QuerySet[Event]":
    """Return what happened to an area, the latest first."""
    return changes_of((Area, [area.pk]))


def areas_on_sale() -> "QuerySet[Area]":
    """Return the territories in which something may be sold, each after the one it lies in: no secret to anyone."""
    return Area.objects.exclude(kind=Area.Kind.COUNTRY).order_by("path", "name")
