"""Tasks in hand: one's drafts as the tabs show them, and how two of them differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from svyaz.access.queries import Viewer, rights_of
from svyaz.desk.models import Draft
from svyaz.desk.models.drafts import Written
from svyaz.desk.naming import CHANNEL_ICONS, title_of
from svyaz.interactions.permissions import InteractionPermission
from svyaz.parties.models import Party

MOST_TABS = 30
FIELD_NAMES = {
    "text": gettext_lazy("What was said"), "subject": gettext_lazy("Subject"),
    "decision-text": gettext_lazy("Decided"), "decision-question": gettext_lazy("Question"),
    "decision-amount": gettext_lazy("Amount"), "offer-title": gettext_lazy("What is offered"),
    "offer-price": gettext_lazy("Price a month"), "offer-terms": gettext_lazy("Terms"),
    "family_name": gettext_lazy("Family name"), "given_name": gettext_lazy("Given name"),
    "name": gettext_lazy("Company’s name"), "phone": gettext_lazy("Phone"), "email": gettext_lazy("E-mail"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaskTab:
    """One contact in hand, as its tab shows it."""

    uid: str
    url: str
    title: str
    icon: str
    is_current: bool
    is_written: bool
    handed_by: str = ""
    reason: str = ""
    # A tab of a page where nothing is written yet: it goes by itself.
    is_passing: bool = False


def drafts_of(viewer: Viewer) -> list[Draft]:
    """Return one's drafts in the order in which they were begun."""
    rows = Draft.objects.visible_to(viewer).open().select_related("party", "handed_by")
    return list(rows.order_by("opened_at", "pk")[:MOST_TABS])


def task_tabs(viewer: Viewer, *, current: str = "") -> list[TaskTab]:
    """Return the tabs of one's tasks; none for who takes no contacts."""
    if not rights_of(viewer).may(InteractionPermission.RECORD):
        return []
    return [_tab(draft, current) for draft in drafts_of(viewer)]


def _tab(draft: Draft, current: str) -> TaskTab:
    written = draft.written
    return TaskTab(
        uid=str(draft.uid), url=url_of(draft), title=title_of_draft(draft, written),
        icon=CHANNEL_ICONS.get(draft.channel, "note"), is_current=str(draft.uid) == current,
        is_written=written.says_something(), handed_by=draft.handed_by.name if draft.handed_by else "",
        reason=written.reason,
    )  # fmt: skip


def url_of(draft: Draft) -> str:
    """Return the page on which a draft is written further."""
    if draft.party_id is None:
        return f"{reverse('desk:new_contact')}?draft={draft.uid}"
    page = reverse("desk:customer", args=[draft.party_id])
    return f"{page}?draft={draft.uid}" if draft.handed_at else page


def title_of_draft(draft: Draft, written: Written) -> str:
    """Return whom a draft is about: the party's name, else what was typed of a newcomer."""
    party: Party | None = draft.party
    if party is not None:
        return title_of(party.name, [], party.pk, "" if party.is_person else party.legal_form)
    named = [written.value("family_name"), written.value("given_name")]
    candidates = (" ".join(filter(None, named)), *map(written.value, ("name", "phone", "email")))
    return next((words.strip() for words in candidates if words.strip()), "") or _("New contact")


def draft_for(viewer: Viewer, *, party_id: int | None, uid: UUID | None) -> Draft | None:
    """Return the draft that a page goes on with: the one that is asked for, else one's own of this customer.

    One about nobody yet may be taken along to the customer who it turned out to be.
    """
    own = Draft.objects.visible_to(viewer).open().select_related("handed_by")
    if uid is not None:
        found: Draft | None = own.filter(uid=uid).first()
        if found is not None and found.party_id in {party_id, None}:
            return found
    if party_id is None:
        return None
    latest: Draft | None = own.filter(party=party_id).order_by("handed_at", "pk").first()
    return latest


def differences(mine: Written, other: Written) -> list[dict[str, Any]]:
    """Return each field that two windows have filled in differently, with both values."""
    rows = []
    for name in _names((mine, other)):
        values = [", ".join(value for pair, value in one.pairs if pair == name and value) for one in (mine, other)]
        if values[0] != values[1]:
            rows.append({"key": name, "name": FIELD_NAMES.get(name, name), "mine": values[0], "other": values[1]})
    return rows


def _names(both: Iterable[Written]) -> list[str]:
    """Return the names of all fields: those with words for them first, in that order."""
    found = {pair for one in both for pair, _value in one.pairs}
    return [name for name in FIELD_NAMES if name in found] + sorted(found - FIELD_NAMES.keys())
