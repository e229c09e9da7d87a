"""What happens to areas and addresses."""

from enum import StrEnum


class PlaceEvent(StrEnum):
    """Changes of places."""

    AREA_CREATED = "area.created"
    ADDRESS_CREATED = "address.created"
