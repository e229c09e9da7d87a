"""The places of administration, each for who may enter it, and how their pages are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from svyaz.access.permissions import AccessPermission, authenticated
from svyaz.access.queries import Viewer, rights_of
from svyaz.decisions.permissions import DecisionPermission
from svyaz.desk.errors import forbidden
from svyaz.desk.rendering import EmployeeRequest, render_part
from svyaz.fields.permissions import FieldPermission
from svyaz.interactions.permissions import InteractionPermission
from svyaz.markets.permissions import MarketPermission
from svyaz.places.permissions import PlacePermission
from svyaz.services.permissions import ServicePermission
from svyaz.workforce.permissions import WorkforcePermission


@dataclass(frozen=True)
class Section:
    """One place of administration: its address, picture and name, and which of these permissions open it."""

    name: str
    icon: str
    label: Any
    permissions: tuple[StrEnum, ...]

    @property
    def url(self) -> str:
        """Return its address."""
        return reverse(f"desk:administration_{self.name}")


SECTIONS = (
    Section("roles", "shield-check", _("Roles"), (AccessPermission.MANAGE,)),
    Section("people", "employees", _("Employees"), (WorkforcePermission.MANAGE,)),
    Section("departments", "route", _("Departments"), (WorkforcePermission.MANAGE,)),
    Section("areas", "map-pin", _("Territories"), (PlacePermission.MANAGE,)),
    Section("topics", "message-square", _("Topics"), (InteractionPermission.MANAGE_TOPICS,)),
    Section("kinds", "scale", _("Kinds of decisions"), (DecisionPermission.MANAGE_KINDS,)),
    Section("offerings", "services", _("Catalogue"), (ServicePermission.MANAGE_CATALOG,)),
    Section("fields", "list-filter", _("Own fields"), (FieldPermission.MANAGE,)),
    Section("competitors", "offer", _("Competitors"), (MarketPermission.MANAGE,)),
    Section("programs", "cpu", _("Programs"), (AccessPermission.MANAGE,)),
)


def sections_of(viewer: Viewer) -> list[Section]:
    """Return the places that a viewer may enter."""
    rights = rights_of(viewer)
    return [section for section in SECTIONS if any(rights.may(permission) for permission in section.permissions)]


@require_safe
@authenticated
def index(request: EmployeeRequest) -> HttpResponse:
    """Lead to the first place that the viewer may enter; 403 where there is none."""
    open_to_him = sections_of(request.user)
    return HttpResponseRedirect(open_to_him[0].url) if open_to_him else forbidden(request)


def show(
    request: EmployeeRequest, section: str, template: str, part: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Draw a page of administration, or its part for htmx."""
    places = {"sections": sections_of(request.user), "section": section}
    return render_part(request, f"desk/administration/{template}", part, {**places, **context}, status=status)
