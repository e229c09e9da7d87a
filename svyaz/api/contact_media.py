"""TM Forum's contactMedium: phones, fax, e-mail, messengers that a party is reached by."""

from typing import Any

from django.db.models import Case, F, OuterRef, TextField, When

from svyaz.access.queries import Rights
from svyaz.api.docs import FLAG, PERIOD, TEXT, many, record
from svyaz.api.resources.values import constant, period
from svyaz.customer360.queries.compile import JsonObject, JsonRows
from svyaz.parties.models import ContactMedium

MOST_PARTS = 20
PHONES = (ContactMedium.Kind.MOBILE, ContactMedium.Kind.PHONE)
MEDIUM_TYPES = {"mobile": "phone", "phone": "phone", "fax": "fax", "email": "email", "messenger": "socialNetwork"}
CHARACTERISTICS = {
    "phoneNumber": PHONES,
    "faxNumber": (ContactMedium.Kind.FAX,),
    "emailAddress": (ContactMedium.Kind.EMAIL,),
    "socialNetworkId": (ContactMedium.Kind.MESSENGER,),
}


def contact_media(rights: Rights, party: str) -> Any:
    """Return the contact media in use of the party at a path, the preferred first."""
    kind = Case(
        *(When(kind=name, then=constant(said)) for name, said in MEDIUM_TYPES.items()), output_field=TextField()
    )
    parts = {
        name: Case(When(kind__in=kinds, then=F("value")), output_field=TextField())
        for name, kinds in CHARACTERISTICS.items()
    }
    rows = ContactMedium.objects.visible_to(rights).current().filter(party=OuterRef(party))
    return JsonRows(
        rows.order_by("-is_preferred", "id")[:MOST_PARTS],
        mediumType=kind,
        preferred=F("is_preferred"),
        characteristic=JsonObject(contactType=F("kind"), **parts),
        validFor=period("valid_from", "valid_to"),
    )


MEDIA = many(
    record(
        ("mediumType", "characteristic"), mediumType=TEXT, preferred=FLAG, validFor=PERIOD,
        characteristic=record(contactType=TEXT, **dict.fromkeys(CHARACTERISTICS, TEXT)),
    )
)  # fmt: skip
