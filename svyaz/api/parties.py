"""Whom a client means: customers by id or number, parties by id, employees, and whether they are the caller's to see."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from svyaz.access.actions import record_opening
from svyaz.access.models import Opening
from svyaz.access.queries import Rights, is_in_hand
from svyaz.api.auth import Caller
from svyaz.api.drafts import Reference
from svyaz.api.errors import BadRequest, Forbidden, NotFound
from svyaz.api.resources.attributes import read_id
from svyaz.interactions.permissions import InteractionPermission
from svyaz.parties.models import Party, PartyRole
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import canonical_party
from svyaz.workforce.models import Employee

CUSTOMER_PATH = "/tmf-api/customerManagement/v4/customer"
PARTY_TYPES = {"Party", "Individual", "Organization"}


def party_of(reference: Reference, rights: Rights, *, at: datetime, field: str) -> Party:
    """Return the party that a reference means; raise NotFound where the caller may not see it.

    A customer's exact number names him in every area, as on the telephone; an id only in the caller's areas or with
    the relationship in hand.
    """
    missing = NotFound(f"{field}: there is no {reference.referred_type or 'Customer'} {reference.id}")
    if not rights.may(PartyPermission.READ):
        raise missing
    party, is_exact = _by_reference(reference, rights.beyond_areas(), field)
    if party is None:
        raise missing
    party = canonical_party(party)
    is_own = rights.may_in(PartyPermission.READ, party.home_area_id)
    if is_own or is_exact or is_in_hand(rights, party.pk, at=at):
        return party
    raise missing


def opened_party(reference: Reference, caller: Caller, *, at: datetime, field: str) -> Party:
    """Return the party that a reference means, and open the relationship where its exact number named it."""
    party = party_of(reference, caller.rights, at=at, field=field)
    is_own = caller.rights.may_in(PartyPermission.READ, party.home_area_id)
    if not is_own and not is_in_hand(caller.rights, party.pk, at=at):
        record_opening(
            party_id=party.pk, basis=Opening.Basis.IDENTIFIER, by=caller.user, at=at, reason="number",
            door=Opening.Door.API,
        )  # fmt: skip
    return party


def _by_reference(reference: Reference, everywhere: Rights, field: str) -> tuple[Party | None, bool]:
    if reference.referred_type in PARTY_TYPES:
        return Party.objects.visible_to(everywhere).filter(pk=read_id(reference.id)).first(), False
    if reference.referred_type not in {None, "Customer"}:
        raise BadRequest(f"{field}.@referredType", f"must be Customer or one of {', '.join(sorted(PARTY_TYPES))}")
    role = customer_role(reference.id, reference.href, everywhere, field)
    return (None, False) if role is None else (role.party, role.number == reference.id)


def customer_role(text: str, href: str | None, everywhere: Rights, field: str) -> PartyRole | None:
    """Return the customer with this id or number; where it is one's id and another's number, the href must tell."""
    by_id = Q(pk=read_id(text))
    is_told = href is not None and href.endswith(f"{CUSTOMER_PATH}/{text}")
    roles: list[PartyRole] = list(
        PartyRole.objects.visible_to(everywhere)
        .customers()
        .filter(by_id if is_told else by_id | Q(number=text))
        .select_related("party")[:2]
    )
    if len({role.party_id for role in roles}) > 1:
        raise BadRequest(
            field, f"{text} is the id of one customer and the number of another: say which by href ({CUSTOMER_PATH}/…)"
        )
    return roles[0] if roles else None


def employee_for(caller: Caller, references: list[tuple[str, Reference]]) -> Employee | None:
    """Return the employee who took part: the caller himself, or another where he may record for others."""
    if not references:
        return caller.employee
    (field, reference), *others = references
    if others:
        raise BadRequest(others[0][0], "a contact is recorded for one employee")
    named = Q(pk=read_id(reference.id)) | Q(number=reference.id)
    if caller.employee is not None and reference.id in {str(caller.employee.pk), caller.employee.number}:
        return caller.employee
    if not caller.rights.may(InteractionPermission.RECORD_FOR_OTHERS):
        raise Forbidden(f"{field}: recording for another employee needs {InteractionPermission.RECORD_FOR_OTHERS}")
    found: Any = Employee.objects.visible_to(caller.rights).filter(named).select_related("department").first()
    if found is None:
        raise NotFound(f"{field}: there is no Employee {reference.id}")
    employee: Employee = found
    return employee
