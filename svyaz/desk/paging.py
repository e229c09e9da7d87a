"""Pages by key: the last row that was seen stands in the address, so that page 1 000 costs as much as page 1."""

import re
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode

PAGE = 50
# Past so many a count says "more than": nobody reads further, and counting a million takes time.
MOST_COUNTED = 10_000
_KEY = re.compile(r"(?P<at>[0-9T:.+Z-]{10,40})~(?P<pk>\d{1,18})", re.ASCII)

ModelT = TypeVar("ModelT", bound=Model)


def page_by_time(
    found: "QuerySet[ModelT]", field: str, after: str, *, size: int = PAGE, newest_first: bool = True
) -> tuple[list[ModelT], str]:
    """Return one page of rows ordered by a moment and their id, and the key of the next page ("": there is none)."""
    beyond = "lt" if newest_first else "gt"
    if key := _time_key(after):
        at, pk = key
        # The first condition is one that an index answers; the second leaves out what was seen of the same moment.
        further = Q(**{f"{field}__{beyond}": at}) | Q(**{f"pk__{beyond}": pk})
        found = found.filter(**{f"{field}__{beyond}e": at}).filter(further)
    rows = list(found[: size + 1])
    shown = rows[:size]
    last: Any = shown[-1] if len(rows) > size else None
    return shown, f"{getattr(last, field).isoformat()}~{last.pk}" if last else ""


def _time_key(text: str) -> tuple[datetime, int] | None:
    match = _KEY.fullmatch(text)
    if match is None:
        return None
    try:
        at = parse_datetime(match["at"])
    except ValueError:
        return None
    return (at, int(match["pk"])) if at is not None and at.tzinfo is not None else None


def count_of(found: "QuerySet[Any]") -> int:
    """Return how many there are, at the most one more than `MOST_COUNTED`."""
    few: Any = found.order_by().values("pk")[: MOST_COUNTED + 1]
    return int(few.count())


def address(request: HttpRequest, **changes: str) -> str:
    """Return this page's address with some parameters changed; an empty one is left out."""
    params = {name: str(value) for name, value in request.GET.items() if name != "after"} | changes
    kept = {name: value for name, value in params.items() if value}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def pages(request: HttpRequest, following: str) -> dict[str, str]:
    """Return the addresses that lead on from a page of a list, and back to its beginning."""
    return {
        "next": address(request, after=following) if following else "",
        "first": address(request, after="") if request.GET.get("after") else "",
    }
