"""Lists of the house that are kept alike: one page with all rows, one page with a row's form and its history."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django import forms
from django.db import models, transaction
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from svyaz.access.permissions import needs
from svyaz.desk.administration.changes import history
from svyaz.desk.administration.facts import REFUSALS, field_of, words_of
from svyaz.desk.administration.sections import show
from svyaz.desk.rendering import EmployeeRequest, see_other
from svyaz.desk.undo import Sent, say_with_undo
from svyaz.history.models import Event
from svyaz.users.models import User

NOBODY = ""


@dataclass(frozen=True)
class Line:
    """One row of a list: how deep it stands in a tree, its name, a word below, marks (words, tone) and a figure."""

    row: Any
    title: str
    depth: int = 0
    note: str = ""
    marks: tuple[tuple[Any, str], ...] = ()
    figure: str = ""
    icon: str = ""
    price: Decimal | None = None
    currency: str = ""


class RegisterForm(forms.Form):
    """A row's form: knows how the row fills it and which action saves it."""

    # Fields that only a new row has: what names it for good.
    only_new: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *, row: Any = None, viewer: User) -> None:
        super().__init__(data, initial=self.values_of(row) if row is not None else None)
        self.row, self.viewer = row, viewer
        if row is not None:
            for name in self.only_new:
                self.fields.pop(name, None)

    def values_of(self, row: Any) -> dict[str, Any]:
        """Return what the fields show of a row."""
        raise NotImplementedError

    def save(self, *, by: User, at: datetime) -> Any:
        """Call the action; return the row."""
        raise NotImplementedError

    def choose(self, name: str, rows: Iterable[tuple[Any, Any]], empty: Any = None) -> None:
        """Set what a field offers."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*([("", empty)] if empty is not None else []), *rows]

    def sent(self) -> list[tuple[str, str]]:
        """Return the row's present values as a browser would send them: what undo sends back."""
        return [(name, part) for name in self.fields for part in _as_sent(self.initial.get(name))]


def _as_sent(value: Any) -> list[str]:
    if value is None or value is False:
        return []
    if value is True:
        return ["on"]
    if isinstance(value, (list, tuple)):
        return [part for one in value for part in _as_sent(one)]
    if isinstance(value, Decimal):
        return [f"{value:f}"]
    return [value.isoformat() if isinstance(value, date) else str(value)]


def tree_choices(tree: Iterable[tuple[int, models.Model]]) -> list[tuple[str, str]]:
    """Return the rows of a tree to choose from, each set in by its depth."""
    return [(str(row.pk), "\N{NO-BREAK SPACE}" * 3 * depth + str(row)) for depth, row in tree]


@dataclass(frozen=True)
class Register:
    """One list of the house: who may keep it, what it holds, and what it says."""

    name: str
    icon: str
    permission: StrEnum
    title: Any
    new: Any
    teaches: Any
    lines: Callable[[User], list[Line]]
    find: Callable[[int], Any]
    form: type[RegisterForm]
    changes: "Callable[[Any], models.QuerySet[Event]]"
    extra: str = ""
    extra_context: Callable[[Any], Mapping[str, Any]] | None = None

    def urls(self) -> list[URLPattern]:
        """Return the addresses of the list, of a new row and of each row."""
        place = f"administration/{self.name}/"
        name = f"administration_{self.name}"
        return [
            path(place, self._index(), name=name),
            path(f"{place}new/", self._edit(), name=f"{name}_new"),
            path(f"{place}<row:row_id>/", self._edit(), name=f"{name}_row"),
        ]

    def address(self, row: Any) -> str:
        """Return the address of a row."""
        return reverse(f"desk:administration_{self.name}_row", args=[row.pk])

    def row_or_404(self, row_id: int) -> Any:
        """Return a row of the list."""
        row = self.find(row_id)
        if row is None:
            raise Http404
        return row

    def _index(self) -> Callable[..., HttpResponse]:
        @require_safe
        @needs(self.permission)
        def index(request: EmployeeRequest) -> HttpResponse:
            context = {
                "register": self,
                "lines": self.lines(request.user),
                "new": f"desk:administration_{self.name}_new",
            }
            return show(request, self.name, "register.html", "list", context)

        return index

    def _edit(self) -> Callable[..., HttpResponse]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @needs(self.permission)
        def edit(request: EmployeeRequest, row_id: int | None = None) -> HttpResponse:
            row = None if row_id is None else self.row_or_404(row_id)
            form = self.form(request.POST if request.method == "POST" else None, row=row, viewer=request.user)
            if request.method == "POST" and form.is_valid():
                saved = saved_by(form, by=request.user, at=now())
                if saved is not None:
                    return self._say_saved(request, saved, form.sent() if row is not None else None)
            return self.page(request, row, form)

        return edit

    def _say_saved(self, request: EmployeeRequest, row: Any, former: Sent | None) -> HttpResponse:
        address = self.address(row)
        if former is None:
            return see_other(address, request=request, said=_("Saved."))
        say_with_undo(request, _("Saved."), address, former)
        return see_other(address)

    def page(self, request: EmployeeRequest, row: Any, form: RegisterForm, **more: Any) -> HttpResponse:
        """Draw a row's page: its form, what else belongs to it, its history."""
        context: dict[str, Any] = {"register": self, "row": row, "form": form}
        if row is not None:
            context["changes"] = history(self.changes(row))
            context |= self.extra_context(row) if self.extra_context else {}
        status = 422 if form.is_bound or more.pop("is_refused", False) else 200
        return show(request, self.name, "entry.html", "entry", {**context, **more}, status=status)


def saved_by(form: Any, *, by: User, at: datetime) -> Any:
    """Save a valid form's row; nothing, with the words on the form, where the action refuses."""
    try:
        with transaction.atomic():
            return form.save(by=by, at=at)
    except REFUSALS as fact:
        field = field_of(fact)
        form.add_error(field if field in form.fields else None, words_of(fact))
        return None
