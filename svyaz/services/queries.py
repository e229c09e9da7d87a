"""Whose number it is, and who has what: the faces of the triangle that need no contacts."""

from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from svyaz.access.queries import Viewer
from svyaz.history.models import Event
from svyaz.history.queries import changes_of
from svyaz.lib.periods import holds_at
from svyaz.parties.models import Party
from svyaz.services.models import NumberAssignment, OfferingPrice, Product, ProductOffering, Usage


def holder_of_number(number: str, at: date) -> Product | None:
    """Return the product, with its party and user, that a number (E.164) stood on on a day.

    The number outlives its holder, so a call of the past is matched by its own day.
    """
    assignment = (
        NumberAssignment.objects.filter(holds_at(at), number=number)
        .select_related("product__party", "product__user", "product__offering")
        .order_by("-valid_from")
        .first()
    )
    return assignment.product if assignment else None


def products_of(party_id: int, viewer: Viewer) -> QuerySet[Product]:
    """Return what a party has and had: the present first, the newest first."""
    return (
        Product.objects.visible_to(viewer)
        .filter(party=party_id)
        .select_related("offering", "user", "address")
        .order_by(F("valid_to").desc(nulls_first=True), "-valid_from", "-pk")
    )


def customers_of_offering(offering: ProductOffering, viewer: Viewer) -> QuerySet[Party]:
    """Return the parties that have an offering now, in the order of their names."""
    having = Product.objects.visible_to(viewer).current().filter(offering=offering)
    return Party.objects.visible_to(viewer).filter(pk__in=having.values("party")).order_by("name_key", "pk")


def offerings_with_customers(viewer: Viewer) -> QuerySet[ProductOffering]:
    """Return the catalogue, each offering with how many of the viewer's customers have it now (`in_use`)."""
    seen = Product.objects.visible_to(viewer).current().values("pk")
    counted = Count("products", filter=Q(products__in=seen))
    return ProductOffering.objects.visible_to(viewer).annotate(in_use=counted).order_by("-in_use", "name")


def usage_of_offering(offering: ProductOffering, viewer: Viewer, *, since: date) -> QuerySet[Usage, Any]:
    """Return an offering's use month by month: minutes, megabytes, messages, amount, faults."""
    months = Usage.objects.visible_to(viewer).filter(product__offering=offering, month__gte=since)
    return (
        months.values("month")
        .annotate(
            minutes=Sum("minutes"), megabytes=Sum("megabytes"), messages=Sum("messages"), amount=Sum("amount"),
            faults=Sum("faults"),
        )
        .order_by("month")
    )  # fmt: skip


def prices_of(offering: ProductOffering) -> "QuerySet[OfferingPrice]":
    """Return what an offering cost, costs and will cost, the latest first."""
    return OfferingPrice.objects.filter(offering=offering).order_by(F("valid_from").desc(nulls_last=True), "-pk")


def changes_of_offering(offering: ProductOffering) -> "QuerySet[Event]":
    """Return what happened to an offering, the latest first."""
    return changes_of((ProductOffering, [offering.pk]))


def offering_to_manage(offering_id: int) -> ProductOffering | None:
    """Return an offering with where it is sold and what it holds, for who keeps the catalogue."""
    found = ProductOffering.objects.prefetch_related("areas", "parts")
    return found.filter(pk=offering_id).first()
