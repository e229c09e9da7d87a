"""What a customer has: connecting, changing, passing on, disconnecting."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from svyaz.history.actions import record
from svyaz.parties.actions import transfer_agreement
from svyaz.parties.actions.checks import InvalidField, one_of
from svyaz.parties.models import Agreement, Party
from svyaz.places.models import Address
from svyaz.services.actions.numbers import end_media_of_number, hand_over_numbers, release_numbers
from svyaz.services.events import ServiceEvent
from svyaz.services.models import FormerTerms, Product, ProductOffering
from svyaz.users.models import User

LIVE = [value for value in Product.Status.values if value != Product.Status.TERMINATED]


class OfferingNotOnSale(Exception):
    """The offering is in preparation or no longer sold."""


class OfferingNotAvailableHere(Exception):
    """The offering is not sold in the customer's area."""


class ProductAlreadyDisconnected(Exception):
    """The product ended before."""


@transaction.atomic
def connect_product(
    *, party: Party, offering: ProductOffering, by: User | None, at: datetime, agreement: Agreement | None = None,
    user: Party | None = None, address: Address | None = None, price: Decimal | None = None,
    characteristics: dict[str, Any] | None = None, status: str = Product.Status.ACTIVE, valid_from: date | None = None,
) -> Product:  # fmt: skip
    """Give a party an offering, at the catalogue's price unless another was agreed.

    Raises OfferingNotOnSale, OfferingNotAvailableHere, InvalidField.
    """
    one_of("status", status, LIVE)
    _refuse_what_is_not_sold(offering, party)
    price = offering.price if price is None else price
    if price is not None and price < 0:
        raise InvalidField("price", str(price), "out_of_range")
    product = Product.objects.create(
        party=party, offering=offering, agreement=agreement, user=user, address=address, status=status, price=price,
        currency=offering.currency, characteristics=characteristics or {}, valid_from=valid_from or at.date(),
    )  # fmt: skip
    record(
        ServiceEvent.PRODUCT_CONNECTED, subject=product, party_id=party.pk, by=by, at=at,
        offering=offering.code, name=offering.name, price=_text(price),
    )  # fmt: skip
    return product


def _refuse_what_is_not_sold(offering: ProductOffering, party: Party) -> None:
    if offering.status != ProductOffering.Status.ACTIVE:
        raise OfferingNotOnSale(offering)
    sold_in = set(offering.areas.values_list("pk", flat=True))
    area = party.home_area
    if sold_in and area is not None and not sold_in & set(area.path):
        raise OfferingNotAvailableHere(offering, area)


def _text(price: Decimal | None) -> str | None:
    return None if price is None else f"{price:.2f}"


def _locked(product: Product) -> Product:
    product = Product.objects.select_for_update(of=("self",)).select_related("offering", "party").get(pk=product.pk)
    if product.status == Product.Status.TERMINATED:
        raise ProductAlreadyDisconnected(product)
    return product


@transaction.atomic
def change_product(
    *, product: Product, by: User | None, at: datetime, offering: ProductOffering | None = None,
    price: Decimal | None = None, status: str = "", characteristics: dict[str, Any] | None = None,
    user: Party | None = None, address: Address | None = None, on: date | None = None,
) -> Product:  # fmt: skip
    """Change what is given: another tariff (at its price unless one is given), price, state, user, address.

    Former tariff and price keep their period. Nothing changes: no event. Raises ProductAlreadyDisconnected,
    OfferingNotOnSale, OfferingNotAvailableHere, InvalidField.
    """
    product = _locked(product)
    before, terms = _values(product), (product.offering, product.price, product.currency)
    if offering is not None and offering.pk != product.offering_id:
        _refuse_what_is_not_sold(offering, product.party)
        product.offering, product.price, product.currency = offering, offering.price, offering.currency
    product.price = product.price if price is None else price
    if product.price is not None and product.price < 0:
        raise InvalidField("price", str(product.price), "out_of_range")
    product.status = one_of("status", status, LIVE) if status else product.status
    product.characteristics = {**product.characteristics, **(characteristics or {})}
    product.user, product.address = user or product.user, address or product.address
    return _save_changes(product, before, terms, on or at.date(), by=by, at=at)


