"""Filter bars: what stands in a list's address; a value that means nothing filters nothing."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

Choice = tuple[str, Any]


class FilterForm(forms.Form):
    """A filter bar of choices, each with an empty one that says what is then shown."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)

    def offer(self, name: str, empty: Any, choices: Iterable[Choice]) -> None:
        """Set what one of the fields offers."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", empty), *choices]

    def value(self, name: str) -> str:
        """Return what was chosen."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    def number(self, name: str) -> int | None:
        """Return the row that was chosen."""
        text = self.value(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    @property
    def is_set(self) -> bool:
        """Tell whether anything is filtered."""
        return any(self.value(name) for name in self.fields)


def choice(label: Any) -> forms.ChoiceField:
    """Return a field of a filter bar."""
    return forms.ChoiceField(label=label, required=False)


def hidden() -> forms.CharField:
    """Return a filter that comes with a link only."""
    return forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
