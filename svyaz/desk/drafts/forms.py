"""What a composer sends while one types, and to whom a task is handed over."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from svyaz.access.queries import Viewer, rights_of
from svyaz.desk.models.drafts import Written
from svyaz.workforce.models import Employee
from svyaz.workforce.queries import working_employees

MOST_PAIRS, LONGEST_NAME, LONGEST_VALUE, LONGEST = 500, 80, 20_000, 400_000


class KeepForm(forms.Form):
    """One keeping of a draft: its words as JSON ({"pairs": [[name, value]], "labels": {ground: label}})."""

    version = forms.IntegerField(min_value=0, max_value=10**9)
    party = forms.IntegerField(min_value=1, max_value=10**18, required=False)
    written = forms.CharField(max_length=LONGEST)

    def clean_written(self) -> Written:
        """Read the words; what is not shaped so is refused."""
        try:
            kept = json.loads(self.cleaned_data["written"])
            pairs = tuple((name, value) for name, value in kept["pairs"])
            labels = dict(kept["labels"])
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise forms.ValidationError("not the words of a composer") from error
        texts = [text for pair in [*pairs, *labels.items()] for text in pair]
        if len(texts) > 2 * MOST_PAIRS or not all(isinstance(text, str) for text in texts):
            raise forms.ValidationError("not the words of a composer")
        if any(len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE for name, value in pairs):
            raise forms.ValidationError("not the words of a composer")
        return Written(pairs, labels)


class ColleagueField(forms.ModelChoiceField[Employee]):
    """A choice of colleagues, each with his department."""

    def label_from_instance(self, obj: Employee) -> str:
        """Return what stands in the list."""
        return f"{obj.name} · {obj.department}"


class HandOverForm(forms.Form):
    """Which colleague goes on, and why."""

    use_required_attribute = False

    to: "forms.ModelChoiceField[Employee]" = ColleagueField(
        label=gettext_lazy("To whom"), queryset=None, error_messages={"required": gettext_lazy("Who goes on with it?")}
    )
    reason = forms.CharField(
        label=gettext_lazy("What is to be done, and why"), max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Say in a few words why; your colleague reads it first.")},
    )  # fmt: skip

    def __init__(self, data: Any, *, viewer: Viewer) -> None:
        super().__init__(data)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        others = working_employees(viewer).filter(user__is_active=True).exclude(user=rights_of(viewer).user_id)
        field.queryset = others.select_related("user")
        field.empty_label = str(_("Choose a colleague"))
