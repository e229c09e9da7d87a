"""What can be done to many promises at once: handed to a colleague, given a result."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from svyaz.decisions.actions import PromiseAlreadyResolved, resolve_promise, transfer_promise
from svyaz.decisions.models import Promise, PromiseResult
from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import promises_listed
from svyaz.desk.lists.acts import Act, ActForm, ChangedSince, LeftOut
from svyaz.desk.lists.columns import Look
from svyaz.users.models import User
from svyaz.workforce.models import Employee

Params = Mapping[str, Any]


class TransferForm(ActForm):
    """To whom, and why: he will read it."""

    to: "forms.ModelChoiceField[Employee]" = forms.ModelChoiceField(
        label=gettext_lazy("To whom"), queryset=None, error_messages={"required": gettext_lazy("Say to whom.")}
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say why: he will read it.")},
    )

    def set_up(self, look: Look) -> None:
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Employee.objects.visible_to(look.user).working().order_by("name_key", "pk")


class ResultForm(ActForm):
    """What became of them."""

    result = forms.ChoiceField(label=gettext_lazy("Result"), choices=PromiseResult.Result.choices)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)


def _promises(ids: Sequence[int], look: Look) -> Mapping[int, Any]:
    return {promise.pk: promise for promise in promises_listed(look.user).filter(pk__in=ids)}


def _transfer(promise: Any, params: Params, by: User, at: datetime) -> dict[str, Any]:
    to = Employee.objects.visible_to(by).working().filter(pk=params["to"]).first()
    if to is None:
        raise LeftOut(_("The employee does not work here any more."))
    if promise.owner_id == to.pk:
        raise LeftOut(_("It is so already."))
    try:
        transfer_promise(promise=promise, to=to, reason=params["reason"], by=by, at=at)
    except PromiseAlreadyResolved as fact:
        raise LeftOut(_("This promise has its result already.")) from fact
    return {"former": promise.owner_id, "new": to.pk}


def _transfer_back(promise: Any, undo: Params, by: User, at: datetime) -> None:
    former = Employee.objects.visible_to(by).working().filter(pk=undo["former"]).first()
    if former is None or promise.owner_id != undo["new"]:
        raise ChangedSince(promise)
    try:
        transfer_promise(promise=promise, to=former, reason=_("the transfer was taken back"), by=by, at=at)
    except PromiseAlreadyResolved as fact:
        raise ChangedSince(promise) from fact


def _resolve(promise: Promise, params: Params, by: User, at: datetime) -> dict[str, Any]:
    try:
        resolve_promise(promise=promise, result=params["result"], note=params["note"], by=by, at=at)
    except PromiseAlreadyResolved as fact:
        raise LeftOut(_("This promise has its result already.")) from fact
    return {}


ACTS = (
    Act(
        "transfer", gettext_lazy("Hand over"), "arrow-right-left", TransferForm, _promises, _transfer, _transfer_back,
        needs=DecisionPermission.RESOLVE_PROMISE,
    ),
    Act(
        "result", gettext_lazy("Result"), "check-check", ResultForm, _promises, _resolve,
        needs=DecisionPermission.RESOLVE_PROMISE,
    ),
)  # fmt: skip
