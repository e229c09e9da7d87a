"""How a view answers: the whole page, or for htmx the part of it that changes."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from svyaz.users.models import User

UNPROCESSABLE = 422
SEE_OTHER = 303


class EmployeeRequest(HttpRequest):
    """A request of someone who logged in."""

    user: User
    htmx: HtmxDetails


def render_part(
    request: HttpRequest, template: str, part: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render `template#part` for htmx and the whole template for everyone else."""
    is_part = bool(getattr(request, "htmx", False))
    return render(request, f"{template}#{part}" if is_part else template, dict(context), status=status)


def see_other(address: str, *, request: HttpRequest | None = None, said: str = "") -> HttpResponse:
    """Send the browser to a page after something was saved, with a word about it."""
    if request is not None and said:
        messages.success(request, said)
    return HttpResponseRedirect(address, status=SEE_OTHER)


def refused(request: HttpRequest, address: str, why: str) -> HttpResponse:
    """Say that nothing was done and why: a toast for htmx (422), else the page with a message."""
    if getattr(request, "htmx", False):
        toast = json.dumps({"desk:toast": {"text": why, "tone": "bad"}})
        return HttpResponse(status=UNPROCESSABLE, headers={"HX-Reswap": "none", "HX-Trigger": toast})
    messages.error(request, why)
    return HttpResponseRedirect(address, status=SEE_OTHER)


def say_undoable(request: HttpRequest, words: str, undo: str) -> None:
    """Say that something was done; the toast bears a button that posts to `undo` and so takes it back."""
    messages.success(request, words, extra_tags=undo)
