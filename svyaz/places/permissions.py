"""Permissions about places."""

from enum import StrEnum


class PlacePermission(StrEnum):
    """Areas are everyone's to read."""

    MANAGE = "area:manage"
