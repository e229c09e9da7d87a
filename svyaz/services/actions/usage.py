"""Months of use."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from svyaz.history.actions import record
from svyaz.parties.actions.checks import InvalidField
from svyaz.services.events import ServiceEvent
from svyaz.services.models import Product, Usage
from svyaz.users.models import User


@transaction.atomic
def record_usage(
    *, product: Product, month: date, by: User | None, at: datetime, minutes: int = 0, megabytes: int = 0,
    messages: int = 0, amount: Decimal = Decimal(0), faults: int = 0,
) -> Usage:  # fmt: skip
    """Record a product's month; the same month again replaces what was recorded. Raises InvalidField."""
    figures = {"minutes": minutes, "megabytes": megabytes, "messages": messages, "faults": faults}
    for name, value in figures.items():
        if value < 0:
            raise InvalidField(name, str(value), "out_of_range")
    usage, _ = Usage.objects.update_or_create(
        product=product, month=month.replace(day=1), defaults={**figures, "amount": amount, "party": product.party}
    )
    record(
        ServiceEvent.USAGE_RECORDED, subject=usage, party_id=product.party_id, by=by, at=at,
        month=f"{usage.month:%Y-%m}", amount=str(amount), **figures,
    )  # fmt: skip
    return usage
