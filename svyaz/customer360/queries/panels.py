"""The panels of the 360° view, in the order of the customer's page."""

from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    BigIntegerField,
    DecimalField,
    F,
    Func,
    JSONField,
    Min,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from svyaz.access.queries import Rights
from svyaz.billing.models import BillingAccount, PaymentPromise, SupplierInvoice
from svyaz.billing.permissions import BillingPermission
from svyaz.customer360.queries.compile import A_YEAR_AGO, NOW, PARTY, JsonObject, JsonRows, Panel
from svyaz.decisions.models import (
    Decision,
    DecisionKind,
    Ground,
    Promise,
    PromiseTransfer,
    RejectedOption,
    Sighting,
)
from svyaz.decisions.permissions import DecisionPermission
from svyaz.fields.models import OwnField
from svyaz.fields.queries import seen_fields
from svyaz.interactions.models import Interaction, InteractionProduct, Topic
from svyaz.interactions.permissions import InteractionPermission
from svyaz.markets.models import CompetitorOffer
from svyaz.markets.permissions import MarketPermission
from svyaz.parties.models import (
    AddressUse,
    Agreement,
    Consent,
    ContactMedium,
    CustomerFactor,
    Identification,
    Party,
    PartyRelationship,
    PartyRole,
    Preference,
    Score,
)
from svyaz.parties.permissions import PartyPermission
from svyaz.places.models import Area
from svyaz.services.models import NumberAssignment, Product, ProductOffering, Usage
from svyaz.services.permissions import ServicePermission
from svyaz.workforce.models import AccountAssignment, Department, Employee
from svyaz.workforce.permissions import WorkforcePermission


def _looked_up(model: type[Model], key: str, **fields: str) -> dict[str, Any]:
    """Read fields of the row that a key names, one by one for the few rows shown.

    A join would be planned without knowing the party: for one with twenty thousand services it reads and sorts them
    all before it takes twelve, and for all others it hashes whole tables of names for three rows.
    """
    row = model._default_manager.filter(pk=OuterRef(key))
    return {name: Subquery(row.values(field)) for name, field in fields.items()}


_DEPARTMENT = {"department_name": "name", "department_name_en": "name_en"}


def _own_fields(rights: Rights) -> JsonRows:
    """The installation's own fields that the viewer may see, each with the party's value: in the same statement."""
    seen = seen_fields(OwnField.Noun.PARTY, rights).order_by("position", "id")
    value = Func(OuterRef("own"), F("code"), template="(%(expressions)s)", arg_joiner=" -> ", output_field=JSONField())
    return JsonRows(seen, "id", "code", "name", "name_en", "kind", "options", "applies_to", value=value)


def _party(rights: Rights) -> dict[str, Any]:
    """The header: who it is. Personal fields only for who may see them."""
    roles = PartyRole.objects.visible_to(rights).filter(party=PARTY).order_by("valid_to", "kind", "id")
    area = Area.objects.filter(pk=OuterRef("home_area"))
    fields: dict[str, Any] = {
        "roles": JsonRows(roles, "id", "kind", "number", "status", "tier", "valid_from", "valid_to", "end_reason"),
        "area": Subquery(area.values_list(JsonObject("id", "name", "name_en", "time_zone"), flat=True)),
    }
    fields["own"] = _own_fields(rights)
    if rights.may(PartyPermission.READ_PERSONAL):
        fields["birthday"] = F("birth_date")
    if rights.may(WorkforcePermission.READ):
        manager = AccountAssignment.objects.visible_to(rights).filter(party=PARTY, valid_to__isnull=True)
        fields["manager"] = Subquery(
            manager.values_list(JsonObject(id=F("employee"), name=F("employee__name")), flat=True)[:1]
        )
    if rights.may(ServicePermission.READ):
        active = Product.objects.visible_to(rights).current().filter(status=Product.Status.ACTIVE)
        # One sum whatever the parties: grouped by party, those that are one would give a row each.
        monthly = Func(F("price"), function="sum", output_field=DecimalField())
        fields["monthly"] = Subquery(active.order_by().annotate(sum=monthly).values("sum"))
    return fields


