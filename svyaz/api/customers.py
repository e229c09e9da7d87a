"""TMF629 Customer: the customer role of a party."""

from typing import Any

from django.db.models import F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from ninja import Router

from svyaz.access.permissions import needs
from svyaz.access.queries import Rights
from svyaz.api.contact_media import MEDIA, MOST_PARTS, PHONES, contact_media
from svyaz.api.docs import PERIOD, TEXT, list_of, many, one_of, record, reference
from svyaz.api.own_fields import own_filter, with_own
from svyaz.api.resources.answer import answer_list, answer_one
from svyaz.api.resources.attributes import (
    COMPARISONS,
    Attribute,
    Filter,
    Key,
    Resource,
    read_choice,
    read_email,
    read_id,
    read_moment,
    read_name,
    read_phone,
    read_text,
)
from svyaz.api.resources.statement import exists
from svyaz.api.resources.values import (
    CUSTOMER_PATH,
    as_text,
    constant,
    filled,
    identity,
    party_reference,
    period,
)
from svyaz.billing.models import BillingAccount
from svyaz.billing.permissions import BillingPermission
from svyaz.customer360.queries.compile import JsonObject, JsonRows
from svyaz.fields.models import OwnField
from svyaz.parties.models import ContactMedium, PartyRole
from svyaz.parties.permissions import PartyPermission


def _accounts(rights: Rights) -> Any:
    rows = BillingAccount.objects.visible_to(rights)
    rows = (rows if rights.merged else rows.filter(party=OuterRef("party"))).order_by("id")[:MOST_PARTS]
    referred = {"@type": constant("AccountRef"), "@referredType": constant("BillingAccount")}
    return JsonRows(rows, id=as_text("pk"), name=F("number"), description=F("kind"), **referred)


def _characteristics(rights: Rights) -> Any:
    tier = JsonObject(name=constant("tier"), value=F("tier"), valueType=constant("string"))
    return with_own(OwnField.Noun.PARTY, "party__own", tier, rights, has_others=~Q(tier=""))


def _name(rights: Rights) -> Any:
    """Return the party's name; a customer without one is known by his number."""
    return Coalesce(filled("party__name"), F("number"))


def _numbered(rights: Rights, condition: Q) -> Any:
    """Add to a condition on the number what the index by number wants: that there is one."""
    return condition & ~Q(number="")


def _medium_filter(path: str, kinds: tuple[str, ...], read: Any, reason: str) -> Filter:
    def through(rights: Rights, condition: Q) -> Any:
        media = ContactMedium.objects.visible_to(rights).current().filter(condition, kind__in=kinds)
        return exists(media, party="party")

    return Filter("value", "text", read, f"characteristic.{path}", through=through, identifies=reason)


def _customer_of(rights: Rights, pk: int) -> int:
    """Return the customer that answers for those who are one: the survivor's own, its latest; without one the asked."""
    own = PartyRole.objects.visible_to(rights).customers().filter(party=rights.party_id)
    latest = own.order_by(F("valid_to").desc(nulls_first=True), "-pk").values_list("pk", flat=True).first()
    return latest or pk


CUSTOMER = Resource(
    name="customer",
    path=CUSTOMER_PATH,
    permission=PartyPermission.READ,
    rows=lambda rights: PartyRole.objects.visible_to(rights).customers(),
    listed=lambda rows: rows.filter(party__merged_into__isnull=True),
    canonical="party__canonical_id",
    survivor_row=_customer_of,
    attributes=(
        *identity(CUSTOMER_PATH, "Customer"),
        Attribute(
            "number", TEXT, lambda rights: F("number"),
            filters=(Filter("number", "text", read_text, through=_numbered, identifies="number"),),
        ),
        Attribute(
            "name", TEXT, _name,
            filters=(Filter("party__name_key", "text", read_name, operators=COMPARISONS | {"regex"}),),
            sort=(Key("party__name_key", "text"), Key("party_id", "bigint")),
        ),
        Attribute(
            "status", TEXT, lambda rights: F("status"),
            filters=(Filter("status", "text", read_choice(*PartyRole.Status.values)),),
        ),
        Attribute("statusReason", TEXT, lambda rights: filled("end_reason"), is_optional=True),
        Attribute(
            "validFor", PERIOD, lambda rights: period("valid_from", "valid_to", are_dates=True),
            filters=(
                Filter("valid_from", "timestamptz", read_moment, "startDateTime", COMPARISONS),
                Filter("valid_to", "timestamptz", read_moment, "endDateTime", COMPARISONS),
            ),
        ),
        Attribute(
            "engagedParty", reference("@referredType"), lambda rights: party_reference("party"),
            filters=(Filter("party_id", "bigint", read_id, "id"),),
        ),
        Attribute(
            "contactMedium",
            MEDIA,
            lambda rights: contact_media(rights, "party"),
            filters=(
                _medium_filter("phoneNumber", PHONES, read_phone, "phone"),
                _medium_filter("emailAddress", (ContactMedium.Kind.EMAIL,), read_email, "email"),
            ),
        ),
        Attribute(
            "account", many(record(("id", "name"), id=TEXT, name=TEXT, description=TEXT,
                                   **{"@type": TEXT, "@referredType": TEXT})),
            _accounts, permission=BillingPermission.READ, is_listed=False,
        ),
        Attribute(
            "characteristic", many(record(("name", "value"), name=TEXT, value={}, valueType=TEXT)), _characteristics,
            is_optional=True, filters=(own_filter(OwnField.Noun.PARTY, "party__own"),),
        ),
    ),
)  # fmt: skip

router = Router(tags=["customer"])


@router.get("/customer", operation_id="listCustomer", summary="Customers", openapi_extra=list_of(CUSTOMER))
@needs(PartyPermission.READ)
def list_customer(request: HttpRequest) -> HttpResponse:
    """List the customers of the caller's areas; an exact number, phone or e-mail finds one in any area."""
    return answer_list(request, CUSTOMER)


@router.get("/customer/{id}", operation_id="retrieveCustomer", summary="One customer", openapi_extra=one_of(CUSTOMER))
@needs(PartyPermission.READ)
def retrieve_customer(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 — the parameter's public name
    """Answer one customer by id."""
    return answer_one(request, CUSTOMER, id, is_opening=True)
