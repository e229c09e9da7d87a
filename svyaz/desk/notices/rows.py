"""How notices show: grouped by what they are about, each with its words and its reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from svyaz.desk.customers.values import title_of
from svyaz.notices.models import Notice
from svyaz.notices.queries.listing import verdicts_of, words_of

ICONS = {
    Notice.Kind.CALL: ("phone-incoming", "accent"),
    Notice.Kind.MESSAGE: ("mail", "accent"),
    Notice.Kind.APPROVAL: ("scale", "wait"),
    Notice.Kind.JUDGED: ("check-check", "good"),
    Notice.Kind.OVERTURNED: ("undo-2", "bad"),
    Notice.Kind.LATE: ("clock", "bad"),
    Notice.Kind.HANDED: ("arrow-right-left", "wait"),
}
PAGES = {"decisions.decision": "desk:decisions", "decisions.promise": "desk:promises"}


@dataclass
class Group:
    """Notices about one party, or about one thing of nobody's; the latest first."""

    title: str
    url: str
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def unread(self) -> list[int]:
        """Return the ids of those not read."""
        return [row["id"] for row in self.rows if row["is_unread"]]


def groups(notices: Sequence[Notice]) -> list[Group]:
    """Return notices grouped by what they are about, the group with the latest first."""
    found: dict[object, Group] = {}
    for notice, shown in zip(notices, rows(notices), strict=True):
        key = notice.party_id or (notice.subject_type, notice.subject_id)
        if key not in found:
            found[key] = Group(_title(notice), _url(notice))
        found[key].rows.append(shown)
    return list(found.values())


def rows(notices: Sequence[Notice]) -> list[dict[str, Any]]:
    """Return notices as they show."""
    words, verdicts = words_of(notices), verdicts_of(notices)
    return [
        {
            "id": notice.pk,
            "look": ICONS[Notice.Kind(notice.kind)],
            "kind": _kind(notice, verdicts),
            "words": words.get((notice.subject_type, notice.subject_id), ""),
            "reason": reason(notice),
            "by": notice.by,
            "at": notice.at,
            "title": _title(notice),
            "url": _url(notice),
            "is_unread": notice.read_at is None,
            "held_until": notice.held_until,
        }
        for notice in notices
    ]


def _kind(notice: Notice, verdicts: dict[int, bool]) -> str:
    if notice.kind != Notice.Kind.JUDGED or notice.subject_id not in verdicts:
        return notice.get_kind_display()
    return _("My proposal is approved") if verdicts[notice.subject_id] else _("My proposal is refused")


def reason(notice: Notice) -> str:
    """Say why the reader is told."""
    if notice.reason == Notice.Reason.HEAD and notice.department is not None:
        return _("because you are head over %(department)s") % {"department": notice.department}
    if notice.reason == Notice.Reason.RECEIVED and notice.by is not None:
        return _("because %(name)s handed it to you") % {"name": notice.by}
    return notice.get_reason_display()


def _title(notice: Notice) -> str:
    if notice.party is None:
        return _("A customer not known yet")
    numbers = [role.number for role in notice.party.roles.all()]
    return title_of(notice.party.name, numbers, notice.party.pk)


def _url(notice: Notice) -> str:
    if notice.party_id is not None:
        return reverse("desk:customer", args=[notice.party_id])
    return reverse(PAGES.get(notice.subject_type, "desk:contacts"))
