"""The composer and its draft: what was kept is shown again, what was saved ends it, nothing is overwritten unseen."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from svyaz.access.queries import Rights
from svyaz.customer360.actions import SavedContact
from svyaz.desk.customers.composer import Composer
from svyaz.desk.drafts.actions import finish_draft
from svyaz.desk.drafts.queries import differences, draft_for
from svyaz.desk.models import Draft
from svyaz.desk.models.drafts import Written
from svyaz.users.models import User

OWN_FIELDS = {"csrfmiddlewaretoken", "draft", "draft_version"}


def composer_of(
    user: User, *, asked: str, party_id: int | None, rights: Rights | None, zone: ZoneInfo, now: datetime
) -> Composer:
    """Return the composer of a page: with what was kept of the draft that is asked for, or of one's own; else empty."""
    draft = draft_for(user, party_id=party_id, uid=_uuid(asked))
    if draft is None:
        return Composer(None, user, rights, zone, now, uid=str(uuid4()))
    data = QueryDict(mutable=True)
    for name, value in draft.written.pairs:
        data.appendlist(name, value)
    return Composer(data, user, rights, zone, now, is_kept=True, draft=draft, uid=str(draft.uid), version=draft.version)


def sent_composer(data: QueryDict, user: User, rights: Rights | None, zone: ZoneInfo, now: datetime) -> Composer:
    """Return the composer that a form has sent, with the draft that it comes from."""
    version = data.get("draft_version", "")
    is_number = version.isascii() and version.isdigit() and len(version) < 10
    uid = _uuid(data.get("draft", "")) or uuid4()
    return Composer(data, user, rights, zone, now, uid=str(uid), version=int(version) if is_number else 0)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def is_overtaken(composer: Composer) -> bool:
    """Tell, and say in the composer, that another window has saved this draft or written something else into it.

    Whoever has read that and saves once more does so knowingly.
    """
    draft = Draft.objects.visible_to(composer.user).filter(uid=composer.uid).first()
    if draft is None or composer.data is None:
        return False
    if draft.ended == Draft.Ended.SAVED:
        composer.errors.append(_("This was saved in another window already. Save again if it is a second contact."))
        composer.uid, composer.version = str(uuid4()), 0
        return True
    sent = _words_of(composer.data)
    if draft.ended or draft.version == composer.version or draft.written.read_as(sent):
        return False
    composer.version = draft.version
    composer.errors.append(_("In another window something else is written. Save again to keep what stands here."))
    composer.errors += [f"{row['name']}: {row['other'] or '—'}" for row in differences(sent, draft.written)[:5]]
    return True


def _words_of(data: QueryDict) -> Written:
    pairs = ((name, str(value)) for name, values in data.lists() for value in values)
    return Written(tuple(pair for pair in pairs if pair[0] not in OWN_FIELDS))


def save_and_finish(composer: Composer, save: Any) -> SavedContact | None:
    """Save by `save()`, and end the draft with it: both or neither."""
    with transaction.atomic():
        saved: SavedContact | None = save()
        if saved is not None:
            finish_draft(uid=UUID(composer.uid), by=composer.user, at=composer.now)
    return saved
