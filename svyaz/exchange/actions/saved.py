"""Mappings kept under a name: private to who made them, or shared with everyone who imports."""

from datetime import datetime

from django.db import transaction

from svyaz.exchange.actions.suggesting import columns_of, order_of
from svyaz.exchange.actions.uploads import choose_columns
from svyaz.exchange.events import ExchangeEvent
from svyaz.exchange.models import Import, SavedMapping
from svyaz.history.actions import record
from svyaz.parties.actions.checks import required
from svyaz.users.models import User


class NotYours(Exception):
    """A mapping is changed and removed by who made it."""


@transaction.atomic
def save_mapping(*, batch: Import, name: str, is_shared: bool, by: User, at: datetime) -> SavedMapping:
    """Keep what an import's columns are, under a name; one's own of that name is replaced. Raises InvalidField."""
    options = {"match": batch.match, "matched": batch.matched, "unmatched": batch.unmatched}
    saved, _is_new = SavedMapping.objects.update_or_create(
        owner=by, name=required("name", name)[:60],
        defaults={"mapping": batch.plan["mapping"], "options": options, "is_shared": is_shared, "saved_at": at},
    )  # fmt: skip
    record(ExchangeEvent.MAPPING_SAVED, subject=saved, by=by, at=at, name=saved.name, is_shared=is_shared)
    return saved


@transaction.atomic
def remove_mapping(*, saved: SavedMapping, by: User, at: datetime) -> None:
    """Remove one's own mapping; imports made with it keep theirs. Raises NotYours."""
    if saved.owner_id != by.pk:
        raise NotYours(saved)
    record(ExchangeEvent.MAPPING_REMOVED, subject=saved, by=by, at=at, name=saved.name)
    saved.delete()


def use_mapping(*, batch: Import, saved: SavedMapping, by: User, at: datetime) -> Import:
    """Take over what a saved mapping says of this file's columns, and its rules. Raises NotNow."""
    return choose_columns(
        batch=batch, columns=columns_of(saved.mapping, batch.plan["header"]), name_order=order_of(saved.mapping),
        match=saved.options["match"], matched=saved.options["matched"], unmatched=saved.options["unmatched"],
        area=batch.area, source=str(saved.mapping.get("source", "")), saved=saved.name, by=by, at=at,
    )  # fmt: skip
