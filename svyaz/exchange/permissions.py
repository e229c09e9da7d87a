"""Permissions of the exchange."""

from enum import StrEnum


class ExchangePermission(StrEnum):
    """What may be done with files that come in."""

    READ = "import:read"
    IMPORT = "import:customers"
