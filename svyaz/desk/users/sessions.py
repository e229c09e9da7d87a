"""Where I am logged in, and logging out elsewhere."""

from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from svyaz.access.actions.self_care import end_sessions
from svyaz.access.permissions import authenticated
from svyaz.desk.rendering import EmployeeRequest, refused, render_part, see_other
from svyaz.desk.users.devices import device_of
from svyaz.users.queries import live_sessions

PAGE = "desk/users/sessions.html"


@authenticated
@require_safe
def sessions(request: EmployeeRequest) -> HttpResponse:
    """List the browsers in which one is logged in, this one first."""
    rows = [_shown(session, request) for session in live_sessions(request.user, at=now())]
    rows.sort(key=lambda row: not row["is_this"])
    return render_part(request, PAGE, "list", {"rows": rows, "has_others": any(not row["is_this"] for row in rows)})


def _shown(session: UserSession, request: EmployeeRequest) -> dict[str, object]:
    is_this = session.session_key == request.session.session_key
    return {"row": session, "device": device_of(session.user_agent), "is_this": is_this}


@authenticated
@require_POST
def end_session(request: EmployeeRequest, pk: int) -> HttpResponse:
    """Log out in one other browser."""
    session = get_object_or_404(live_sessions(request.user, at=now()), pk=pk)
    if session.session_key == request.session.session_key:
        return refused(request, resolve_url("usersessions_list"), _("This is where you are now: log out instead."))
    end_sessions(user=request.user, sessions=[session], by=request.user, at=now())
    return see_other(resolve_url("usersessions_list"), request=request, said=_("Logged out there."))


@authenticated
@require_POST
def end_other_sessions(request: EmployeeRequest) -> HttpResponse:
    """Log out everywhere but here."""
    others = live_sessions(request.user, at=now()).exclude(session_key=request.session.session_key)
    count = end_sessions(user=request.user, sessions=others, by=request.user, at=now())
    said = ngettext("Logged out in {count} browser.", "Logged out in {count} browsers.", count).format(count=count)
    return see_other(resolve_url("usersessions_list"), request=request, said=said)
