"""Changing many matched customers in one transaction, with the journal by which it can be undone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from svyaz.access.actions import record_openings
from svyaz.access.models import Opening
from svyaz.billing.actions.accounts import AccountIsClosed, AccountNumberTaken
from svyaz.exchange.actions.journal import Entry, Snapshot, as_json, differences, snapshots
from svyaz.exchange.actions.sifting import Decision
from svyaz.exchange.actions.updating import Update
from svyaz.exchange.actions.writing import Destination
from svyaz.history.actions import PastEvent, record_many
from svyaz.parties.actions.agreements import AgreementNumberTaken
from svyaz.parties.actions.checks import InvalidField
from svyaz.parties.actions.create import PartyAlreadyExists
from svyaz.parties.actions.documents import DocumentAlreadyKnown
from svyaz.parties.actions.media import MediumAlreadyKnown
from svyaz.parties.actions.roles import NumberTaken, RoleEndsBeforeItBegan
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Party
from svyaz.services.actions.products import OfferingNotAvailableHere, OfferingNotOnSale
from svyaz.users.models import User

# What the actions may answer to a row of a file, in words for its importer.
FACTS: dict[type[Exception], str | Promise] = {
    AccountIsClosed: gettext_lazy("the billing account is closed"),
    AccountNumberTaken: gettext_lazy("another customer has this billing account"),
    AgreementNumberTaken: gettext_lazy("another customer has this contract"),
    DocumentAlreadyKnown: gettext_lazy("the customer has this document already"),
    MediumAlreadyKnown: gettext_lazy("the customer has this phone or e-mail already"),
    NumberTaken: gettext_lazy("another customer has this number"),
    OfferingNotAvailableHere: gettext_lazy("the service is not available in this area"),
    OfferingNotOnSale: gettext_lazy("the service is not on sale"),
    PartyAlreadyExists: gettext_lazy("another company has this INN and KPP"),
    RoleEndsBeforeItBegan: gettext_lazy("ends before it begins"),
}
Refusal = tuple[Decision, tuple[tuple[str, str], ...]]

_EVENTS = """
    SELECT party_id, min(id), max(id) FROM history_event
    WHERE party_id = ANY(%s) AND xid = history_transaction() GROUP BY party_id"""
_KEEP_ROW = """
    INSERT INTO exchange_importedrow (source, external_id, digest, party_id, taken_in_id, line, is_new)
    VALUES (%s, %s, %s, %s, %s, %s, false)
    ON CONFLICT (source, external_id) DO UPDATE
    SET digest = excluded.digest, taken_in_id = excluded.taken_in_id, line = excluded.line"""
_FORMER_ROWS = """
    SELECT external_id, to_jsonb(t) FROM exchange_importedrow t WHERE source = %s AND external_id = ANY(%s)"""


@dataclass
class Changed:
    """What came of the matched rows of a chunk."""

    updated: list[Decision] = field(default_factory=list)
    untouched: list[Decision] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def change_matched(
    decisions: Sequence[Decision], destination: Destination, *, policy: str, by: User, at: datetime
) -> Changed:
    """Apply matched rows, each to a party of its own; what an action refuses becomes a bad row."""
    changed = Changed()
    ids = [decision.holder.party_id for decision in decisions if decision.holder]
    # One order for all: two imports that meet at the same customers wait for each other instead of locking up.
    parties = {party.pk: party for party in Party.objects.filter(pk__in=ids).order_by("pk").select_for_update()}
    before = snapshots(ids)
    done = []
    for decision in decisions:
        assert decision.holder is not None
        party_id = decision.holder.party_id
        update = Update(
            parties[party_id], decision.draft, before[party_id], policy, destination.as_of, destination.offerings,
            by, at,
        )  # fmt: skip
        if reasons := _refused(update):
            changed.refused.append((decision, reasons))
        else:
            done.append(decision)
    _keep(done, before, changed, destination, by=by, at=at)
    return changed


def _refused(update: Update) -> tuple[tuple[str, str], ...]:
    """Apply one row in a savepoint; return why it was refused, or nothing."""
    kind = update.draft.values["kind"]
    if kind != update.party.kind and update.draft.values.get("name"):
        words = _("in the base it is a person") if update.party.is_person else _("in the base it is a company")
        return (("kind", words),)
    try:
        with transaction.atomic():
            update.apply()
    except InvalidField as error:
        return ((error.field, _("not possible here: {value}").format(value=error.value[:60])),)
    except tuple(FACTS) as fact:
        return (("", str(FACTS[type(fact)])),)
    return ()


def _keep(
    done: Sequence[Decision], before: dict[int, Snapshot], changed: Changed, destination: Destination, *, by: User,
    at: datetime,
) -> None:  # fmt: skip
    """Keep what changed for an undo, say so in each customer's history, and remember the rows."""
    after = snapshots([decision.holder.party_id for decision in done if decision.holder])
    former = _former_rows(destination.source, [decision.draft.key for decision in done])
    journals: list[tuple[Decision, list[Entry]]] = []
    for decision in done:
        assert decision.holder is not None
        party_id = decision.holder.party_id
        entries = differences(before[party_id], after[party_id])
        (changed.updated if entries else changed.untouched).append(decision)
        if row := former.get(decision.draft.key):
            entries = [_row_entry(row, decision, destination), *entries]
        if entries:
            journals.append((decision, entries))
    _remember(done, destination)
    record_many(_event(decision, destination, by, at) for decision in changed.updated)
    _write_journals(journals, destination)
    _open_beyond(changed.updated, by=by, at=at)


