"""Permissions about services."""

from enum import StrEnum


class ServicePermission(StrEnum):
    """The catalogue, and what customers have."""

    READ = "product:read"
    WRITE = "product:write"
    READ_CATALOG = "catalog:read"
    MANAGE_CATALOG = "catalog:manage"
