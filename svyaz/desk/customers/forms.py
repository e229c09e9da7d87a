"""The filter bar of the list of customers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import Viewer
from svyaz.customer360.queries.listing import ListFilter, ListKey, areas_of_parties
from svyaz.parties.models import Party, PartyRole
from svyaz.parties.permissions import PartyPermission
from svyaz.places.models import Area


class ListForm(forms.Form):
    """What of the list is wanted; it stands in the address, so that a list can be sent as a link."""

    q = forms.CharField(max_length=200, required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    area: "forms.ModelChoiceField[Area]" = forms.ModelChoiceField(label=_("Area"), queryset=None, required=False)
    after = forms.CharField(max_length=400, required=False)

    def __init__(self, data: Any, *, viewer: Viewer) -> None:
        super().__init__(data)
        self._choose("role", [*PartyRole.Kind.choices, ("any", _("any role"))])
        self._choose("state", [("", _("any state")), *PartyRole.Status.choices])
        self._choose("kind", [("", _("people and companies")), *Party.Kind.choices])
        area = self.fields["area"]
        assert isinstance(area, forms.ModelChoiceField)
        area.queryset = areas_of_parties(viewer, PartyPermission.READ)
        area.empty_label = str(_("all areas"))

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def wanted(self) -> ListFilter:
        """Return the filter; a value that means nothing filters nothing."""
        clean = self.cleaned_data if self.is_bound and self.is_valid() else getattr(self, "cleaned_data", {})
        role = clean.get("role") or PartyRole.Kind.CUSTOMER
        area = clean.get("area")
        return ListFilter(
            role="" if role == "any" else role,
            status=clean.get("state", ""),
            kind=clean.get("kind", ""),
            area_id=area.pk if area else None,
        )

    def key(self) -> ListKey | None:
        """Return the row after which the page begins."""
        number, _colon, name_key = str(self.cleaned_data.get("after", "")).partition(":")
        return ListKey(name_key, int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else None
