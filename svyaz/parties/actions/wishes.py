"""What a party prefers, agrees to and cares about, and dated numbers about it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from svyaz.history.actions import record
from svyaz.parties.actions.checks import InvalidField, fits, one_of, required
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Consent, CustomerFactor, Party, Preference, Score
from svyaz.parties.queries import ids_of
from svyaz.users.models import User

# Of these a party has one at a time; interests and dislikes stand side by side.
ONE_AT_A_TIME = frozenset({Preference.Kind.CHANNEL, Preference.Kind.HOURS, Preference.Kind.LANGUAGE})


class PreferenceAlreadyEnded(Exception):
    """The preference was ended before."""


class PreferenceStillHeld(Exception):
    """The preference was not ended: there is nothing to restore."""


class PreferenceAlreadyKnown(Exception):
    """The party prefers something else in its place by now, or the same again."""


class ConsentAlreadyGiven(Exception):
    """The party has agreed to this purpose already."""


class ConsentAlreadyWithdrawn(Exception):
    """The consent was withdrawn before."""


@transaction.atomic
def save_preference(
    *, party: Party, kind: str, value: str, by: User | None, at: datetime, origin: str = Preference.Origin.STATED,
    source: str = "", replaces: Preference | None = None,
) -> Preference:  # fmt: skip
    """Note what a party prefers; a new channel, language or hours end the former ones, and so does `replaces`.

    What the party itself stated is not overwritten by an observation of the same. Raises PreferenceAlreadyEnded where
    what is to be replaced was ended meanwhile, InvalidField.
    """
    one_of("kind", kind, Preference.Kind.values)
    one_of("origin", origin, Preference.Origin.values)
    value = required("value", value)
    current = Preference.objects.filter(party__in=ids_of(party), kind=kind, ended_date__isnull=True)
    ended = _ended_by(current, kind, value, replaces, at)
    preference = current.filter(value=value).first() or Preference(
        party=party, kind=kind, value=value, origin=origin, since=at.date()
    )
    if origin == Preference.Origin.STATED or preference.pk is None:
        preference.origin, preference.source = origin, source.strip()
    fits(preference, "value", "source")
    was_known = preference.pk is not None
    preference.save()
    former = {"ended": ended} if ended else {}
    record(
        PartyEvent.PREFERENCE_SAVED, subject=preference, party_id=party.pk, by=by, at=at,
        preference=kind, value=value, origin=preference.origin, **former, **({"was_known": True} if was_known else {}),
    )  # fmt: skip
    return preference


def _ended_by(
    current: "QuerySet[Preference]", kind: str, value: str, replaces: Preference | None, at: datetime
) -> list[int]:
    """End what a new preference takes the place of; return the ids."""
    replaced = current.exclude(value=value)
    if replaces is not None and not current.select_for_update().filter(pk=replaces.pk).exists():
        raise PreferenceAlreadyEnded(replaces)
    if kind not in ONE_AT_A_TIME:
        replaced = replaced.filter(pk=replaces.pk) if replaces is not None else replaced.none()
    ended = list(replaced.values_list("pk", flat=True))
    replaced.update(ended_date=at.date())
    return ended


@transaction.atomic
def end_preference(*, preference: Preference, by: User | None, at: datetime) -> Preference:
    """Note that a party no longer prefers something. Raises PreferenceAlreadyEnded."""
    preference = Preference.objects.select_for_update().get(pk=preference.pk)
    if preference.ended_date is not None:
        raise PreferenceAlreadyEnded(preference)
    preference.ended_date = at.date()
    preference.save(update_fields=["ended_date"])
    record(
        PartyEvent.PREFERENCE_ENDED, subject=preference, party_id=preference.party_id, by=by, at=at,
        preference=preference.kind, value=preference.value,
    )  # fmt: skip
    return preference


@transaction.atomic
def restore_preference(*, preference: Preference, by: User | None, at: datetime) -> Preference:
    """Bring back a preference that was ended by mistake. Raises PreferenceStillHeld, PreferenceAlreadyKnown."""
    preference = Preference.objects.select_for_update().get(pk=preference.pk)
    if preference.ended_date is None:
        raise PreferenceStillHeld(preference)
    held = Preference.objects.filter(party=preference.party_id, kind=preference.kind, ended_date__isnull=True)
    if held.exists() and (preference.kind in ONE_AT_A_TIME or held.filter(value=preference.value).exists()):
        raise PreferenceAlreadyKnown(preference)
    preference.ended_date = None
    preference.save(update_fields=["ended_date"])
    record(
        PartyEvent.PREFERENCE_RESTORED, subject=preference, party_id=preference.party_id, by=by, at=at,
        preference=preference.kind, value=preference.value,
    )  # fmt: skip
    return preference


@transaction.atomic
def give_consent(
    *, party: Party, purpose: str, text_version: str, channel: str, by: User | None, at: datetime, evidence: str = ""
) -> Consent:
    """Record a consent to a purpose in the words of a text version. Raises ConsentAlreadyGiven, InvalidField."""
    one_of("purpose", purpose, Consent.Purpose.values)
    consent = Consent(
        party=party, purpose=purpose, text_version=required("text_version", text_version),
        channel=required("channel", channel), evidence=evidence.strip(), given_at=at,
    )  # fmt: skip
    fits(consent, "text_version", "channel", "evidence")
    if not party.is_alone and Consent.objects.in_force().filter(party__in=ids_of(party), purpose=purpose).exists():
        raise ConsentAlreadyGiven(party, purpose)
    if not party.is_alone:
        _end_outweighed(party, purpose, at)
    try:
        with transaction.atomic():
            consent.save()
    except IntegrityError as error:
        if "consent_once_per_purpose" in str(error):
            raise ConsentAlreadyGiven(party, purpose) from error
        raise
    record(
        PartyEvent.CONSENT_GIVEN, subject=consent, party_id=party.pk, by=by, at=at,
        purpose=purpose, text_version=consent.text_version, channel=consent.channel,
    )  # fmt: skip
    return consent


def _end_outweighed(party: Party, purpose: str, at: datetime) -> None:
    """End the consent that a party has itself but that another's withdrawal outweighs: the new one takes its place."""
    own = Consent.objects.filter(party=party, purpose=purpose, withdrawn_at__isnull=True)
    own.update(withdrawn_at=at, withdrawal_evidence="given anew")


