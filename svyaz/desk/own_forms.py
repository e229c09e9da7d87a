"""The controls of own fields, wherever they are filled in: one for each kind."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from svyaz.fields.actions import InvalidOwnValue, normal
from svyaz.fields.models import OwnField

WHY: Mapping[str, Any] = {
    "empty": gettext_lazy("This is needed."),
    "too_long": gettext_lazy("This is too long."),
    "not_a_number": gettext_lazy("A number, please."),
    "out_of_range": gettext_lazy("This lies out of range."),
    "not_a_date": gettext_lazy("A day, please."),
    "not_yes_or_no": gettext_lazy("Yes or no, please."),
    "unknown": gettext_lazy("There is no such option."),
    "not_an_email": gettext_lazy("An e-mail address, please."),
    "not_a_phone": gettext_lazy("A phone number, please."),
    "not_a_link": gettext_lazy("A link that begins with https://, please."),
}
YES_NO = (("", "—"), ("yes", pgettext_lazy("a value", "yes")), ("no", pgettext_lazy("a value", "no")))
INPUTS: Mapping[str, dict[str, str]] = {
    "number": {"inputmode": "decimal"}, "money": {"inputmode": "decimal"}, "party": {"inputmode": "numeric"},
    "email": {"type": "email"}, "phone": {"type": "tel"}, "url": {"type": "url", "placeholder": "https://"},
}  # fmt: skip


def control(field: OwnField) -> forms.Field:
    """Return the control of a field; what is typed is checked by `fields.actions`, as anywhere."""
    common: dict[str, Any] = {"label": str(field), "required": False, "help_text": field.help}
    if field.kind == OwnField.Kind.CHOICE:
        return forms.ChoiceField(choices=[("", "—"), *field.offered()], **common)
    if field.kind == OwnField.Kind.CHOICES:
        return forms.MultipleChoiceField(choices=field.offered(), **common)
    if field.kind == OwnField.Kind.BOOLEAN:
        return forms.ChoiceField(choices=YES_NO, **common)
    if field.kind == OwnField.Kind.DATE:
        return forms.CharField(widget=forms.DateInput({"type": "date"}), **common)
    if field.kind == OwnField.Kind.LONG_TEXT:
        return forms.CharField(widget=forms.Textarea({"rows": 3}), max_length=4000, **common)
    return forms.CharField(widget=forms.TextInput({"autocomplete": "off", **INPUTS.get(field.kind, {})}), **common)


def as_typed(field: OwnField, value: Any) -> Any:
    """Return a kept value as its control shows it."""
    if field.kind == OwnField.Kind.BOOLEAN:
        return "" if value is None else "yes" if value else "no"
    if field.kind == OwnField.Kind.CHOICES:
        return list(value or [])
    return "" if value is None else str(value)


def add_controls(form: forms.Form, fields: Iterable[OwnField], *, prefix: str = "own_") -> None:
    """Give a form the controls of some fields."""
    for field in fields:
        form.fields[f"{prefix}{field.code}"] = control(field)


def own_of(form: forms.Form, fields: Iterable[OwnField], *, prefix: str = "own_") -> dict[str, Any]:
    """Return the values that were filled in, checked; what cannot be is said at its control."""
    values = {}
    for field in fields:
        name = f"{prefix}{field.code}"
        given = form.cleaned_data.get(name)
        try:
            values[field.code] = normal(field, given)
        except InvalidOwnValue as refusal:
            form.add_error(name, str(WHY.get(refusal.reason, _("This cannot be."))))
            continue
        if values[field.code] is None and field.is_required:
            form.add_error(name, str(WHY["empty"]))
    return values
