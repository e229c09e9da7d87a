"""Permissions about parties."""

from enum import StrEnum


class PartyPermission(StrEnum):
    """Seeing and changing persons and companies."""

    READ = "party:read"
    WRITE = "party:write"
    READ_PERSONAL = "party:read_personal"
    UNMASK = "party:unmask"
    IMPORT = "party:import"