def decision_fields(rights: Rights) -> dict[str, Any]:
    """What a decision shows wherever it stands: maker, kind, grounds with their value then, rejected options."""
    this = {"decision": OuterRef("pk")}
    grounds = Ground.objects.visible_to(rights).filter(**this).order_by("id")
    return {
        **_looked_up(DecisionKind, "kind_id", kind_name="name", kind_name_en="name_en"),
        **_looked_up(Employee, "maker_id", maker_name="name"),
        **_looked_up(Department, "department_id", **_DEPARTMENT),
        "grounds": JsonRows(grounds, "fact", "value", "label", "reference_type", "reference_id"),
        "rejected": JsonRows(RejectedOption.objects.filter(**this).order_by("id"), "option", "reason"),
        "promises": JsonRows(
            Promise.objects.visible_to(rights).filter(**this).order_by("due_at"), "id", "what", "due_at"
        ),
        "seen": JsonRows(
            Sighting.objects.filter(**this).order_by("-id")[:3], "outcome", "reason", "at", by_name=F("by__name")
        ),
    }


DECISION_FIELDS = (
    "id", "text", "question", "subject_type", "subject_id", "measure", "unit", "amount", "state", "made_at",
    "valid_from", "valid_until", "review_on", "supersedes_id", "interaction_id", "kind_id", "maker_id",
)  # fmt: skip


def _promise_fields(rights: Rights) -> dict[str, Any]:
    last = PromiseTransfer.objects.filter(promise=OuterRef("pk")).order_by("-id")
    return {
        "owner_name": Coalesce(
            Subquery(last.values("to__name")[:1]), *_looked_up(Employee, "employee_id", name="name").values()
        ),
        "owner_id": Coalesce(Subquery(last.values("to_id")[:1]), F("employee_id"), output_field=BigIntegerField()),
    }


def _products(rights: Rights) -> dict[str, Any]:
    numbers = NumberAssignment.objects.filter(product=OuterRef("pk"), valid_to__isnull=True)
    usage = Usage.objects.visible_to(rights).filter(product=OuterRef("pk"), month__gt=A_YEAR_AGO)
    # A column an array: twelve months as objects of their own would cost as much as half the view.
    columns = {name: ArrayAgg(name, order_by="month") for name in ("megabytes", "minutes", "amount", "faults")}
    return {
        **_looked_up(ProductOffering, "offering_id", offering_name="name", offering_name_en="name_en", kind="kind"),
        "numbers": JsonRows(numbers.order_by("number")[:5], "number"),
        "usage": Subquery(
            usage.order_by().values("product").annotate(json=JsonObject(since=Min("month"), **columns)).values("json")
        ),
    }


def _interactions(rights: Rights) -> dict[str, Any]:
    products = InteractionProduct.objects.filter(interaction=OuterRef("pk"))
    sightings = Sighting.objects.filter(interaction=OuterRef("pk"))
    return {
        **_looked_up(Topic, "topic_id", topic_name="name", topic_name_en="name_en"),
        **_looked_up(Employee, "employee_id", employee_name="name"),
        **_looked_up(Department, "department_id", **_DEPARTMENT),
        "products": JsonRows(
            products, id=F("product"), name=F("product__offering__name"), name_en=F("product__offering__name_en")
        ),
        "sightings": JsonRows(sightings.order_by("id"), "outcome", "reason", decision=F("decision")),
    }


def _latest_scores(rights: Rights) -> "QuerySet[Score]":
    found: QuerySet[Score] = Score.objects.visible_to(rights).filter(party=PARTY)
    return found.order_by("kind", "-computed_date").distinct("kind")


def _of(model: Any, *order: str, **conditions: Any) -> Any:
    """Return the function that gives a party's rows of a model under a viewer's rights."""
    return lambda rights: model.objects.visible_to(rights).filter(**conditions).order_by(*order)


HEADER = Panel(
    "party", PartyPermission.READ, _of(Party, pk=PARTY),
    ("id", "kind", "name", "legal_form", "inn", "kpp", "ogrn", "language", "created_at"), _party, is_single=True,
)  # fmt: skip

