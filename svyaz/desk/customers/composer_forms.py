"""The parts of the composer as forms: contact, decision, promise, rejected option, competitor's offer."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from svyaz.access.queries import Rights, Viewer
from svyaz.decisions.models import DecisionKind
from svyaz.decisions.queries import kinds_in_use
from svyaz.interactions.models import Channel, Interaction, Topic
from svyaz.interactions.queries import topics_in_use
from svyaz.markets.queries import competitors
from svyaz.parties.models import Party
from svyaz.services.models import Product, ProductOffering
from svyaz.workforce.models import Employee
from svyaz.workforce.queries import working_employees

LONGEST_TEXT = 20_000
END_OF_DAY = time(23, 59, 59)


class ChoosingForm(forms.Form):
    """A form whose choices hang on who looks."""

    use_required_attribute = False

    def choose(self, name: str, rows: Any) -> None:
        """Set the rows that a field may choose from."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def clean(self) -> dict[str, Any]:
        """Refuse characters that no text holds."""
        for name, value in self.cleaned_data.items():
            if isinstance(value, str) and "\x00" in value:
                self.add_error(name, _("This text holds a character that cannot be kept."))
        return self.cleaned_data


# A direction of its own in the composer: we turned to them and reached nobody.
UNREACHED = "unreached"


class ContactForm(ChoosingForm):
    """The contact itself."""

    channel = forms.ChoiceField(
        choices=Channel.choices, error_messages={"required": gettext_lazy("Choose the channel.")}
    )
    direction = forms.ChoiceField(choices=[*Interaction.Direction.choices, (UNREACHED, "")], required=False)
    at = forms.DateTimeField(label=gettext_lazy("When"), required=False)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=0, max_value=24 * 60, required=False)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=300, required=False)
    text = forms.CharField(label=gettext_lazy("What was said"), max_length=LONGEST_TEXT, required=False)
    topic: "forms.ModelChoiceField[Topic]" = forms.ModelChoiceField(
        label=gettext_lazy("Reason"), queryset=None, required=False
    )
    products: "forms.ModelMultipleChoiceField[Product]" = forms.ModelMultipleChoiceField(queryset=None, required=False)

    def __init__(self, data: Any, *, rights: Rights | None, latest: datetime) -> None:
        super().__init__(data)
        self.latest = latest
        self.choose("topic", topics_in_use())
        rows = Product.objects.visible_to(rights) if rights else Product.objects.visible_to(Rights(0, {}))
        self.choose("products", rows.select_related("offering"))

    def clean_direction(self) -> str:
        """Return the direction; without a word people come to us."""
        return str(self.cleaned_data["direction"] or Interaction.Direction.INBOUND)

    def clean_at(self) -> datetime | None:
        """Refuse contacts that have not been yet."""
        at: datetime | None = self.cleaned_data["at"]
        if at is not None and at > self.latest:
            raise forms.ValidationError(_("A contact cannot lie in the future; for that there are promises."))
        return at


class DecisionForm(ChoosingForm):
    """What was decided."""

    text = forms.CharField(
        label=gettext_lazy("Decided"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Say what was decided.")},
    )
    kind: "forms.ModelChoiceField[DecisionKind]" = forms.ModelChoiceField(
        label=gettext_lazy("Kind"),
        queryset=None,
        error_messages={"required": gettext_lazy("Choose the kind of decision.")},
    )
    question = forms.CharField(label=gettext_lazy("Question"), max_length=300, required=False)
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"), max_digits=14, decimal_places=2, min_value=0, localize=True, required=False
    )
    valid_until = forms.DateField(label=gettext_lazy("In force until"), required=False)
    review_on = forms.DateField(label=gettext_lazy("Look at it again on"), required=False)

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data, prefix="decision")
        self.today = today
        self.choose("kind", kinds_in_use())

    def clean_valid_until(self) -> date | None:
        """Refuse a term that has passed."""
        return self._not_past("valid_until")

    def clean_review_on(self) -> date | None:
        """Refuse a review in the past."""
        return self._not_past("review_on")

    def _not_past(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("This day has passed."))
        return day

    def clean(self) -> dict[str, Any]:
        """Read the amount out of the words where it stands there; without it no limit could be checked."""
        clean = super().clean()
        kind = clean.get("kind")
        if kind is not None and kind.unit and clean.get("amount") is None and "amount" not in self.errors:
            clean["amount"] = amount_in(clean.get("text", ""), kind.unit)
            if clean["amount"] is None:
                self.add_error("amount", _("How much? In %(unit)s.") % {"unit": kind.unit})
        return clean


