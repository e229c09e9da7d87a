"""The list of customers (and of suppliers, dealers …): who is on it, and what stands in its columns."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from svyaz.access.queries import Viewer, rights_of
from svyaz.billing.models import Bill
from svyaz.interactions.models import Interaction
from svyaz.parties.models import ContactMedium, Party, PartyRole
from svyaz.places.models import Area
from svyaz.services.models import Product
from svyaz.workforce.models import AccountAssignment, Employee

ANY_ROLE = "any"


def listed(
    viewer: Viewer, *, role: str = PartyRole.Kind.CUSTOMER, roles: Q | None = None, ended: bool = False
) -> "QuerySet[Party]":
    """Return the parties of the viewer's areas that have a role (`roles`: of which this is true as well).

    A customer stays on the list when he has left; other roles count while they last, unless `roles` says otherwise
    or those that have `ended` are wanted too.
    """
    found = PartyRole.objects.filter(roles or Q())
    if role != ANY_ROLE:
        found = found.filter(kind=role)
    if role != PartyRole.Kind.CUSTOMER and not roles and not ended:
        found = found.current()
    parties: QuerySet[Party] = Party.objects.visible_to(viewer).canonical()
    if role in {ANY_ROLE, PartyRole.Kind.CUSTOMER}:
        # A customer among those that are one is always their survivor, so that its own roles are enough.
        return parties.filter(Exists(found.filter(party=OuterRef("pk"))))
    # Of the other roles there are few: a survivor shows by those of the parties that were merged into it, too.
    holders = found.annotate(holder=Coalesce("party__canonical", "party")).values("holder")
    return parties.filter(pk__in=holders)


def listed_roles() -> Any:
    """Return the prefetch of a party's roles, those of today first, as `listed_roles`."""
    return Prefetch(
        "roles", PartyRole.objects.order_by(F("valid_to").desc(nulls_first=True), "kind", "pk"), to_attr="listed_roles"
    )


def listed_media() -> Any:
    """Return the prefetch of the ways in which a party is reached, the preferred one first, as `listed_media`."""
    media = ContactMedium.objects.current().exclude(kind=ContactMedium.Kind.FAX).order_by("-is_preferred", "pk")
    return Prefetch("media", media, to_attr="listed_media")


def managers_of(parties: Sequence[int], viewer: Viewer, day: date) -> dict[int, Employee]:
    """Return who manages each of these customers on a day."""
    found = AccountAssignment.objects.visible_to(viewer).in_force(day).filter(party__in=parties)
    return {row.party_id: row.employee for row in found.select_related("employee")}


def managed_by(employees: Sequence[int], day: date) -> Q:
    """Return the condition on a party that one of these employees manages it on a day."""
    assigned = AccountAssignment.objects.in_force(day).filter(employee__in=employees, party=OuterRef("pk"))
    return Q(Exists(assigned))


def managed_at_all(day: date) -> Q:
    """Return the condition on a party that somebody manages it on a day."""
    return Q(Exists(AccountAssignment.objects.in_force(day).filter(party=OuterRef("pk"))))


def having_offering(offerings: Sequence[int]) -> Q:
    """Return the condition on a party that it has one of these offerings now."""
    products = Product.objects.current().filter(offering__in=offerings, party=OuterRef("pk"))
    return Q(Exists(products))


def having_overdue(day: date) -> Q:
    """Return the condition on a party that a bill of it is past due and neither paid nor disputed."""
    return Q(Exists(_overdue(Bill.objects.filter(party=OuterRef("pk")), day)))


def _overdue(bills: Any, day: date) -> Any:
    return bills.unpaid().filter(due_date__lt=day, disputed_date__isnull=True)


def monthly_of(parties: Any, viewer: Viewer) -> dict[int, tuple[int, Decimal]]:
    """Return for each party how many services it has now and what they cost a month."""
    found = Product.objects.visible_to(viewer).current().filter(party__in=parties).order_by()
    rows = found.values_list("party").annotate(Count("pk"), Sum("price"))
    return {party: (count, price or Decimal(0)) for party, count, price in rows}


def monthly_total(parties: Any, viewer: Viewer) -> tuple[int, Decimal]:
    """Return the same for all of them together."""
    found = Product.objects.visible_to(viewer).current().filter(party__in=parties)
    row = found.aggregate(count=Count("pk"), price=Sum("price"))
    return row["count"], row["price"] or Decimal(0)


def overdue_of(parties: Any, viewer: Viewer, day: date) -> dict[int, Decimal]:
    """Return what each party has left unpaid past its term."""
    found = _overdue(Bill.objects.visible_to(viewer).filter(party__in=parties), day).order_by()
    return dict(found.values_list("party").annotate(left=Sum(F("amount") - F("paid_amount"))))


def overdue_total(parties: Any, viewer: Viewer, day: date) -> Decimal:
    """Return the same for all of them together."""
    found = _overdue(Bill.objects.visible_to(viewer).filter(party__in=parties), day)
    total: Decimal | None = found.aggregate(left=Sum(F("amount") - F("paid_amount")))["left"]
    return total or Decimal(0)


def last_contacts_of(parties: Sequence[int], viewer: Viewer) -> Mapping[int, datetime]:
    """Return when each party was last in contact."""
    latest = Interaction.objects.visible_to(viewer).filter(party=OuterRef("pk")).order_by("-at", "-pk").values("at")[:1]
    found = Party.objects.filter(pk__in=parties).annotate(last=Subquery(latest))
    return {pk: at for pk, at in found.values_list("pk", "last") if at is not None}


def areas_of_parties(viewer: Viewer, permission: str) -> "QuerySet[Area]":
    """Return the areas in which the viewer holds a permission, down to districts, each after the one it lies in."""
    rights = rights_of(viewer)
    areas = Area.objects.exclude(kind=Area.Kind.COUNTRY).order_by("path", "name")
    if not rights.may(permission):
        return areas.none()
    own = rights.areas[str(permission)]
    return areas if own is None else areas.filter(pk__in=own)


def areas_below(area_id: int) -> frozenset[int]:
    """Return an area with everything in it."""
    return Area.objects.below(area_id)
