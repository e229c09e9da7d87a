"""Kinds of decisions: what they are measured in, when they are judged, and who decides up to which amount."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from svyaz.access.models import Role
from svyaz.access.queries import roles
from svyaz.decisions.actions import remove_limit, save_kind, set_limit
from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import all_kinds, changes_of_kind
from svyaz.desk.administration.register import Line, Register, RegisterForm
from svyaz.desk.administration.trees import code_field
from svyaz.users.models import User

NONE, UP_TO, UNLIMITED = "", "up_to", "unlimited"
MODES = ((NONE, _("may not")), (UP_TO, _("up to")), (UNLIMITED, _("without limit")))


class KindForm(RegisterForm):
    """A kind of decision, with how far each role decides alone."""

    only_new = ("code",)
    code = code_field(40)
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    unit = forms.CharField(
        label=_("Unit"), max_length=16, required=False, help_text=_("Of amounts and limits: %, ₽, days.")
    )
    outcome_after_days = forms.IntegerField(
        label=_("Judged after days"), min_value=1, max_value=3650, initial=90,
        help_text=_("Then it is measured how the decision ended."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("Offered for new decisions"), required=False, initial=True)

    def __init__(self, data: Any = None, *, row: Any = None, viewer: User) -> None:
        self.roles: list[Role] = list(roles())
        super().__init__(data, row=row, viewer=viewer)
        for role in self.roles:
            self.fields[f"mode_{role.pk}"] = forms.ChoiceField(choices=MODES, required=False, label=str(role))
            self.fields[f"limit_{role.pk}"] = forms.DecimalField(
                required=False, min_value=Decimal(0), max_digits=14, decimal_places=2, label=gettext("Limit")
            )

    def values_of(self, row: Any) -> dict[str, Any]:
        """Return what the fields show of a kind and its limits."""
        values: dict[str, Any] = {
            "name": row.name, "name_en": row.name_en, "unit": row.unit,
            "outcome_after_days": row.outcome_after_days, "is_active": row.is_active,
        }  # fmt: skip
        for limit in row.limits.all():
            values[f"mode_{limit.role_id}"] = UNLIMITED if limit.amount is None else UP_TO
            values[f"limit_{limit.role_id}"] = limit.amount
        return values

    def limits(self) -> Iterator[dict[str, Any]]:
        """Yield each role with its two fields, and whether it may approve what others propose."""
        for role in self.roles:
            approves = str(DecisionPermission.APPROVE) in role.permissions
            yield {
                "role": role,
                "mode": self[f"mode_{role.pk}"],
                "limit": self[f"limit_{role.pk}"],
                "approves": approves,
            }

    def plain(self) -> list[Any]:
        """Return the fields of the kind itself."""
        return [self[name] for name in self.fields if not name.startswith(("mode_", "limit_"))]

    def clean(self) -> dict[str, Any]:
        """An amount is needed where it limits."""
        for role in self.roles:
            needs_amount = self.cleaned_data.get(f"mode_{role.pk}") == UP_TO
            if needs_amount and self.cleaned_data.get(f"limit_{role.pk}") is None:
                self.add_error(f"limit_{role.pk}", gettext("Up to which amount?"))
        return self.cleaned_data

    def save(self, *, by: User, at: datetime) -> Any:
        """Create or change the kind, and each limit that differs."""
        given = self.cleaned_data
        names = ("name", "name_en", "unit", "outcome_after_days", "is_active")
        code = self.row.code if self.row is not None else given["code"]
        kind = save_kind(code=code, by=by, at=at, **{name: given[name] for name in names})
        for role in self.roles:
            mode = given[f"mode_{role.pk}"]
            if mode == NONE:
                remove_limit(kind=kind, role=role, by=by, at=at)
            else:
                amount = given[f"limit_{role.pk}"] if mode == UP_TO else None
                set_limit(kind=kind, role=role, amount=amount, by=by, at=at)
        return kind


def _note(kind: Any) -> str:
    """Say in one line how far roles decide alone, the widest first."""
    limits = sorted(kind.limits.all(), key=lambda limit: (limit.amount is not None, -(limit.amount or 0)))
    words = []
    for limit in limits:
        amount = (
            gettext("without limit") if limit.amount is None else f"{limit.amount.normalize():f} {kind.unit}".strip()
        )
        words.append(f"{limit.role}: {amount}")
    return " · ".join(words[:3]) + (" …" if len(words) > 3 else "")


def kind_lines(viewer: User) -> list[Line]:
    """Return the kinds of decisions with their limits in one line each."""
    return [
        Line(row, str(row), 0, _note(row), () if row.is_active else ((_("no longer offered"), ""),), row.unit)
        for row in all_kinds()
    ]


KINDS = Register(
    "kinds", "scale", DecisionPermission.MANAGE_KINDS, _("Kinds of decisions"), _("New kind of decision"),
    _("Each kind has limits by role. What lies above the maker's limit waits for one whose limit covers it."),
    kind_lines, lambda row_id: all_kinds().filter(pk=row_id).first(), KindForm, changes_of_kind, "limits.html",
)  # fmt: skip
