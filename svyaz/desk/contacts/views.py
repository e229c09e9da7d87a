"""Contacts of all channels: with whom, who took them, about what."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from svyaz.access.permissions import needs
from svyaz.desk.filters import FilterForm, choice, hidden
from svyaz.desk.paging import count_of, page_by_time, pages
from svyaz.desk.rendering import EmployeeRequest, render_part
from svyaz.desk.work import Reach, start_of_day, with_party_roles
from svyaz.interactions.models import Channel, Interaction
from svyaz.interactions.permissions import InteractionPermission
from svyaz.services.models import ProductOffering
from svyaz.workforce.models import Employee


class ContactFilter(FilterForm):
    """By channel and direction; by employee, service and day where a link says so."""

    channel = choice(_("Channel"))
    direction = choice(_("Direction"))
    employee = hidden()
    service = hidden()
    since = hidden()

    def set_up(self) -> "ContactFilter":
        """Offer what can be chosen."""
        self.offer("channel", _("any channel"), Channel.choices)
        self.offer("direction", _("both directions"), Interaction.Direction.choices)
        return self


@require_safe
@needs(InteractionPermission.READ)
def contacts(request: EmployeeRequest) -> HttpResponse:
    """Show contacts that the viewer may see, the latest first."""
    at = now()
    form = ContactFilter(request.GET).set_up()
    employee = Employee.objects.visible_to(request.user).filter(pk=form.number("employee") or 0).first()
    service = ProductOffering.objects.visible_to(request.user).filter(pk=form.number("service") or 0).first()
    found: QuerySet[Interaction] = Interaction.objects.visible_to(request.user).filter(
        **_conditions(form, employee, service)
    )
    if form.value("since") == "today":
        found = found.filter(at__gte=start_of_day(at))
    listed = with_party_roles(found.select_related("party", "topic", "employee", "offering")).order_by("-at", "-pk")
    rows, following = page_by_time(listed, "at", request.GET.get("after", ""))
    reach = Reach.of(request.user, at)
    context = {
        "form": form,
        "employee": employee,
        "service": service,
        "contacts": [reach.contact(row) for row in rows],
        "count": count_of(found),
        **pages(request, following),
    }
    return render_part(request, "desk/contacts/list.html", "list", context)


def _conditions(form: ContactFilter, employee: Employee | None, service: ProductOffering | None) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "channel": form.value("channel"),
        "direction": form.value("direction"),
        "employee": employee,
        "offering": service,
    }
    return {name: value for name, value in wanted.items() if value}
