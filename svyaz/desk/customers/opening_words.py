"""Why a card beyond one's area is open, in words: the identifier that was searched, the contact that was taken."""

from datetime import datetime

from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from svyaz.access.models import Opening
from svyaz.access.queries import Viewer, opening_in_force
from svyaz.desk.customers.values import Row
from svyaz.desk.templatetags.desk import moment
from svyaz.interactions.models import Channel

# What the record says of the identifier, as it stands in a sentence; and the contact by its channel.
SEARCHED = {
    "phone": gettext_lazy("Opened by the phone number you searched"),
    "email": gettext_lazy("Opened by the e-mail address you searched"),
    "customer": gettext_lazy("Opened by the customer number you searched"),
    "contract": gettext_lazy("Opened by the contract you searched"),
    "account": gettext_lazy("Opened by the account you searched"),
    "inn": gettext_lazy("Opened by the INN you searched"),
    "ogrn": gettext_lazy("Opened by the OGRN you searched"),
    "document": gettext_lazy("Opened by the document you searched"),
    "service_number": gettext_lazy("Opened by the number of a service you searched"),
}
TAKEN = {
    "phone": gettext_lazy("Opened by the call you took"),
    "email": gettext_lazy("Opened by the e-mail you took"),
    "web": gettext_lazy("Opened by the request from the web site you took"),
    "post": gettext_lazy("Opened by the letter you took"),
    "fax": gettext_lazy("Opened by the fax you took"),
    "meeting": gettext_lazy("Opened by the meeting you noted"),
    "note": gettext_lazy("Opened by the note you wrote"),
}
# The same for who reviews.
REASONS = {
    "phone": gettext_lazy("phone"), "email": gettext_lazy("e-mail"), "customer": gettext_lazy("customer number"),
    "contract": gettext_lazy("contract"), "account": gettext_lazy("account"), "inn": gettext_lazy("INN"),
    "ogrn": gettext_lazy("OGRN"), "document": gettext_lazy("document"),
    "service_number": gettext_lazy("number of a service"),
}  # fmt: skip
ALIKE = {"mobile": "phone", "fax": "phone", "number": "customer", "agreement": "contract"}


def opened_because(viewer: Viewer, party_id: int, at: datetime) -> Row | None:
    """Return why a card beyond the viewer's areas is open to him and until when; nothing where it is not."""
    opening = opening_in_force(viewer, party_id, at=at)
    if opening is None:
        return None
    return {"why": why_open(opening), "until_words": _until(opening.opens_until, at)}


def _until(until: datetime | None, at: datetime) -> str:
    """Say when it closes by the reader's clock: only the time, where it is today."""
    if until is None:
        return ""
    is_today = localtime(until).date() == localtime(at).date()
    return time_format(localtime(until), "H:i") if is_today else moment(until, "inline")


def why_open(opening: Opening) -> str:
    """Say to the one who opened a card what opened it."""
    kind = opening.reason.partition(" ")[0]
    if opening.basis == Opening.Basis.CONTACT:
        return str(TAKEN.get(kind, _("Opened by the contact you took")))
    return str(SEARCHED.get(ALIKE.get(kind, kind), _("Opened by the exact number you named")))


def reason_of(opening: Opening) -> str:
    """Say to a reviewer which identifier was named, or which contact taken."""
    kind = opening.reason.partition(" ")[0]
    if opening.basis == Opening.Basis.CONTACT:
        return str(Channel(kind).label) if kind in Channel.values else opening.reason
    return str(REASONS.get(ALIKE.get(kind, kind), opening.reason))
