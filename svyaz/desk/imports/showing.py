"""What the page of an import shows, whichever state it is in."""

from typing import Any

from django.http import QueryDict
from django.utils.timezone import now

from svyaz.access.queries import rights_of
from svyaz.desk.imports.forms import ColumnChoice, ReadingForm, RulesForm, SaveMappingForm, grouped_targets
from svyaz.exchange.actions.drafts import MissingColumns
from svyaz.exchange.actions.mapping import MappingError
from svyaz.exchange.actions.matching import UnknownKey
from svyaz.exchange.actions.reading import UnreadableFile
from svyaz.exchange.actions.suggesting import columns_of, order_of
from svyaz.exchange.actions.uploads import FileIsGone, format_of, origin_of, sample_of
from svyaz.exchange.models import Import, SavedMapping
from svyaz.exchange.permissions import ExchangePermission
from svyaz.exchange.queries import importable_areas
from svyaz.exchange.results import first_bad_rows, preview, remnants
from svyaz.lib.sealed import BrokenSeal
from svyaz.users.models import User

BAD_ROWS_SHOWN = 50
SAMPLES = 3
STEPS = ("columns", "check", "import", "result")
UNREADABLE = (FileIsGone, UnreadableFile, BrokenSeal)


def context_of(batch: Import, viewer: User, **forms: Any) -> dict[str, Any]:
    """Return what the page shows; forms with errors come as they were sent."""
    context: dict[str, Any] = {
        "batch": batch, "step": step_of(batch), "may_import": rights_of(viewer).may(ExchangePermission.IMPORT),
        "may_be_undone": batch.may_be_undone(now()),
    }  # fmt: skip
    if batch.status in {Import.Status.DRAFT, Import.Status.TRIED}:
        context |= _columns(batch, viewer, forms)
    if batch.bad and not batch.is_at_work:
        context["bad_rows"] = first_bad_rows(batch, BAD_ROWS_SHOWN)
    if batch.status == Import.Status.UNDONE:
        context["remnants"] = remnants(batch, viewer)
    return context


def step_of(batch: Import) -> str:
    """Return which of the steps an import is at."""
    return {
        Import.Status.DRAFT: "columns", Import.Status.TRYING: "check", Import.Status.TRIED: "check",
        Import.Status.RUNNING: "import",
    }.get(Import.Status(batch.status), "result")  # fmt: skip


def _columns(batch: Import, viewer: User, forms: dict[str, Any]) -> dict[str, Any]:
    try:
        how = format_of(batch)
        rows = [cells for _line, cells in sample_of(origin_of(batch), how).rows]
    except UNREADABLE as error:
        return {"unreadable": str(error), "gone": isinstance(error, FileIsGone)}
    chosen = columns_of(batch.plan.get("mapping", {}), how.header)
    choices = [
        ColumnChoice(
            place, heading, [row[place] for row in rows if place < len(row) and row[place].strip()][:SAMPLES],
            chosen.get(place, ""),
        )
        for place, heading in enumerate(how.header)
    ]  # fmt: skip
    found, problem = _preview(batch)
    return {
        "format": how, "choices": choices, "groups": grouped_targets(viewer), "preview": found, "problem": problem,
        "reading": forms.get("reading") or reading_form(batch),
        "rules": forms.get("rules") or rules_form(batch, viewer),
        "saving": forms.get("saving") or SaveMappingForm(initial={"name": batch.mapping}),
        "saved": SavedMapping.objects.visible_to(viewer).select_related("owner").order_by("name"),
    }  # fmt: skip


def _preview(batch: Import) -> tuple[Any, str]:
    try:
        return preview(batch), ""
    except (MappingError, MissingColumns, UnknownKey, UnreadableFile) as error:
        return None, str(error)


def reading_form(batch: Import, data: QueryDict | None = None) -> ReadingForm:
    """Return the form of how the file is read."""
    initial = batch.plan.get("reading", {})
    sheets: tuple[str, ...] = ()
    if batch.plan.get("kind") == "xlsx":
        sheets = format_of(batch).sheets
    return ReadingForm(data, initial=initial, sheets=sheets, prefix=None)


def rules_form(batch: Import, viewer: User, data: QueryDict | None = None) -> RulesForm:
    """Return the form of what is done with customers."""
    initial = {
        "match": batch.match, "matched": batch.matched, "unmatched": batch.unmatched, "area": batch.area_id,
        "as_of": batch.as_of, "source": batch.source, "name_order": order_of(batch.plan.get("mapping", {})),
    }  # fmt: skip
    return RulesForm(data, initial=initial, areas=importable_areas(viewer))