IN_FRONT = (
    # What binds stands first, then what waits for approval, then the past: one look at the party's decisions gives all.
    Panel(
        "decisions", DecisionPermission.READ,
        lambda rights: Decision.objects.visible_to(rights).with_standing(NOW).order_by("standing", "-made_at"),
        (*DECISION_FIELDS, "standing"), decision_fields, cap=20, is_counted=True,
    ),
    Panel(
        "promises", DecisionPermission.READ,
        lambda rights: Promise.objects.visible_to(rights).open().order_by("due_at"),
        ("id", "what", "due_at", "made_at", "decision_id"), _promise_fields,
    ),
)  # fmt: skip

THREAD = (
    Panel(
        "interactions", InteractionPermission.READ, _of(Interaction, "-at", "-id"),
        ("id", "channel", "direction", "is_reached", "at", "ended_at", "subject", "text", "medium", "employee_id"),
        _interactions, cap=20, is_counted=True,
    ),
)  # fmt: skip

ASIDE = (
    Panel(
        "products", ServicePermission.READ,
        lambda rights: Product.objects.visible_to(rights).current().order_by("-valid_from"),
        ("id", "status", "price", "currency", "valid_from", "characteristics"), _products, cap=12, is_counted=True,
    ),
    Panel(
        "accounts", BillingPermission.READ, _of(BillingAccount, "id"),
        ("id", "number", "kind", "status", "balance", "balance_at", "credit_limit", "currency", "characteristics"),
    ),
    Panel(
        "payment_promises", BillingPermission.READ, _of(PaymentPromise, "-due_date"),
        ("id", "amount", "promised_at", "due_date", "result"),
    ),
    Panel(
        "supplier_invoices", BillingPermission.READ_SUPPLIERS,
        _of(SupplierInvoice, "-due_date", paid_date__isnull=True),
        ("id", "number", "subject", "issued_date", "due_date", "amount", "currency", "signed_date"),
    ),
    Panel(
        "competitor_offers", MarketPermission.READ, _of(CompetitorOffer, "-heard_date", "-id"),
        ("id", "service_kind", "title", "price", "currency", "months", "terms", "gift", "heard_date", "source",
         "reliability", "valid_until", "answer_id", "result"),
        lambda rights: {
            **_looked_up(Party, "competitor_id", competitor_name="name"),
            **_looked_up(Decision, "answer_id", answer_text="text"),
        },
    ),
    Panel(
        "media", PartyPermission.READ, _of(ContactMedium, "-is_preferred", "id", valid_to__isnull=True),
        ("id", "kind", "value", "is_preferred", "verified_at"),
    ),
    Panel(
        "addresses", PartyPermission.READ, _of(AddressUse, "id", valid_to__isnull=True), ("id", "role"),
        lambda rights: {
            "address": JsonObject(*(), **{
                name: F(f"address__{name}") for name in ("postal_code", "locality", "street", "house", "flat", "text")
            })
        },
    ),
    Panel(
        "relationships", PartyPermission.READ, _of(PartyRelationship, "id", valid_to__isnull=True),
        ("id", "kind", "title", "decision_power", "other_id"),
        lambda rights: _looked_up(Party, "other_id", other_name="name"),
    ),
    Panel(
        "preferences", PartyPermission.READ, _of(Preference, "kind", "id", ended_date__isnull=True),
        ("id", "kind", "value", "origin", "since"),
    ),
    Panel(
        "consents", PartyPermission.READ, _of(Consent, "purpose", "-given_at"),
        ("id", "purpose", "channel", "given_at", "withdrawn_at"),
    ),
    Panel(
        "factors", PartyPermission.READ, _of(CustomerFactor, "-weight", "-id"),
        ("id", "factor", "weight", "noted_date"),
    ),
    Panel("scores", PartyPermission.READ, _latest_scores, ("id", "kind", "value", "computed_date", "reasons")),
    Panel(
        "agreements", PartyPermission.READ, _of(Agreement, "-valid_from"),
        ("id", "number", "kind", "term", "valid_from", "valid_to"),
    ),
    Panel(
        "identifications", PartyPermission.READ_PERSONAL, _of(Identification, "id"),
        ("id", "kind", "number_tail", "expires_date"),
    ),
)  # fmt: skip

PANELS = (*IN_FRONT, *THREAD, *ASIDE)
