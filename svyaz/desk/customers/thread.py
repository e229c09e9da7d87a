"""The one thread of a relationship: contacts of all channels and decisions, by time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from svyaz.billing.models import Payment
from svyaz.customer360.queries.thread import ThreadFilter, ThreadPage
from svyaz.decisions.models import Sighting
from svyaz.desk.customers.aside import offer
from svyaz.desk.customers.front import decision
from svyaz.desk.customers.values import CHANNEL_ICONS, Row, label, local_name, moment_of, outcome_name
from svyaz.desk.templatetags.desk import money

# What may be shown of a thread: its name in the address, the kinds of lines, the channels (None: all), the words.
BOTH = frozenset({"interaction", "decision"})
CONTACTS, DECISIONS = frozenset({"interaction"}), frozenset({"decision"})
KINDS: dict[str, tuple[frozenset[str], tuple[str, ...] | None, Any]] = {
    "": (BOTH, None, gettext_lazy("All")),
    "calls": (CONTACTS, ("phone",), gettext_lazy("Calls")),
    "mail": (CONTACTS, ("email", "web"), gettext_lazy("E-mail and web")),
    "letters": (CONTACTS, ("post", "fax"), gettext_lazy("Letters and faxes")),
    "meetings": (CONTACTS, ("meeting",), gettext_lazy("Meetings")),
    "notes": (CONTACTS, ("note",), gettext_lazy("Notes")),
    "decisions": (DECISIONS, None, gettext_lazy("Decisions")),
    "offers": (frozenset({"offer"}), None, gettext_lazy("Offers of competitors")),
    "payments": (frozenset({"payment"}), None, gettext_lazy("Payments")),
}
# These stand as buttons; the others are chosen in the list beside them.
SHORT = ("", "calls", "mail", "letters", "meetings", "decisions")


@dataclass(frozen=True)
class Wanted:
    """What of the thread is wanted, as it stands in the address; what means nothing there filters nothing."""

    kind: str = ""
    employee_id: int | None = None
    product_id: int | None = None
    words: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "Wanted":
        """Read it out of an address."""
        kind = query.get("thread", "")
        words = " ".join(query.get("q", "").replace("\x00", "").split())[:100]
        return cls(
            kind if kind in KINDS else "", _number(query.get("by", "")), _number(query.get("service", "")), words
        )

    @property
    def filter(self) -> ThreadFilter:
        """Return it as the query takes it."""
        kinds, channels, _words = KINDS[self.kind]
        return ThreadFilter(kinds, channels, self.employee_id, self.product_id, self.words)

    def address(self, **changes: Any) -> str:
        """Return it as a part of an address, beginning with the question mark; nothing where all is wanted."""
        params = {"thread": self.kind, "by": self.employee_id, "service": self.product_id, "q": self.words} | changes
        kept = {name: value for name, value in params.items() if value}
        return f"?{urlencode(kept)}" if kept else ""

    @property
    def is_narrow(self) -> bool:
        """Tell whether an employee, a service or words narrow it."""
        return bool(self.employee_id or self.product_id or self.words)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def kinds_of_thread(wanted: Wanted) -> list[Row]:
    """Return the filters over the thread, each with its address; the rare ones stand apart."""
    return [
        {
            "key": key, "name": words, "is_chosen": key == wanted.kind, "is_short": key in SHORT,
            "query": wanted.address(thread=key),
        }
        for key, (_kinds, _channels, words) in KINDS.items()
    ]  # fmt: skip


def thread(page: ThreadPage, *, fresh_after: datetime | None = None) -> Row:
    """Return the days of a thread, newest first, each with what happened, and the key of what lies before."""
    entries = [READERS[kind](row) for kind, row in page.rows]
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
        "kind_of_line": "contact",
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
        "kind_of_line": "decision",
        "at": shown["made_at"],
        "ref": f"decision:{row['id']}",
        "label": row["text"][:120],
        "is_proposal": row["standing"] == "2_proposed",
        "is_past": row["standing"] == "3_past",
    }


def heard(row: Row) -> Row:
    """Return a competitor's offer as a line of the thread; only its day is known."""
    shown = offer(row)
    day = shown["heard_date"]
    return {
        **shown, "kind_of_line": "offer", "at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        "ref": f"competitor_offer:{row['id']}",
    }  # fmt: skip


def paid(row: Row) -> Row:
    """Return a payment as a line of the thread."""
    return {
        **row, "kind_of_line": "payment", "at": moment_of(row["paid_at"]),
        "sum": money(str(row["amount"]), row["currency"]), "method_name": label(Payment.Method, row["method"]),
    }  # fmt: skip


READERS: dict[str, Callable[[Row], Row]] = {
    "interaction": contact, "decision": decided, "offer": heard, "payment": paid,
}  # fmt: skip
