"""Who competes with us."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet

from svyaz.history.models import Event
from svyaz.history.queries import changes_of
from svyaz.markets.models import CompetitorOffer
from svyaz.parties.models import Party, PartyRole


def competitors() -> "QuerySet[Party]":
    """Return the parties that compete with us now, by name: who they are is no secret to anyone who works here."""
    role = PartyRole.objects.filter(party=OuterRef("pk"), kind=PartyRole.Kind.COMPETITOR).current()
    found: QuerySet[Party] = Party.objects.canonical().filter(Exists(role)).order_by("name_key", "pk")
    return found


def competitors_ever() -> "QuerySet[Party]":
    """Return the parties that compete or competed with us, by name, each with whether it does now (`competes`)."""
    role = PartyRole.objects.filter(party=OuterRef("pk"), kind=PartyRole.Kind.COMPETITOR)
    found: QuerySet[Party] = Party.objects.canonical().filter(Exists(role)).order_by("name_key", "pk")
    return found.annotate(competes=Exists(role.current()))


def offers_counted(parties: Iterable[int], *, since: date) -> dict[int, int]:
    """Return how many offers each of these competitors made to our customers since a day: figures without names."""
    found = CompetitorOffer.objects.filter(competitor__in=list(parties), heard_date__gte=since).order_by()
    return dict(found.values_list("competitor").annotate(count=Count("pk")))


def changes_of_competitor(party: Party) -> "QuerySet[Event]":
    """Return what happened to a competitor's name and role, the latest first."""
    roles = PartyRole.objects.filter(party=party).values_list("pk", flat=True)
    return changes_of((Party, [party.pk]), (PartyRole, roles))
