"""Own fields: what the operator adds to customers, services, contacts and decisions."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from svyaz.desk.administration.register import Line, Register, RegisterForm
from svyaz.fields.actions import add_field, archive_field, change_field, restore_field
from svyaz.fields.models import OwnField
from svyaz.fields.permissions import FieldPermission
from svyaz.fields.queries import all_fields, changes_of_field
from svyaz.users.models import User

PARTY_KINDS = (("individual", _("people")), ("organization", _("companies")))
TEXTS = ("name", "name_en", "help")
FLAGS = ("is_required", "in_lists", "is_read_restricted", "is_write_restricted")


class FieldForm(RegisterForm):
    """A field: where it belongs, what it holds, what it is called, for whom it is."""

    only_new = ("noun", "kind", "code")
    noun = forms.ChoiceField(label=_("Belongs to"), choices=OwnField.Noun.choices)
    kind = forms.ChoiceField(label=_("Holds"), choices=OwnField.Kind.choices)
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=100)
    name_en = forms.CharField(label=_("Name in English"), max_length=100, required=False)
    code = forms.RegexField(
        r"^[a-z][a-z0-9_]*$", label=_("Code"), max_length=40,
        help_text=_("Small Latin letters, digits and _. Names it in files and for programs; stays for good."),
    )  # fmt: skip
    help = forms.CharField(
        label=_("Help"), max_length=200, required=False, help_text=_("Stands under the field where it is filled in.")
    )
    options = forms.CharField(
        label=_("Options"), required=False, widget=forms.Textarea({"rows": 4}),
        help_text=_("Of a list: one a line, the English name after a bar. One that is left out is retired."),
    )  # fmt: skip
    applies_to = forms.MultipleChoiceField(
        label=_("For"), choices=PARTY_KINDS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: for both."),
    )  # fmt: skip
    is_required = forms.BooleanField(label=_("Required where it is filled in"), required=False)
    in_lists = forms.BooleanField(label=_("Offered as a column and filter of lists"), required=False, initial=True)
    is_read_restricted = forms.BooleanField(
        label=_("Not for everyone to see"), required=False,
        help_text=_("Then only roles see it that you mark on the page of roles, under Own fields."),
    )  # fmt: skip
    is_write_restricted = forms.BooleanField(
        label=_("Not for everyone to change"), required=False, help_text=_("Likewise for changing it.")
    )
    is_archived = forms.BooleanField(
        label=_("Archived"),
        required=False,
        help_text=_("It disappears everywhere; its values stay and come back with it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.row is None:
            del self.fields["is_archived"]
            return
        if not self.row.options:
            del self.fields["options"]
        if self.row.noun != OwnField.Noun.PARTY:
            del self.fields["applies_to"]

    def values_of(self, row: Any) -> dict[str, Any]:
        """Return what the fields show of an own field."""
        active = [option for option in row.options if option.get("is_active", True)]
        lines = (" | ".join(filter(None, (option["name"], option.get("name_en")))) for option in active)
        return {
            **{name: getattr(row, name) for name in (*TEXTS, *FLAGS, "applies_to")},
            "options": "\n".join(lines), "is_archived": row.archived_at is not None,
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A list needs options, and only customers are people or companies."""
        given = self.cleaned_data
        kind = self.row.kind if self.row else given.get("kind")
        if kind in {OwnField.Kind.CHOICE, OwnField.Kind.CHOICES} and not given.get("options", "").strip():
            self.add_error("options", gettext("A list needs at least one option."))
        return given

    def save(self, *, by: User, at: datetime) -> Any:
        """Add or change the field."""
        given = self.cleaned_data
        values: dict[str, Any] = {name: given[name] for name in (*TEXTS, *FLAGS)}
        noun = self.row.noun if self.row else given["noun"]
        values["applies_to"] = given.get("applies_to", []) if noun == OwnField.Noun.PARTY else []
        if given.get("options"):
            values["options"] = list(self._options(given["options"]))
        if self.row is None:
            return add_field(noun=noun, code=given["code"], kind=given["kind"], by=by, at=at, **values)
        field = change_field(field=self.row, by=by, at=at, **values)
        return (archive_field if given["is_archived"] else restore_field)(field=field, by=by, at=at)

    def _options(self, text: str) -> Any:
        """Yield what the lines say; a name that is known keeps its code."""
        known = {option["name"].casefold(): option["code"] for option in (self.row.options if self.row else [])}
        for line in text.splitlines():
            name, _bar, name_en = (part.strip() for part in line.partition("|"))
            if name:
                yield {"code": known.get(name.casefold(), ""), "name": name, "name_en": name_en}


def field_lines(viewer: User) -> list[Line]:
    """Return the fields by noun, archived ones last."""
    return [Line(field, str(field), 0, _note(field), tuple(_marks(field)), field.code) for field in all_fields()]


def _note(field: OwnField) -> str:
    return f"{field.get_noun_display()} · {field.get_kind_display()}"


def _marks(field: OwnField) -> Any:
    if field.archived_at is not None:
        yield _("archived"), ""
    if field.is_required:
        yield _("required"), "accent"
    if field.is_read_restricted or field.is_write_restricted:
        yield _("for some roles"), "wait"


FIELDS = Register(
    "fields", "list-filter", FieldPermission.MANAGE, _("Own fields"), _("New field"),
    _("What you want to know of customers, services, contacts and decisions beyond what is there: on their pages, in "
      "lists, files and the API at once."),
    field_lines, lambda row_id: all_fields().filter(pk=row_id).first(), FieldForm, changes_of_field,
)  # fmt: skip
