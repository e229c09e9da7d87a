"""One address per fact: its form, its saving, the conflict with a colleague, and taking it back."""

import json
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from svyaz.access.permissions import needs
from svyaz.desk.customers.editing.answers import saved, undone
from svyaz.desk.customers.editing.facts import FACTS, Fact, Subject
from svyaz.desk.customers.editing.people import NobodyFound, SeveralFound
from svyaz.desk.customers.values import title_of
from svyaz.desk.own_forms import WHY
from svyaz.desk.rendering import UNPROCESSABLE, EmployeeRequest, refused
from svyaz.fields.actions import InvalidOwnValue
from svyaz.parties.actions import (
    AddressAlreadyEnded,
    AlreadyRelated,
    CannotBeUndone,
    ChangedMeanwhile,
    ChangedSince,
    CompanyAboveItself,
    InvalidField,
    MediumAlreadyEnded,
    MediumAlreadyKnown,
    PartyAlreadyExists,
    PreferenceAlreadyEnded,
    RelatedToItself,
    RelationshipAlreadyEnded,
    RoleAlreadyEnded,
    TooLateToUndo,
    undo_change,
)
from svyaz.parties.models import Party
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import changes_of, relationship_rights

CONFLICT = 409
ENDED = (
    AddressAlreadyEnded, MediumAlreadyEnded, PreferenceAlreadyEnded, RelationshipAlreadyEnded, RoleAlreadyEnded,
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs(PartyPermission.WRITE)
def fact(request: EmployeeRequest, party_id: int, name: str, row_id: int | None = None) -> HttpResponse:
    """Show the form of one fact, or save it: 422 with what is wrong, 409 with what a colleague made of it meanwhile."""
    found, subject = _subject(request, party_id, name, row_id)
    if request.method != "POST":
        form = found.form(subject)(initial=found.seen(subject), rights=subject.rights)
        return _editor(request, name, subject, form)
    if "end" in request.POST and found.end is not None and subject.row is not None:
        try:
            found.end(subject)
        except ENDED:
            return refused(request, _page(party_id), _("A colleague has removed this already."))
        return saved(request, name, replace(subject, row=None), _("Removed."))
    form = found.form(subject)(request.POST, initial=found.seen(subject), rights=subject.rights)
    if not form.is_valid():
        return _editor(request, name, subject, form, status=UNPROCESSABLE)
    return _save(request, name, subject, form)


def _subject(request: EmployeeRequest, party_id: int, name: str, row_id: int | None) -> tuple[Fact, Subject]:
    """Return the fact and whose it is; 404 where either does not exist for the viewer, 403 where he may not see it."""
    at = now()
    rights = relationship_rights(request.user, party_id, at)
    found = FACTS.get(name)
    if rights is None or found is None:
        raise Http404
    if not rights.may(found.permission):
        raise PermissionDenied(str(found.permission))
    party = get_object_or_404(Party.objects.visible_to(rights).select_related("home_area"), pk=rights.party_id)
    if not found.applies(party) or (found.rows is None if row_id is not None else not found.may_be_new and found.rows):
        raise Http404
    row = get_object_or_404(found.rows(rights), pk=row_id) if found.rows and row_id is not None else None
    return found, Subject(party, row, rights, request.user, at)


def _save(request: EmployeeRequest, name: str, subject: Subject, form: forms.Form) -> HttpResponse:
    found = FACTS[name]
    try:
        written = found.save(subject, form.cleaned_data, _seen(request))
    except (ChangedMeanwhile, *ENDED):
        return _conflict(request, name, subject, form)
    except REFUSALS as refusal:
        field, words = _words_of(refusal)
        form.add_error(field if field in form.fields else None, words)
        return _editor(request, name, subject, form, status=UNPROCESSABLE)
    row = written if found.rows is not None else None
    return saved(request, name, replace(subject, row=row), _("Saved."))


def _seen(request: EmployeeRequest) -> dict[str, Any]:
    """Return the values that stood in the form when it was opened; without them the change is compared with nothing."""
    try:
        seen = json.loads(request.POST.get("seen", "{}"))
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}


def _conflict(request: EmployeeRequest, name: str, subject: Subject, form: forms.Form) -> HttpResponse:
    """Show both values; writing one's own then goes over what stands there now."""
    found = FACTS[name]
    row = subject.row
    if row is not None and found.now is not None:
        row = found.now(subject)
    elif row is not None:
        row = found.rows(subject.rights).filter(pk=row.pk, valid_to__isnull=True).first() if found.rows else None
    has_row = subject.row is not None
    current = Subject(subject.party, row, subject.rights, subject.by, subject.at)
    there = found.seen(current) if row is not None or not has_row else {}
    last = changes_of(subject.party.pk, subject.rights).first()
    fresh = found.form(current)(initial=there, rights=subject.rights)
    conflict = {
        "by": last.by if last else None,
        "at": last.at if last else None,
        "lines": _lines(form, fresh, there),
        "is_ended": has_row and row is None,
    }
    return _editor(request, name, current, form, status=CONFLICT, conflict=conflict)


