"""Agreements: signing, passing to another subscriber, ending."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from svyaz.history.actions import record
from svyaz.parties.actions.checks import InvalidField, fits, one_of, required
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Agreement, AgreementParty, Party
from svyaz.parties.queries import ids_of
from svyaz.users.models import User


class AgreementNumberTaken(Exception):
    """Another agreement has this number."""


class AgreementAlreadyEnded(Exception):
    """The agreement ended before."""


class AlreadySubscriber(Exception):
    """The agreement is this party's already."""


@transaction.atomic
def sign_agreement(
    *, party: Party, number: str, by: User | None, at: datetime, kind: str = Agreement.Kind.SERVICE, term: str = "",
    parent: Agreement | None = None, signed_by: str = "", valid_from: date | None = None, valid_to: date | None = None,
) -> Agreement:  # fmt: skip
    """Sign an agreement with a party, on its own or under a framework. Raises AgreementNumberTaken, InvalidField."""
    one_of("kind", kind, Agreement.Kind.values)
    since = valid_from or at.date()
    if valid_to is not None and valid_to < since:
        raise InvalidField("valid_to", valid_to.isoformat(), "out_of_range")
    agreement = Agreement(
        party=party, number=required("number", number), kind=kind, term=term.strip(), parent=parent,
        signed_by=signed_by.strip(), valid_from=since, valid_to=valid_to,
    )  # fmt: skip
    fits(agreement, "number", "term", "signed_by")
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError as error:
        if "agreement_number_once" in str(error):
            raise AgreementNumberTaken(agreement.number) from error
        raise
    record(
        PartyEvent.AGREEMENT_SIGNED, subject=agreement, party_id=party.pk, by=by, at=at,
        number=agreement.number, kind=kind,
    )  # fmt: skip
    return agreement


def _locked(agreement: Agreement, day: date) -> Agreement:
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if agreement.valid_to is not None and agreement.valid_to <= day:
        raise AgreementAlreadyEnded(agreement)
    return agreement


@transaction.atomic
def transfer_agreement(
    *, agreement: Agreement, to: Party, by: User | None, at: datetime, on: date | None = None
) -> Agreement:
    """Pass an agreement to another subscriber from a day on; the former one stays on it with his period.

    Raises AgreementAlreadyEnded, AlreadySubscriber, InvalidField. What stands under it, services pass on.
    """
    day = on or at.date()
    agreement = _locked(agreement, day)
    if agreement.party_id in ids_of(to):
        raise AlreadySubscriber(agreement, to)
    subscribers = AgreementParty.objects.filter(agreement=agreement, role=AgreementParty.Role.SUBSCRIBER)
    last = subscribers.order_by("-valid_to").first()
    since = last.valid_to if last and last.valid_to else agreement.valid_from
    if day < since:
        raise InvalidField("on", day.isoformat(), "out_of_range")
    former = agreement.party
    AgreementParty.objects.create(
        agreement=agreement, party=former, role=AgreementParty.Role.SUBSCRIBER, valid_from=since, valid_to=day
    )
    agreement.party = to
    agreement.save(update_fields=["party"])
    record(
        PartyEvent.AGREEMENT_TRANSFERRED, subject=agreement, party_id=to.pk, by=by, at=at,
        number=agreement.number, former=former.pk, former_name=former.name, on=day.isoformat(),
    )  # fmt: skip
    return agreement


@transaction.atomic
def end_agreement(
    *, agreement: Agreement, by: User | None, at: datetime, valid_to: date | None = None, reason: str = ""
) -> Agreement:
    """End an agreement on a day. Raises AgreementAlreadyEnded."""
    day = valid_to or at.date()
    agreement = _locked(agreement, day)
    agreement.valid_to = max(day, agreement.valid_from)
    agreement.save(update_fields=["valid_to"])
    record(
        PartyEvent.AGREEMENT_ENDED, subject=agreement, party_id=agreement.party_id, by=by, at=at,
        number=agreement.number, reason=reason,
    )  # fmt: skip
    return agreement
