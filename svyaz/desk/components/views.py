"""The design system's own page, for those who build screens."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from svyaz.access.permissions import AccessPermission, needs
from svyaz.desk.icons import ICONS


class SampleForm(forms.Form):
    """Fields in all their states; never saved."""

    name = forms.CharField(label=_("Name"), help_text=_("As in the document."))
    email = forms.EmailField(label=_("E-mail"))
    channel = forms.ChoiceField(label=_("Channel"), choices=[("call", _("Call")), ("letter", _("Letter"))])
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    consent = forms.BooleanField(label=_("Consent to offers"), required=False)


def months() -> list[dict[str, str]]:
    """Return two years of payments, with two late and two unpaid at the end."""
    tones = ["good"] * 24
    tones[7] = tones[18] = "wait"
    tones[22] = tones[23] = "bad"
    return [{"tone": tone, "title": f"{index + 1}"} for index, tone in enumerate(tones)]


@require_safe
@needs(AccessPermission.MANAGE)
def components(request: HttpRequest) -> HttpResponse:
    """Show every piece of the design system."""
    wrong = SampleForm({"name": "Ольга Смирнова", "email": "olga@", "channel": "call"})
    context = {
        "empty_form": SampleForm(prefix="empty"),
        "wrong_form": wrong,
        "months": months(),
        "falling": [14, 12, 10, 8, 5, 4, 2, 2],
        "rising": [6, 5, 6, 9, 8, 10, 11, 13],
        "flat": [3, 3, 3, 3],
        "tones": ["", "accent", "good", "wait", "bad", "money"],
        "icons": sorted(ICONS),
        "channels": [("call", _("Call")), ("email", _("E-mail")), ("letter", _("Letter"))],
        "table_rows": range(3),
    }
    return render(request, "desk/components/page.html", context)