def _values(product: Product) -> dict[str, Any]:
    return {
        "offering": product.offering.code, "price": _text(product.price), "status": product.status,
        "characteristics": product.characteristics, "user": product.user_id, "address": product.address_id,
    }  # fmt: skip


def _save_changes(
    product: Product, before: dict[str, Any], terms: tuple[ProductOffering, Decimal | None, str], day: date,
    *, by: User | None, at: datetime,
) -> Product:  # fmt: skip
    after = _values(product)
    changed = [field for field in after if after[field] != before[field]]
    if not changed:
        return product
    if {"offering", "price"} & set(changed):
        offering, price, currency = terms
        last = FormerTerms.objects.filter(product=product).order_by("-valid_to", "-pk").first()
        since = last.valid_to if last else product.valid_from
        FormerTerms.objects.create(
            product=product, offering=offering, price=price, currency=currency, valid_from=since,
            valid_to=max(day, since or day),
        )  # fmt: skip
    product.save()
    record(
        ServiceEvent.PRODUCT_CHANGED, subject=product, party_id=product.party_id, by=by, at=at,
        former={field: before[field] for field in changed}, new={field: after[field] for field in changed},
    )  # fmt: skip
    return product


@transaction.atomic
def disconnect_product(
    *, product: Product, by: User | None, at: datetime, valid_to: date | None = None, reason: str = ""
) -> Product:
    """End a product: its numbers go back to the stock, and no longer reach the one who had them.

    Raises ProductAlreadyDisconnected.
    """
    product = _locked(product)
    day = valid_to or at.date()
    product.valid_to = max(day, product.valid_from or day)
    product.status = Product.Status.TERMINATED
    product.save(update_fields=["valid_to", "status"])
    released = release_numbers(product, product.valid_to)
    for number in released:
        end_media_of_number(product, number, product.valid_to)
    record(
        ServiceEvent.PRODUCT_DISCONNECTED, subject=product, party_id=product.party_id, by=by, at=at,
        offering=product.offering.code, name=product.offering.name, numbers=released, reason=reason,
    )  # fmt: skip
    return product


@transaction.atomic
def transfer_contract(
    *, agreement: Agreement, to: Party, by: User | None, at: datetime, on: date | None = None
) -> Agreement:
    """Pass an agreement and everything under it to another subscriber from a day on (переоформление).

    The former subscriber keeps his products as ended ones, with bills and use; the new one gets the same offerings
    at the same prices, with their numbers. Raises what `transfer_agreement` raises.
    """
    day = on or at.date()
    agreement = transfer_agreement(agreement=agreement, to=to, by=by, at=at, on=day)
    for former in Product.objects.current().select_for_update().filter(agreement=agreement).exclude(party=to):
        _transfer(former, to, day, by=by, at=at)
    return agreement


def _transfer(former: Product, to: Party, day: date, *, by: User | None, at: datetime) -> None:
    new = Product.objects.get(pk=former.pk)
    new.pk, new.party, new.user = None, to, None if former.user_id == to.pk else former.user
    new.valid_from = max(day, former.valid_from or day)
    new.save(force_insert=True)
    former.valid_to, former.status = new.valid_from, Product.Status.TERMINATED
    former.save(update_fields=["valid_to", "status"])
    numbers = hand_over_numbers(former, new, new.valid_from)
    for number in numbers:
        end_media_of_number(former, number, new.valid_from)
    record(
        ServiceEvent.PRODUCT_TRANSFERRED, subject=new, party_id=to.pk, by=by, at=at,
        former=former.pk, former_party=former.party_id, numbers=numbers,
    )  # fmt: skip
