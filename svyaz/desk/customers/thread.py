"""The one thread of a relationship: contacts of all channels and decisions, by time."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from svyaz.customer360.queries.thread import ThreadPage
from svyaz.decisions.models import Sighting
from svyaz.desk.customers.front import decision
from svyaz.desk.customers.values import CHANNEL_ICONS, Row, local_name, moment_of, outcome_name

# What may be shown of a thread: its name in the address, the channels (None: all), decisions or not, the words.
KINDS: dict[str, tuple[tuple[str, ...] | None, bool, Any]] = {
    "": (None, True, gettext_lazy("All")),
    "calls": (("phone",), False, gettext_lazy("Calls")),
    "mail": (("email", "web"), False, gettext_lazy("E-mail and web")),
    "letters": (("post", "fax"), False, gettext_lazy("Letters and faxes")),
    "meetings": (("meeting",), False, gettext_lazy("Meetings")),
    "notes": (("note",), False, gettext_lazy("Notes")),
    "decisions": ((), True, gettext_lazy("Decisions")),
}


def kinds_of_thread(chosen: str) -> list[Row]:
    """Return the filters over the thread."""
    return [{"key": key, "name": words, "is_chosen": key == chosen} for key, (_c, _d, words) in KINDS.items()]


def thread(page: ThreadPage, *, fresh_after: datetime | None = None) -> Row:
    """Return the days of a thread, newest first, each with what happened, and the key of what lies before."""
    entries = [contact(row) if kind == "interaction" else decided(row) for kind, row in page.rows]
    for entry in entries:
        entry["is_fresh"] = fresh_after is not None and entry["at"] >= fresh_after
    return {"days": list(_by_day(entries)), "next": page.next, "count": page.count, "most": page.most}


def _by_day(entries: Iterable[Row]) -> Iterable[Row]:
    day: date | None = None
    found: list[Row] = []
    for entry in entries:
        its_day = timezone.localtime(entry["at"]).date()
        if its_day != day and found:
            yield {"day": day, "entries": found}
            found = []
        day = its_day
        found.append(entry)
    if found:
        yield {"day": day, "entries": found}


def contact(row: Row) -> Row:
    """Return a contact as a line of the thread."""
    at, ended_at = moment_of(row["at"]), moment_of(row["ended_at"])
    assert at is not None
    title = _contact_title(row["channel"], row["direction"])
    if not row["is_reached"]:
        title = _("{contact}, nobody reached").format(contact=title)
    words = row["subject"] or row["text"][:80]
    return {
        **row,
        "is_contact": True,
        "at": at,
        "icon": CHANNEL_ICONS.get(row["channel"], "note"),
        "title": title,
        "who": [part for part in (row["employee_name"], local_name(row, "department_name")) if part],
        "lasted": _lasted(at, ended_at),
        "products": [local_name(product, "name") for product in row["products"] or []],
        "topic": "" if local_name(row, "topic_name") == row["subject"] else local_name(row, "topic_name"),
        **_sightings(row["sightings"] or []),
        "ref": f"interaction:{row['id']}",
        "label": f"{title}: {words}" if words else title,
    }


def _sightings(rows: list[Row]) -> Row:
    """Return what the contact did with decisions: how many it kept, and each that it changed or overrode."""
    kept = sum(1 for one in rows if one["outcome"] == Sighting.Outcome.KEPT)
    told = {Sighting.Outcome.CHANGED, Sighting.Outcome.OVERRIDDEN}
    return {
        "kept_words": ngettext("%(count)s decision kept", "%(count)s decisions kept", kept) % {"count": kept}
        if kept
        else "",
        "sightings": [{**one, "name": outcome_name(one["outcome"])} for one in rows if one["outcome"] in told],
    }


def _contact_title(channel: str, direction: str) -> str:
    incoming = direction == "inbound"
    titles = {
        "phone": (_("Incoming call"), _("Outgoing call")),
        "email": (_("Incoming e-mail"), _("Outgoing e-mail")),
        "web": (_("From the web site"), _("Answer on the web site")),
        "post": (_("Incoming letter"), _("Outgoing letter")),
        "fax": (_("Incoming fax"), _("Outgoing fax")),
        "meeting": (_("Meeting"), _("Meeting")),
        "note": (_("Note"), _("Note")),
    }
    return titles.get(channel, (channel, channel))[0 if incoming else 1]


def _lasted(at: datetime, ended_at: datetime | None) -> str:
    if ended_at is None or ended_at <= at:
        return ""
    minutes, seconds = divmod(int((ended_at - at).total_seconds()), 60)
    return f"{minutes}:{seconds:02d}"


def decided(row: Row) -> Row:
    """Return a decision as a line of the thread."""
    shown = decision(row)
    return {
        **shown,
        "is_contact": False,
        "at": shown["made_at"],
        "ref": f"decision:{row['id']}",
        "label": row["text"][:120],
        "is_proposal": row["standing"] == "2_proposed",
        "is_past": row["standing"] == "3_past",
    }
