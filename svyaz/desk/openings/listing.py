"""The openings as a reviewer reads them: filtered, by employee, each with its reason and what came after."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from svyaz.access.models import Opening
from svyaz.access.queries import Viewer, done_while_open, questions_about
from svyaz.desk.customers.opening_words import reason_of
from svyaz.desk.customers.values import Row, title_of
from svyaz.desk.openings.doing import done_words
from svyaz.parties.queries import parties_by_id
from svyaz.workforce.queries import employees_of_users, openings_under

PAGE = 50
MOST_EMPLOYEES = 200
_KEY = re.compile(r"(\d{1,18})~(\d{1,18})", re.ASCII)
WAITING, ASKED, ANSWERED, REVIEWED, WRONG = "", "asked", "answered", "reviewed", "wrong"
STATES = (
    (ASKED, _("asked, no answer yet")), (ANSWERED, _("answered")), (REVIEWED, _("reviewed")),
    (WRONG, _("not justified")),
)  # fmt: skip


class OpeningsForm(forms.Form):
    """Which openings: in which state, by whom, on which ground; a value that means nothing filters nothing."""

    state = forms.ChoiceField(label=_("State"), required=False)
    employee = forms.ChoiceField(label=_("Employee"), required=False)
    basis = forms.ChoiceField(label=_("Ground"), required=False)

    def __init__(self, data: QueryDict, *, viewer: Viewer) -> None:
        super().__init__(data)
        users = openings_under(viewer).order_by().values_list("by", flat=True).distinct()[:MOST_EMPLOYEES]
        people = sorted(employees_of_users(users).items(), key=lambda pair: pair[1].name_key)
        bases = (Opening.Basis.IDENTIFIER, Opening.Basis.CONTACT)
        self._offer("state", _("waiting for review"), STATES)
        self._offer("employee", _("all employees"), [(str(user), str(employee)) for user, employee in people])
        self._offer("basis", _("any ground"), [(basis.value, basis.label) for basis in bases])

    def _offer(self, name: str, empty: Any, choices: Iterable[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", empty), *choices]

    def value(self, name: str) -> str:
        """Return what was chosen."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def is_set(self) -> bool:
        """Tell whether anything is filtered."""
        return any(self.value(name) for name in self.fields)

    def found(self, viewer: Viewer) -> QuerySet[Opening]:
        """Return the openings that are wanted, by employee, the oldest first."""
        found = openings_under(viewer).select_related("by", "reviewed_by")
        state = self.value("state")
        asked = Q(questions__isnull=False, questions__answered_at__isnull=True)
        if state in {REVIEWED, WRONG}:
            found = found.filter(reviewed_at__isnull=False)
            found = found.filter(is_justified=False) if state == WRONG else found
        else:
            found = found.filter(reviewed_at__isnull=True)
        if state == ASKED:
            found = found.filter(asked)
        elif state == ANSWERED:
            found = found.filter(questions__answered_at__isnull=False).exclude(asked).distinct()
        if employee := self.value("employee"):
            found = found.filter(by=int(employee))
        if basis := self.value("basis"):
            found = found.filter(basis=basis)
        return found.order_by("by_id", "pk")


def page_of(found: QuerySet[Opening], after: str) -> tuple[list[Opening], str]:
    """Return one page by employee and opening, and the key of the next ("": there is none)."""
    if match := _KEY.fullmatch(after):
        user, pk = int(match[1]), int(match[2])
        found = found.filter(by__gte=user).filter(Q(by__gt=user) | Q(pk__gt=pk))
    rows = list(found[: PAGE + 1])
    page = rows[:PAGE]
    return page, f"{page[-1].by_id}~{page[-1].pk}" if len(rows) > PAGE else ""


def shown(openings: list[Opening]) -> list[Row]:
    """Return the openings in groups by employee; the queries are as many for one as for fifty."""
    parties = parties_by_id(row.party_id for row in openings)
    people = employees_of_users(row.by_id for row in openings)
    asked, done = questions_about(openings), done_while_open(openings)
    groups: dict[int, Row] = {}
    for row in openings:
        user: Any = row.by
        group = groups.setdefault(row.by_id, {"employee": people.get(row.by_id), "user": user, "items": []})
        party = parties.get(row.party_id)
        group["items"].append(
            {
                "row": row, "party": _title(party, row.party_id), "area": getattr(party, "home_area", None),
                "reason": reason_of(row), "questions": asked.get(row.pk, []), "done": done_words(done[row.pk]),
                "hours": _hours(row),
            }
        )  # fmt: skip
    return list(groups.values())


def _hours(opening: Opening) -> int:
    """Return how many hours the card was open."""
    return round((opening.opens_until - opening.at).total_seconds() / 3600) if opening.opens_until else 0


def _title(party: Any, party_id: int) -> str:
    numbers: Iterable[str] = [role.number for role in party.roles.all()] if party else ()
    return title_of(party.name, numbers, party_id) if party else str(party_id)
