"""Growing the tree of areas and keeping addresses."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from svyaz.history.actions import record
from svyaz.places.events import PlaceEvent
from svyaz.places.models import Address, Area
from svyaz.users.models import User


@transaction.atomic
def create_area(
    *, kind: str, code: str, name: str, parent: Area | None, by: User | None, at: datetime,
    name_en: str = "", time_zone: str = "", is_service_area: bool = False,
) -> Area:  # fmt: skip
    """Create an area under its parent; without a time zone of its own it takes the parent's."""
    area = Area(kind=kind, code=code, name=name, name_en=name_en, parent=parent, is_service_area=is_service_area)
    area.time_zone = time_zone or (parent.time_zone if parent else "Europe/Moscow")
    area.save()
    area.path = [*(parent.path if parent else []), area.pk]
    area.save(update_fields=["path"])
    record(PlaceEvent.AREA_CREATED, subject=area, by=by, at=at, code=code, name=name)
    return area


@transaction.atomic
def create_address(
    *, by: User | None, at: datetime, area: Area | None = None, postal_code: str = "", locality: str = "",
    street: str = "", house: str = "", flat: str = "", fias_id: UUID | None = None, text: str = "",
) -> Address:  # fmt: skip
    """Keep an address, structured, as written, or both."""
    address = Address.objects.create(
        area=area, postal_code=postal_code, locality=locality, street=street,
        house=house, flat=flat, fias_id=fias_id, text=text,
    )  # fmt: skip
    record(PlaceEvent.ADDRESS_CREATED, subject=address, by=by, at=at)
    return address
