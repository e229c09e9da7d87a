"""Permissions about the workforce."""

from enum import StrEnum


class WorkforcePermission(StrEnum):
    """Seeing and changing departments and employees."""

    READ = "employee:read"
    MANAGE = "employee:manage"
    READ_DEPARTMENT = "department:read_work"
