"""How much history comes together when parties are merged."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, Count, Value

from svyaz.access.queries import Rights
from svyaz.billing.models import Bill, BillingAccount
from svyaz.decisions.models import Decision, Promise
from svyaz.interactions.models import Interaction
from svyaz.markets.models import CompetitorOffer
from svyaz.parties.models import Agreement, Consent, ContactMedium, Identification, PartyRelationship
from svyaz.services.models import Product

COUNTED: dict[str, Any] = {
    "contacts": Interaction,
    "decisions": Decision,
    "promises": Promise,
    "products": Product,
    "agreements": Agreement,
    "accounts": BillingAccount,
    "bills": Bill,
    "offers": CompetitorOffer,
    "media": ContactMedium,
    "documents": Identification,
    "consents": Consent,
    "relationships": PartyRelationship,
}


def history_sizes(rights: Rights, parties: Sequence[int]) -> dict[str, dict[int, int]]:
    """Return how many rows of each kind each party has, as far as the rights reach, in one query.

    A kind of which nobody has any, or that the viewer may not see, is absent. `rights` have these parties in hand.
    """
    first, *others = (_counts(rights, name, model, parties) for name, model in COUNTED.items())
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for name, party_id, count in first.union(*others, all=True):
        found[name][party_id] = count
    return {name: found[name] for name in COUNTED if name in found}


def _counts(rights: Rights, name: str, model: Any, parties: Sequence[int]) -> Any:
    rows = model.objects.visible_to(rights).filter(party__in=parties).order_by()
    counted = rows.values("party_id").annotate(what=Value(name, output_field=CharField()), count=Count("pk"))
    return counted.values_list("what", "party_id", "count")
