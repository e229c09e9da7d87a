"""What is typed to correct a fact; the actions check it against the registers' rules."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from svyaz.access.queries import Rights
from svyaz.customer360.queries.listing import areas_of_parties
from svyaz.desk.customers.composer_forms import ChoosingForm
from svyaz.parties.models import AddressUse, ContactMedium, PartyRelationship, PartyRole, Preference
from svyaz.parties.permissions import PartyPermission
from svyaz.places.models import Area

UNSET = ("", gettext_lazy("not known"))


class FactForm(ChoosingForm):
    """A fact's fields; their ids stand apart from those of the composer."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any], rights: Rights) -> None:
        super().__init__(data, initial=initial, auto_id="fact-%s")


def line(label: Any, length: int, *, required: bool = False, **attrs: str) -> forms.CharField:
    """Return a line of text."""
    return forms.CharField(
        label=label, max_length=length, required=required, widget=forms.TextInput({"autocomplete": "off", **attrs})
    )


class PersonNameForm(FactForm):
    """A person's name in its parts."""

    family_name = line(gettext_lazy("Family name"), 100)
    given_name = line(gettext_lazy("Given name"), 100)
    middle_name = line(gettext_lazy("Patronymic"), 100)


class CompanyNameForm(FactForm):
    """A company's name and legal form."""

    name = line(gettext_lazy("Name"), 300, required=True)
    legal_form = line(gettext_lazy("Legal form"), 32, list="legal-forms")


class BirthForm(FactForm):
    """When a person was born."""

    birth_date = forms.DateField(
        label=gettext_lazy("Birth date"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class PersonRegistersForm(FactForm):
    """A person's numbers in the registers."""

    inn = line(gettext_lazy("INN"), 20, inputmode="numeric")
    ogrn = line(gettext_lazy("OGRNIP"), 20, inputmode="numeric")


class CompanyRegistersForm(FactForm):
    """A company's numbers in the registers."""

    inn = line(gettext_lazy("INN"), 20, inputmode="numeric")
    kpp = line(gettext_lazy("KPP"), 20)
    ogrn = line(gettext_lazy("OGRN"), 20, inputmode="numeric")


class LanguageForm(FactForm):
    """In which language one speaks with the party."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False, choices=[UNSET, *settings.LANGUAGES])


class AreaForm(FactForm):
    """Where the party is at home, which decides who sees it in his lists."""

    home_area: "forms.ModelChoiceField[Area]" = forms.ModelChoiceField(
        label=gettext_lazy("Area"), queryset=None, required=False
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any], rights: Rights) -> None:
        super().__init__(data, initial=initial, rights=rights)
        self.choose("home_area", areas_of_parties(rights, PartyPermission.WRITE))


class TierForm(FactForm):
    """The customer's worth tier."""

    tier = forms.ChoiceField(label=gettext_lazy("Worth tier"), required=False, choices=[UNSET, *PartyRole.Tier.choices])


class MediumForm(FactForm):
    """A number or address by which the party is reached."""

    value = line(gettext_lazy("Number or address"), 254, required=True)
    is_preferred = forms.BooleanField(label=gettext_lazy("Reach this way first"), required=False)


class NewMediumForm(MediumForm):
    """One more of them."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=ContactMedium.Kind.choices)
    field_order = ("kind", "value", "is_preferred")


class AddressForm(FactForm):
    """Where the party is: in parts, or as it was written."""

    postal_code = line(gettext_lazy("Postal code"), 10, inputmode="numeric")
    locality = line(gettext_lazy("Town"), 120)
    street = line(gettext_lazy("Street"), 160)
    house = line(gettext_lazy("House"), 32)
    flat = line(gettext_lazy("Flat"), 16)
    text = line(gettext_lazy("As written"), 400)

    def clean(self) -> dict[str, Any]:
        """An address has a street, a town, or the words of whoever wrote it."""
        clean = super().clean()
        if not any(clean.get(name, "").strip() for name in ("street", "locality", "text")):
            self.add_error("locality", _("A town, a street or the address as written."))
        return clean


class NewAddressForm(AddressForm):
    """One more of them."""

    role = forms.ChoiceField(label=gettext_lazy("Which address"), choices=AddressUse.Role.choices)
    field_order = ("role",)


class PreferenceForm(FactForm):
    """What the party prefers."""

    value = line(gettext_lazy("In the customer’s words"), 200, required=True)


class NewPreferenceForm(PreferenceForm):
    """One more of them."""

    kind = forms.ChoiceField(label=gettext_lazy("What about"), choices=Preference.Kind.choices)
    field_order = ("kind", "value")


class PersonForm(FactForm):
    """What somebody is to the party."""

    title = line(gettext_lazy("Position or kinship"), 120)
    decision_power = forms.ChoiceField(
        label=gettext_lazy("Decision power"), required=False, choices=PartyRelationship.DecisionPower.choices
    )


class NewPersonForm(PersonForm):
    """Somebody of the base, by an exact identifier; or somebody new, by name."""

    kind = forms.ChoiceField(label=gettext_lazy("Who it is"), choices=PartyRelationship.Kind.choices)
    known = line(gettext_lazy("Phone, e-mail, number or INN of who is in the base"), 200)
    family_name = line(gettext_lazy("Or new: family name"), 100)
    given_name = line(gettext_lazy("Given name"), 100)
    middle_name = line(gettext_lazy("Patronymic"), 100)
    phone = line(gettext_lazy("Phone"), 40, inputmode="tel")
    field_order = ("kind", "known", "family_name", "given_name", "middle_name", "phone", "title", "decision_power")

    def clean(self) -> dict[str, Any]:
        """Somebody must be named, in one way."""
        clean = super().clean()
        if not any(clean.get(name, "").strip() for name in ("known", "family_name", "given_name")):
            self.add_error("known", _("Say who: by a number of the base, or by name."))
        return clean
