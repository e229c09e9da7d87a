"""What was merged: the list, one merge with what has come since, and undoing it."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from svyaz.access.permissions import needs
from svyaz.access.queries import rights_of
from svyaz.desk.merges.comparison import named, shown
from svyaz.desk.merges.words import subject_words
from svyaz.desk.paging import count_of, page_by_time, pages
from svyaz.desk.rendering import EmployeeRequest, refused, render_part, see_other
from svyaz.parties.actions import MergeAlreadyUndone, TakenMeanwhile, undo_merge
from svyaz.parties.models import Merge, Party
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import areas_of_takeovers, came_since, merges_listed, merges_to_undo, takeovers

Row = dict[str, Any]


# What of the list may be asked for: all, what stands, what was undone.
STATES = (
    ("", gettext_lazy("All")), ("standing", gettext_lazy("Standing")), ("undone", gettext_lazy("Undone")),
)  # fmt: skip


class UndoForm(forms.Form):
    """Why they are two after all."""

    reason = forms.CharField(max_length=300, required=False)


@require_safe
@needs(PartyPermission.MERGE)
def merges(request: EmployeeRequest) -> HttpResponse:
    """Show what was merged, the newest first."""
    state = request.GET.get("state", "")
    found = merges_listed(request.user)
    if state in {"standing", "undone"}:
        found = found.filter(undone_at__isnull=state == "standing")
    rows, following = page_by_time(found, "at", request.GET.get("after", ""))
    context = {
        "states": [{"key": key, "name": words, "is_chosen": key == state} for key, words in STATES],
        "is_filtered": bool(state),
        "rows": [{"row": row, "survivor": named(row.survivor), "merged": named(row.merged)} for row in rows],
        "count": count_of(found.select_related(None)),
        **pages(request, following),
    }
    return render_part(request, "desk/merges/list.html", "list", context)


@require_safe
@needs(PartyPermission.MERGE)
def merge(request: EmployeeRequest, merge_id: int) -> HttpResponse:
    """Show one merge: what the survivor took over, what was changed and what has come since."""
    found = get_object_or_404(merges_listed(request.user), pk=merge_id)
    names = {found.survivor_id: named(found.survivor)["title"], found.merged_id: named(found.merged)["title"]}
    context = {
        "merge": found,
        "survivor": named(found.survivor),
        "merged": named(found.merged),
        "takeovers": _takeovers(found, request),
        "kept": [_name(field) for field in found.kept],
        "since": [
            {"name": subject_words(row["subject_type"]), "party": names.get(row["party_id"], ""), **row}
            for row in came_since(found)
        ],
        "may_undo": not found.is_undone and merges_to_undo(request.user).filter(pk=found.pk).exists(),
    }
    return render(request, "desk/merges/merge.html", context)


def _takeovers(found: Merge, request: EmployeeRequest) -> list[Row]:
    taken = takeovers(found)
    areas = areas_of_takeovers(taken)
    return [
        {
            "name": _name(one.field),
            "was_changed": one.was_changed,
            **{
                name: str(areas.get(getattr(one, name), ""))
                if one.field == "home_area"
                else _words(one.field, getattr(one, name), found.survivor, request)
                for name in ("former", "chosen", "now")
            },
        }
        for one in taken
    ]


def _name(field: str) -> str:
    return str(Party._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


def _words(field: str, value: Any, survivor: Party, request: EmployeeRequest) -> str:
    """Return a kept value in words, as the viewer may see it."""
    held = Party(pk=survivor.pk, home_area_id=survivor.home_area_id)
    setattr(held, field, Party._meta.get_field(field).to_python(value))  # type: ignore[union-attr]
    return shown(held, field, rights_of(request.user))


@require_POST
@needs(PartyPermission.UNMERGE)
def create_undo(request: EmployeeRequest, merge_id: int) -> HttpResponse:
    """Part the two again."""
    found: Merge = get_object_or_404(merges_to_undo(request.user), pk=merge_id)
    page = reverse("desk:merge", args=[merge_id])
    form = UndoForm(request.POST)
    if not form.is_valid():
        return refused(request, page, _("The reason is too long."))
    try:
        undone = undo_merge(merge=found, by=request.user, at=now(), reason=form.cleaned_data["reason"])
    except MergeAlreadyUndone:
        return refused(request, page, _("This merge has been undone already."))
    except TakenMeanwhile:
        return refused(request, page, _("Another company has this INN and KPP by now: correct that first."))
    said = _("They are two again.")
    if undone.kept:
        names = ", ".join(_name(field) for field in undone.kept)
        said = _("They are two again. Changed since and left as it is: %(names)s.") % {"names": names}
    return see_other(page, request=request, said=said)
