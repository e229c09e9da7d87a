"""Growing the tree of areas and keeping addresses."""

from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from django.db import transaction

from svyaz.history.actions import record
from svyaz.lib.changes import difference
from svyaz.places.events import PlaceEvent
from svyaz.places.models import Address, Area
from svyaz.users.models import User


class AreaCodeTaken(Exception):
    """Another area has this code."""


class NoSuchTimeZone(Exception):
    """There is no time zone of this name."""


@transaction.atomic
def create_area(
    *, kind: str, code: str, name: str, parent: Area | None, by: User | None, at: datetime,
    name_en: str = "", time_zone: str = "", is_service_area: bool = False,
) -> Area:  # fmt: skip
    """Create an area under its parent; without a time zone of its own it takes the parent's. Raises AreaCodeTaken."""
    if Area.objects.filter(code=code).exists():
        raise AreaCodeTaken(code)
    area = Area(kind=kind, code=code, name=name, name_en=name_en, parent=parent, is_service_area=is_service_area)
    area.time_zone = time_zone or (parent.time_zone if parent else "Europe/Moscow")
    area.save()
    area.path = [*(parent.path if parent else []), area.pk]
    area.save(update_fields=["path"])
    record(PlaceEvent.AREA_CREATED, subject=area, by=by, at=at, code=code, name=name)
    return area


AREA_FIELDS = ("code", "name", "name_en", "time_zone", "is_service_area")


@transaction.atomic
def change_area(
    *, area: Area, by: User | None, at: datetime, code: str, name: str, name_en: str = "", time_zone: str = "",
    is_service_area: bool = False,
) -> Area:  # fmt: skip
    """Change what an area is called, its code, clock and whether it is a service area; nothing changes: no event.

    Where it lies is changed by `access.actions.move_area`, because rights hang on it. Raises AreaCodeTaken,
    NoSuchTimeZone.
    """
    area = Area.objects.select_for_update().get(pk=area.pk)
    before = {field: getattr(area, field) for field in AREA_FIELDS}
    if Area.objects.filter(code=code).exclude(pk=area.pk).exists():
        raise AreaCodeTaken(code)
    if time_zone not in available_timezones():
        raise NoSuchTimeZone(time_zone)
    area.code, area.name, area.name_en = code, name, name_en
    area.time_zone, area.is_service_area = time_zone, is_service_area
    former, new = difference(before, {field: getattr(area, field) for field in AREA_FIELDS})
    if new:
        area.save(update_fields=AREA_FIELDS)
        record(PlaceEvent.AREA_CHANGED, subject=area, by=by, at=at, code=code, name=name, former=former, new=new)
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
