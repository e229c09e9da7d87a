"""The tabs over a list: all of it, the views that come with the product, and those that people have saved."""

from collections.abc import Sequence
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from svyaz.desk.lists import reading
from svyaz.desk.lists.asked import Asked, read
from svyaz.desk.lists.columns import Look
from svyaz.desk.models import SavedView

Row = dict[str, Any]
MOST_SHOWN = 99
# A count that would take longer than a glance is left out.
PATIENCE_MS = 250
MOST_VIEWS = 30


def saved_views(asked: Asked, look: Look) -> list[SavedView]:
    """Return the saved views of a list that the viewer has, his own first."""
    views = SavedView.objects.visible_to(look.user).present().filter(list=asked.listed.name)
    found: list[SavedView] = list(views.select_related("owner").order_by("pk")[:MOST_VIEWS])
    return sorted(found, key=lambda view: (view.owner_id != look.user.pk, view.pk))


def tabs_of(asked: Asked, look: Look, page: str, view: str) -> dict[str, Any]:
    """Return the tabs, and the saved view in hand with whether what is shown differs from it."""
    views = saved_views(asked, look)
    here = asked.query()
    tabs = [_tab("", _("All"), "", page), *(_tab(one.key, one.label, one.query, page) for one in asked.listed.presets)]
    tabs += [_tab(str(one.pk), one.name, one.query, page, one) for one in views]
    current = next((tab for tab in tabs if tab["key"] == view), tabs[0])
    if not view:
        # A link that says the same as a view is that view.
        current = next((tab for tab in tabs if same(asked, tab["query"], look)), current)
    current["is_current"] = True
    saved: SavedView | None = current["saved"]
    return {
        "view_tabs": tabs,
        "view_tab": current,
        "saved": saved,
        "is_mine": saved is not None and saved.owner_id == look.user.pk,
        "is_changed": not same(asked, current["query"], look),
        "sharings": SavedView.Sharing.choices,
        "here": here,
    }


def same(asked: Asked, query: str, look: Look) -> bool:
    """Tell whether a query says what is shown, whatever the order of its words."""
    return read(asked.listed, query, look).params() == asked.params()


def _tab(key: str, name: Any, query: str, page: str, saved: SavedView | None = None) -> Row:
    parts = [query] if query else []
    if key:
        parts.append(f"view={key}")
    href = f"{page}?{'&'.join(parts)}" if parts else page
    return {
        "key": key, "name": name, "query": query, "saved": saved, "href": href,
        "is_shared": saved is not None and saved.sharing != SavedView.Sharing.PRIVATE,
    }  # fmt: skip


def counts(asked: Asked, look: Look, tabs: Sequence[Row]) -> list[Row]:
    """Return for each tab how many rows it holds, at most "more than 99", each within a quarter of a second."""
    return [{"key": tab["key"], "count": _quick_count(asked, tab["query"], look)} for tab in tabs]


def _quick_count(asked: Asked, query: str, look: Look) -> int | None:
    rows = reading.found(read(asked.listed, query, look), look)
    few: Any = rows.order_by().values("pk")[: MOST_SHOWN + 1]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE_MS)])
            return int(few.count())
    except OperationalError:
        return None
