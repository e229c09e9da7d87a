"""What a head reviews: who opened whose card beyond the area, on which ground, and what he then did there."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from svyaz.access.actions import (
    AlreadyAnswered,
    OpeningAlreadyReviewed,
    OwnOpening,
    QuestionIsEmpty,
    QuestionWaits,
    ask_about_opening,
    explain_opening,
    review_opening,
)
from svyaz.access.permissions import AccessPermission, authenticated, needs
from svyaz.access.queries import questions_to
from svyaz.desk.openings.listing import OpeningsForm, page_of, shown
from svyaz.desk.paging import count_of, pages
from svyaz.desk.rendering import EmployeeRequest, refused, render_part, see_other
from svyaz.parties.queries import parties_by_id
from svyaz.workforce.queries import openings_to_review

PAGE = "desk/openings/list.html"


class ReviewForm(forms.Form):
    """Justified or not; what was not needs a word."""

    verdict = forms.ChoiceField(choices=[("justified", ""), ("unjustified", ""), ("question", "")])
    note = forms.CharField(max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """An opening that was not justified needs a note, and so does a question."""
        verdict = self.cleaned_data.get("verdict")
        if verdict != "justified" and not self.cleaned_data.get("note", "").strip():
            words = _("Write the question: the employee will read it.")
            missing = words if verdict == "question" else _("Say what was wrong: the note is kept with the opening.")
            self.add_error("note", missing)
        return self.cleaned_data


@require_safe
@needs(AccessPermission.REVIEW)
def openings(request: EmployeeRequest) -> HttpResponse:
    """Show the openings by employee: those that wait for review, were asked about, or were reviewed."""
    form = OpeningsForm(request.GET, viewer=request.user)
    found = form.found(request.user)
    rows, following = page_of(found, request.GET.get("after", ""))
    context = {
        "form": form, "groups": shown(rows), "count": count_of(found), "is_filtered": form.is_set,
        "here": request.get_full_path(), **pages(request, following),
    }  # fmt: skip
    return render_part(request, PAGE, "list", context)


@require_POST
@needs(AccessPermission.REVIEW)
def review(request: EmployeeRequest, opening_id: int) -> HttpResponse:
    """Say whether an opening was justified, or ask the employee about it."""
    opening = get_object_or_404(openings_to_review(request.user), pk=opening_id)
    page = _back(request)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return refused(request, page, str(next(iter(form.errors.values()))[0]))
    verdict, note = form.cleaned_data["verdict"], form.cleaned_data["note"]
    try:
        if verdict == "question":
            ask_about_opening(opening=opening, question=note, by=request.user, at=now())
            return see_other(page, request=request, said=_("Asked. The answer will stand here."))
        review_opening(opening=opening, is_justified=verdict == "justified", by=request.user, at=now(), note=note)
    except OwnOpening as fact:
        raise Http404 from fact
    except OpeningAlreadyReviewed:
        return refused(request, page, _("This opening was reviewed before."))
    except QuestionWaits:
        return refused(request, page, _("The employee was asked already and has not answered yet."))
    return see_other(page, request=request, said=_("Reviewed."))


def _back(request: EmployeeRequest) -> str:
    """Return the page from which it was reviewed, with its filters."""
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith(reverse("desk:openings"))
    return back if is_ours else reverse("desk:openings")


@require_safe
@authenticated
def questions(request: EmployeeRequest) -> HttpResponse:
    """Show what I am asked about cards that I opened."""
    rows = list(questions_to(request.user)[:50])
    parties = parties_by_id(row.opening.party_id for row in rows)
    context = {"questions": [{"row": row, "party": parties.get(row.opening.party_id)} for row in rows]}
    return render_part(request, "desk/openings/questions.html", "list", context)


@require_POST
@authenticated
def answer(request: EmployeeRequest, question_id: int) -> HttpResponse:
    """Answer a question about a card that I opened."""
    question = get_object_or_404(questions_to(request.user), pk=question_id)
    page = reverse("desk:opening_questions")
    try:
        explain_opening(question=question, answer=request.POST.get("answer", ""), by=request.user, at=now())
    except QuestionIsEmpty:
        return refused(request, page, _("Write the answer."))
    except AlreadyAnswered:
        return refused(request, page, _("This was answered before."))
    return see_other(page, request=request, said=_("Answered."))
