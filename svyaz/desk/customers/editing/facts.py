"""The facts of a customer that are corrected on the page: what is asked, what was seen, which action writes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import Rights
from svyaz.desk.customers.editing import forms
from svyaz.desk.customers.editing.people import add_person
from svyaz.desk.own_forms import as_typed, control, own_of
from svyaz.fields.models import OwnField
from svyaz.fields.queries import fields_of
from svyaz.parties.actions import (
    ChangedMeanwhile,
    add_address,
    add_medium,
    change_party,
    change_relationship,
    changeable_values,
    end_address,
    end_medium,
    end_preference,
    end_relationship,
    replace_address,
    replace_medium,
    save_preference,
    set_own_values,
    set_tier,
)
from svyaz.parties.models import AddressUse, ContactMedium, Party, PartyRelationship, PartyRole, Preference
from svyaz.parties.permissions import PartyPermission
from svyaz.places.actions import create_address
from svyaz.users.models import User

Row = dict[str, Any]
ADDRESS_PARTS = ("postal_code", "locality", "street", "house", "flat", "text")


@dataclass(frozen=True)
class Subject:
    """Whose fact it is, which row of it (None: of the party itself, or a new one), and who corrects it when."""

    party: Party
    row: Any
    rights: Rights
    by: User
    at: datetime

    @property
    def who(self) -> Row:
        """Return what every action asks for."""
        return {"by": self.by, "at": self.at}


@dataclass(frozen=True)
class Fact:
    """One kind of fact.

    `seen` gives the values as JSON keeps them: what stands in the form at first, and what is compared when it comes
    back. `rows` are those that the fact may stand on, in use or not; `now` is what stands in the place of an ended row.
    """

    title: Any
    form: Callable[[Subject], type[forms.FactForm]]
    seen: Callable[[Subject], Row]
    save: Callable[[Subject, Row, Row], object]
    rows: Callable[[Rights], Any] | None = None
    now: Callable[[Subject], Any] | None = None
    end: Callable[[Subject], object] | None = None
    applies: Callable[[Party], bool] = lambda party: True
    permission: PartyPermission = PartyPermission.WRITE
    may_be_new: bool = False


def _of_party(*fields: str) -> Callable[[Subject], Row]:
    return lambda subject: {name: changeable_values(subject.party)[name] for name in fields}


def _change_party(subject: Subject, data: Row, seen: Row) -> object:
    return change_party(party=subject.party, changes=data, expected=seen, **subject.who)


def _customer(subject: Subject) -> PartyRole | None:
    roles = PartyRole.objects.visible_to(subject.rights).customers().current()
    role: PartyRole | None = roles.order_by("pk").first()
    return role


def _tier_seen(subject: Subject) -> Row:
    role = _customer(subject)
    return {"tier": role.tier if role else ""}


def _set_tier(subject: Subject, data: Row, seen: Row) -> object:
    role = _customer(subject)
    return role and set_tier(role=role, tier=data["tier"], expected=seen.get("tier"), **subject.who)


def _medium_seen(subject: Subject) -> Row:
    row: ContactMedium | None = subject.row
    return {"value": row.value, "is_preferred": row.is_preferred} if row else {"kind": ContactMedium.Kind.MOBILE}


def _medium_now(subject: Subject) -> ContactMedium | None:
    """Return what stands in the place of a medium that ended: the newest of its kind."""
    found: ContactMedium | None = (
        ContactMedium.objects.visible_to(subject.rights).current().filter(kind=subject.row.kind).order_by("-pk").first()
    )
    return found


def _save_medium(subject: Subject, data: Row, seen: Row) -> object:
    if subject.row is None:
        return add_medium(party=subject.party, **data, **subject.who)
    return replace_medium(medium=subject.row, **data, **subject.who)


def _address_seen(subject: Subject) -> Row:
    row: AddressUse | None = subject.row
    return {name: getattr(row.address, name) for name in ADDRESS_PARTS} if row else {"role": AddressUse.Role.ACTUAL}


def _address_now(subject: Subject) -> AddressUse | None:
    rows = AddressUse.objects.visible_to(subject.rights).filter(valid_to__isnull=True, role=subject.row.role)
    found: AddressUse | None = rows.select_related("address").order_by("-pk").first()
    return found


def _save_address(subject: Subject, data: Row, seen: Row) -> object:
    parts = {name: data[name].strip() for name in ADDRESS_PARTS}
    if subject.row is not None and parts == _address_seen(subject):
        return subject.row
    area = subject.row.address.area if subject.row else subject.party.home_area
    address = create_address(area=area, **parts, **subject.who)
    if subject.row is None:
        return add_address(party=subject.party, address=address, role=data["role"], **subject.who)
    return replace_address(use=subject.row, address=address, **subject.who)


def _preference_seen(subject: Subject) -> Row:
    return {"value": subject.row.value} if subject.row else {"kind": Preference.Kind.CHANNEL}


def _preference_now(subject: Subject) -> Preference | None:
    rows = Preference.objects.visible_to(subject.rights).filter(ended_date__isnull=True, kind=subject.row.kind)
    found: Preference | None = rows.order_by("-pk").first()
    return found


def _save_preference(subject: Subject, data: Row, seen: Row) -> object:
    kind = subject.row.kind if subject.row else data["kind"]
    return save_preference(party=subject.party, kind=kind, value=data["value"], replaces=subject.row, **subject.who)


def _person_seen(subject: Subject) -> Row:
    row: PartyRelationship | None = subject.row
    if row is not None:
        return {"title": row.title, "decision_power": row.decision_power}
    is_person = subject.party.is_person
    return {"kind": PartyRelationship.Kind.FAMILY if is_person else PartyRelationship.Kind.CONTACT_PERSON}


def _save_person(subject: Subject, data: Row, seen: Row) -> object:
    if subject.row is None:
        return add_person(subject.party, data, subject.rights, by=subject.by, at=subject.at)
    return change_relationship(relationship=subject.row, **data, expected=seen, **subject.who)


def _choice(known: type[forms.FactForm], new: type[forms.FactForm]) -> Callable[[Subject], type[forms.FactForm]]:
    return lambda subject: new if subject.row is None else known


def _by_kind(person: type[forms.FactForm], company: type[forms.FactForm]) -> Callable[[Subject], type[forms.FactForm]]:
    return lambda subject: person if subject.party.is_person else company


def _name_seen(subject: Subject) -> Row:
    is_person = subject.party.is_person
    fields = ("family_name", "given_name", "middle_name") if is_person else ("name", "legal_form")
    return _of_party(*fields)(subject)


def _registers_seen(subject: Subject) -> Row:
    return _of_party(*(("inn", "ogrn") if subject.party.is_person else ("inn", "kpp", "ogrn")))(subject)


def _own_fields(subject: Subject) -> list[OwnField]:
    fields = fields_of(OwnField.Noun.PARTY, subject.rights, party_kind=subject.party.kind)
    return [field for field in fields if field.may_set(subject.rights)]


def _own_form(subject: Subject) -> type[forms.FactForm]:
    """Return a form with the own fields that the viewer may change of this party."""
    fields = _own_fields(subject)

    class OwnForm(forms.FactForm):
        def clean(self) -> Row:
            own_of(self, fields, prefix="")
            return self.cleaned_data

    OwnForm.base_fields = {field.code: control(field) for field in fields}
    return OwnForm


def _own_seen(subject: Subject) -> Row:
    return {field.code: as_typed(field, subject.party.own.get(field.code)) for field in _own_fields(subject)}


def _save_own(subject: Subject, data: Row, seen: Row) -> object:
    now = _own_seen(subject)
    theirs = {code for code, value in seen.items() if code in now and now[code] != value}
    mine = {code for code, value in data.items() if seen and seen.get(code) != value}
    if theirs & mine and any(now[code] != data[code] for code in theirs & mine):
        raise ChangedMeanwhile(now, seen)
    changed = {code: value for code, value in data.items() if not seen or code in mine}
    return set_own_values(party=subject.party, values=changed, **subject.who)


FACTS: dict[str, Fact] = {
    "own": Fact(_("Own fields"), _own_form, _own_seen, _save_own),
    "name": Fact(_("Name"), _by_kind(forms.PersonNameForm, forms.CompanyNameForm), _name_seen, _change_party),
    "birth": Fact(
        _("Birth date"), lambda subject: forms.BirthForm, _of_party("birth_date"), _change_party,
        applies=lambda party: party.is_person, permission=PartyPermission.READ_PERSONAL,
    ),
    "registers": Fact(
        _("Numbers in the registers"), _by_kind(forms.PersonRegistersForm, forms.CompanyRegistersForm),
        _registers_seen, _change_party,
    ),
    "language": Fact(_("Language"), lambda subject: forms.LanguageForm, _of_party("language"), _change_party),
    "area": Fact(_("Area"), lambda subject: forms.AreaForm, _of_party("home_area"), _change_party),
    "tier": Fact(_("Worth tier"), lambda subject: forms.TierForm, _tier_seen, _set_tier),
    "medium": Fact(
        _("Phone or e-mail"), _choice(forms.MediumForm, forms.NewMediumForm), _medium_seen, _save_medium,
        rows=lambda rights: ContactMedium.objects.visible_to(rights), now=_medium_now,
        end=lambda subject: end_medium(medium=subject.row, **subject.who), may_be_new=True,
    ),
    "address": Fact(
        _("Address"), _choice(forms.AddressForm, forms.NewAddressForm), _address_seen, _save_address,
        rows=lambda rights: AddressUse.objects.visible_to(rights).select_related("address__area"), now=_address_now,
        end=lambda subject: end_address(use=subject.row, **subject.who), may_be_new=True,
    ),
    "preference": Fact(
        _("Preference"), _choice(forms.PreferenceForm, forms.NewPreferenceForm), _preference_seen, _save_preference,
        rows=lambda rights: Preference.objects.visible_to(rights), now=_preference_now,
        end=lambda subject: end_preference(preference=subject.row, **subject.who), may_be_new=True,
    ),
    "person": Fact(
        _("Person"), _choice(forms.PersonForm, forms.NewPersonForm), _person_seen, _save_person,
        rows=lambda rights: PartyRelationship.objects.visible_to(rights).select_related("other"),
        end=lambda subject: end_relationship(relationship=subject.row, **subject.who), may_be_new=True,
    ),
}  # fmt: skip
