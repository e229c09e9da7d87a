"""Decision memory as a list: what was decided, by whom, how it stands, how it ended."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from svyaz.access.permissions import needs
from svyaz.decisions.permissions import DecisionPermission
from svyaz.desk.decisions.listing import DECISIONS
from svyaz.desk.lists.views import show_list
from svyaz.desk.rendering import EmployeeRequest


@require_safe
@needs(DecisionPermission.READ)
def decisions(request: EmployeeRequest) -> HttpResponse:
    """Show the decisions that the viewer may see, the latest first."""
    return show_list(request, DECISIONS.name)
