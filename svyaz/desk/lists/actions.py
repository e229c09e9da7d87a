"""Saving views of lists under a name, changing them, taking them away and bringing them back."""

from datetime import datetime

from django.db import transaction

from svyaz.desk.events import DeskEvent
from svyaz.desk.models import SavedView
from svyaz.history.actions import record
from svyaz.users.models import User
from svyaz.workforce.queries import department_of


class NotMyView(Exception):
    """Only its owner changes a view or takes it away."""


class NoDepartment(Exception):
    """Who works in no department cannot share a view with his."""


@transaction.atomic
def save_view(*, list_name: str, name: str, query: str, sharing: str, by: User, at: datetime) -> SavedView:
    """Keep a list's state under a name, for oneself, one's department or everyone. Raises NoDepartment."""
    view = SavedView(list=list_name, name=name, query=query, owner=by, saved_at=at)
    _share(view, sharing, by)
    view.save()
    record(DeskEvent.VIEW_SAVED, subject=view, by=by, at=at, list=list_name, name=name, query=query, sharing=sharing)
    return view


@transaction.atomic
def change_view(
    *, view: SavedView, by: User, at: datetime, name: str | None = None, query: str | None = None,
    sharing: str | None = None,
) -> SavedView:  # fmt: skip
    """Rename one's view, share it with others, or let it hold another state. Raises NotMyView, NoDepartment."""
    view = _own(view, by)
    former = {"name": view.name, "query": view.query, "sharing": view.sharing}
    view.name = view.name if name is None else name
    view.query = view.query if query is None else query
    if sharing is not None:
        _share(view, sharing, by)
    new = {"name": view.name, "query": view.query, "sharing": view.sharing}
    if new == former:
        return view
    view.save()
    record(DeskEvent.VIEW_CHANGED, subject=view, by=by, at=at, former=former, new=new)
    return view


@transaction.atomic
def remove_view(*, view: SavedView, by: User, at: datetime) -> SavedView:
    """Take one's view off the tabs. Raises NotMyView."""
    view = _own(view, by)
    if view.removed_at is None:
        view.removed_at = at
        view.save(update_fields=["removed_at"])
        record(DeskEvent.VIEW_REMOVED, subject=view, by=by, at=at, name=view.name)
    return view


@transaction.atomic
def restore_view(*, view: SavedView, by: User, at: datetime) -> SavedView:
    """Bring a view back that one took away. Raises NotMyView."""
    view = _own(view, by)
    if view.removed_at is not None:
        view.removed_at = None
        view.save(update_fields=["removed_at"])
        record(DeskEvent.VIEW_RESTORED, subject=view, by=by, at=at, name=view.name)
    return view


def _own(view: SavedView, by: User) -> SavedView:
    found: SavedView = SavedView.objects.visible_to(by).select_for_update(of=("self",)).get(pk=view.pk)
    if found.owner_id != by.pk:
        raise NotMyView(found)
    return found


def _share(view: SavedView, sharing: str, by: User) -> None:
    view.sharing, view.department = sharing, None
    if sharing == SavedView.Sharing.DEPARTMENT:
        view.department = department_of(by)
        if view.department is None:
            raise NoDepartment(by)
