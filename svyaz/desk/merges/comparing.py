"""Comparing cards of what may be one person or company, and merging them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from svyaz.access.permissions import needs
from svyaz.desk.merges.comparison import Comparison, head
from svyaz.desk.merges.words import REFUSALS, why_not
from svyaz.desk.rendering import UNPROCESSABLE, EmployeeRequest, render_part, see_other
from svyaz.parties.actions import InvalidField, merge_parties
from svyaz.parties.models import Party
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import mergeable_parties, parties_to_merge
from svyaz.search.actions import search

PAGE = "desk/merges/compare.html"
# Four columns are what can be compared at a glance; more are merged in turns.
MOST_COMPARED = 4
MOST_FOUND = 8


class MergeForm(forms.Form):
    """Why these cards are one."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Why they are one"), max_length=300,
        error_messages={"required": gettext_lazy("Say how you know that they are one: it is kept with the merge.")},
        widget=forms.TextInput(attrs={"class": "control", "autocomplete": "off"}),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs(PartyPermission.MERGE)
def compare(request: EmployeeRequest) -> HttpResponse:
    """Show cards side by side with what would come of merging them; sent, what was chosen shows in the preview."""
    sent = request.POST if request.method == "POST" else request.GET
    asked = _asked(sent)
    parties = _parties(request, asked)
    if len(parties) == 1 and len(asked) > 1:
        messages.info(request, _("These cards are one already."))
        return redirect("desk:customer", parties[0].pk)
    if len(parties) < 2:
        return _choose_other(request, parties)
    return render_part(request, PAGE, "preview", _context(request, parties, sent, MergeForm()))


def _asked(sent: QueryDict) -> list[int]:
    texts = sent.getlist("party")[:MOST_COMPARED]
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def _parties(request: EmployeeRequest, asked: list[int]) -> list[Party]:
    """Return who is compared; 404 where one does not exist for him who merges."""
    parties = parties_to_merge(asked, viewer=request.user)
    if parties is None:
        raise Http404
    return parties


def _context(request: EmployeeRequest, parties: list[Party], sent: QueryDict, form: MergeForm) -> dict[str, Any]:
    comparison = Comparison.of(parties, sent, request.user)
    return {
        "heads": comparison.heads(), "lines": comparison.lines(), "result": comparison.result(),
        "survivor": comparison.survivor, "form": form,
    }  # fmt: skip


def _choose_other(request: EmployeeRequest, parties: list[Party]) -> HttpResponse:
    """Ask for the other card: by name, number, phone."""
    text = request.GET.get("q", "").strip()[:200].replace("\x00", "")
    first = parties[0] if parties else None
    found = search(text=text, by=request.user, at=now(), limit=MOST_FOUND + 1) if text else []
    ids = [row.party_id for row in found if first is None or row.party_id != first.pk]
    mergeable = mergeable_parties(ids, viewer=request.user)
    context = {
        "first": head(first) if first else None,
        "q": text,
        "found": [head(mergeable[pk]) for pk in ids if pk in mergeable],
    }
    return render_part(request, "desk/merges/choose.html", "found", context)


@require_POST
@needs(PartyPermission.MERGE)
def create_merge(request: EmployeeRequest) -> HttpResponse:
    """Merge the cards as chosen; what is wrong is said beside the choice."""
    parties = _parties(request, _asked(request.POST))
    form = MergeForm(request.POST)
    if len(parties) < 2:
        raise Http404
    comparison = Comparison.of(parties, request.POST, request.user)
    if form.is_valid():
        try:
            merge_parties(
                survivor=comparison.survivor, merged=comparison.others, chosen=comparison.chosen,
                reason=form.cleaned_data["reason"], by=request.user, at=now(),
            )  # fmt: skip
        except REFUSALS as fact:
            form.add_error(None, why_not(fact))
        except InvalidField as fact:
            form.add_error(None, _("A chosen value does not fit: %(value)s") % {"value": fact.value})
        else:
            page = reverse("desk:customer", args=[comparison.survivor.pk])
            return see_other(page, request=request, said=_("Merged. Everything of them stands here now."))
    return render(request, PAGE, _context(request, parties, request.POST, form), status=UNPROCESSABLE)
