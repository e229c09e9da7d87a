"""What can be done to many customers at once: another account manager, another worth tier, an interest noted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from svyaz.access.queries import rights_of
from svyaz.desk.lists.acts import Act, ActForm, ChangedSince, LeftOut
from svyaz.desk.lists.columns import Look
from svyaz.parties.actions import end_preference, save_preference, set_tier
from svyaz.parties.models import Party, PartyRole, Preference
from svyaz.parties.permissions import PartyPermission
from svyaz.users.models import User
from svyaz.workforce.actions import AlreadyAccountManager, EmployeeHasLeft, assign_account_manager
from svyaz.workforce.models import Employee
from svyaz.workforce.permissions import WorkforcePermission
from svyaz.workforce.queries import account_manager_of

Params = Mapping[str, Any]


class ManagerForm(ActForm):
    """Who manages them from today."""

    employee: "forms.ModelChoiceField[Employee]" = forms.ModelChoiceField(
        label=gettext_lazy("Account manager"), queryset=None, required=False, empty_label=gettext_lazy("nobody")
    )

    def set_up(self, look: Look) -> None:
        field = self.fields["employee"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Employee.objects.visible_to(look.user).working().order_by("name_key", "pk")


class TierForm(ActForm):
    """Into which worth tier."""

    tier = forms.ChoiceField(label=gettext_lazy("Worth tier"), choices=PartyRole.Tier.choices)


class InterestForm(ActForm):
    """What interests them, or what they dislike, as it was observed."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[(kind.value, kind.label) for kind in (Preference.Kind.INTEREST, Preference.Kind.DISLIKE)],
    )
    value = forms.CharField(
        label=gettext_lazy("In a few words"), max_length=200,
        error_messages={"required": gettext_lazy("Say what interests them.")},
    )  # fmt: skip


def _parties(ids: Sequence[int], look: Look) -> Mapping[int, Any]:
    """Return the customers that the viewer may change: those of the areas in which he may write."""
    found: list[Party] = list(Party.objects.visible_to(look.user).filter(pk__in=ids))
    return {party.pk: party for party in found if look.rights.may_in(PartyPermission.WRITE, party.home_area_id)}


def _employee(pk: int | None, by: User) -> Employee | None:
    return Employee.objects.visible_to(by).filter(pk=pk).first() if pk else None


def _assign(party: Party, params: Params, by: User, at: datetime) -> dict[str, Any]:
    former = account_manager_of(party.pk, at.date())
    new = _employee(params["employee"], by)
    if new is None and former is None:
        raise LeftOut(_("Nobody manages this customer."))
    try:
        assign_account_manager(party=party, employee=new, by=by, at=at)
    except AlreadyAccountManager as fact:
        raise LeftOut(_("It is so already.")) from fact
    except EmployeeHasLeft as fact:
        raise LeftOut(_("The employee does not work here any more.")) from fact
    return {"former": former.pk if former else None, "new": new.pk if new else None}


def _assign_back(party: Party, undo: Params, by: User, at: datetime) -> None:
    current = account_manager_of(party.pk, at.date())
    if (current.pk if current else None) != undo["new"]:
        raise ChangedSince(party)
    try:
        assign_account_manager(party=party, employee=_employee(undo["former"], by), by=by, at=at)
    except (AlreadyAccountManager, EmployeeHasLeft) as fact:
        raise ChangedSince(party) from fact


def _customer(party: Party, by: User) -> PartyRole:
    roles = PartyRole.objects.visible_to(rights_of(by)).customers().current()
    role: PartyRole | None = roles.filter(party=party).first()
    if role is None:
        raise LeftOut(_("This is no customer any more."))
    return role


def _set_tier(party: Party, params: Params, by: User, at: datetime) -> dict[str, Any]:
    role = _customer(party, by)
    if role.tier == params["tier"]:
        raise LeftOut(_("It is so already."))
    set_tier(role=role, tier=params["tier"], by=by, at=at)
    return {"former": role.tier, "new": params["tier"]}


def _set_tier_back(party: Party, undo: Params, by: User, at: datetime) -> None:
    role = _customer(party, by)
    if role.tier != undo["new"]:
        raise ChangedSince(party)
    set_tier(role=role, tier=undo["former"], by=by, at=at)


def _note(party: Party, params: Params, by: User, at: datetime) -> dict[str, Any]:
    kind, value = params["kind"], params["value"].strip()
    held = Preference.objects.visible_to(by).filter(party=party, kind=kind, value=value, ended_date__isnull=True)
    if held.exists():
        raise LeftOut(_("It is so already."))
    noted = save_preference(party=party, kind=kind, value=value, origin=Preference.Origin.OBSERVED, by=by, at=at)
    return {"preference": noted.pk}


def _forget(party: Party, undo: Params, by: User, at: datetime) -> None:
    held = Preference.objects.visible_to(by).filter(pk=undo["preference"], ended_date__isnull=True)
    noted = held.filter(origin=Preference.Origin.OBSERVED).first()
    if noted is None:
        raise ChangedSince(party)
    end_preference(preference=noted, by=by, at=at)


ACTS = (
    Act(
        "manager", gettext_lazy("Account manager"), "headset", ManagerForm, _parties, _assign, _assign_back,
        needs=PartyPermission.WRITE, also=WorkforcePermission.READ_DEPARTMENT,
    ),
    Act(
        "tier", gettext_lazy("Worth tier"), "star", TierForm, _parties, _set_tier, _set_tier_back,
        needs=PartyPermission.WRITE, also=WorkforcePermission.READ_DEPARTMENT,
    ),
    Act(
        "interest", gettext_lazy("Interest"), "tag", InterestForm, _parties, _note, _forget,
        needs=PartyPermission.WRITE,
    ),
)  # fmt: skip
