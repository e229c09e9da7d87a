"""Permissions of the exchange."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ExchangePermission(StrEnum):
    """What may be done with files that come in, and whether lists may be taken out as files."""

    READ = "import:read"
    IMPORT = "import:customers"
    EXPORT = "export:create"


# What the page of roles says: this part of the business, and each permission in plain words.
GROUP = _("Import and export")
WORDS: Mapping[StrEnum, str | Promise] = {
    ExchangePermission.READ: _("see imports"),
    ExchangePermission.IMPORT: _("import customers from files"),
    ExchangePermission.EXPORT: _("take lists out as files"),
}
