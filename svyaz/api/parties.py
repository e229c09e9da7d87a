"""Whom a client means: customers by id or number, parties by id, employees; and whether the caller may see them."""

from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Q
from psycopg.types.numeric import Int8

from svyaz.access.actions import record_opening
from svyaz.access.models import Opening
from svyaz.access.queries import Rights, is_in_hand
from svyaz.api.auth import Caller
from svyaz.api.drafts import Reference
from svyaz.api.errors import BadRequest, Forbidden, NotFound
from svyaz.api.resources.attributes import read_id
from svyaz.api.resources.values import CUSTOMER_PATH
from svyaz.customer360.queries.compile import Parameter, compiled
from svyaz.interactions.permissions import InteractionPermission
from svyaz.lib.sql import fetch_all
from svyaz.parties.models import Party, PartyRole
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import canonical_party, ids_of, is_own
from svyaz.workforce.models import Employee

# What of a party an action looks at; the rest is read if anything asks for it.
PARTY_COLUMNS = ("id", "home_area_id", "merged_into_id", "canonical_id")
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
    if is_own(rights, party) or is_exact or is_in_hand(rights, *ids_of(party), at=at):
        return party
    raise missing


def opened_party(reference: Reference, caller: Caller, *, at: datetime, field: str) -> Party:
    """Return the party that a reference means, and open the relationship where its exact number named it."""
    party = party_of(reference, caller.rights, at=at, field=field)
    if not is_own(caller.rights, party) and not is_in_hand(caller.rights, *ids_of(party), at=at):
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
    return _customer(reference, field)


def _customer(reference: Reference, field: str) -> tuple[Party | None, bool]:
    """Return the customer with this id or number; where it is one's id and another's number, the href must tell."""
    text = reference.id
    is_told = reference.href is not None and reference.href.endswith(f"{CUSTOMER_PATH}/{text}")
    rows = fetch_all(_customer_statement(), [Int8(read_id(text)), None if is_told else text])
    if len({row[0] for row in rows}) > 1:
        raise BadRequest(
            field, f"{text} is the id of one customer and the number of another: say which by href ({CUSTOMER_PATH}/…)"
        )
    if not rows:
        return None, False
    *columns, number = rows[0]
    return Party.from_db("default", PARTY_COLUMNS, columns), number == text


@cache
def _customer_statement() -> str:
    """Return the statement that finds a customer by id ($1) or number ($2): each contact begins with it."""
    everywhere = Rights(0, {str(PartyPermission.READ): None})
    by_number = Q(number=Parameter(2, "text")) & ~Q(number="")  # as the index by number wants it
    found = PartyRole.objects.visible_to(everywhere).customers().filter(Q(pk=Parameter(1, "bigint")) | by_number)
    return compiled(found.order_by().values_list(*(f"party__{name}" for name in PARTY_COLUMNS), "number"), str)


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
