"""Contacts of all channels: with whom, who took them, about what."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from svyaz.access.permissions import needs
from svyaz.desk.contacts.listing import CONTACTS
from svyaz.desk.lists.views import show_list
from svyaz.desk.rendering import EmployeeRequest
from svyaz.interactions.permissions import InteractionPermission


@require_safe
@needs(InteractionPermission.READ)
def contacts(request: EmployeeRequest) -> HttpResponse:
    """Show contacts that the viewer may see, the latest first."""
    return show_list(request, CONTACTS.name)
