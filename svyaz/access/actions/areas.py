"""Moving an area within the tree: it stands here because rights hang on where an area lies."""

from datetime import datetime

from django.db import connection, transaction

from svyaz.access.actions.grants import BeyondOwnRights, is_the_system
from svyaz.access.permissions import AccessPermission
from svyaz.access.queries import rights_of
from svyaz.history.actions import record
from svyaz.places.events import PlaceEvent
from svyaz.places.models import Area
from svyaz.users.models import User

# Everything below moves along: what stood above it is replaced.
_MOVE = """
UPDATE places_area SET path = %(above)s::bigint[] || path[%(own)s:] WHERE path @> ARRAY[%(area)s]::bigint[]
"""


class AreaWithinItself(Exception):
    """An area cannot lie in itself, nor in what lies in it."""


@transaction.atomic
def move_area(*, area: Area, parent: Area, by: User | None, at: datetime) -> Area:
    """Put an area, with all that lies in it, into another.

    Whoever holds rights in the new place holds them in the moved area too, so only who manages roles everywhere may
    do it. The same place again is no change. Raises AreaWithinItself, BeyondOwnRights.
    """
    area = Area.objects.select_for_update().get(pk=area.pk)
    parent = Area.objects.get(pk=parent.pk)
    if area.parent_id == parent.pk:
        return area
    if area.pk in parent.path or area.kind == Area.Kind.COUNTRY:
        raise AreaWithinItself(area)
    if not is_the_system(by) and not rights_of(by).holds_throughout(AccessPermission.MANAGE_ROLES, None):
        raise BeyondOwnRights(by)
    former, own = area.parent, len(area.path)
    area.parent = parent
    area.save(update_fields=["parent"])
    with connection.cursor() as sql:
        sql.execute(_MOVE, {"above": parent.path, "own": own, "area": area.pk})
    area.refresh_from_db()
    record(
        PlaceEvent.AREA_MOVED, subject=area, by=by, at=at, code=area.code, name=area.name,
        former={"parent": former.name if former else None}, new={"parent": parent.name},
    )  # fmt: skip
    return area
