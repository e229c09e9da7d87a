"""What happens to areas and addresses."""

from enum import StrEnum


class PlaceEvent(StrEnum):
    """Changes of places."""

    AREA_CREATED = "area.created"
    AREA_CHANGED = "area.changed"
    AREA_MOVED = "area.moved"
    ADDRESS_CREATED = "address.created"
