"""Who competes with us."""

from django.db.models import Exists, OuterRef, QuerySet

from svyaz.parties.models import Party, PartyRole


def competitors() -> "QuerySet[Party]":
    """Return the parties that compete with us now, by name: who they are is no secret to anyone who works here."""
    role = PartyRole.objects.filter(party=OuterRef("pk"), kind=PartyRole.Kind.COMPETITOR).current()
    found: QuerySet[Party] = Party.objects.canonical().filter(Exists(role)).order_by("name_key", "pk")
    return found
