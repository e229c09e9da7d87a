"""What is said later of a decision or a promise: approved, refused, kept, broken; and how far one may go."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from svyaz.access.permissions import needs
from svyaz.access.queries import Rights, rights_of
from svyaz.decisions.actions import (
    AlreadyJudged,
    NoAuthority,
    OwnProposal,
    PromiseAlreadyResolved,
    approve_decision,
    refuse_decision,
    resolve_promise,
)
from svyaz.decisions.models import Decision, PromiseResult
from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import authority_of, kinds_in_use, precedents, promise_within_reach
from svyaz.desk.rendering import EmployeeRequest, refused, see_other
from svyaz.parties.models import PartyRole
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import relationship_rights
from svyaz.workforce.queries import employee_of


class ApprovalForm(forms.Form):
    """A proposal is approved, or refused with a reason."""

    verdict = forms.ChoiceField(choices=[("approved", "approved"), ("refused", "refused")])
    reason = forms.CharField(max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """A refusal needs a reason."""
        if self.cleaned_data.get("verdict") == "refused" and not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", _("Say why it is refused: its maker will read it."))
        return self.cleaned_data


class ResultForm(forms.Form):
    """What became of a promise."""

    result = forms.ChoiceField(choices=PromiseResult.Result.choices)
    note = forms.CharField(max_length=300, required=False)


def _rights_for(request: EmployeeRequest, at: datetime) -> Rights:
    """Return the rights with the relationship in hand that the form was sent from, else those of the viewer's areas."""
    number = request.POST.get("customer", "")
    if number.isascii() and number.isdigit() and len(number) < 19:
        rights = relationship_rights(request.user, int(number), at)
        if rights is None:
            raise Http404
        return rights
    return rights_of(request.user)


@require_POST
@needs(DecisionPermission.APPROVE)
def approval(request: EmployeeRequest, decision_id: int) -> HttpResponse:
    """Approve a proposal or refuse it with a reason."""
    at = now()
    rows = Decision.objects.visible_to(_rights_for(request, at)).select_related("kind")
    decision = get_object_or_404(rows, pk=decision_id, party__isnull=False)
    page = _back(request, decision.party_id)
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        return refused(request, page, _first_error(form))
    judge = employee_of(request.user)
    if judge is None:
        return refused(request, page, _("Only an employee can approve."))
    verb = approve_decision if form.cleaned_data["verdict"] == "approved" else refuse_decision
    try:
        verb(decision=decision, approver=judge, reason=form.cleaned_data["reason"], by=request.user, at=at)
    except (AlreadyJudged, OwnProposal, NoAuthority) as fact:
        return refused(request, page, _why_not(fact))
    said = _("Approved: the decision is in force.") if verb is approve_decision else _("Refused.")
    return see_other(page, request=request, said=said)


def _back(request: EmployeeRequest, party_id: int | None) -> str:
    """Return where the form was sent from: my day, else the customer's page."""
    return reverse("desk:day") if request.POST.get("back") == "day" else reverse("desk:customer", args=[party_id])


def _first_error(form: forms.Form) -> str:
    return str(next(iter(form.errors.values()))[0])


def _why_not(fact: Exception) -> str:
    if isinstance(fact, AlreadyJudged):
        return _("This proposal has been judged already.")
    if isinstance(fact, OwnProposal):
        return _("Nobody approves what he proposed himself.")
    return _("It is above your own limit too.")


@require_POST
@needs(DecisionPermission.RESOLVE_PROMISE)
def result(request: EmployeeRequest, promise_id: int) -> HttpResponse:
    """Say that a promise was kept, broken or withdrawn by agreement."""
    at = now()
    promise = promise_within_reach(promise_id, user=request.user, rights=_rights_for(request, at))
    if promise is None:
        raise Http404
    page = _back(request, promise.party_id)
    form = ResultForm(request.POST)
    if not form.is_valid():
        return refused(request, page, _first_error(form))
    try:
        resolve_promise(promise=promise, **form.cleaned_data, by=request.user, at=at)
    except PromiseAlreadyResolved:
        return refused(request, page, _("This promise has its result already."))
    return see_other(page, request=request, said=_("The promise has its result."))


@require_safe
@needs(DecisionPermission.MAKE)
def authority(request: EmployeeRequest, party_id: int) -> HttpResponse:
    """Show how far the user decides alone in a kind, and how decisions like this ended before."""
    at = now()
    rights = relationship_rights(request.user, party_id, at)
    if rights is None:
        raise Http404
    return authority_of_kind(request, rights, party_id, at)


@require_safe
@needs(DecisionPermission.MAKE)
def authority_alone(request: EmployeeRequest) -> HttpResponse:
    """Show the same while nobody is known yet."""
    return authority_of_kind(request, None, None, now())


def authority_of_kind(
    request: EmployeeRequest, rights: Rights | None, party_id: int | None, at: datetime
) -> HttpResponse:
    """Answer with the limit and the precedents of the chosen kind."""
    number = request.GET.get("decision-kind", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    kind = kinds_in_use().filter(pk=int(number)).first() if is_number else None
    if kind is None:
        return HttpResponse("")
    tier = _tier(rights, party_id)
    context = {
        "kind": kind,
        "authority": authority_of(request.user, kind, at=at),
        "precedent": precedent_words(precedents(kind, tier=tier)),
        "tier": PartyRole.Tier(tier).label if tier else "",
    }
    return render(request, "desk/customers/authority.html", context)


def _tier(rights: Rights | None, party_id: int | None) -> str:
    if rights is None or party_id is None or not rights.may(PartyPermission.READ):
        return ""
    roles = PartyRole.objects.visible_to(rights).customers().order_by("-pk")
    return str(roles.values_list("tier", flat=True).first() or "")


def precedent_words(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return how many were decided so and what share stayed, accepted, complained again."""
    if not rows:
        return None
    shares = {row["kind"]: round(row["share"] * 100) for row in rows}
    return {
        "total": rows[0]["total"],
        **{kind: shares.get(kind, 0) for kind in ("stayed", "accepted", "complained_again")},
    }


@require_safe
@needs(DecisionPermission.READ)
def precedents_of(request: EmployeeRequest, party_id: int, decision_id: int) -> HttpResponse:
    """Show how decisions like this one ended before: for the card of a decision in force."""
    rights = relationship_rights(request.user, party_id, now())
    if rights is None:
        raise Http404
    decision = get_object_or_404(Decision.objects.visible_to(rights).select_related("kind"), pk=decision_id)
    precedent = precedent_words(precedents(decision.kind, tier=_tier(rights, party_id)))
    return render(request, "desk/customers/precedent.html", {"precedent": precedent})
