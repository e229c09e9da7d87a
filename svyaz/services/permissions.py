"""Permissions about services."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ServicePermission(StrEnum):
    """The catalogue, and what customers have."""

    READ = "product:read"
    WRITE = "product:write"
    READ_CATALOG = "catalog:read"
    MANAGE_CATALOG = "catalog:manage"


# What the page of roles says: this part of the business, and each permission in plain words.
GROUP = _("Services and catalogue")
WORDS: Mapping[StrEnum, str | Promise] = {
    ServicePermission.READ: _("see what customers have"),
    ServicePermission.WRITE: _("connect, change and end services"),
    ServicePermission.READ_CATALOG: _("see the catalogue"),
    ServicePermission.MANAGE_CATALOG: _("set offerings and prices"),
}
