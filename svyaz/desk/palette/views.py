"""The palette's one answer, as a fragment while one types and as a page without a script; the list of keys."""

import re

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from svyaz.access.permissions import authenticated
from svyaz.access.queries import rights_of
from svyaz.desk.commands import Where, commands_for
from svyaz.desk.palette.queries import answer_to
from svyaz.desk.rendering import EmployeeRequest

LONGEST = 200
# Pages with a composer.
WRITES_CONTACT = re.compile(r"/(customers/\d+|contacts/new)/")
PLACES = (
    (Where.EVERYWHERE, _("Everywhere")),
    (Where.CONTACT, _("Where a contact is written")),
    (Where.ROW, _("In a list, on the row in hand")),
    (Where.SCREEN, _("To a screen: one key after the other")),
    (Where.FORM, _("In a text field too")),
)


@require_safe
@authenticated
def palette(request: EmployeeRequest) -> HttpResponse:
    """Answer what is typed into the box: customers, numbers, screens, actions; nothing typed: what is at hand."""
    text = request.GET.get("q", "").strip()[:LONGEST].replace("\x00", "")
    writes = bool(WRITES_CONTACT.fullmatch(request.GET.get("at", "")))
    answer = answer_to(request.user, text, writes_contact=writes and bool(request.htmx), at=now())
    context = {"q": text, "answer": answer}
    return render(request, "desk/palette/options.html" if request.htmx else "desk/palette/page.html", context)


@require_safe
@authenticated
def keys(request: EmployeeRequest) -> HttpResponse:
    """List the keys, as the registry has them; for htmx the list alone, into its dialog."""
    commands = [command for command in commands_for(rights_of(request.user)) if command.keys]
    groups = [(words, [one for one in commands if one.where == place]) for place, words in PLACES]
    context = {"groups": [group for group in groups if group[1]]}
    return render(request, "desk/palette/keys.html" if request.htmx else "desk/palette/keys_page.html", context)
