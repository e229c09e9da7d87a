"""How a file is read, what its columns are, and what is done with customers who are there already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import Rights
from svyaz.exchange.actions.encodings import ENCODINGS
from svyaz.exchange.actions.formats import DELIMITERS, Wish
from svyaz.exchange.actions.matching import KEYS
from svyaz.exchange.actions.suggesting import NAME_ORDERS
from svyaz.exchange.actions.targets import targets
from svyaz.exchange.models import Import
from svyaz.exchange.queries import importable_areas
from svyaz.users.models import User

ENCODING_NAMES = {
    "utf-8": "UTF-8", "cp1251": "Windows-1251", "cp866": "CP866 (DOS)", "koi8-r": "KOI8-R", "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
}  # fmt: skip
DELIMITER_NAMES = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}
ORDER_NAMES = {
    "family_first": _("Family name first: Smirnova Olga Ivanovna"),
    "given_first": _("Given name first: Olga Ivanovna Smirnova"),
    "whole": _("Do not take apart"),
}
MOST_COLUMNS = 400


class ReadingForm(forms.Form):
    """How the file is written."""

    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Separator"), required=False)
    header_line = forms.IntegerField(
        label=_("Line of the headings"), required=False, min_value=0, max_value=1000,
        help_text=_("0: the file has no headings"),
    )  # fmt: skip
    sheet = forms.CharField(label=_("Sheet"), required=False, max_length=100)

    def __init__(self, *args: Any, sheets: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("encoding", [(code, ENCODING_NAMES[code]) for code in ENCODINGS])
        self._offer("delimiter", [(code, capfirst(DELIMITER_NAMES[code])) for code in DELIMITERS])
        self.fields["delimiter"].strip = False  # type: ignore[attr-defined]
        if sheets:
            self.fields["sheet"] = forms.ChoiceField(
                label=_("Sheet"), required=False, choices=[(name, name) for name in sheets]
            )

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def wish(self) -> Wish:
        """Return what was chosen."""
        data = self.cleaned_data
        return Wish(data["encoding"], data["delimiter"], data["header_line"], data["sheet"])


class RulesForm(forms.Form):
    """By what customers are found, and what becomes of them."""

    match = forms.MultipleChoiceField(
        label=_("Known customers are found by"), required=False, widget=forms.CheckboxSelectMultiple
    )
    matched = forms.ChoiceField(label=_("Known customers"))
    unmatched = forms.ChoiceField(label=_("Unknown customers"))
    name_order = forms.ChoiceField(label=_("Names in one column"), required=False)
    area = forms.ModelChoiceField(
        label=_("Area of rows that name none"),
        queryset=importable_areas(Rights(0, {})),
        required=False,
        empty_label=_("none"),
    )
    as_of = forms.DateField(label=_("As of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    source = forms.CharField(
        label=_("Where the file comes from"), max_length=64, required=False,
        help_text=_("Rows of one source are known again by their number in it."),
    )  # fmt: skip

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("match", [(code, capfirst(str(key.label))) for code, key in KEYS.items()]),
            ("matched", [(code, capfirst(label)) for code, label in Import.Matched.choices]),
            ("unmatched", [(code, capfirst(label)) for code, label in Import.Unmatched.choices]),
            ("name_order", [(code, ORDER_NAMES[code]) for code in NAME_ORDERS]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = areas


class SaveMappingForm(forms.Form):
    """A name for a mapping, and whether others see it."""

    name = forms.CharField(label=_("Name"), max_length=60)
    is_shared = forms.BooleanField(label=_("Shared with everyone who imports"), required=False)


@dataclass(frozen=True)
class ColumnChoice:
    """A column of the file: its heading, what stands in it, and what it is said to be."""

    place: int
    heading: str
    samples: list[str]
    target: str


def grouped_targets(viewer: User) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what a column can be, by groups, for lists and for dragging."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, target in targets().items():
        if target.may_be_set_by(viewer):
            found.setdefault(str(target.group), []).append((code, str(capfirst(str(target.label)))))
    found.setdefault(str(_("Other")), []).append(("characteristic", str(_("Keep as it is"))))
    return list(found.items())


def chosen_columns(data: QueryDict | Mapping[str, str], count: int) -> dict[int, str]:
    """Return what the columns are said to be; words that mean nothing are passed over."""
    known = {*targets(), "characteristic"}
    given = ((place, data.get(f"column-{place}", "")) for place in range(min(count, MOST_COLUMNS)))
    return {place: target for place, target in given if target in known}
