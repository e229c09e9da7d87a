"""The catalogue: what can be bought, where, at which price."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from svyaz.history.actions import record
from svyaz.parties.actions.checks import InvalidField, fits, one_of, required
from svyaz.places.models import Area
from svyaz.services.events import ServiceEvent
from svyaz.services.models import ProductOffering
from svyaz.users.models import User


class BundleHoldsItself(Exception):
    """A bundle cannot be a part of itself, nor of one of its parts."""


@transaction.atomic
def save_offering(
    *, code: str, kind: str, name: str, by: User | None, at: datetime, name_en: str = "", description: str = "",
    price: Decimal | None = None, currency: str = "RUB", status: str = ProductOffering.Status.ACTIVE,
    areas: Iterable[Area] = (), parts: Iterable[ProductOffering] = (),
) -> ProductOffering:  # fmt: skip
    """Create an offering or replace what is said of it; no areas: it is sold everywhere. Customers keep their price.

    Raises InvalidField, BundleHoldsItself.
    """
    one_of("kind", kind, ProductOffering.Kind.values)
    one_of("status", status, ProductOffering.Status.values)
    if price is not None and price < 0:
        raise InvalidField("price", str(price), "out_of_range")
    offering = ProductOffering.objects.filter(code=required("code", code)).first() or ProductOffering(code=code.strip())
    offering.kind, offering.status, offering.price, offering.currency = kind, status, price, currency
    offering.name, offering.name_en, offering.description = required("name", name), name_en.strip(), description.strip()
    fits(offering, "code", "name", "name_en", "currency", "description")
    offering.save()
    parts = list(parts)
    _refuse_ring(offering, parts)
    offering.areas.set(areas)
    offering.parts.set(parts)
    record(
        ServiceEvent.OFFERING_SAVED, subject=offering, by=by, at=at,
        code=offering.code, name=offering.name, price=None if price is None else str(price), status=status,
    )  # fmt: skip
    return offering


def _refuse_ring(bundle: ProductOffering, parts: list[ProductOffering]) -> None:
    within, level = set(), {part.pk for part in parts}
    while level:
        within |= level
        level = set(ProductOffering.parts.through.objects.filter(from_productoffering__in=level)
                    .values_list("to_productoffering_id", flat=True)) - within  # fmt: skip
    if bundle.pk in within:
        raise BundleHoldsItself(bundle)
