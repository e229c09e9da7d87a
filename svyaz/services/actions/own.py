"""Values of own fields of what customers have."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from svyaz.fields.actions import put_own_values
from svyaz.fields.models import OwnField
from svyaz.parties.queries import links_to_parties
from svyaz.services.events import ServiceEvent
from svyaz.services.models import Product
from svyaz.users.models import User


def set_product_values(*, product: Product, values: Mapping[str, Any], by: User | None, at: datetime) -> Product:
    """Change some of a product's own values, as `parties.actions.set_own_values` does a party's."""
    return put_own_values(
        row=product, noun=OwnField.Noun.PRODUCT, values=values, event=ServiceEvent.OWN_CHANGED,
        party_id=product.party_id, by=by, at=at, may_link=links_to_parties(by),
    )  # fmt: skip