def amount_in(text: str, unit: str) -> Decimal | None:
    """Read the amount of a unit out of words: 15 of "15 % for 6 months"."""
    units = {"%": r"%|процент", "₽": r"₽|руб|р\b|RUB"}.get(unit, re.escape(unit.rstrip(".")))
    found = re.search(rf"(\d[\d\s\u00a0\u202f]*(?:[.,]\d{{1,2}})?)\s*(?:{units})", text, re.IGNORECASE)
    if found is None:
        return None
    amount = Decimal(re.sub(r"\s", "", found[1]).replace(",", "."))
    return amount if amount < Decimal(10) ** 12 else None


class PromiseForm(ChoosingForm):
    """One promise: what, by when, who answers for it."""

    what = forms.CharField(label=gettext_lazy("Promised"), max_length=300)
    due = forms.CharField(label=gettext_lazy("By when"), max_length=40, required=False)
    at = forms.DateTimeField(label=gettext_lazy("Another time"), required=False)
    owner: "forms.ModelChoiceField[Employee]" = forms.ModelChoiceField(
        label=gettext_lazy("Who answers for it"), queryset=None, required=False
    )

    def __init__(self, data: Any, *, prefix: str, viewer: Viewer, now: datetime) -> None:
        super().__init__(data, prefix=prefix)
        self.now = now
        self.choose("owner", working_employees(viewer))

    def clean(self) -> dict[str, Any]:
        """Join the quick choice and the time that was typed into one moment, which must be to come."""
        clean = super().clean()
        due_at = clean.get("at") or _preset(clean.get("due", ""))
        if due_at is None and "at" not in self.errors:
            self.add_error("due", _("By when? Choose or type a time."))
        elif due_at is not None and due_at <= self.now:
            self.add_error("due", _("This time has passed."))
        return {**clean, "due_at": due_at}


def _preset(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


class RejectedForm(ChoosingForm):
    """An option that was considered and not taken."""

    option = forms.CharField(label=gettext_lazy("Rejected"), max_length=300)
    reason = forms.CharField(
        label=gettext_lazy("because"), max_length=300, error_messages={"required": gettext_lazy("Say why not.")}
    )


class OfferForm(ChoosingForm):
    """What a competitor offered."""

    competitor: "forms.ModelChoiceField[Party]" = forms.ModelChoiceField(
        label=gettext_lazy("Competitor"), queryset=None, error_messages={"required": gettext_lazy("Who offers it?")}
    )
    service_kind = forms.ChoiceField(label=gettext_lazy("Service"), choices=ProductOffering.Kind.choices)
    title = forms.CharField(label=gettext_lazy("What is offered"), max_length=200, required=False)
    price = forms.DecimalField(
        label=gettext_lazy("Price a month"), max_digits=14, decimal_places=2, min_value=0, localize=True, required=False
    )
    months = forms.IntegerField(label=gettext_lazy("For months"), min_value=1, max_value=600, required=False)
    gift = forms.CharField(label=gettext_lazy("Gift"), max_length=200, required=False)
    terms = forms.CharField(label=gettext_lazy("Terms"), max_length=300, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, prefix="offer")
        self.choose("competitor", competitors())


def end_of(day: date | None, zone: ZoneInfo) -> datetime | None:
    """Return the last moment of a day by the customer's clock."""
    return None if day is None else datetime.combine(day, END_OF_DAY, zone)


def default_kind(kinds: list[DecisionKind], chosen: Any) -> str:
    """Return the kind that is chosen at first: the one that was sent, else the first that was set up."""
    return str(chosen or (kinds[0].pk if kinds else ""))
