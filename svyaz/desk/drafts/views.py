"""Keeping what is typed, the tabs of what is in hand, closing with undo, handing over."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svyaz.access.permissions import needs
from svyaz.desk.drafts.actions import (
    CannotTakeOver,
    DraftChangedElsewhere,
    DraftGone,
    close_draft,
    hand_over_draft,
    keep_draft,
    reopen_draft,
)
from svyaz.desk.drafts.forms import HandOverForm, KeepForm
from svyaz.desk.drafts.queries import differences, task_tabs, title_of_draft, url_of
from svyaz.desk.models import Draft
from svyaz.desk.models.drafts import Written
from svyaz.desk.rendering import UNPROCESSABLE, EmployeeRequest, refused, say_undoable, see_other
from svyaz.interactions.permissions import InteractionPermission
from svyaz.parties.models import Party
from svyaz.parties.queries import relationship_rights

TABS = "desk/frame/tasks.html"
CONFLICT = 409


@require_safe
@needs(InteractionPermission.RECORD)
def drafts(request: EmployeeRequest) -> HttpResponse:
    """Show what one has in hand; for htmx the tabs alone."""
    current = request.GET.get("current", "")
    context = {"tabs": task_tabs(request.user, current=current), "current": current}
    return render(request, TABS if request.htmx else "desk/drafts/list.html", context)


@require_POST
@needs(InteractionPermission.RECORD)
def draft(request: EmployeeRequest, uid: UUID) -> HttpResponse:
    """Keep what was typed; answer with the tabs, or with both texts where another window wrote too."""
    form = KeepForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=UNPROCESSABLE)
    written: Written = form.cleaned_data["written"]
    if not form.cleaned_data["version"] and not written.says_something():
        return HttpResponse(status=204, headers={"Draft-Version": "0"})
    party = _party(request, form.cleaned_data["party"])
    try:
        kept = keep_draft(
            uid=uid, version=form.cleaned_data["version"], written=written, party=party, by=request.user, at=now()
        )
    except DraftChangedElsewhere as fact:
        return _conflict(request, written, fact.other)
    except DraftGone:
        return _conflict(request, written, None)
    context = {"tabs": task_tabs(request.user, current=str(uid)), "current": str(uid)}
    return _with_headers(render(request, TABS, context), kept)


def _party(request: EmployeeRequest, party_id: int | None) -> Party | None:
    if party_id is None:
        return None
    rights = relationship_rights(request.user, party_id, now())
    if rights is None:
        raise Http404
    party: Party = get_object_or_404(Party.objects.visible_to(rights), pk=rights.party_id)
    return party


def _with_headers(answer: HttpResponse, kept: Draft | None) -> HttpResponse:
    """Add which draft was kept, in which version; without one, where a new one may begin."""
    answer["Draft-Version"] = str(kept.version if kept else 0)
    answer["Draft-Uid"] = str(kept.uid if kept else uuid4())
    return answer


def _conflict(request: EmployeeRequest, mine: Written, other: Draft | None) -> HttpResponse:
    """Show both texts; whoever goes on with his own does so knowingly, from the other's version."""
    context: dict[str, Any] = {"other": other, "rows": differences(mine, other.written) if other else []}
    return _with_headers(render(request, "desk/drafts/conflict.html", context, status=CONFLICT), other)


def _own(request: EmployeeRequest, uid: UUID) -> Draft:
    rows = Draft.objects.visible_to(request.user).select_related("party", "handed_by")
    found: Draft = get_object_or_404(rows, uid=uid)
    return found


@require_POST
@needs(InteractionPermission.RECORD)
def closing(request: EmployeeRequest, uid: UUID) -> HttpResponse:
    """Close a task; the toast that says so takes it back."""
    own = _own(request, uid)
    title = title_of_draft(own, own.written)
    if not own.ended:
        close_draft(draft=own, by=request.user, at=now())
    words, undo = _("Closed: %(title)s") % {"title": title}, reverse("desk:draft_reopening", args=[uid])
    is_current = request.POST.get("current") == str(uid)
    if request.htmx and not is_current:
        current = request.POST.get("current", "")
        tabs = task_tabs(request.user, current=current)
        return render(request, TABS, {"tabs": tabs, "current": current, "said": words, "undo": undo})
    say_undoable(request, words, undo)
    address = reverse("desk:customer", args=[own.party_id]) if own.party_id else reverse("desk:day")
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return see_other(address)


@require_POST
@needs(InteractionPermission.RECORD)
def reopening(request: EmployeeRequest, uid: UUID) -> HttpResponse:
    """Take back the closing of a task, and go on with it."""
    own = _own(request, uid)
    try:
        own = reopen_draft(draft=own, by=request.user, at=now())
    except DraftGone:
        return refused(request, reverse("desk:drafts"), _("It was saved meanwhile, or another took its place."))
    return see_other(url_of(own))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(InteractionPermission.RECORD)
def handover(request: EmployeeRequest, uid: UUID) -> HttpResponse:
    """Hand a task over to a colleague; what nobody has typed into yet is begun by it."""
    party = _party(request, _number(request.GET.get("party", "")))
    own = Draft.objects.visible_to(request.user).select_related("party").filter(uid=uid, ended="").first()
    form = HandOverForm(request.POST if request.method == "POST" else None, viewer=request.user)
    if form.is_bound and form.is_valid():
        try:
            return _hand_over(request, own or _begun(request, uid, party), form)
        except CannotTakeOver:
            form.add_error("to", _("This colleague takes no contacts. Choose another."))
        except (DraftGone, DraftChangedElsewhere):
            return refused(request, reverse("desk:drafts"), _("It was saved or changed in another window meanwhile."))
    party = own.party if own else party
    title = title_of_draft(own, own.written) if own else party.name if party else _("New contact")
    context = {"form": form, "title": title, "address": request.get_full_path(), "party": party}
    status = UNPROCESSABLE if form.is_bound else 200
    template = "desk/drafts/handover.html" if request.htmx else "desk/drafts/handover_page.html"
    return render(request, template, context, status=status)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _begun(request: EmployeeRequest, uid: UUID, party: Party | None) -> Draft:
    if party is None:
        raise Http404
    written = Written((("channel", "phone"),))
    return keep_draft(uid=uid, version=0, written=written, party=party, by=request.user, at=now())


def _hand_over(request: EmployeeRequest, own: Draft, form: HandOverForm) -> HttpResponse:
    to = form.cleaned_data["to"]
    hand_over_draft(draft=own, to=to.user, reason=form.cleaned_data["reason"], by=request.user, at=now())
    address = reverse("desk:customer", args=[own.party_id]) if own.party_id else reverse("desk:day")
    answer = see_other(address, request=request, said=_("Handed over to %(name)s.") % {"name": to.name})
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if request.htmx else answer
