"""Open promises: of one employee, of a head's people, or all that the viewer may see."""

from datetime import datetime

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from svyaz.access.permissions import needs
from svyaz.decisions.models import Promise, PromiseQuerySet
from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import promises_of_employee, promises_of_employees
from svyaz.desk.filters import FilterForm, choice, hidden
from svyaz.desk.paging import count_of, page_by_time, pages
from svyaz.desk.rendering import EmployeeRequest, render_part
from svyaz.desk.work import Reach, end_of_day, with_party_roles
from svyaz.workforce.models import Employee
from svyaz.workforce.queries import staff_of

DUE = (("past", _("past due")), ("today", _("due today")), ("coming", _("coming")))


class PromiseFilter(FilterForm):
    """By when they are due and whose they are."""

    due = choice(_("Due"))
    of = choice(_("Whose"))
    employee = hidden()

    def set_up(self) -> "PromiseFilter":
        """Offer what can be chosen."""
        self.offer("due", _("any day"), DUE)
        self.offer("of", _("everyone's"), [("mine", _("of my people"))])
        return self


@require_safe
@needs(DecisionPermission.READ)
def promises(request: EmployeeRequest) -> HttpResponse:
    """Show open promises, the most urgent first."""
    at = now()
    form = PromiseFilter(request.GET).set_up()
    employee = Employee.objects.visible_to(request.user).filter(pk=form.number("employee") or 0).first()
    found = _due(_of(request, form, employee), form.value("due"), at)
    rows, following = page_by_time(with_party_roles(found), "due_at", request.GET.get("after", ""), newest_first=False)
    reach = Reach.of(request.user, at)
    owners = Employee.objects.visible_to(request.user).in_bulk([row.owner_id for row in rows])
    context = {
        "form": form,
        "employee": employee,
        "promises": [reach.promise(row, at, owners) for row in rows],
        "count": count_of(found.select_related(None)),
        **pages(request, following),
    }
    return render_part(request, "desk/promises/list.html", "list", context)


def _of(request: EmployeeRequest, form: PromiseFilter, employee: Employee | None) -> PromiseQuerySet:
    if employee is not None:
        return promises_of_employee(employee, viewer=request.user)
    if form.value("of") == "mine":
        return promises_of_employees(staff_of(request.user).values_list("pk", flat=True), viewer=request.user)
    found: PromiseQuerySet = Promise.objects.visible_to(request.user).open().with_owner()
    return found.select_related("party", "employee", "decision").order_by("due_at", "pk")


def _due(found: PromiseQuerySet, due: str, at: datetime) -> PromiseQuerySet:
    if due == "past":
        return found.filter(due_at__lt=at)
    if due == "today":
        return found.filter(due_at__gte=at, due_at__lt=end_of_day(at))
    return found.filter(due_at__gte=end_of_day(at)) if due == "coming" else found
