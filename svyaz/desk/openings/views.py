"""What a head reviews: who opened whose card beyond the area, on which ground, for which reason."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from svyaz.access.actions import OpeningAlreadyReviewed, OwnOpening, review_opening
from svyaz.access.models import Opening
from svyaz.access.permissions import AccessPermission, needs
from svyaz.desk.customers.values import title_of
from svyaz.desk.paging import count_of, page_by_time, pages
from svyaz.desk.rendering import EmployeeRequest, refused, render_part, see_other
from svyaz.desk.work import Row
from svyaz.parties.queries import parties_by_id
from svyaz.workforce.queries import employees_of_users, openings_to_review

# What the record says of the identifier, in words.
REASONS = {
    "phone": gettext_lazy("phone"), "mobile": gettext_lazy("phone"), "fax": gettext_lazy("fax"),
    "email": gettext_lazy("e-mail"), "number": gettext_lazy("customer number"),
    "customer": gettext_lazy("customer number"), "agreement": gettext_lazy("contract"),
    "contract": gettext_lazy("contract"),
    "account": gettext_lazy("account"),
    "inn": gettext_lazy("INN"), "ogrn": gettext_lazy("OGRN"), "document": gettext_lazy("document"),
    "service_number": gettext_lazy("number of a service"),
}  # fmt: skip


class ReviewForm(forms.Form):
    """Justified or not; what was not needs a word."""

    verdict = forms.ChoiceField(choices=[("justified", ""), ("unjustified", "")])
    note = forms.CharField(max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """An opening that was not justified needs a note."""
        if self.cleaned_data.get("verdict") == "unjustified" and not self.cleaned_data.get("note", "").strip():
            self.add_error("note", _("Say what was wrong: the note is kept with the opening."))
        return self.cleaned_data


@require_safe
@needs(AccessPermission.REVIEW)
def openings(request: EmployeeRequest) -> HttpResponse:
    """Show the openings that wait for review, the oldest first."""
    waiting = openings_to_review(request.user)
    rows, following = page_by_time(waiting.select_related("by"), "at", request.GET.get("after", ""), newest_first=False)
    context = {"rows": _rows(rows), "count": count_of(waiting), **pages(request, following)}
    return render_part(request, "desk/openings/list.html", "list", context)


def _rows(openings: list[Opening]) -> list[Row]:
    parties = parties_by_id(row.party_id for row in openings)
    people = employees_of_users(row.by_id for row in openings)
    return [
        {
            "row": row,
            "party": _title(parties.get(row.party_id), row.party_id),
            "area": getattr(parties.get(row.party_id), "home_area", None),
            "employee": people.get(row.by_id),
            "reason": REASONS.get(row.reason, row.reason),
        }
        for row in openings
    ]


def _title(party: Any, party_id: int) -> str:
    return title_of(party.name, [role.number for role in party.roles.all()], party_id) if party else str(party_id)


@require_POST
@needs(AccessPermission.REVIEW)
def review(request: EmployeeRequest, opening_id: int) -> HttpResponse:
    """Say whether an opening was justified."""
    opening = get_object_or_404(openings_to_review(request.user), pk=opening_id)
    page = reverse("desk:openings")
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return refused(request, page, str(next(iter(form.errors.values()))[0]))
    is_justified = form.cleaned_data["verdict"] == "justified"
    try:
        review_opening(
            opening=opening, is_justified=is_justified, by=request.user, at=now(), note=form.cleaned_data["note"]
        )
    except OwnOpening as fact:
        raise Http404 from fact
    except OpeningAlreadyReviewed:
        return refused(request, page, _("This opening was reviewed before."))
    return see_other(page, request=request, said=_("Reviewed."))
