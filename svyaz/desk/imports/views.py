"""One import from its file to its end, and the list of all."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from svyaz.access.permissions import needs
from svyaz.desk.imports.forms import RulesForm, SaveMappingForm, chosen_columns
from svyaz.desk.imports.showing import context_of, reading_form, rules_form
from svyaz.desk.paging import count_of, page_by_time, pages
from svyaz.desk.rendering import EmployeeRequest, refused, render_part, see_other
from svyaz.exchange.actions.mapping import MappingError
from svyaz.exchange.actions.reading import UnreadableFile
from svyaz.exchange.actions.saved import NotYours, remove_mapping, save_mapping, use_mapping
from svyaz.exchange.actions.uploads import (
    FileIsGone,
    NotNow,
    choose_columns,
    choose_reading,
    continue_import,
    discard_import,
    start_import,
    stop_import,
    try_import,
    undo_import,
)
from svyaz.exchange.models import Import, SavedMapping
from svyaz.exchange.permissions import ExchangePermission
from svyaz.parties.actions.checks import InvalidField

LIST, PAGE = "desk/imports/list.html", "desk/imports/page.html"
Step = Callable[..., object]


@require_safe
@needs(ExchangePermission.READ)
def imports(request: EmployeeRequest) -> HttpResponse:
    """Show the imports, the newest first, and where a file goes in."""
    return page_of_imports(request)


def page_of_imports(request: EmployeeRequest, problem: str = "", *, status: int = 200) -> HttpResponse:
    """Return the list of imports, with what was wrong with a file."""
    found = Import.objects.visible_to(request.user).select_related("by", "area").order_by("-started_at", "-pk")
    rows, following = page_by_time(found, "started_at", request.GET.get("after", ""))
    saved = SavedMapping.objects.visible_to(request.user).select_related("owner").order_by("name")
    context = {"rows": rows, "saved": saved, "problem": problem, "count": count_of(found), **pages(request, following)}
    return render_part(request, LIST, "list", context, status=status)


def _import(request: EmployeeRequest, import_id: int) -> Import:
    found: Import = get_object_or_404(
        Import.objects.visible_to(request.user).select_related("by", "area", "repairs"), pk=import_id
    )
    return found


@require_safe
@needs(ExchangePermission.READ)
def page(request: EmployeeRequest, import_id: int) -> HttpResponse:
    """Show one import where it stands: its columns, its progress or its result."""
    batch = _import(request, import_id)
    return render_part(request, PAGE, "body", context_of(batch, request.user))


@require_POST
@needs(ExchangePermission.IMPORT)
def reading(request: EmployeeRequest, import_id: int) -> HttpResponse:
    """Read the file in another way."""
    batch = _import(request, import_id)
    form = reading_form(batch, request.POST)
    if form.is_valid():
        try:
            choose_reading(batch=batch, wish=form.wish(), by=request.user, at=now())
        except (NotNow, FileIsGone) as fact:
            return refused(request, _address(batch), _words(fact))
        except UnreadableFile as error:
            form.add_error(None, str(error))
    return _answer(request, batch, reading=form)


def _answer(request: EmployeeRequest, batch: Import, **forms: Any) -> HttpResponse:
    """Show the import again: to htmx its body, to others its page; what is wrong with 422."""
    is_wrong = any(form.errors for form in forms.values())
    if not is_wrong and not request.htmx:
        return see_other(_address(batch))
    batch = _import(request, batch.pk)
    return render_part(request, PAGE, "body", context_of(batch, request.user, **forms), status=422 if is_wrong else 200)


def _address(batch: Import) -> str:
    return reverse("desk:import", args=[batch.pk])


def _words(fact: Exception) -> str:
    if isinstance(fact, FileIsGone):
        return _("The file was removed after its time: load it again.")
    return str(fact)


@require_POST
@needs(ExchangePermission.IMPORT)
def columns(request: EmployeeRequest, import_id: int) -> HttpResponse:
    """Say what the columns are and what is done with known customers; show what becomes of the first rows."""
    batch = _import(request, import_id)
    form = rules_form(batch, request.user, request.POST)
    if not form.is_valid():
        return _answer(request, batch, rules=form)
    problem = _choose(request, batch, form)
    if problem is not None:
        return problem
    then = {"check": try_import, "start": start_import}.get(request.POST.get("then", ""))
    if then is not None:
        return _step(request, batch, then)
    return _answer(request, batch, rules=rules_form(_import(request, import_id), request.user))


def _choose(request: EmployeeRequest, batch: Import, form: RulesForm) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        choose_columns(
            batch=batch, columns=chosen_columns(request.POST, len(batch.plan["header"])),
            name_order=data["name_order"] or "family_first", match=data["match"], matched=data["matched"],
            unmatched=data["unmatched"], area=data["area"], as_of=data["as_of"], source=data["source"],
            saved=batch.mapping, by=request.user, at=now(),
        )  # fmt: skip
    except (NotNow, FileIsGone) as fact:
        return refused(request, _address(batch), _words(fact))
    except MappingError as error:
        form.add_error(None, str(error))
        return _answer(request, batch, rules=form)
    return None


def _step(request: EmployeeRequest, batch: Import, act: Step, said: str = "") -> HttpResponse:
    """Do one step of an import; what cannot be done now is said."""
    try:
        act(batch=batch, by=request.user, at=now())
    except (NotNow, FileIsGone, MappingError) as fact:
        return refused(request, _address(batch), _words(fact))
    answer = see_other(_address(batch), request=request, said=said)
    if request.htmx:
        # The whole page changes its face, its head too.
        return HttpResponse(status=204, headers={"HX-Redirect": _address(batch)})
    return answer


@require_POST
@needs(ExchangePermission.IMPORT)
def check(request: EmployeeRequest, import_id: int) -> HttpResponse:
    """Go through the whole file without writing."""
    return _step(request, _import(request, import_id), try_import)


@require_POST
@needs(ExchangePermission.IMPORT)
def start(request: EmployeeRequest, import_id: int) -> HttpResponse:
    """Take the file over, or go on where it was stopped."""
    batch = _import(request, import_id)
    return _step(request, batch, continue_import if batch.is_to_be_continued else start_import)


@require_POST
@needs(ExchangePermission.IMPORT)
def stop(request: EmployeeRequest, import_id: int) -> HttpResponse:
    """Stop after the rows in hand."""
    return _step(request, _import(request, import_id), stop_import)


@require_POST
@needs(ExchangePermission.IMPORT)
def undo(request: EmployeeRequest, import_id: int) -> HttpResponse:
    """Take the whole import back."""
    return _step(request, _import(request, import_id), undo_import)


@require_POST
@needs(ExchangePermission.IMPORT)
def removal(request: EmployeeRequest, import_id: int) -> HttpResponse:
    """Throw a file away that was not imported."""
    batch = _import(request, import_id)
    try:
        discard_import(batch=batch, by=request.user, at=now())
    except NotNow as fact:
        return refused(request, _address(batch), str(fact))
    return see_other(reverse("desk:imports"), request=request, said=_("The file was thrown away."))


@require_safe
@needs(ExchangePermission.READ)
def progress(request: EmployeeRequest, import_id: int) -> HttpResponse:
    """Show how far an import is; when it is over, the page is loaded anew."""
    batch = _import(request, import_id)
    if not batch.is_at_work and request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": _address(batch)})
    return render_part(request, PAGE, "progress", context_of(batch, request.user))


@require_POST
@needs(ExchangePermission.IMPORT)
def mapping(request: EmployeeRequest, import_id: int) -> HttpResponse:
    """Take over what a saved mapping says."""
    batch = _import(request, import_id)
    number = request.POST.get("mapping", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return refused(request, _address(batch), _("Choose a mapping."))
    saved = get_object_or_404(SavedMapping.objects.visible_to(request.user), pk=int(number))
    return _step(request, batch, _using(saved))


def _using(saved: SavedMapping) -> Step:
    @wraps(use_mapping)
    def act(**arguments: Any) -> object:
        return use_mapping(saved=saved, **arguments)

    return act


@require_POST
@needs(ExchangePermission.IMPORT)
def mappings(request: EmployeeRequest, import_id: int) -> HttpResponse:
    """Keep what the columns are, under a name."""
    batch = _import(request, import_id)
    form = SaveMappingForm(request.POST)
    if form.is_valid():
        try:
            save_mapping(batch=batch, by=request.user, at=now(), **form.cleaned_data)
        except InvalidField:
            form.add_error("name", _("Name it."))
    if form.errors:
        return _answer(request, batch, saving=form)
    if request.htmx:
        return _answer(request, batch)
    return see_other(_address(batch), request=request, said=_("The mapping is saved."))


@require_POST
@needs(ExchangePermission.IMPORT)
def mapping_removal(request: EmployeeRequest, mapping_id: int) -> HttpResponse:
    """Remove one's own mapping."""
    saved = get_object_or_404(SavedMapping.objects.visible_to(request.user), pk=mapping_id)
    try:
        remove_mapping(saved=saved, by=request.user, at=now())
    except NotYours as fact:
        raise Http404 from fact
    return see_other(reverse("desk:imports"), request=request, said=_("The mapping is removed."))
