"""The thread of a relationship: contacts and decisions merged by time, page by key, in one round trip."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from svyaz.access.queries import Rights
from svyaz.customer360.queries.compile import Panel, shape_of
from svyaz.customer360.queries.panels import DECISION_FIELDS, THREAD, decision_fields
from svyaz.customer360.queries.relationship import snake
from svyaz.decisions.models import Decision
from svyaz.decisions.permissions import DecisionPermission
from svyaz.lib.sql import fetch_all

PAGE = 30
(INTERACTIONS,) = THREAD
PAST = "3_past"
# Of one moment the decision stands above the contact in which it was made.
RANKS = {"interaction": 0, "decision": 1}
_TIMES = {"interaction": "at", "decision": "made_at"}


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
        if RANKS[kind] < RANKS[self.kind]:
            return Q(**{f"{time}__lte": self.at})
        if RANKS[kind] > RANKS[self.kind]:
            return Q(**{f"{time}__lt": self.at})
        return Q(**{f"{time}__lt": self.at}) | Q(**{time: self.at, "pk__lt": self.row_id})


@dataclass(frozen=True)
class ThreadPage:
    """Lines of a thread, newest first: ("interaction" or "decision", row); `next` is the key of what lies before."""

    rows: list[tuple[str, dict[str, Any]]]
    next: ThreadKey | None
    count: int
    most: int = 1000


def thread_of(panels: dict[str, Any]) -> ThreadPage:
    """Return the newest lines out of the 360° view itself."""
    return _merged(panels.get("interactions"), panels.get("decisions"))


def older_thread(
    rights: Rights, *, at: datetime, before: ThreadKey | None = None,
    channels: Collection[str] | None = None, with_decisions: bool = True,
) -> ThreadPage:  # fmt: skip
    """Return the lines before a key, of some channels or of all (None), with or without decisions.

    `rights` have the relationship in hand; who may not see contacts or decisions gets none of them.
    """
    chosen: list[Panel] = []
    if channels is None or channels:
        chosen.append(_narrowed(INTERACTIONS, "interaction", before, channels))
    if with_decisions:
        chosen.append(_narrowed(_decisions(at), "decision", before, None))
    # Every text is another one (the key stands in it), so none is kept prepared.
    shape = shape_of(chosen, rights, snake)
    rows = f"(SELECT {', '.join(shape.columns)} OFFSET 0) AS s"
    sql = f"SELECT json_build_object({', '.join(shape.pairs)})::text FROM {rows}"
    [row] = fetch_all(sql, [], prepare=False)
    panels = json.loads(row[0])
    return _merged(panels.get("interactions"), panels.get("decisions"))


def _decisions(at: datetime) -> Panel:
    """Return the panel of decisions by time, each with how it stands now."""
    return Panel(
        "decisions", DecisionPermission.READ,
        lambda rights: Decision.objects.visible_to(rights).with_standing(at),
        (*DECISION_FIELDS, "standing"), decision_fields,
    )  # fmt: skip


def _narrowed(panel: Panel, kind: str, before: ThreadKey | None, channels: Collection[str] | None) -> Panel:
    """Return a panel of the thread before a key, of some channels."""
    condition = Q()
    if before is not None:
        condition &= before.before(kind)
    if channels:
        condition &= Q(channel__in=list(channels))
    time = _TIMES[kind]
    return replace(
        panel, rows=lambda rights: panel.rows(rights).filter(condition).order_by(f"-{time}", "-pk"), cap=PAGE
    )


def _merged(interactions: dict[str, Any] | None, decisions: dict[str, Any] | None) -> ThreadPage:
    """Merge both by time, no further back than both are known to be whole.

    The 360° view gives what binds before what is past, so a list of decisions that was cut is whole only down to the
    oldest past one in it.
    """
    lists = {
        "interaction": interactions or {"items": [], "count": 0},
        "decision": decisions or {"items": [], "count": 0},
    }
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
    return ThreadKey(datetime.fromisoformat(row[_TIMES[kind]]), kind, row["id"])
