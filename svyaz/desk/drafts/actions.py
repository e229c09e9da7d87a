"""Keeping a draft while it is typed, closing it, handing it over, ending it with what was saved."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from svyaz.access.actions import record_opening
from svyaz.access.models import Opening
from svyaz.access.queries import is_in_hand, rights_of
from svyaz.desk.drafts.events import DraftEvent
from svyaz.desk.models import Draft, remove_drafts_of, remove_recents_of
from svyaz.desk.models.drafts import Written
from svyaz.history.actions import record
from svyaz.interactions.permissions import InteractionPermission
from svyaz.parties.models import Party
from svyaz.parties.permissions import PartyPermission
from svyaz.users.models import User


class DraftChangedElsewhere(Exception):
    """Another window has written into this draft meanwhile, or has one of the same customer: that one is `other`."""

    def __init__(self, other: Draft) -> None:
        super().__init__(other)
        self.other = other


class DraftGone(Exception):
    """The draft was saved, closed or handed over elsewhere."""


class CannotTakeOver(Exception):
    """The colleague takes no contacts, or is oneself."""


@transaction.atomic
def keep_draft(
    *, uid: UUID, version: int, written: Written, party: Party | None, by: User, at: datetime
) -> Draft:  # fmt: skip
    """Keep what was typed; `version` is the one that the typing began from, 0 for a draft that is not kept yet.

    Records no event: what is being typed is no history yet. Raises DraftChangedElsewhere and DraftGone.
    """
    draft = Draft.objects.visible_to(by).select_for_update().filter(uid=uid).first()
    if draft is None:
        return _begin(uid, version, written, party, by=by, at=at)
    if draft.ended:
        raise DraftGone(uid)
    if draft.version != version and not draft.written.read_as(written):
        raise DraftChangedElsewhere(draft)
    draft.write(replace(written, reason=draft.written.reason))
    draft.version += 1
    draft.party, draft.channel, draft.changed_at = party, written.value("channel"), at
    draft.save(update_fields=["content", "version", "party", "channel", "changed_at"])
    return draft


def _begin(uid: UUID, version: int, written: Written, party: Party | None, *, by: User, at: datetime) -> Draft:
    if version:
        raise DraftGone(uid)
    own: Any = Draft.objects.visible_to(by).open().filter(party=party, handed_at__isnull=True)
    if party is not None and (other := own.first()) is not None:
        raise DraftChangedElsewhere(other)
    draft = Draft(uid=uid, owner=by, party=party, channel=written.value("channel"), opened_at=at, changed_at=at)
    draft.write(written)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as error:
        # The same moment in another window, or a draft that is a colleague's by now.
        if party is not None and (other := own.first()) is not None:
            raise DraftChangedElsewhere(other) from error
        raise DraftGone(uid) from error
    return draft


@transaction.atomic
def close_draft(*, draft: Draft, by: User, at: datetime) -> Draft:
    """Close a task; for a day it can be opened again."""
    return _end(draft, Draft.Ended.CLOSED, by=by, at=at)


@transaction.atomic
def reopen_draft(*, draft: Draft, by: User, at: datetime) -> Draft:
    """Open again a task that was closed; raises DraftGone where it was saved or another took its place."""
    draft = Draft.objects.visible_to(by).select_for_update().get(pk=draft.pk)
    if draft.ended == Draft.Ended.SAVED:
        raise DraftGone(draft.uid)
    draft.ended, draft.changed_at = Draft.Ended.OPEN, at
    try:
        with transaction.atomic():
            draft.save(update_fields=["ended", "changed_at"])
    except IntegrityError as error:
        raise DraftGone(draft.uid) from error
    return draft


@transaction.atomic
def finish_draft(*, uid: UUID, by: User, at: datetime) -> None:
    """End a draft whose contact was saved. Its words go; its mark stays a day, for a late word of its own window."""
    draft = Draft.objects.visible_to(by).select_for_update().filter(uid=uid).first()
    if draft is not None:
        draft.write(Written())
        _end(draft, Draft.Ended.SAVED, by=by, at=at)
        return
    mark = Draft(uid=uid, owner=by, opened_at=at, changed_at=at, ended=Draft.Ended.SAVED)
    mark.write(Written())
    try:
        with transaction.atomic():
            mark.save(force_insert=True)
    except IntegrityError:
        # It is a colleague's by now: his to end.
        return


def _end(draft: Draft, how: str, *, by: User, at: datetime) -> Draft:
    draft.ended, draft.changed_at = how, at
    draft.save(update_fields=["content", "ended", "changed_at"])
    return draft


@transaction.atomic
def hand_over_draft(*, draft: Draft, to: User, reason: str, by: User, at: datetime) -> Draft:
    """Give a draft to a colleague, who finds it among his tasks with who gave it and why.

    The customer's card opens to him by it, as by a contact in hand: recorded. Raises CannotTakeOver, DraftGone.
    """
    rights = rights_of(to)
    if to.pk == by.pk or not to.is_active or not rights.may(InteractionPermission.RECORD):
        raise CannotTakeOver(to)
    draft = Draft.objects.visible_to(by).select_for_update().get(pk=draft.pk)
    if draft.ended:
        raise DraftGone(draft.uid)
    draft.write(replace(draft.written, reason=reason.strip()))
    draft.owner, draft.handed_by, draft.handed_at, draft.changed_at = to, by, at, at
    draft.version += 1
    draft.save(update_fields=["owner", "handed_by", "handed_at", "changed_at", "version", "content"])
    _open_to(to, draft, by=by, at=at)
    record(DraftEvent.HANDED_OVER, subject=draft, party_id=draft.party_id, by=by, at=at, to=to.pk)
    return draft


def _open_to(to: User, draft: Draft, *, by: User, at: datetime) -> None:
    party, rights = draft.party, rights_of(to)
    if party is None or rights.may_in(PartyPermission.READ, party.home_area_id):
        return
    if rights.may(PartyPermission.READ) and not is_in_hand(rights, party.pk, at=at):
        reason = f"hand-over from {by.username}"
        record_opening(party_id=party.pk, basis=Opening.Basis.CONTACT, by=to, at=at, reason=reason)


@transaction.atomic
def forget_party(*, party_id: int) -> int:
    """Remove what the desk keeps of a party beside the base itself: drafts and lists of recent cards; return how many.

    For the erasure of a person. What the drafts said is in nobody's history, so no event is recorded here: the
    erasure records its own.
    """
    return remove_drafts_of(party_id) + remove_recents_of(party_id)
