"""Undoing an import: what it made and nobody has touched is taken out, what it changed gets its former values back."""

from collections.abc import Callable, Sequence
from datetime import datetime

import psycopg
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef

from svyaz.access.events import AccessEvent
from svyaz.exchange.actions.journal import is_referred_to, take_back
from svyaz.exchange.events import ExchangeEvent
from svyaz.exchange.models import Import, ImportChange, ImportedRow, Remnant
from svyaz.exchange.queries import touched_since
from svyaz.history.actions import PastEvent, record, record_many
from svyaz.history.models import Event
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Party
from svyaz.services.models import ProductOffering
from svyaz.users.models import User

CHANGES_AT_ONCE = 200
PARTIES_AT_ONCE = 500
OURS = [PartyEvent.IMPORTED, PartyEvent.CHANGED_BY_IMPORT]
# Looking at a customer is not working on it.
PASSIVE = [
    AccessEvent.CARD_OPENED, AccessEvent.OPENING_REVIEWED, PartyEvent.IDENTIFICATION_UNMASKED, PartyEvent.IMPORT_UNDONE,
]  # fmt: skip
WORKED_ON, REFERRED_TO, CHANGED = "worked_on", "referred_to", "changed"
REFUSALS = (IntegrityError, psycopg.IntegrityError)

# What belongs to a party that an import made, from the outside in; beyond it lies the party itself.
_OF_PARTIES = (
    """DELETE FROM billing_accountproduct paid USING billing_billingaccount account
       WHERE paid.account_id = account.id AND account.party_id = ANY(%(ids)s)""",
    "DELETE FROM services_product WHERE party_id = ANY(%(ids)s)",
    "DELETE FROM billing_billingaccount WHERE party_id = ANY(%(ids)s)",
    "DELETE FROM parties_agreement WHERE party_id = ANY(%(ids)s)",
    """WITH used AS (DELETE FROM parties_addressuse WHERE party_id = ANY(%(ids)s) RETURNING address_id)
       DELETE FROM places_address WHERE id IN (SELECT address_id FROM used)""",
    "DELETE FROM parties_contactmedium WHERE party_id = ANY(%(ids)s)",
    "DELETE FROM parties_identification WHERE party_id = ANY(%(ids)s)",
    "DELETE FROM parties_partyrole WHERE party_id = ANY(%(ids)s)",
    "DELETE FROM exchange_importedrow WHERE party_id = ANY(%(ids)s) AND taken_in_id = %(batch)s",
    "DELETE FROM parties_party WHERE id = ANY(%(ids)s)",
)


def take_back_import(
    batch: Import, *, by: User, at: datetime, is_to_stop: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Import], None] = lambda batch: None,
) -> bool:  # fmt: skip
    """Take an import back, a transaction a stretch: whatever stops it, it goes on; return whether it is over."""
    for step in (_next_changes, _next_parties):
        after: int | None = None
        while True:
            if is_to_stop():
                return False
            after = step(batch, after, by=by, at=at)
            if after is None:
                break
            on_progress(batch)
    _forget_the_rest(batch, by=by, at=at)
    return True


@transaction.atomic
def _next_changes(batch: Import, after: int | None, *, by: User, at: datetime) -> int | None:
    """Give the next changed customers their former values back, the last row first; None: there are no more."""
    changes = list(
        ImportChange.objects.select_for_update().filter(taken_in=batch, undone_at__isnull=True)
        .order_by("-line", "-pk")[:CHANGES_AT_ONCE]
    )  # fmt: skip
    if not changes:
        return None
    _lock_parties([change.party_id for change in changes])
    for change in changes:
        if stayed := sorted(set(take_back(change.journal))):
            _keep(batch, change.line, change.party_id, CHANGED, stayed)
        change.undone_at = at
    ImportChange.objects.bulk_update(changes, ["undone_at"])
    _say(batch, [(change.party_id, change.line) for change in changes], by=by, at=at)
    _count(batch)
    return changes[-1].line


