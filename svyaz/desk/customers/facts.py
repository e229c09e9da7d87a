"""Single facts: a competitor's offer noted without a contact, a document shown in clear."""

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from svyaz.access.permissions import needs
from svyaz.desk.customers.composer import offer_draft
from svyaz.desk.customers.composer_forms import OfferForm
from svyaz.desk.customers.values import title_of
from svyaz.desk.rendering import UNPROCESSABLE, EmployeeRequest, see_other
from svyaz.markets.actions import NotACompetitor, record_competitor_offer
from svyaz.markets.permissions import MarketPermission
from svyaz.markets.queries import competitors
from svyaz.parties.actions import UnmaskingNeedsReason, unmask_identification
from svyaz.parties.models import Identification, Party
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import relationship_rights
from svyaz.services.models import ProductOffering


def _party(request: EmployeeRequest, party_id: int) -> Party:
    """Return the party, if it exists for the viewer."""
    rights = relationship_rights(request.user, party_id, now())
    if rights is None:
        raise Http404
    party: Party = get_object_or_404(Party.objects.visible_to(rights), pk=rights.party_id)
    return party


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MarketPermission.RECORD)
def offers(request: EmployeeRequest, party_id: int) -> HttpResponse:
    """Note what a competitor offered, heard outside of a contact."""
    party = _party(request, party_id)
    page = reverse("desk:customer", args=[party_id])
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_competitor_offer(party=party, draft=offer_draft(form), interaction=None, by=request.user, at=now())
        except NotACompetitor:
            form.add_error("competitor", _("This is not a competitor."))
        else:
            return see_other(page, request=request, said=_("The offer is noted."))
    context = {
        "form": form, "party": party, "title": title_of(party.name, [], party.pk), "page_url": page, "offer": form,
        "competitors": list(competitors()), "service_kinds": ProductOffering.Kind.choices, "values": request.POST,
    }  # fmt: skip
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "desk/customers/offer_page.html", context, status=status)


class UnmaskingForm(forms.Form):
    """Why a document is to be shown in clear."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200,
        error_messages={"required": gettext_lazy("Say why the number is needed; it is recorded.")},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs(PartyPermission.UNMASK)
def unmasking(request: EmployeeRequest, party_id: int, document_id: int) -> HttpResponse:
    """Ask for the reason, record it, and show the document's number this once."""
    rights = relationship_rights(request.user, party_id, now())
    if rights is None:
        raise Http404
    document = get_object_or_404(Identification.objects.visible_to(rights), pk=document_id)
    form = UnmaskingForm(request.POST if request.method == "POST" else None)
    number = ""
    if form.is_bound and form.is_valid():
        try:
            number = unmask_identification(
                identification=document, reason=form.cleaned_data["reason"], by=request.user, at=now()
            )
        except UnmaskingNeedsReason:
            form.add_error("reason", _("Say why the number is needed; it is recorded."))
    context = {"document": document, "form": form, "number": number, "party_id": party_id}
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    template = "desk/customers/document.html" if request.htmx else "desk/customers/document_page.html"
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store"
    return response
