"""Notices: the centre in the top bar, its page, reading and taking that back, and one's wishes."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svyaz.access.permissions import authenticated
from svyaz.desk.notices.forms import WishesForm
from svyaz.desk.notices.rows import groups, rows
from svyaz.desk.paging import page_by_time, pages
from svyaz.desk.rendering import UNPROCESSABLE, EmployeeRequest, render_part, see_other
from svyaz.notices.actions import mark_read, mark_unread, save_quiet_hours, save_setting
from svyaz.notices.queries.listing import loud_news, notices_of, quiet_hours_of, settings_of

LATEST = 12
MOST_AT_ONCE = 500
PAGE = "desk/notices/page.html"
SETTINGS = "desk/notices/settings.html"


@require_safe
@authenticated
def notices(request: EmployeeRequest) -> HttpResponse:
    """Show all notices, the latest first, grouped by what they are about."""
    unread_only = request.GET.get("show") != "all"
    found = notices_of(request.user, unread_only=unread_only)
    shown, following = page_by_time(found, "at", request.GET.get("after", ""))
    context = {"groups": groups(shown), "unread_only": unread_only, **pages(request, following)}
    return render_part(request, PAGE, "list", context)


@require_safe
@authenticated
def latest(request: EmployeeRequest) -> HttpResponse:
    """Show the latest unread notices, for the centre in the top bar."""
    return render(request, "desk/notices/latest.html", _centre(request))


def _centre(request: EmployeeRequest) -> dict[str, object]:
    return {"groups": groups(list(notices_of(request.user, unread_only=True)[:LATEST]))}


@require_safe
@authenticated
def news(request: EmployeeRequest) -> HttpResponse:
    """Show the count anew, and as toasts those of the notices named by `id` that are to be told at once.

    What is about the card that is open (`party`) shows in its thread.
    """
    ids = [int(text) for text in request.GET.getlist("id")[:50] if text.isascii() and text.isdigit() and len(text) < 19]
    told = list(loud_news(request.user, ids)) if ids else []
    told = [notice for notice in told if str(notice.party_id) != request.GET.get("party")]
    return render(request, "desk/notices/news.html", {"toasts": rows(told[-3:])})


@require_POST
@authenticated
def read(request: EmployeeRequest) -> HttpResponse:
    """Mark notices as read: those named, or all; the word about it offers to take it back."""
    done = mark_read(notices=_named(request), by=request.user, at=now())
    if request.POST.get("silent"):
        return HttpResponse(status=204)
    said = ngettext("%(count)s notice is read", "%(count)s notices are read", len(done)) % {"count": len(done)}
    return _answer(request, said, undo=done)


@require_POST
@authenticated
def unread(request: EmployeeRequest) -> HttpResponse:
    """Take back that notices were read."""
    mark_unread(notices=_named(request), by=request.user, at=now())
    return _answer(request, _("They are unread again."), undo=[])


def _named(request: EmployeeRequest) -> list[int]:
    if request.POST.get("all"):
        waiting = notices_of(request.user, unread_only=True).values_list("pk", flat=True)
        return list(waiting[:MOST_AT_ONCE])
    named = request.POST.getlist("notice")[:MOST_AT_ONCE]
    return [int(text) for text in named if text.isascii() and text.isdigit() and len(text) < 19]


def _answer(request: EmployeeRequest, said: str, *, undo: list[int]) -> HttpResponse:
    """Show the centre or the list as it is now, with a word and the way back."""
    if not request.htmx:
        return see_other(reverse("desk:notices"), request=request, said=said)
    context = {**_centre(request), "said": said, "undo": undo}
    return render(request, "desk/notices/answer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@authenticated
def settings(request: EmployeeRequest) -> HttpResponse:
    """Show and save what one wants to hear of, and one's quiet hours."""
    form = WishesForm(request.POST if request.method == "POST" else None, initial=_wishes(request))
    if form.is_bound and form.is_valid():
        _save(request, form)
        return see_other(reverse("desk:notice_settings"), request=request, said=_("Saved."))
    status = UNPROCESSABLE if form.is_bound else 200
    context = {"form": form, "zone": request.user.time_zone.replace("_", " ")}
    return render_part(request, SETTINGS, "wishes", context, status=status)


def _wishes(request: EmployeeRequest) -> dict[str, object]:
    hours = quiet_hours_of(request.user)
    quiet = {"begins": hours.begins, "ends": hours.ends, "weekends": hours.weekends} if hours else {}
    return {f"kind-{kind}": level for kind, level in settings_of(request.user).items()} | quiet


def _save(request: EmployeeRequest, form: WishesForm) -> None:
    at, user, former = now(), request.user, settings_of(request.user)
    for kind, level in form.levels().items():
        if former[kind] != level:
            save_setting(user=user, kind=kind, level=level, by=user, at=at)
    data = form.cleaned_data
    hours = quiet_hours_of(user)
    if (data["begins"], data["ends"], data["weekends"]) != (
        (hours.begins, hours.ends, hours.weekends) if hours else (None, None, False)
    ):
        save_quiet_hours(user=user, begins=data["begins"], ends=data["ends"], weekends=data["weekends"], by=user, at=at)
