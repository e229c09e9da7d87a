"""What one wants to hear of, how loud, and when not."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from svyaz.notices.models import URGENT, Notice, NoticeSetting


class WishesForm(forms.Form):
    """One choice for each kind of notice, and quiet hours."""

    begins = forms.TimeField(
        label=gettext_lazy("From"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    ends = forms.TimeField(
        label=gettext_lazy("Until"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    weekends = forms.BooleanField(label=gettext_lazy("Saturday and Sunday as a whole"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, name in Notice.Kind.choices:
            look = forms.Select(attrs={"class": "control"})
            self.fields[f"kind-{kind}"] = forms.ChoiceField(
                label=name, choices=NoticeSetting.Level.choices, widget=look
            )

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end that differ, or neither."""
        begins, ends = self.cleaned_data.get("begins"), self.cleaned_data.get("ends")
        if (begins is None) != (ends is None) and not self.errors:
            self.add_error("ends" if ends is None else "begins", _("Give both times, or neither."))
        elif begins is not None and begins == ends:
            self.add_error("ends", _("Quiet hours cannot end when they begin."))
        if self.cleaned_data.get("weekends") and begins is None and ends is None and not self.errors:
            self.add_error("begins", _("Quiet weekends need quiet hours on the other days."))
        return self.cleaned_data

    def levels(self) -> dict[str, str]:
        """Return how loud each kind is wanted."""
        return {kind: self.cleaned_data[f"kind-{kind}"] for kind in Notice.Kind.values}

    def kinds(self) -> list[dict[str, Any]]:
        """Return the kinds with their fields, and whether quiet hours hold them back."""
        return [{"field": self[f"kind-{kind}"], "is_urgent": kind in URGENT} for kind in Notice.Kind.values]
