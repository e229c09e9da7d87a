"""TM Forum's contactMedium: phones, fax, e-mail, messengers that a party is reached by."""

from typing import Any

from django.db.models import Case, F, Func, JSONField, OuterRef, TextField, When

from svyaz.access.queries import Rights
from svyaz.api.docs import FLAG, PERIOD, TEXT, many, record
from svyaz.api.resources.values import constant, midnight
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
    rows = ContactMedium.objects.visible_to(rights).current()
    # With those that are one in hand, what any of them has is the card's.
    rows = rows if rights.merged else rows.filter(party=OuterRef(party))
    return JsonRows(
        rows.order_by("-is_preferred", "id")[:MOST_PARTS],
        mediumType=_by_kind(0),
        preferred=F("is_preferred"),
        characteristic=_Pairs(constant("contactType"), F("kind"), _by_kind(1), F("value")),
        validFor=JsonObject(startDateTime=midnight("valid_from")),
    )


class _Pairs(Func):
    """json_build_object(key, value, …) with keys that are expressions."""

    function = "json_build_object"
    output_field = JSONField()


def _by_kind(place: int) -> Any:
    """Return TM Forum's word for the kind; the commonest stands last, where every other has been ruled out."""
    others = [kind for kind in KINDS if kind not in PHONES]
    return Case(
        *(When(kind=kind, then=constant(KINDS[kind][place])) for kind in others),
        default=constant(KINDS[PHONES[0]][place]),
        output_field=TextField(),
    )


MEDIA = many(
    record(
        ("mediumType", "characteristic"), mediumType=TEXT, preferred=FLAG, validFor=PERIOD,
        characteristic=record(contactType=TEXT, **{name: TEXT for _, name in KINDS.values()}),
    )
)  # fmt: skip
