"""What the browser gets after a fact was written: the parts of the page that show it, and the way back."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from svyaz.customer360.queries import relationship
from svyaz.desk.customers.editing.facts import Subject
from svyaz.desk.customers.page import parts_context
from svyaz.desk.rendering import EmployeeRequest, see_other
from svyaz.history.models import Event
from svyaz.parties.queries import changes_of


def saved(request: EmployeeRequest, name: str, subject: Subject, words: str) -> HttpResponse:
    """Answer with head and facts as they are now, and a toast that takes the change back."""
    event = _event_of(subject)
    page = reverse("desk:customer", args=[subject.party.pk])
    if not request.htmx:
        # Without a script the page itself offers the way back.
        return see_other(f"{page}?{urlencode({'undo': event.pk})}" if event else page, request=request, said=words)
    focus = f"edit-{name}-{subject.row.pk}" if subject.row is not None else f"edit-{name}"
    return _parts(request, subject, words, event, focus)


def undone(request: EmployeeRequest, subject: Subject) -> HttpResponse:
    """Answer after a change was taken back."""
    if not request.htmx:
        return see_other(reverse("desk:customer", args=[subject.party.pk]), request=request, said=_("Taken back."))
    return _parts(request, subject, _("Taken back."), None, "")


def _event_of(subject: Subject) -> Event | None:
    """Return the event that this very request wrote; none where nothing changed."""
    return changes_of(subject.party.pk, subject.rights).filter(by=subject.by, at=subject.at).first()


def _parts(request: EmployeeRequest, subject: Subject, words: str, event: Event | None, focus: str) -> HttpResponse:
    found = relationship(request.user, at=subject.at, party_id=subject.party.pk)
    if found is None:
        # The customer was moved out of one's area: there is nothing to show any more.
        messages.success(request, words)
        return HttpResponse(headers={"HX-Redirect": reverse("desk:customers")})
    context = parts_context(request, found, subject.at) | {"said": words, "undo": event}
    response = render(request, "desk/customers/editing/saved.html", context)
    response["HX-Trigger-After-Settle"] = json.dumps({"desk:edited": {"focus": focus}})
    return response