def _lines(mine: forms.Form, theirs: forms.Form, there: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each field with what stands there now and what was to be written."""
    lines = [
        {
            "label": mine.fields[key].label,
            "theirs": _shown(theirs, key, there.get(key)),
            "mine": _shown(mine, key, value),
        }
        for key, value in mine.cleaned_data.items()
        if key in mine.fields
    ]
    return [line | {"differs": line["theirs"] != line["mine"]} for line in lines]


def _shown(form: forms.Form, name: str, value: Any) -> str:
    """Return a value as one reads it: the words of a choice, yes or no."""
    field = form.fields.get(name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ModelChoiceField):
        row = field.queryset.filter(pk=getattr(value, "pk", value)).first() if field.queryset is not None else None
        return str(row or "")
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        words = {str(key): str(label) for key, label in choices}
        return words.get(str(value or ""), str(value or ""))
    return str(value or "")


def _editor(
    request: EmployeeRequest, name: str, subject: Subject, form: forms.Form, *, status: int = 200,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    found = FACTS[name]
    row_id = subject.row.pk if subject.row is not None else None
    context = {
        "fact": name, "title": found.title, "form": form, "conflict": conflict, "row_id": row_id,
        "seen": json.dumps(found.seen(subject), default=str),
        "may_end": found.end is not None and row_id is not None, "is_new": found.may_be_new and row_id is None,
        "address": _address(subject.party.pk, name, row_id), "page_url": _page(subject.party.pk),
        "customer": title_of(subject.party.name, [], subject.party.pk),
    }  # fmt: skip
    template = "desk/customers/editing/form.html" if request.htmx else "desk/customers/editing/page.html"
    return render(request, template, context, status=status)


def _address(party_id: int, name: str, row_id: int | None) -> str:
    args: list[Any] = [party_id, name] if row_id is None else [party_id, name, row_id]
    return reverse("desk:customer_fact" if row_id is None else "desk:customer_fact_row", args=args)


def _page(party_id: int) -> str:
    return reverse("desk:customer", args=[party_id])


REFUSALS = (
    InvalidField, PartyAlreadyExists, MediumAlreadyKnown, AlreadyRelated, RelatedToItself, CompanyAboveItself,
    NobodyFound, SeveralFound, InvalidOwnValue,
)  # fmt: skip


def _words_of(refusal: Exception) -> tuple[str | None, str]:
    """Return the field and the words for what an action refused."""
    if isinstance(refusal, InvalidOwnValue):
        return refusal.code, str(WHY.get(refusal.reason, _("This cannot be.")))
    if isinstance(refusal, InvalidField):
        return refusal.field, reason_words(refusal.reason)
    words = {
        PartyAlreadyExists: ("inn", _("Another company has this INN and KPP.")),
        MediumAlreadyKnown: ("value", _("This is known of the customer already.")),
        AlreadyRelated: ("known", _("They are related in this way already.")),
        RelatedToItself: ("known", _("This is the customer himself.")),
        CompanyAboveItself: ("known", _("This company already stands below the customer.")),
        NobodyFound: ("known", _("Nobody has this number or address. Fill in a name to add somebody new.")),
        SeveralFound: ("known", _("Several have it: use a number that one alone has.")),
    }
    return words[type(refusal)]


def reason_words(reason: str) -> str:
    """Say what is wrong with a value."""
    return {
        "empty": _("This cannot be empty."), "not_digits": _("Only digits stand here."),
        "wrong_length": _("This number has another length."),
        "wrong_checksum": _("The check digit does not agree: there is a slip in the number."),
        "out_of_range": _("This day cannot be."), "too_long": _("This is too long."),
        "not_a_phone": _("This is not a phone number."), "not_an_email": _("This is not an e-mail address."),
    }.get(reason, _("This does not look right; look at it again."))  # fmt: skip


@require_POST
@needs(PartyPermission.WRITE)
def undo(request: EmployeeRequest, party_id: int, event_id: int) -> HttpResponse:
    """Take back one's own fresh change, by the action that is its inverse."""
    at = now()
    rights = relationship_rights(request.user, party_id, at)
    if rights is None:
        raise Http404
    event = get_object_or_404(changes_of(party_id, rights), pk=event_id)
    try:
        undo_change(event=event, by=request.user, at=at)
    except TooLateToUndo:
        return refused(request, _page(party_id), _("Too late to take back: change it once more instead."))
    except ChangedSince:
        words = _("Not taken back: this was changed since. Look at it as it is now.")
        return refused(request, _page(party_id), words)
    except CannotBeUndone as fact_:
        raise Http404 from fact_
    party = get_object_or_404(Party.objects.visible_to(rights), pk=rights.party_id)
    return undone(request, Subject(party, None, rights, request.user, at))
