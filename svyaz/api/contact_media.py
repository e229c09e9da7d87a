"""TM Forum's contactMedium: phones, fax, e-mail, messengers that a party is reached by."""

from collections.abc import Callable
from typing import Any

from django.db.models import Case, DateTimeField, F, JSONField, OuterRef, TextField, When
from django.db.models.functions import Cast

from svyaz.access.queries import Rights
from svyaz.api.docs import FLAG, PERIOD, TEXT, many, record
from svyaz.api.resources.values import constant
from svyaz.customer360.queries.compile import JsonObject, JsonRows
from svyaz.parties.models import ContactMedium

MOST_PARTS = 20
PHONES = (ContactMedium.Kind.MOBILE, ContactMedium.Kind.PHONE)
# Each kind of ours with TM Forum's type of medium and the characteristic that holds the value.
KINDS = {
    ContactMedium.Kind.MOBILE: ("phone", "phoneNumber"),
    ContactMedium.Kind.PHONE: ("phone", "phoneNumber"),
    ContactMedium.Kind.FAX: ("fax", "faxNumber"),
    ContactMedium.Kind.EMAIL: ("email", "emailAddress"),
    ContactMedium.Kind.MESSENGER: ("socialNetwork", "socialNetworkId"),
}


def contact_media(rights: Rights, party: str) -> Any:
    """Return the contact media in use of the party at a path, the preferred first."""
    rows = ContactMedium.objects.visible_to(rights).current().filter(party=OuterRef(party))
    return JsonRows(
        rows.order_by("-is_preferred", "id")[:MOST_PARTS],
        mediumType=_by_kind(lambda kind: constant(KINDS[kind][0]), TextField()),
        preferred=F("is_preferred"),
        characteristic=_by_kind(
            lambda kind: JsonObject(contactType=F("kind"), **{KINDS[kind][1]: F("value")}), JSONField()
        ),
        validFor=JsonObject(startDateTime=Cast("valid_from", DateTimeField())),
    )


def _by_kind(value: Callable[[ContactMedium.Kind], Any], output_field: Any) -> Any:
    return Case(*(When(kind=kind, then=value(kind)) for kind in KINDS), output_field=output_field)


MEDIA = many(
    record(
        ("mediumType", "characteristic"), mediumType=TEXT, preferred=FLAG, validFor=PERIOD,
        characteristic=record(contactType=TEXT, **{name: TEXT for _, name in KINDS.values()}),
    )
)  # fmt: skip
