"""What is shown where a page cannot be: not allowed, not there, too long open, or our own mistake."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from svyaz.access.permissions import public

FRAMED, PLAIN = "desk/errors/framed.html", "desk/errors/plain.html"


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that one's role does not reach so far, and who can change that."""
    words = _("Your role does not reach this. If your work needs it, ask your head or the administrator.")
    return _page(request, 403, _("You may not do this"), words)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here; what one may not see is not there either."""
    words = _(
        "The address may be mistyped, or what stood here lies beyond your area. "
        "Search by the whole phone, e-mail or contract number: that opens a customer of any area."
    )
    return _page(request, 404, _("There is nothing here"), words)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that what was sent cannot be read."""
    return _page(request, 400, _("This cannot be read"), _("Go back, load the page again and repeat what you did."))


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was open for too long, or comes from elsewhere; nothing was saved."""
    words = _("Nothing was saved. The page was open for too long or in another log-in: go back, load it again, repeat.")
    return _page(request, 403, _("This form is out of date"), words)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that the mistake is ours; without the frame, because what failed may be what draws it."""
    words = _("The mistake is ours and has been noted. Nothing was changed by halves. Try again in a minute.")
    context = {"number": 500, "title": _("This did not work"), "words": words}
    return render(None, PLAIN, context, status=500)


def _page(request: HttpRequest, number: int, title: str, words: str) -> HttpResponse:
    user = getattr(request, "user", None)
    template = FRAMED if user is not None and user.is_authenticated else PLAIN
    return render(request, template, {"number": number, "title": title, "words": words}, status=number)


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Ask search engines to stay out: everything here is somebody's."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
