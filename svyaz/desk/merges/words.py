"""What merging is called on the screen: kinds of history, refusals, what has come since."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from svyaz.parties.actions import (
    CompanyAboveItself,
    CustomerMustSurvive,
    DifferentINN,
    DifferentKinds,
    MergedAlready,
    MergedIntoItself,
    PartyAlreadyExists,
)

LANGUAGES = {"ru": gettext_lazy("Russian"), "en": gettext_lazy("English")}
HISTORY = {
    "contacts": gettext_lazy("contacts"),
    "decisions": gettext_lazy("decisions"),
    "promises": gettext_lazy("promises"),
    "products": gettext_lazy("services"),
    "agreements": gettext_lazy("contracts"),
    "accounts": gettext_lazy("accounts"),
    "bills": gettext_lazy("bills"),
    "offers": gettext_lazy("offers of competitors"),
    "media": gettext_lazy("phones and addresses"),
    "documents": gettext_lazy("documents"),
    "consents": gettext_lazy("consents"),
    "relationships": gettext_lazy("people around"),
}
# What events tell of, by the model of their subject.
SUBJECTS = {
    "interactions.interaction": HISTORY["contacts"],
    "decisions.decision": HISTORY["decisions"],
    "decisions.promise": HISTORY["promises"],
    "services.product": HISTORY["products"],
    "parties.agreement": HISTORY["agreements"],
    "billing.billingaccount": HISTORY["accounts"],
    "billing.bill": HISTORY["bills"],
    "billing.payment": gettext_lazy("payments"),
    "markets.competitoroffer": HISTORY["offers"],
    "parties.contactmedium": HISTORY["media"],
    "parties.addressuse": HISTORY["media"],
    "parties.identification": HISTORY["documents"],
    "parties.consent": HISTORY["consents"],
    "parties.partyrelationship": HISTORY["relationships"],
    "parties.partyrole": gettext_lazy("roles"),
    "parties.preference": gettext_lazy("preferences"),
    "parties.party": gettext_lazy("the card itself"),
}
REFUSALS = (
    MergedAlready, MergedIntoItself, DifferentKinds, DifferentINN, CustomerMustSurvive, CompanyAboveItself,
    PartyAlreadyExists,
)  # fmt: skip


def why_not(fact: Exception) -> str:
    """Say why parties were not merged, and what to do."""
    if isinstance(fact, MergedAlready):
        return _("One of these cards has been merged meanwhile: look at what is there now.")
    if isinstance(fact, DifferentKinds):
        return _("A person and a company are never one. Relate them instead.")
    if isinstance(fact, DifferentINN):
        return _("Their INNs differ, so they are two taxpayers. If one was typed wrongly, correct it first.")
    if isinstance(fact, CustomerMustSurvive):
        return _("One of them is a customer: let that card stay, so that it is found among customers.")
    if isinstance(fact, CompanyAboveItself):
        return _("One of these companies is the parent of the other. End that relationship first.")
    if isinstance(fact, PartyAlreadyExists):
        return _("Another company has this INN and KPP.")
    return _("A card cannot be merged with itself.")


def subject_words(kind: str) -> Any:
    """Return what an event's subject is called."""
    return SUBJECTS.get(kind, gettext_lazy("other records"))
