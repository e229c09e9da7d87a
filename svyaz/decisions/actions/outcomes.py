"""How decisions ended, measured from facts."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from svyaz.decisions.events import DecisionEvent
from svyaz.decisions.models import Decision, Outcome, Sighting
from svyaz.history.actions import record
from svyaz.interactions.models import Interaction
from svyaz.parties.models import PartyRole
from svyaz.parties.queries import ids_of

ONE_DAY = timedelta(days=1)


@transaction.atomic
def measure_outcomes(*, at: datetime, limit: int = 1000) -> int:
    """Judge decisions whose term of judgement has passed: stayed or left, complained again, refused; return how many.

    Left: the customer role ended within the term. Complained again: another incoming contact on the topic of the
    decision's contact within the term. Refused: overridden at a later contact within the term, else accepted.
    """
    due = _due(at)[:limit]
    for decision in due:
        for kind, evidence in _outcomes(decision):
            outcome = Outcome.objects.create(
                decision=decision,
                kind=kind,
                within_days=decision.kind.outcome_after_days,
                evidence=evidence,
                measured_at=at,
            )
            record(
                DecisionEvent.OUTCOME_MEASURED, subject=decision, party_id=decision.party_id, by=None, at=at,
                outcome=outcome.kind,
            )  # fmt: skip
    return len(due)


def _due(at: datetime) -> "QuerySet[Decision]":
    term = ExpressionWrapper(F("kind__outcome_after_days") * ONE_DAY, output_field=DurationField())
    measured = Outcome.objects.filter(decision=OuterRef("pk"))
    found: QuerySet[Decision] = (
        Decision.objects.filter(party__isnull=False)
        .filter(~Exists(measured), valid_from__lte=at - term)
        .select_related("kind", "interaction", "party")
        .order_by("pk")
    )
    return found


def _outcomes(decision: Decision) -> list[tuple[str, dict[str, Any]]]:
    until = decision.valid_from + timedelta(days=decision.kind.outcome_after_days)
    ended = _role_left(decision, until.date())
    found = [(Outcome.Kind.LEFT, {"role": ended.pk}) if ended else (Outcome.Kind.STAYED, {})]
    overridden = decision.sightings.filter(outcome=Sighting.Outcome.OVERRIDDEN, at__lte=until).first()
    found.append((Outcome.Kind.REFUSED, {"sighting": overridden.pk}) if overridden else (Outcome.Kind.ACCEPTED, {}))
    if again := _next_complaint(decision, until):
        found.append((Outcome.Kind.COMPLAINED_AGAIN, {"interaction": again.pk}))
    return [(str(kind), evidence) for kind, evidence in found]


def _role_left(decision: Decision, until: date) -> PartyRole | None:
    """Return the customer role that ended within the term, if the customer did not come back or stay in another."""
    assert decision.party is not None
    roles = PartyRole.objects.customers().filter(party__in=ids_of(decision.party))
    ended: PartyRole | None = roles.filter(valid_to__gte=decision.valid_from.date(), valid_to__lte=until).first()
    if ended is None:
        return None
    came_back = Q(valid_from__gte=ended.valid_to, valid_from__lte=until)
    stays = Q(valid_from__lte=until) & (Q(valid_to__isnull=True) | Q(valid_to__gt=until))
    return None if roles.exclude(pk=ended.pk).filter(came_back | stays).exists() else ended


def _next_complaint(decision: Decision, until: datetime) -> Interaction | None:
    contact = decision.interaction
    if contact is None or contact.topic_id is None or decision.party is None:
        return None
    later = Interaction.objects.filter(party__in=ids_of(decision.party), at__gt=contact.at, at__lte=until)
    again: Interaction | None = later.filter(topic=contact.topic_id, direction=Interaction.Direction.INBOUND).first()
    return again
