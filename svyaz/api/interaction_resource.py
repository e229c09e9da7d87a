"""TMF683 PartyInteraction: what a contact shows."""

from typing import Any

from django.db.models import Case, F, Func, JSONField, OuterRef, Q, TextField, When
from django.db.models.functions import Coalesce, Left

from svyaz.access.queries import Rights
from svyaz.api.docs import MOMENT, PERIOD, TEXT, many, record, reference
from svyaz.api.resources.attributes import (
    COMPARISONS,
    Attribute,
    Filter,
    Key,
    Resource,
    read_choice,
    read_moment,
    read_text,
)
from svyaz.api.resources.values import (
    JsonArray,
    TitleCase,
    address,
    as_text,
    constant,
    customer_reference,
    employee_reference,
    filled,
    identity,
    period,
)
from svyaz.customer360.queries.compile import JsonObject, JsonRows
from svyaz.interactions.models import Channel, Interaction
from svyaz.interactions.permissions import InteractionPermission

INTERACTION_PATH = "/tmf-api/partyInteractionManagement/v4/partyInteraction"
CHANNEL_PATH = "/tmf-api/svyaz/v1/channel"
PRODUCT_PATH = "/tmf-api/productInventoryManagement/v4/product"
MOST_PARTS = 50


class Present(Func):
    """Those of some JSON values that are there, as an array."""

    template = "ARRAY(SELECT each FROM unnest(ARRAY[%(expressions)s]) AS each WHERE each IS NOT NULL)"
    output_field = JSONField()


class Joint(Func):
    """One array after another."""

    function = "array_cat"
    output_field = JSONField()


def _related(rights: Rights) -> Any:
    """Return who took part: the customer, the employee, further participants."""
    shown_employee = Case(When(employee__isnull=False, then=employee_reference("employee")), output_field=JSONField())
    rows = Interaction.objects.visible_to(rights).filter(pk=OuterRef("pk"), participants__isnull=False)
    others = JsonRows(rows.order_by("participants__id")[:MOST_PARTS], **_participant())
    return Joint(Present(customer_reference(rights), shown_employee), others)


def _participant() -> dict[str, Any]:
    kind = F("participants__party__kind")
    return {
        "id": as_text("participants__party_id"),
        "href": address("/tmf-api/party/v4/individual", "participants__party_id"),
        "name": filled("participants__party__name"),
        "role": Coalesce(filled("participants__role"), constant("participant")),
        "@type": constant("RelatedParty"),
        "@referredType": TitleCase(kind),
    }


def _items(rights: Rights) -> Any:
    """Return the services that the contact was about."""
    rows = Interaction.objects.visible_to(rights).filter(pk=OuterRef("pk"), products__isnull=False)
    product = JsonObject(
        id=as_text("products__product_id"), href=address(PRODUCT_PATH, "products__product_id"),
        name=F("products__product__offering__name"), role=constant("subject"),
        **{"@referredType": constant("Product")},
    )  # fmt: skip
    return JsonRows(rows.order_by("products__id")[:MOST_PARTS], id=as_text("products__id"), item=product)


def _channel(rights: Rights) -> Any:
    href = address(CHANNEL_PATH, "channel")
    return JsonArray(JsonObject(id=F("channel"), href=href, name=F("channel"), **{"@type": constant("RelatedChannel")}))


def _reason(rights: Rights) -> Any:
    """Return why it happened: the subject, else how the text begins."""
    return Coalesce(filled("subject"), Left(F("text"), 120), output_field=TextField())


def _external(rights: Rights) -> Any:
    pair = JsonObject(id=F("external_id"), owner=F("source"))
    return Case(When(~Q(external_id=""), then=JsonArray(pair)))


def _reply(rights: Rights) -> Any:
    earlier = JsonObject(
        id=as_text("in_reply_to"), href=address(INTERACTION_PATH, "in_reply_to"), relationshipType=constant("inReplyTo")
    )
    return Case(When(in_reply_to__isnull=False, then=JsonArray(earlier)))


RELATED = many(reference("href", "@referredType"))
CHANNELS = many(record(("id", "href"), **dict.fromkeys(("id", "href", "name", "@type"), TEXT)))
ITEMS = many(record((), id=TEXT, item=reference("role")))
EXTERNAL = many(record(("id",), id=TEXT, owner=TEXT))
REPLIES = many(record(("id",), id=TEXT, href=TEXT, relationshipType=TEXT))

INTERACTION = Resource(
    name="partyInteraction",
    path=INTERACTION_PATH,
    permission=InteractionPermission.READ,
    rows=lambda rights: Interaction.objects.visible_to(rights),
    default_sort="-interactionDate",
    attributes=(
        *identity(INTERACTION_PATH, "PartyInteraction"),
        Attribute(
            "direction", TEXT, lambda rights: F("direction"), is_always_given=True,
            filters=(Filter("direction", "text", read_choice(*Interaction.Direction.values)),),
        ),
        Attribute(
            "channel", CHANNELS, _channel, is_always_given=True,
            filters=(Filter("channel", "text", read_choice(*Channel.values), "id"),),
        ),
        Attribute("reason", TEXT, _reason, is_always_given=True),
        Attribute("description", TEXT, lambda rights: filled("text"), is_optional=True),
        Attribute("status", TEXT, lambda rights: constant("completed")),
        Attribute("statusChangeDate", MOMENT, lambda rights: F("recorded_at")),
        Attribute(
            "creationDate", MOMENT, lambda rights: F("recorded_at"),
            filters=(Filter("recorded_at", "timestamptz", read_moment, operators=COMPARISONS),),
        ),
        Attribute(
            "interactionDate", PERIOD, lambda rights: period("at", "ended_at"),
            filters=(Filter("at", "timestamptz", read_moment, "startDateTime", COMPARISONS),),
            sort=(Key("at", "timestamptz"),),
        ),
        Attribute("relatedParty", RELATED, _related, is_sparse=True),
        Attribute("interactionItem", ITEMS, _items),
        Attribute("interactionRelationship", REPLIES, _reply, is_optional=True),
        Attribute(
            "externalIdentifier", EXTERNAL, _external, is_optional=True,
            filters=(
                Filter("external_id", "text", read_text, "id", through=lambda rights, q: q & ~Q(external_id="")),
                Filter("source", "text", read_text, "owner"),
            ),
        ),
    ),
)  # fmt: skip
