"""Taking back what was just done: a toast with a form that sends the former values to where the new ones went."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

Sent = Iterable[tuple[str, str]]


def with_undo(request: HttpRequest, words: str, address: str, values: Sent) -> SafeString:
    """Return what a toast says with a button that takes it back; `values` are the fields that it sends."""
    context = {"words": words, "address": address, "values": list(values)}
    return render_to_string("desk/administration/undo.html", context, request=request)


def say_with_undo(request: HttpRequest, words: str, address: str, values: Sent) -> None:
    """Say on the next page that something was saved, with a button that takes it back."""
    messages.success(request, with_undo(request, words, address, values))