def _former_rows(source: str, keys: list[str]) -> dict[str, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_FORMER_ROWS, [source, keys])
        return {key: row if isinstance(row, dict) else json.loads(row) for key, row in cursor.fetchall()}


def _row_entry(row: dict[str, Any], decision: Decision, destination: Destination) -> Entry:
    """Return the journal's entry of the row itself, which belonged to an earlier import."""
    now = {
        "digest": f"\\x{decision.draft.digest.hex()}", "taken_in_id": destination.import_id,
        "line": decision.draft.line,
    }  # fmt: skip
    return {"table": "exchange_importedrow", "id": row["id"], "was": {name: row[name] for name in now}, "now": now}


def _remember(done: Sequence[Decision], destination: Destination) -> None:
    rows = [
        (
            destination.source, each.draft.key, each.draft.digest, each.holder.party_id, destination.import_id,
            each.draft.line,
        )
        for each in done if each.holder
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(_KEEP_ROW, rows)


def _event(decision: Decision, destination: Destination, by: User, at: datetime) -> PastEvent:
    assert decision.holder is not None
    party_id = decision.holder.party_id
    details = {"import": destination.import_id, "line": decision.draft.line}
    return PastEvent(PartyEvent.CHANGED_BY_IMPORT, "parties.party", party_id, party_id, by.pk, at, details)


def _write_journals(journals: Sequence[tuple[Decision, list[Entry]]], destination: Destination) -> None:
    ids = [decision.holder.party_id for decision, _entries in journals if decision.holder]
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [ids])
        events = {party_id: (first, last) for party_id, first, last in cursor.fetchall()}
        columns = "taken_in_id, line, party_id, journal, first_event, last_event"
        with cursor.copy(f"COPY exchange_importchange ({columns}) FROM STDIN") as copy:
            for decision, entries in journals:
                assert decision.holder is not None
                party_id = decision.holder.party_id
                first, last = events.get(party_id, (0, 0))
                row = (destination.import_id, decision.draft.line, party_id, as_json(entries), first, last)
                copy.write_row(row)


def _open_beyond(updated: Sequence[Decision], *, by: User, at: datetime) -> None:
    """An exact identifier opened these relationships beyond the importer's areas: recorded, for a head to review.

    For the import alone: no card of them stays open to him.
    """
    beyond = [(each.holder.party_id, each.key or "number") for each in updated if each.is_beyond and each.holder]
    record_openings(
        Opening(party_id=party_id, by=by, at=at, basis=Opening.Basis.IDENTIFIER, reason=key) for party_id, key in beyond
    )