@transaction.atomic
def withdraw_consent(*, consent: Consent, by: User | None, at: datetime, evidence: str = "") -> Consent:
    """Record that a consent was taken back; from now on it binds us. Raises ConsentAlreadyWithdrawn."""
    consent = Consent.objects.select_for_update().get(pk=consent.pk)
    if consent.withdrawn_at is not None:
        raise ConsentAlreadyWithdrawn(consent)
    consent.withdrawn_at, consent.withdrawal_evidence = at, evidence.strip()
    fits(consent, "withdrawal_evidence")
    consent.save(update_fields=["withdrawn_at", "withdrawal_evidence"])
    record(
        PartyEvent.CONSENT_WITHDRAWN, subject=consent, party_id=consent.party_id, by=by, at=at, purpose=consent.purpose
    )
    return consent


@transaction.atomic
def note_factor(
    *, party: Party, factor: str, weight: int, by: User | None, at: datetime, interaction_id: int | None = None
) -> CustomerFactor:
    """Note what a party cares about, weighing 1 to 5, and the contact in which it was heard. Raises InvalidField."""
    if not 1 <= weight <= 5:
        raise InvalidField("weight", str(weight), "out_of_range")
    noted = CustomerFactor(
        party=party, factor=required("factor", factor), weight=weight, interaction_id=interaction_id,
        noted_date=at.date(),
    )  # fmt: skip
    fits(noted, "factor")
    noted.save()
    record(PartyEvent.FACTOR_SAVED, subject=noted, party_id=party.pk, by=by, at=at, factor=noted.factor, weight=weight)
    return noted


@transaction.atomic
def record_score(
    *, party: Party, kind: str, value: Decimal, by: User | None, at: datetime, reasons: Sequence[Any] = ()
) -> Score:
    """Keep a day's number about a party with what it was computed from; computed again that day, it is replaced."""
    score, _ = Score.objects.update_or_create(
        party=party, kind=required("kind", kind), computed_date=at.date(),
        defaults={"value": value, "reasons": list(reasons)},
    )  # fmt: skip
    record(PartyEvent.SCORED, subject=score, party_id=party.pk, by=by, at=at, score=kind, value=str(value))
    return score
