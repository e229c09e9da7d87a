"""Numbers of our network: assigned, released, ported in and out; a number outlives its holder."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from svyaz.history.actions import record
from svyaz.lib.phones import InvalidPhone, normalize_phone
from svyaz.parties.actions.checks import InvalidField, fits, required
from svyaz.parties.models import ContactMedium
from svyaz.parties.queries import groups_of
from svyaz.services.events import ServiceEvent
from svyaz.services.models import NumberAssignment, Product
from svyaz.users.models import User


class NumberInUse(Exception):
    """Another product has the number on that day, or will have it."""


class NumberAlreadyReleased(Exception):
    """The number was released before."""


class ProductHasEnded(Exception):
    """A product that has ended gets no number."""


@transaction.atomic
def assign_number(
    *, product: Product, number: str, by: User | None, at: datetime, valid_from: date | None = None
) -> NumberAssignment:
    """Put a number of ours on a product from a day on. Raises NumberInUse, ProductHasEnded, InvalidField."""
    return _assign(product, number, valid_from or at.date(), donor="", by=by, at=at)


@transaction.atomic
def port_in(
    *, product: Product, number: str, donor: str, by: User | None, at: datetime, valid_from: date | None = None
) -> NumberAssignment:
    """Take over a number from another operator. Raises NumberInUse, ProductHasEnded, InvalidField."""
    return _assign(product, number, valid_from or at.date(), donor=required("donor", donor), by=by, at=at)


def _assign(product: Product, number: str, day: date, *, donor: str, by: User | None, at: datetime) -> NumberAssignment:
    if product.status == Product.Status.TERMINATED:
        raise ProductHasEnded(product)
    try:
        e164 = normalize_phone(number)
    except InvalidPhone as error:
        raise InvalidField("number", number, "not_a_phone") from error
    assignment = NumberAssignment(product=product, number=e164, valid_from=day, donor=donor)
    fits(assignment, "number", "donor")
    try:
        with transaction.atomic():
            assignment.save()
    except IntegrityError as error:
        if "number_assignment_one_product_at_a_time" in str(error):
            raise NumberInUse(e164) from error
        raise
    record(
        ServiceEvent.NUMBER_ASSIGNED, subject=assignment, party_id=product.party_id, by=by, at=at,
        number=e164, donor=donor,
    )  # fmt: skip
    return assignment


@transaction.atomic
def release_number(
    *, assignment: NumberAssignment, by: User | None, at: datetime, valid_to: date | None = None
) -> NumberAssignment:
    """Take a number off its product; it no longer reaches who had it. Raises NumberAlreadyReleased."""
    return _release(assignment, valid_to or at.date(), recipient="", by=by, at=at)


@transaction.atomic
def port_out(
    *, assignment: NumberAssignment, recipient: str, by: User | None, at: datetime, valid_to: date | None = None
) -> NumberAssignment:
    """Give a number over to another operator; its holder keeps it as a contact medium. Raises NumberAlreadyReleased."""
    return _release(assignment, valid_to or at.date(), recipient=required("recipient", recipient), by=by, at=at)


def _release(
    assignment: NumberAssignment, day: date, *, recipient: str, by: User | None, at: datetime
) -> NumberAssignment:
    assignment = (
        NumberAssignment.objects.select_for_update(of=("self",)).select_related("product").get(pk=assignment.pk)
    )
    if assignment.valid_to is not None:
        raise NumberAlreadyReleased(assignment)
    assignment.valid_to, assignment.recipient = max(day, assignment.valid_from), recipient
    fits(assignment, "recipient")
    assignment.save(update_fields=["valid_to", "recipient"])
    if not recipient:
        end_media_of_number(assignment.product, assignment.number, assignment.valid_to)
    record(
        ServiceEvent.NUMBER_RELEASED, subject=assignment, party_id=assignment.product.party_id, by=by, at=at,
        number=assignment.number, recipient=recipient,
    )  # fmt: skip
    return assignment


def release_numbers(product: Product, day: date) -> list[str]:
    """End the numbers of a product that ends; return them."""
    current = list(NumberAssignment.objects.select_for_update().filter(product=product, valid_to__isnull=True))
    for assignment in current:
        assignment.valid_to = max(day, assignment.valid_from)
        assignment.save(update_fields=["valid_to"])
    return [assignment.number for assignment in current]


def hand_over_numbers(former: Product, new: Product, day: date) -> list[str]:
    """Pass the numbers of a product that changes its subscriber to its successor; return them."""
    numbers = release_numbers(former, day)
    NumberAssignment.objects.bulk_create(
        NumberAssignment(product=new, number=number, valid_from=day) for number in numbers
    )
    return numbers


def end_media_of_number(product: Product, number: str, day: date) -> None:
    """End the number as a contact medium of who held or used it: the next holder's calls must not show them."""
    holders = groups_of(pk for pk in (product.party_id, product.user_id) if pk)
    for medium in ContactMedium.objects.current().select_for_update().filter(party__in=holders, value=number):
        medium.valid_to, medium.is_preferred = max(day, medium.valid_from), False
        medium.save(update_fields=["valid_to", "is_preferred"])
