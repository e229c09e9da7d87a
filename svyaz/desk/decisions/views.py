"""Decision memory as a list: what was decided, by whom, how it stands, how it ended."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from svyaz.access.permissions import needs
from svyaz.decisions.models import Decision
from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import decisions_listed, kinds_in_use, proposals_to_judge
from svyaz.desk.filters import FilterForm, choice, hidden
from svyaz.desk.paging import count_of, page_by_time, pages
from svyaz.desk.rendering import EmployeeRequest, render_part
from svyaz.desk.work import Reach, with_party_roles
from svyaz.workforce.models import Employee

STANDINGS = (
    ("in_force", _("in force")),
    ("proposed", _("waits for approval")),
    ("past", _("no longer in force")),
)


class DecisionFilter(FilterForm):
    """By kind, by how they stand, and whose they are."""

    kind = choice(_("Kind"))
    state = choice(_("State"))
    of = choice(_("Whose"))
    maker = hidden()

    def set_up(self) -> "DecisionFilter":
        """Offer what can be chosen."""
        self.offer("kind", _("any kind"), [(str(kind.pk), str(kind)) for kind in kinds_in_use()])
        self.offer("state", _("any state"), STANDINGS)
        self.offer("of", _("everyone's"), [("mine", _("mine")), ("judge", _("waiting for my approval"))])
        return self


@require_safe
@needs(DecisionPermission.READ)
def decisions(request: EmployeeRequest) -> HttpResponse:
    """Show the decisions that the viewer may see, the latest first."""
    at = now()
    form = DecisionFilter(request.GET).set_up()
    maker = Employee.objects.visible_to(request.user).filter(pk=form.number("maker") or 0).first()
    found = _standing(decisions_listed(request.user, at=at), form.value("state"), at)
    if kind := form.number("kind"):
        found = found.filter(kind=kind)
    if maker is not None:
        found = found.filter(maker=maker)
    elif form.value("of") == "mine":
        found = found.filter(maker__user=request.user)
    elif form.value("of") == "judge":
        found = found.filter(pk__in=proposals_to_judge(request.user, at=at).order_by().values("pk"))
    rows, following = page_by_time(with_party_roles(found), "made_at", request.GET.get("after", ""))
    reach = Reach.of(request.user, at)
    context = {
        "form": form,
        "employee": maker,
        "decisions": [reach.decision(row) for row in rows],
        "count": count_of(found.select_related(None)),
        **pages(request, following),
    }
    return render_part(request, "desk/decisions/list.html", "list", context)


def _standing(found: "QuerySet[Decision]", state: str, at: datetime) -> "QuerySet[Decision]":
    standing = {"in_force": "1_in_force", "proposed": "2_proposed", "past": "3_past"}.get(state)
    return found.filter(Q(standing=standing)) if standing else found
