"""The catalogue with its dated prices, and the list of competitors."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.timezone import localdate, now
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from svyaz.access.permissions import needs
from svyaz.desk.administration.register import Line, Register, RegisterForm, saved_by, tree_choices
from svyaz.desk.rendering import EmployeeRequest, see_other
from svyaz.markets.actions import add_competitor, drop_competitor
from svyaz.markets.permissions import MarketPermission
from svyaz.markets.queries import changes_of_competitor, competitors_ever, offers_counted
from svyaz.parties.actions import change_party, give_role
from svyaz.parties.models import PartyRole
from svyaz.places.queries import area_tree
from svyaz.services.actions import save_offering, set_price
from svyaz.services.models import ProductOffering
from svyaz.services.permissions import ServicePermission
from svyaz.services.queries import changes_of_offering, offering_to_manage, prices_of
from svyaz.users.models import User

HEARD_IN = timedelta(days=90)


class OfferingForm(RegisterForm):
    """What can be bought: names, kind, where, what it holds, its place in life; the first price of a new one."""

    only_new = ("code", "price")
    code = forms.SlugField(
        label=_("Code"), max_length=64, help_text=_("Names it in files and for programs; stays for good.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ProductOffering.Kind.choices)
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    price = forms.DecimalField(
        label=_("Price a month"), min_value=0, max_digits=14, decimal_places=2, required=False,
        help_text=_("Empty: by agreement."),
    )  # fmt: skip
    status = forms.ChoiceField(label=_("State"), choices=ProductOffering.Status.choices)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )
    areas = forms.MultipleChoiceField(label=_("Sold in"), required=False, help_text=_("None chosen: everywhere."))
    parts = forms.MultipleChoiceField(label=_("Holds"), required=False, help_text=_("What a bundle is made of."))

    def __init__(self, data: Any = None, *, row: Any = None, viewer: User) -> None:
        self.tree = area_tree()
        self.others = list(ProductOffering.objects.visible_to(viewer).order_by("name"))
        super().__init__(data, row=row, viewer=viewer)
        self.choose("areas", tree_choices(self.tree))
        own = row.pk if row is not None else None
        self.choose("parts", [(str(other.pk), str(other)) for other in self.others if other.pk != own])

    def values_of(self, row: Any) -> dict[str, Any]:
        """Return what the fields show of an offering."""
        return {
            "kind": row.kind, "name": row.name, "name_en": row.name_en, "status": row.status,
            "description": row.description, "areas": [area.pk for area in row.areas.all()],
            "parts": [part.pk for part in row.parts.all()],
        }  # fmt: skip

    def save(self, *, by: User, at: datetime) -> Any:
        """Create or change the offering."""
        given = dict(self.cleaned_data)
        given["areas"] = [area for _depth, area in self.tree if str(area.pk) in given["areas"]]
        given["parts"] = [other for other in self.others if str(other.pk) in given["parts"]]
        kept = {"code": self.row.code, "price": self.row.price, "currency": self.row.currency} if self.row else {}
        return save_offering(by=by, at=at, **{**given, **kept})


class PriceForm(forms.Form):
    """A price and the day from which it holds."""

    price = forms.DecimalField(label=_("Price a month"), min_value=0, max_digits=14, decimal_places=2, required=False)
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Any = None, *, offering: Any = None) -> None:
        super().__init__(data, initial={"valid_from": localdate()}, auto_id="price_%s")
        self.offering = offering

    def save(self, *, by: User, at: datetime) -> Any:
        """Set the price."""
        return set_price(offering=self.offering, by=by, at=at, **self.cleaned_data)


def offering_lines(viewer: User) -> list[Line]:
    """Return the catalogue by kind and name, with state and price."""
    tones = {"draft": "wait", "retired": ""}
    found = ProductOffering.objects.visible_to(viewer).order_by("kind", "name", "pk")
    return [
        Line(
            row, str(row), 0, row.get_kind_display(),
            ((row.get_status_display(), tones[row.status]),) if row.status in tones else (),
            gettext("by agreement") if row.price is None else "", row.kind, row.price, row.currency,
        )
        for row in found
    ]  # fmt: skip


def _prices(row: Any) -> dict[str, Any]:
    today = localdate()
    lines = [
        {"row": one, "is_planned": one.valid_from is not None and one.valid_from > today} for one in prices_of(row)
    ]
    return {"prices": lines, "price_form": PriceForm(offering=row)}


OFFERINGS = Register(
    "offerings", "services", ServicePermission.MANAGE_CATALOG, _("Catalogue"), _("New offering"),
    _("What can be bought, where, at which price. A new price leaves customers the price they have."),
    offering_lines, offering_to_manage, OfferingForm, changes_of_offering, "prices.html", _prices,
)  # fmt: skip


@require_POST
@needs(ServicePermission.MANAGE_CATALOG)
def prices(request: EmployeeRequest, row_id: int) -> HttpResponse:
    """Set a price from a day on."""
    row = OFFERINGS.row_or_404(row_id)
    form = PriceForm(request.POST, offering=row)
    if form.is_valid() and saved_by(form, by=request.user, at=now()) is not None:
        return see_other(OFFERINGS.address(row), request=request, said=gettext("The price is set."))
    blank = OfferingForm(row=row, viewer=request.user)
    return OFFERINGS.page(request, row, blank, price_form=form, is_refused=True)


class CompetitorForm(RegisterForm):
    """A company that competes with us."""

    only_new = ("inn",)
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=300)
    legal_form = forms.CharField(label=_("Legal form"), max_length=32, required=False)
    inn = forms.CharField(
        label=_("INN"), max_length=12, required=False, help_text=_("A company that is known by it is not made twice.")
    )
    competes = forms.BooleanField(label=_("Competes with us"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.row is None:
            del self.fields["competes"]

    def values_of(self, row: Any) -> dict[str, Any]:
        """Return what the fields show of a competitor."""
        return {"name": row.name, "legal_form": row.legal_form, "competes": row.competes}

    def save(self, *, by: User, at: datetime) -> Any:
        """Add the competitor, or change its name and whether it competes."""
        given = dict(self.cleaned_data)
        if self.row is None:
            return add_competitor(by=by, at=at, **given)
        competes = given.pop("competes")
        change_party(party=self.row, changes=given, by=by, at=at)
        if self.row.competes and not competes:
            drop_competitor(party=self.row, by=by, at=at)
        elif competes and not self.row.competes:
            give_role(party=self.row, kind=PartyRole.Kind.COMPETITOR, by=by, at=at)
        return self.row


def competitor_lines(viewer: User) -> list[Line]:
    """Return the competitors, with how many offers of theirs were heard lately."""
    rows: list[Any] = list(competitors_ever())
    heard = offers_counted((row.pk for row in rows), since=_lately())
    return [
        Line(
            row, row.name, 0, row.legal_form, () if row.competes else ((_("no longer competes"), ""),),
            str(heard.get(row.pk, "")),
        )
        for row in rows
    ]  # fmt: skip


def _lately() -> date:
    return localdate() - HEARD_IN


COMPETITORS = Register(
    "competitors", "offer", MarketPermission.MANAGE, _("Competitors"), _("New competitor"),
    _("Who makes offers to our customers. The figure says how many of theirs were heard in the last 90 days."),
    competitor_lines, lambda row_id: competitors_ever().filter(pk=row_id).first(), CompetitorForm,
    changes_of_competitor,
)  # fmt: skip


def urls() -> list[URLPattern]:
    """Return the addresses of the catalogue and of the competitors."""
    price = path("administration/offerings/<row:row_id>/prices/", prices, name="administration_prices")
    return [*OFFERINGS.urls(), price, *COMPETITORS.urls()]
