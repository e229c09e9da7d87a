"""The thread of a relationship: contacts and decisions merged by time, page by key, in one round trip."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q

from svyaz.access.queries import Rights
from svyaz.billing.models import Payment
from svyaz.billing.permissions import BillingPermission
from svyaz.customer360.queries.compile import Panel, shape_of
from svyaz.customer360.queries.panels import ASIDE, DECISION_FIELDS, THREAD, decision_fields
from svyaz.customer360.queries.relationship import snake
from svyaz.decisions.models import Decision
from svyaz.decisions.permissions import DecisionPermission
from svyaz.interactions.models import InteractionProduct
from svyaz.lib.sql import fetch_all

PAGE = 30
(INTERACTIONS,) = THREAD
OFFERS = replace(next(panel for panel in ASIDE if panel.name == "competitor_offers"), is_counted=True)
PAYMENTS = Panel(
    "payments", BillingPermission.READ, lambda rights: Payment.objects.visible_to(rights),
    ("id", "amount", "currency", "paid_at", "method", "reversed_at"), is_counted=True,
)  # fmt: skip
PAST = "3_past"
# Of one moment the decision stands above the contact in which it was made.
RANKS = {"interaction": 0, "decision": 1, "offer": 2, "payment": 3}
_TIMES = {"interaction": "at", "decision": "made_at", "offer": "heard_date", "payment": "paid_at"}
CONTACTS_AND_DECISIONS = frozenset({"interaction", "decision"})


@dataclass(frozen=True)
class ThreadFilter:
    """What is wanted of a thread: kinds of lines, channels (None: all), one employee's, about one service, with words.

    Offers and payments have no words and no service; an employee neither.
    """

    kinds: frozenset[str] = CONTACTS_AND_DECISIONS
    channels: Collection[str] | None = None
    employee_id: int | None = None
    product_id: int | None = None
    words: str = ""

    @property
    def is_everything(self) -> bool:
        """Tell whether nothing is left out: then the 360° view itself has the newest lines."""
        return self == ThreadFilter()

    def condition(self, kind: str) -> Q:
        """Return the condition on rows of a kind."""
        wanted = Q()
        if kind == "interaction":
            wanted &= Q(channel__in=list(self.channels)) if self.channels is not None else Q()
            wanted &= Q(employee=self.employee_id) if self.employee_id else Q()
            about = InteractionProduct.objects.filter(interaction=OuterRef("pk"), product=self.product_id)
            wanted &= Q(Exists(about)) if self.product_id else Q()
        if kind == "decision":
            wanted &= Q(maker=self.employee_id) if self.employee_id else Q()
            is_about = Q(subject_type=Decision.Subject.PRODUCT, subject_id=self.product_id)
            wanted &= is_about if self.product_id else Q()
        for word in self.words.split()[:MOST_WORDS] if kind in _WORDS else ():
            wanted &= reduce(or_, (Q(**{f"{field}__icontains": word}) for field in _WORDS[kind]))
        return wanted


MOST_WORDS = 6
# Where the words of a line stand. Within one party they are looked for line by line, the newest first.
_WORDS = {"interaction": ("subject", "text"), "decision": ("text", "question")}


@dataclass(frozen=True)
class ThreadKey:
    """The last line that was seen: the next page begins before it."""

    at: datetime
    kind: str
    row_id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.kind}_{self.row_id}"

    @classmethod
    def read(cls, text: str) -> "ThreadKey | None":
        """Read a key as it stands in an address; None for anything else."""
        moment, _underscore, rest = text.partition("_")
        kind, _underscore, number = rest.partition("_")
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:
            return None
        if kind not in RANKS or at.tzinfo is None or not (number.isascii() and number.isdigit() and len(number) < 19):
            return None
        return cls(at, kind, int(number))

    def before(self, kind: str) -> Q:
        """Return the condition on rows of a kind that they lie before this key."""
        time = _TIMES[kind]
        if kind == "offer":
            # Offers know the day alone.
            day = self.at.date()
            return Q(heard_date__lt=day) | Q(heard_date=day, pk__lt=self.row_id)
        if RANKS[kind] < RANKS[self.kind]:
            return Q(**{f"{time}__lte": self.at})
        if RANKS[kind] > RANKS[self.kind]:
            return Q(**{f"{time}__lt": self.at})
        return Q(**{f"{time}__lt": self.at}) | Q(**{time: self.at, "pk__lt": self.row_id})


@dataclass(frozen=True)
class ThreadPage:
    """Lines of a thread, newest first, each with its kind; `next` is the key of what lies before."""

    rows: list[tuple[str, dict[str, Any]]]
    next: ThreadKey | None
    count: int
    most: int = 1000


def thread_of(panels: dict[str, Any]) -> ThreadPage:
    """Return the newest lines out of the 360° view itself."""
    return _merged({"interaction": panels.get("interactions"), "decision": panels.get("decisions")})


def older_thread(
    rights: Rights, *, at: datetime, before: ThreadKey | None = None,
    wanted: ThreadFilter = ThreadFilter(),
) -> ThreadPage:  # fmt: skip
    """Return the lines before a key that are wanted.

    `rights` have the relationship in hand; who may not see contacts, decisions, offers or payments gets none of them.
    """
    panels_of = {"interaction": INTERACTIONS, "decision": _decisions(at), "offer": OFFERS, "payment": PAYMENTS}
    chosen = [
        _narrowed(panel, kind, wanted.condition(kind), before)
        for kind, panel in panels_of.items()
        if kind in wanted.kinds
    ]
    # Every text is another one (the key stands in it), so none is kept prepared.
    shape = shape_of(chosen, rights, snake)
    rows = f"(SELECT {', '.join(shape.columns)} OFFSET 0) AS s"
    sql = f"SELECT json_build_object({', '.join(shape.pairs)})::text FROM {rows}"
    [row] = fetch_all(sql, [], prepare=False)
    panels = json.loads(row[0])
    return _merged({kind: panels.get(panel.name) for kind, panel in panels_of.items()})


def _decisions(at: datetime) -> Panel:
    """Return the panel of decisions by time, each with how it stands now."""
    return Panel(
        "decisions", DecisionPermission.READ,
        lambda rights: Decision.objects.visible_to(rights).with_standing(at),
        (*DECISION_FIELDS, "standing"), decision_fields,
    )  # fmt: skip


def _narrowed(panel: Panel, kind: str, wanted: Q, before: ThreadKey | None) -> Panel:
    """Return a panel of the thread, of what is wanted, before a key."""
    condition = wanted & before.before(kind) if before is not None else wanted
    time = _TIMES[kind]
    return replace(
        panel, rows=lambda rights: panel.rows(rights).filter(condition).order_by(f"-{time}", "-pk"), cap=PAGE
    )


def _merged(panels: dict[str, dict[str, Any] | None]) -> ThreadPage:
    """Merge the kinds by time, no further back than all are known to be whole.

    The 360° view gives what binds before what is past, so a list of decisions that was cut is whole only down to the
    oldest past one in it.
    """
    lists = {kind: panel or {"items": [], "count": 0} for kind, panel in panels.items()}
    rows = [(_key(kind, row), row) for kind, panel in lists.items() for row in panel["items"]]
    rows.sort(key=lambda pair: (pair[0].at, RANKS[pair[0].kind], pair[0].row_id), reverse=True)
    cut = [
        min((key.at for key, row in rows if key.kind == kind and row.get("standing", PAST) == PAST), default=None)
        for kind, panel in lists.items()
        if panel["count"] > len(panel["items"])
    ]
    horizon = max((moment for moment in cut if moment is not None), default=None)
    shown = [pair for pair in rows if horizon is None or pair[0].at >= horizon]
    following = shown[-1][0] if horizon is not None and shown else None
    return ThreadPage([(key.kind, row) for key, row in shown], following, lists["interaction"]["count"])


def _key(kind: str, row: dict[str, Any]) -> ThreadKey:
    at = datetime.fromisoformat(row[_TIMES[kind]])
    return ThreadKey(at if at.tzinfo else at.replace(tzinfo=UTC), kind, row["id"])
