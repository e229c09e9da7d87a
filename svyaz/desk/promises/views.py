"""Promises: open ones first of all, of one employee, of a head's people, or all that the viewer may see."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from svyaz.access.permissions import needs
from svyaz.decisions.permissions import DecisionPermission
from svyaz.desk.lists.views import show_list
from svyaz.desk.promises.listing import PROMISES
from svyaz.desk.rendering import EmployeeRequest


@require_safe
@needs(DecisionPermission.READ)
def promises(request: EmployeeRequest) -> HttpResponse:
    """Show open promises, the most urgent first."""
    return show_list(request, PROMISES.name)