@transaction.atomic
def _next_parties(batch: Import, after: int | None, *, by: User, at: datetime) -> int | None:
    """Take the next customers that the import made out of the base, the last row first; None: there are no more."""
    kept = Remnant.objects.filter(taken_in=batch, line=OuterRef("line"), party_id=OuterRef("party_id"))
    found = ImportedRow.objects.filter(taken_in=batch, is_new=True).exclude(Exists(kept))
    rows = list(found.order_by("-line").values_list("party_id", "line")[:PARTIES_AT_ONCE])
    if not rows:
        return None
    lines = dict(rows)
    _lock_parties(list(lines))
    touched = touched_since(list(lines), batch.pk, passive=[*map(str, PASSIVE)], ours=[*map(str, OURS)])
    for party_id in touched:
        _keep(batch, lines[party_id], party_id, WORKED_ON)
    free = [party_id for party_id in lines if party_id not in touched]
    gone = _remove(batch, free, lines)
    _say(batch, [(party_id, lines[party_id]) for party_id in gone], by=by, at=at)
    _count(batch)
    return rows[-1][1]


def _lock_parties(ids: Sequence[int]) -> None:
    """Hold the parties until the end of the stretch: whoever works on them now comes before or after it."""
    list(Party.objects.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk"))


def _remove(batch: Import, ids: list[int], lines: dict[int, int]) -> list[int]:
    """Remove parties with all that is theirs; those that something else refers to stay, found by halves."""
    if not ids:
        return []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in _OF_PARTIES:
                cursor.execute(statement, {"ids": ids, "batch": batch.pk})
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except REFUSALS:
        if len(ids) == 1:
            _keep(batch, lines[ids[0]], ids[0], REFERRED_TO)
            return []
        middle = len(ids) // 2
        return _remove(batch, ids[:middle], lines) + _remove(batch, ids[middle:], lines)
    return ids


def _keep(batch: Import, line: int, party_id: int, reason: str, fields: Sequence[str] = ()) -> None:
    Remnant.objects.update_or_create(
        taken_in=batch, line=line, party_id=party_id, defaults={"reason": reason, "fields": list(fields)}
    )


def _say(batch: Import, rows: Sequence[tuple[int, int]], *, by: User, at: datetime) -> None:
    record_many(
        PastEvent(
            PartyEvent.IMPORT_UNDONE, "parties.party", party_id, party_id, by.pk, at, {"import": batch.pk, "line": line}
        )
        for party_id, line in rows
    )  # fmt: skip


def _count(batch: Import) -> None:
    changed = ImportChange.objects.filter(taken_in=batch, undone_at__isnull=False).count()
    left = ImportedRow.objects.filter(taken_in=batch, is_new=True).count()
    batch.undone = changed + max(0, batch.added - left)
    batch.save(update_fields=["undone"])


@transaction.atomic
def _forget_the_rest(batch: Import, *, by: User, at: datetime) -> None:
    """Forget the rows that found their customer there already, the offerings nobody has, and close the books."""
    ImportedRow.objects.filter(taken_in=batch, is_new=False).delete()
    for pk in batch.plan.get("offerings_made", ()):
        _remove_offering(pk)
    remaining = Remnant.objects.filter(taken_in=batch).count()
    batch.status, batch.undone_at, batch.stop_asked_at = Import.Status.UNDONE, at, None
    batch.save(update_fields=["status", "undone_at", "stop_asked_at"])
    record(ExchangeEvent.UNDONE, subject=batch, by=by, at=at, undone=batch.undone, stayed=remaining)


def _remove_offering(pk: int) -> None:
    offering = ProductOffering.objects.filter(pk=pk).first()
    if offering is None or is_referred_to("services_productoffering", [pk]):
        return
    if Event.objects.filter(subject_type=offering._meta.label_lower, subject_id=pk).count() == 1:
        offering.delete()
