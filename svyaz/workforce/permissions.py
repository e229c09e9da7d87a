"""Permissions about the workforce."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class WorkforcePermission(StrEnum):
    """Seeing and changing departments and employees."""

    READ = "employee:read"
    MANAGE = "employee:manage"
    READ_DEPARTMENT = "department:read_work"


# What the page of roles says: this part of the business, and each permission in plain words.
GROUP = _("Employees and departments")
WORDS: Mapping[StrEnum, str | Promise] = {
    WorkforcePermission.READ: _("see colleagues"),
    WorkforcePermission.MANAGE: _("hire, move and let go; set departments"),
    WorkforcePermission.READ_DEPARTMENT: _("see the department's work"),
}
