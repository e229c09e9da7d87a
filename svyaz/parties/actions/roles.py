"""Giving a party its roles, with the customer's number and worth tier."""

from datetime import date, datetime

from django.db import IntegrityError, connection, transaction

from svyaz.history.actions import record
from svyaz.parties.actions.checks import as_expected, fits, one_of
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import FormerTier, Party, PartyRole
from svyaz.parties.queries import ids_of
from svyaz.users.models import User


class RoleAlreadyGiven(Exception):
    """The party has this role already."""


class RoleAlreadyEnded(Exception):
    """The role ended before."""


class RoleEndsBeforeItBegan(Exception):
    """A role cannot end before the day it was given."""


class NumberTaken(Exception):
    """Another party has this number in this role."""


class OnlyCustomersHaveTiers(Exception):
    """A worth tier belongs to the customer role."""


def next_customer_number() -> str:
    """Return a customer number that nobody has: the next of the sequence that an import has not taken."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('customer_number')")
            number = str(cursor.fetchone()[0])
        if not PartyRole.objects.customers().filter(number=number).exists():
            return number


@transaction.atomic
def give_role(
    *, party: Party, kind: str, by: User | None, at: datetime, number: str = "", status: str = PartyRole.Status.ACTIVE,
    tier: str = "", valid_from: date | None = None,
) -> PartyRole:  # fmt: skip
    """Make a party a customer, supplier, partner, dealer or competitor; a customer without a number gets the next.

    Raises RoleAlreadyGiven, NumberTaken, InvalidField.
    """
    one_of("kind", kind, PartyRole.Kind.values)
    one_of("tier", tier, ["", *PartyRole.Tier.values])
    one_of("status", status, [value for value in PartyRole.Status.values if value != PartyRole.Status.CLOSED])
    is_customer = kind == PartyRole.Kind.CUSTOMER
    if tier and not is_customer:
        raise OnlyCustomersHaveTiers(kind)
    role = PartyRole(
        party=party, kind=kind, status=status, tier=tier, valid_from=valid_from or at.date(),
        number=number.strip() or (next_customer_number() if is_customer else ""),
    )  # fmt: skip
    fits(role, "number")
    if not party.is_alone and PartyRole.objects.current().filter(party__in=ids_of(party), kind=kind).exists():
        raise RoleAlreadyGiven(party.pk, kind)
    _save_new(role)
    record(PartyEvent.ROLE_GIVEN, subject=role, party_id=party.pk, by=by, at=at, role=kind, number=role.number)
    return role


def _save_new(role: PartyRole) -> None:
    try:
        with transaction.atomic():
            role.save()
    except IntegrityError as error:
        if "party_role_once_at_a_time" in str(error):
            raise RoleAlreadyGiven(role.party_id, role.kind) from error
        if "party_role_number_once" in str(error):
            raise NumberTaken(role.number) from error
        raise


def _locked(role: PartyRole) -> PartyRole:
    role = PartyRole.objects.select_for_update().get(pk=role.pk)
    if role.valid_to is not None:
        raise RoleAlreadyEnded(role)
    return role


@transaction.atomic
def end_role(
    *, role: PartyRole, by: User | None, at: datetime, reason: str = "", valid_to: date | None = None
) -> PartyRole:
    """End a role; it stays with its history, and the party may come back to it. Raises RoleAlreadyEnded."""
    role = _locked(role)
    role.valid_to = valid_to or at.date()
    if role.valid_to < role.valid_from:
        raise RoleEndsBeforeItBegan(role)
    role.status, role.end_reason = PartyRole.Status.CLOSED, reason.strip()
    fits(role, "end_reason")
    role.save(update_fields=["valid_to", "status", "end_reason"])
    record(
        PartyEvent.ROLE_ENDED, subject=role, party_id=role.party_id, by=by, at=at,
        role=role.kind, number=role.number, reason=role.end_reason,
    )  # fmt: skip
    return role


@transaction.atomic
def change_role_status(*, role: PartyRole, status: str, by: User | None, at: datetime) -> PartyRole:
    """Set a role to prospect, active or suspended. Raises RoleAlreadyEnded, InvalidField."""
    role = _locked(role)
    one_of("status", status, [value for value in PartyRole.Status.values if value != PartyRole.Status.CLOSED])
    former, role.status = role.status, status
    role.save(update_fields=["status"])
    record(
        PartyEvent.ROLE_STATUS_CHANGED, subject=role, party_id=role.party_id, by=by, at=at, former=former, new=status
    )
    return role


@transaction.atomic
def set_tier(
    *, role: PartyRole, tier: str, by: User | None, at: datetime, reason: str = "", expected: str | None = None
) -> PartyRole:
    """Put a customer into a worth tier from today; the former tier keeps its period.

    `expected` is the tier its author saw. Raises OnlyCustomersHaveTiers, RoleAlreadyEnded, ChangedMeanwhile.
    """
    role = _locked(role)
    as_expected({"tier": role.tier}, None if expected is None else {"tier": expected}, {"tier": tier})
    if role.kind != PartyRole.Kind.CUSTOMER:
        raise OnlyCustomersHaveTiers(role.kind)
    former, role.tier = role.tier, one_of("tier", tier, ["", *PartyRole.Tier.values])
    if former == tier:
        return role
    last = FormerTier.objects.filter(role=role).order_by("-valid_to", "-pk").first()
    since = last.valid_to if last else role.valid_from
    FormerTier.objects.create(role=role, tier=former, valid_from=since, valid_to=max(since, at.date()))
    role.save(update_fields=["tier"])
    record(
        PartyEvent.TIER_CHANGED, subject=role, party_id=role.party_id, by=by, at=at,
        former=former, new=tier, reason=reason,
    )  # fmt: skip
    return role
