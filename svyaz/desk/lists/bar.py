"""The bar over a list: what is filtered as chips, what else can be, order, group and columns; all of it links."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from svyaz.desk.lists.asked import Asked, default_columns
from svyaz.desk.lists.columns import Column, Look
from svyaz.desk.lists.definition import Condition

Row = dict[str, Any]


def chips(asked: Asked, look: Look, page: str, view: str) -> list[Row]:
    """Return the filters that are set, in words, each with the addresses that change it and take it away."""
    return [
        {
            "key": one.filter.key,
            "label": one.filter.label,
            "operator": one.filter.operators[one.operator],
            "words": one.filter.said(one.operator, one.values, look),
            "edit": asked.query(view=view, edit=one.filter.key),
            "drop": asked.without(one.filter.key).address(page, view=view),
        }
        for one in asked.conditions
    ]


def addable(asked: Asked, view: str) -> list[Row]:
    """Return the filters that are not set yet."""
    taken = {one.filter.key for one in asked.conditions}
    return [
        {"key": one.key, "label": one.label, "edit": asked.query(view=view, edit=one.key)}
        for one in asked.listed.filters
        if one.key not in taken
    ]


def editor(asked: Asked, look: Look, key: str, view: str, find: str = "") -> Row | None:
    """Return the form that sets one filter."""
    wanted = asked.listed.filter(key)
    if wanted is None:
        return None
    current = next((one for one in asked.conditions if one.filter.key == key), None)
    operator = current.operator if current else next(iter(wanted.operators))
    values = current.values if current else ()
    offered = wanted.offered(look, find)
    known = {value for value, _words in offered}
    # What is chosen stays in sight even where it is not among the first that are offered.
    chosen = [(value, wanted.said("", (value,), look)) for value in values if value not in known]
    has_choices = wanted.control in {"choice", "choices"}
    return {
        "key": key,
        "label": wanted.label,
        "control": wanted.control,
        "operators": [(name, words, name == operator) for name, words in wanted.operators.items()],
        "choices": [(value, words, value in values) for value, words in [*chosen, *offered]] if has_choices else [],
        "is_long": has_choices and (bool(find) or len(offered) > 12),
        "find": find,
        # A day is chosen in a calendar, so many days back are a number: each has a field of its own.
        "value": values[0] if values and operator != "last" else "",
        "days": values[0] if values and operator == "last" else "30",
        "hidden": list(asked.without(key).params().items()) + ([("view", view)] if view else []),
    }


def set_by_form(asked: Asked, params: QueryDict, look: Look) -> Asked:
    """Return the state after a filter's form was sent: `set` names it, `op` and `value` say to what."""
    wanted = asked.listed.filter(params.get("set", ""))
    operator = params.get("op", "")
    if wanted is None or operator not in wanted.operators:
        return asked
    sent = [params.get("days", "")] if operator == "last" else params.getlist("value")
    values = wanted.clean(operator, sent, look)
    return asked.set(Condition(wanted, operator, values)) if values else asked.without(wanted.key)


def heads(asked: Asked, page: str, view: str) -> list[Row]:
    """Return the heads of the columns; those of an order turn it round when pressed."""
    return [_head(column, asked, page, view) for column in asked.columns]


def _head(column: Column, asked: Asked, page: str, view: str) -> Row:
    is_sorted = asked.sort.removeprefix("-") == column.key
    return {
        "key": column.key,
        "label": column.label,
        "is_numeric": column.is_numeric,
        "sorted": ("descending" if asked.is_backwards else "ascending") if is_sorted else "",
        "href": replace(asked, sort=turned(column, asked), after="").address(page, view=view) if column.order else "",
    }


def turned(column: Column, asked: Asked) -> str:
    """Return the order that a press on a column's head asks for: its natural one first, then the other way round."""
    newest = column.order is not None and column.order.newest_first
    natural = f"-{column.key}" if newest else column.key
    if asked.sort != natural:
        return natural
    return column.key if newest else f"-{column.key}"


def orders(asked: Asked, page: str, view: str) -> list[Row]:
    """Return the orders that can be chosen."""
    return [
        {
            "label": column.label,
            "is_backwards": sort.startswith("-"),
            "is_current": asked.sort == sort,
            "href": replace(asked, sort=sort, after="").address(page, view=view),
        }
        for column in asked.listed.sorts
        for sort in (column.key, f"-{column.key}")
    ]


def groups(asked: Asked, page: str, view: str) -> list[Row]:
    """Return the groupings that can be chosen, none first; those of an order only while it stands."""
    choices: list[Any] = [None, *asked.listed.groups]
    return [
        {
            "label": group.label if group else _("no groups"),
            "is_current": asked.group is group or (group is not None and asked.group == group),
            "href": replace(asked, group=group, after="").address(page, view=view),
        }
        for group in choices
        if group is None or not group.of_sort or group.of_sort == asked.sort.removeprefix("-")
    ]


def column_choices(asked: Asked, page: str, view: str) -> list[Row]:
    """Return every column: those shown in their order, each with what moves or hides it, then those that are not."""
    shown = list(asked.columns)
    rest = [column for column in asked.listed.columns if column not in shown]

    def to(columns: list[Column]) -> str:
        return replace(asked, columns=tuple(columns)).address(page, view=view)

    found: list[Row] = []
    for place, column in enumerate(shown):
        others = [one for one in shown if one is not column]
        found.append(
            {
                "key": column.key, "label": column.label, "is_shown": True,
                "toggle": to(others) if place else "",
                "up": to([*others[: place - 1], column, *others[place - 1 :]]) if place > 1 else "",
                "down": to([*others[: place + 1], column, *others[place + 1 :]]) if 0 < place < len(shown) - 1 else "",
            }
        )  # fmt: skip
    found += [{"key": one.key, "label": one.label, "is_shown": False, "toggle": to([*shown, one])} for one in rest]
    return found


def usual_columns(asked: Asked, page: str, view: str) -> str:
    """Return the address that shows the usual columns again, where others are shown."""
    usual = [column for key in default_columns(asked.listed) if (column := asked.listed.column(key))]
    return "" if list(asked.columns) == usual else replace(asked, columns=tuple(usual)).address(page, view=view)


def view_of(request: HttpRequest) -> str:
    """Return which view the address names."""
    view = request.GET.get("view", "")
    return view if view.isascii() and view.replace("-", "").isalnum() and len(view) < 40 else ""
