"""The catalogue: what can be bought, where, at which price."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from svyaz.history.actions import record
from svyaz.lib.changes import difference
from svyaz.parties.actions.checks import InvalidField, fits, one_of, required
from svyaz.places.models import Area
from svyaz.services.events import ServiceEvent
from svyaz.services.models import OfferingPrice, ProductOffering
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
    offering = ProductOffering.objects.select_for_update().filter(
        code=required("code", code)
    ).first() or ProductOffering(code=code.strip())
    before = _values(offering) if offering.pk else {}
    offering.kind, offering.status, offering.currency = kind, status, currency
    offering.name, offering.name_en, offering.description = required("name", name), name_en.strip(), description.strip()
    fits(offering, "code", "name", "name_en", "currency", "description")
    offering.save()
    parts = list(parts)
    _refuse_ring(offering, parts)
    offering.areas.set(areas)
    offering.parts.set(parts)
    former, new = difference(before, _values(offering))
    if new:
        record(
            ServiceEvent.OFFERING_SAVED, subject=offering, by=by, at=at,
            code=offering.code, name=offering.name, former=former, new=new,
        )  # fmt: skip
    if price != offering.price:
        set_price(offering=offering, price=price, valid_from=at.date() if before else None, by=by, at=at)
        offering.price = price
    return offering


def _values(offering: ProductOffering) -> dict[str, Any]:
    fields = ("kind", "name", "name_en", "description", "currency", "status")
    return {
        **{field: getattr(offering, field) for field in fields},
        "areas": sorted(offering.areas.values_list("name", flat=True)),
        "parts": sorted(offering.parts.values_list("name", flat=True)),
    }


@transaction.atomic
def set_price(
    *, offering: ProductOffering, price: Decimal | None, valid_from: date | None, by: User | None, at: datetime
) -> OfferingPrice:
    """Say what an offering costs from a day on (None: ever since); customers keep the price they have.

    A day to come is taken up by `begin_prices` when it is there; what was planned for later days falls away. The price
    of a day that is over is never rewritten: InvalidField.
    """
    if price is not None and not 0 <= price < Decimal(10) ** 12:
        raise InvalidField("price", str(price), "out_of_range")
    offering = ProductOffering.objects.select_for_update().get(pk=offering.pk)
    if valid_from is not None and valid_from < at.date():
        raise InvalidField("valid_from", valid_from.isoformat(), "out_of_range")
    former = offering.price
    row = _put_price(offering, price, valid_from)
    if valid_from is None or valid_from <= at.date():
        offering.price = price
        offering.save(update_fields=["price"])
    record(
        ServiceEvent.PRICE_SET, subject=offering, by=by, at=at, code=offering.code, name=offering.name,
        former={"price": _text(former)}, new={"price": _text(price)},
        valid_from=valid_from.isoformat() if valid_from else None,
    )  # fmt: skip
    return row


def _put_price(offering: ProductOffering, price: Decimal | None, valid_from: date | None) -> OfferingPrice:
    """Write a price into the offering's line of prices: it ends the one before and takes the place of later ones."""
    prices = OfferingPrice.objects.filter(offering=offering)
    if valid_from is None:
        prices.delete()
    else:
        if not prices.exists():
            OfferingPrice.objects.create(offering=offering, price=offering.price, currency=offering.currency)
        prices.filter(valid_from__gte=valid_from).delete()
        prices.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)).update(valid_to=valid_from)
    return OfferingPrice.objects.create(
        offering=offering, price=price, currency=offering.currency, valid_from=valid_from
    )


def begin_prices(*, at: datetime) -> int:
    """Take up the prices whose day has come; return how many."""
    begun = 0
    due = OfferingPrice.objects.filter(_holds(at.date())).select_related("offering")
    for row in due:
        if row.offering.price == row.price:
            continue
        with transaction.atomic():
            offering = ProductOffering.objects.select_for_update().get(pk=row.offering_id)
            former, offering.price = offering.price, row.price
            offering.save(update_fields=["price"])
            record(
                ServiceEvent.PRICE_BEGAN, subject=offering, by=None, at=at, code=offering.code, name=offering.name,
                former={"price": _text(former)}, new={"price": _text(row.price)},
            )  # fmt: skip
            begun += 1
    return begun


def _holds(day: date) -> Q:
    """Say that a price holds on a day; one without a beginning holds ever since."""
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def _text(price: Decimal | None) -> str | None:
    return None if price is None else f"{price:.2f}"


def _refuse_ring(bundle: ProductOffering, parts: list[ProductOffering]) -> None:
    within, level = set(), {part.pk for part in parts}
    while level:
        within |= level
        level = set(ProductOffering.parts.through.objects.filter(from_productoffering__in=level)
                    .values_list("to_productoffering_id", flat=True)) - within  # fmt: skip
    if bundle.pk in within:
        raise BundleHoldsItself(bundle)
