"""The facts that can be pinned as grounds of a decision: each is read again by the server when it is saved."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Sum
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from svyaz.access.queries import Rights
from svyaz.billing.models import Bill, PaymentPromise
from svyaz.billing.queries import solvency
from svyaz.decisions.models import Decision, Promise
from svyaz.decisions.queries import Fact, UnknownFact, reads_fact
from svyaz.interactions.models import Interaction
from svyaz.markets.models import CompetitorOffer
from svyaz.parties.models import Agreement, CustomerFactor, PartyRole, Preference, Score
from svyaz.services.models import Product, Usage


def _own(rows: Any, rights: Rights, party_id: int) -> Any:
    """Return the rows of a party, with the relationship in hand those of all who are one with it."""
    return rows.visible_to(rights).filter(party__in=rights.parties or (party_id,))


def _row(rows: Any, reference_id: int | None) -> Any:
    """Return the row a fact stands on, if it is this party's (or of one that is the same) and the viewer may see it."""
    row = rows.filter(pk=reference_id).first() if reference_id is not None else None
    if row is None:
        raise UnknownFact(reference_id)
    return row


def _fact_of(model: Any, read: Callable[[Any], Fact]) -> Callable[[Rights, int, int | None, datetime], Fact]:
    """Return a reader of facts that stand on one row of a model."""

    def reader(rights: Rights, party_id: int, reference_id: int | None, at: datetime) -> Fact:
        return read(_row(_own(model.objects, rights, party_id), reference_id))

    return reader


def _money(amount: Any) -> str:
    return "—" if amount is None else f"{amount:,.2f} ₽".replace(",", "\u00a0").replace(".00 ", " ")


def _interaction(row: Interaction) -> Fact:
    words = row.subject or row.text[:120]
    label = f"{row.get_channel_display()}, {format_date(row.at, 'd.m.Y')}" + (f": {words}" if words else "")
    value = {"channel": row.channel, "at": row.at.isoformat(), "text": row.text[:2000]}
    return Fact(value, label[:300], "interaction")


def _product(row: Product) -> Fact:
    value = {
        "offering": row.offering.code, "price": None if row.price is None else str(row.price), "status": row.status,
        "since": row.valid_from.isoformat() if row.valid_from else None,
    }  # fmt: skip
    return Fact(value, f"{row.offering}: {_money(row.price)}", "product")


def _offer(row: CompetitorOffer) -> Fact:
    value = {
        "price": None if row.price is None else str(row.price),
        "months": row.months,
        "gift": row.gift,
        "terms": row.terms,
    }
    return Fact(value, f"{row.competitor}: {_money(row.price)}", "competitor_offer")


def _preference(row: Preference) -> Fact:
    return Fact(row.value, f"{row.get_kind_display()}: {row.value}", "preference")


def _factor(row: CustomerFactor) -> Fact:
    return Fact({"factor": row.factor, "weight": row.weight}, f"{row.factor} ({row.weight}/5)", "customer_factor")


def _score(row: Score) -> Fact:
    return Fact(str(row.value), f"{row.kind}: {row.value.normalize()}", "score")


def _promise(row: Promise) -> Fact:
    label = _("Promised by %(day)s: %(what)s") % {"day": format_date(row.due_at, "d.m.Y"), "what": row.what}
    return Fact({"what": row.what, "due_at": row.due_at.isoformat()}, label[:300], "promise")


def _decision(row: Decision) -> Fact:
    return Fact({"text": row.text, "made_at": row.made_at.isoformat()}, row.text[:300], "decision")


def _bill(row: Bill) -> Fact:
    value = {"amount": str(row.amount), "open": str(row.open_amount), "due_date": row.due_date.isoformat()}
    label = _("Bill %(number)s: %(amount)s to pay") % {"number": row.number, "amount": _money(row.open_amount)}
    return Fact(value, label, "bill")


def _payment_promise(row: PaymentPromise) -> Fact:
    value = {"amount": str(row.amount), "due_date": row.due_date.isoformat(), "result": row.result}
    return Fact(value, f"{_money(row.amount)}: {row.get_result_display()}", "payment_promise")


def _agreement(row: Agreement) -> Fact:
    value = {"number": row.number, "valid_to": row.valid_to.isoformat() if row.valid_to else None}
    return Fact(value, _("Contract %(number)s") % {"number": row.number}, "agreement")


for _key, _model, _read in (
    ("interaction", Interaction, _interaction),
    ("product", Product, _product),
    ("competitor_offer", CompetitorOffer, _offer),
    ("preference", Preference, _preference),
    ("customer_factor", CustomerFactor, _factor),
    ("score", Score, _score),
    ("promise", Promise, _promise),
    ("decision", Decision, _decision),
    ("bill", Bill, _bill),
    ("payment_promise", PaymentPromise, _payment_promise),
    ("agreement", Agreement, _agreement),
):
    reads_fact(_key)(_fact_of(_model, _read))


@reads_fact("customer.since")
def _since(rights: Rights, party_id: int, reference_id: int | None, at: datetime) -> Fact:
    role = _own(PartyRole.objects, rights, party_id).filter(kind="customer").order_by("valid_from").first()
    if role is None:
        raise UnknownFact("customer.since")
    label = _("Customer since %(year)s") % {"year": role.valid_from.year}
    return Fact(role.valid_from.isoformat(), label, "party_role")


@reads_fact("customer.tier")
def _tier(rights: Rights, party_id: int, reference_id: int | None, at: datetime) -> Fact:
    role = _own(PartyRole.objects, rights, party_id).filter(kind="customer").order_by("-valid_from").first()
    if role is None or not role.tier:
        raise UnknownFact("customer.tier")
    return Fact(role.tier, role.get_tier_display(), "party_role")


@reads_fact("customer.monthly")
def _monthly(rights: Rights, party_id: int, reference_id: int | None, at: datetime) -> Fact:
    active = _own(Product.objects, rights, party_id).filter(status=Product.Status.ACTIVE)
    total = active.aggregate(total=Sum("price"))["total"]
    return Fact(None if total is None else str(total), _("%(amount)s a month") % {"amount": _money(total)})


@reads_fact("product.faults")
def _faults(rights: Rights, party_id: int, reference_id: int | None, at: datetime) -> Fact:
    usage = _own(Usage.objects, rights, party_id).filter(product=reference_id).order_by("-month").first()
    if usage is None:
        raise UnknownFact("product.faults")
    label = _("%(product)s: %(faults)s faults a month") % {"product": usage.product, "faults": usage.faults}
    return Fact({"month": usage.month.isoformat(), "faults": usage.faults}, label, "product")


@reads_fact("solvency")
def _solvency(rights: Rights, party_id: int, reference_id: int | None, at: datetime) -> Fact:
    found = solvency(party_id, rights, at.date())
    if found is None:
        raise UnknownFact("solvency")
    label = _("Solvency %(grade)s, late %(late)s, unpaid %(unpaid)s") % found
    kept = {name: found[name] for name in found if name != "months"}
    # Amounts with kopecks are decimals, which JSON keeps as texts.
    return Fact(json.loads(json.dumps(kept, default=str)), label)


@reads_fact("debt")
def _debt(rights: Rights, party_id: int, reference_id: int | None, at: datetime) -> Fact:
    found = solvency(party_id, rights, at.date())
    if found is None:
        raise UnknownFact("debt")
    return Fact(str(found["overdue_amount"]), _("Overdue: %(amount)s") % {"amount": _money(found["overdue_amount"])})
