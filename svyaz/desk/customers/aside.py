"""The facts beside the thread: services, payment, people, wishes, offers of competitors."""

from collections.abc import Callable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from svyaz.billing.models import BillingAccount, PaymentPromise
from svyaz.desk.customers.header import solvency_words
from svyaz.desk.customers.values import CHANNEL_ICONS, Row, day_of, label, local_name, moment_of
from svyaz.desk.templatetags.desk import money
from svyaz.fields.models import OwnField
from svyaz.fields.queries import words_of
from svyaz.markets.models import CompetitorOffer
from svyaz.parties.models import (
    AddressUse,
    Agreement,
    Consent,
    ContactMedium,
    Identification,
    PartyRelationship,
    Preference,
)
from svyaz.services.models import Product, ProductOffering

MONTH_TONES = {"on_time": "good", "topped_up": "good", "late": "wait", "blocked": "wait", "unpaid": "bad"}
MEDIUM_ICONS = {"mobile": "mobile", "phone": "call", "fax": "fax", "email": "email", "messenger": "message-circle"}


def aside(data: Row) -> Row:
    """Return the panels that the viewer has a right to, each with its rows; the others are absent."""
    panels: Row = data["panels"]
    shown: Row = {
        name: {"items": [read(row) for row in panels[name]["items"]], "count": panels[name]["count"]}
        for name, read in READERS.items()
        if name in panels
    }
    shown["payment"] = payment(data)
    shown["own"] = own_rows(data.get("party") or {})
    return shown


def own_rows(party: Row) -> list[Row]:
    """Return the own fields that this kind of party has, with their values in words."""
    rows = []
    for row in party.get("own") or ():
        field = OwnField(
            code=row["code"], kind=row["kind"], name=row["name"], name_en=row["name_en"], options=row["options"],
            applies_to=row["applies_to"],
        )  # fmt: skip
        if field.applies(party.get("kind", "")):
            rows.append({"name": str(field), "kind": field.kind, "value": row["value"],
                         "words": words_of(field, row["value"])})  # fmt: skip
    return rows


def _product(row: Row) -> Row:
    price = "" if row["price"] is None else money(str(row["price"]), row["currency"])
    since = day_of(row["valid_from"])
    usage = row["usage"] or {}
    faults = usage["faults"][-1] if usage else 0
    numbers = [number["number"] for number in row["numbers"] or ()]
    name = local_name(row, "offering_name")
    return {
        **row, "name": name, "price": price, "since": since, "numbers": numbers, "faults": faults,
        "faults_words": ngettext("%(count)s fault a month", "%(count)s faults a month", faults) % {"count": faults},
        "label": f"{name}: {price}" if price else name,
        "status_name": "" if row["status"] == Product.Status.ACTIVE else label(Product.Status, row["status"]),
        **_use(usage),
    }  # fmt: skip


def _use(usage: Row) -> Row:
    """Return the line of use by months and what it counts: megabytes, else minutes, else money."""
    for field, words in (
        ("megabytes", _("Data by month")),
        ("minutes", _("Minutes by month")),
        ("amount", _("By month")),
    ):
        values = [float(value or 0) for value in usage.get(field, ())]
        if len(values) > 1 and any(values):
            return {"values": values, "use_label": f"{words}: {_trend(values)}", "use": _amount(field, values[-1])}
    return {"values": [], "use_label": "", "use": ""}


def _trend(values: list[float]) -> str:
    half = len(values) // 2
    before, after = sum(values[:half]) / half, sum(values[half:]) / (len(values) - half)
    if after > before * 1.15:
        return _("rising")
    return _("falling") if after < before * 0.85 else _("even")


def _amount(field: str, value: float) -> str:
    if field == "megabytes":
        return _("%(count)s GB") % {"count": f"{value / 1024:.0f}"} if value >= 1024 else ""
    return (
        ngettext("%(count)s min", "%(count)s min", round(value)) % {"count": f"{value:.0f}"}
        if field == "minutes"
        else ""
    )


def payment(data: Row) -> Row | None:
    """Return two years of payment as months with tones and as words."""
    found = data.get("solvency")
    if not found:
        return None
    accounts = data["panels"].get("accounts", {}).get("items", [])
    limits = [account["credit_limit"] for account in accounts if account["credit_limit"]]
    return {
        "months": [_month(month) for month in found["months"]],
        "words": _payment_words(found),
        "limit": money(str(sum(limits))) if limits else "",
        "grade": found["grade"],
        "reasons": solvency_reasons(found),
        "solvency": solvency_words(found),
    }


def _month(month: Row) -> Row:
    year, number = (int(part) for part in month["month"].split("-"))
    day = day_of(f"{year:04d}-{number:02d}-01")
    words = {
        "on_time": _("paid on time"), "topped_up": _("topped up"), "late": _("%(days)s days late"),
        "unpaid": _("unpaid"), "blocked": _("blocked for %(days)s days"), "disputed": _("disputed"),
        "open": _("not due yet"), "none": _("no bill"),
    }[month["state"]] % {"days": month["days"]}  # fmt: skip
    return {"tone": MONTH_TONES.get(month["state"], ""), "title": f"{date_format(day, 'F Y') if day else ''}: {words}"}


def _payment_words(found: Row) -> list[str]:
    billed = found["on_time"] + found["late"] + found["unpaid"]
    given = found["promises_kept"] + found["promises_broken"]
    words = []
    if billed:
        words.append(_("On time %(good)s of %(all)s.") % {"good": found["on_time"], "all": billed})
    elif found["top_ups"]:
        words.append(_("Prepaid: topped up in %(count)s months.") % {"count": found["top_ups"]})
    if given:
        words.append(_("Promises to pay: %(kept)s of %(all)s kept.") % {"kept": found["promises_kept"], "all": given})
    if found["longest_delay_days"]:
        days = found["longest_delay_days"]
        words.append(ngettext("Longest delay %(count)s day.", "Longest delay %(count)s days.", days) % {"count": days})
    return words or [_("No bills and no payments yet.")]


def solvency_reasons(found: Row) -> list[Row]:
    """Return what cost points, in words, the dearest first."""
    words = {
        "unpaid_bills": _("unpaid bills"), "late_bills": _("bills paid late"),
        "promises_broken": _("promises to pay broken"), "blocked_days": _("days blocked"),
        "promises_kept": _("promises to pay kept"),
    }  # fmt: skip
    return [
        {"name": words[reason["code"]], "value": reason["value"], "points": reason["points"]}
        for reason in found["reasons"]
        if reason["code"] in words and reason["points"]
    ]


def _account(row: Row) -> Row:
    return {
        **row, "kind_name": label(BillingAccount.Kind, row["kind"]),
        "status_name": "" if row["status"] == "active" else label(BillingAccount.Status, row["status"]),
        "balance_words": "" if row["balance"] is None else money(str(row["balance"]), row["currency"]),
        "is_owing": (row["balance"] or 0) < 0,
        "charges": _charges(row["characteristics"] or {}, row["currency"]),
    }  # fmt: skip


def _charges(characteristics: Row, currency: str) -> list[str]:
    """Return what a source said an account costs a month and has cost in all."""
    words = {"monthlyCharge": _("%(amount)s a month"), "totalCharge": _("%(amount)s in all")}
    found = {name: characteristics.get(name) for name in words}
    return [
        words[name] % {"amount": money(str(amount), currency)} for name, amount in found.items() if amount is not None
    ]


def offer(row: Row) -> Row:
    """Return a competitor's offer with its terms in words."""
    price = "" if row["price"] is None else money(str(row["price"]), row["currency"])
    months = row["months"]
    terms = [
        row["title"] or label(ProductOffering.Kind, row["service_kind"]),
        ngettext("%(count)s month", "%(count)s months", months) % {"count": months} if months else "",
        row["gift"], row["terms"], label(CompetitorOffer.Source, row["source"]),
    ]  # fmt: skip
    return {
        **row, "price": price, "terms": [part for part in terms if part], "heard_date": day_of(row["heard_date"]),
        "label": f"{row['competitor_name']}: {price}" if price else row["competitor_name"],
        "result_name": label(CompetitorOffer.Result, row["result"]) if row["result"] else "",
    }  # fmt: skip


def _relationship(row: Row) -> Row:
    power = row["decision_power"]
    return {
        **row, "kind_name": label(PartyRelationship.Kind, row["kind"]),
        "power_name": label(PartyRelationship.DecisionPower, power) if power else "",
    }  # fmt: skip


def _preference(row: Row) -> Row:
    values = {"channel": dict(_channel_names()), "language": {"ru": _("Russian"), "en": _("English")}}
    value = values.get(row["kind"], {}).get(row["value"], row["value"])
    name = label(Preference.Kind, row["kind"])
    return {
        **row, "kind_name": name, "value": value, "label": f"{name}: {value}",
        "origin_name": label(Preference.Origin, row["origin"]), "since": day_of(row["since"]),
    }  # fmt: skip


def _channel_names() -> list[tuple[str, str]]:
    from svyaz.interactions.models import Channel

    return [(value, str(words)) for value, words in Channel.choices]


def _consent(row: Row) -> Row:
    return {
        **row, "name": label(Consent.Purpose, row["purpose"]), "given_at": moment_of(row["given_at"]),
        "withdrawn_at": moment_of(row["withdrawn_at"]), "channel_icon": CHANNEL_ICONS.get(row["channel"], "check"),
    }  # fmt: skip


def _agreement(row: Row) -> Row:
    return {
        **row, "kind_name": label(Agreement.Kind, row["kind"]), "valid_from": day_of(row["valid_from"]),
        "valid_to": day_of(row["valid_to"]), "label": _("Contract %(number)s") % {"number": row["number"]},
    }  # fmt: skip


def _address(row: Row) -> Row:
    address = row["address"]
    parts = (address["postal_code"], address["locality"], address["street"], address["house"], address["flat"])
    text = address["text"] or ", ".join(str(part) for part in parts if part)
    return {**row, "role_name": label(AddressUse.Role, row["role"]), "text": text}


def _medium(row: Row) -> Row:
    return {
        **row, "icon": MEDIUM_ICONS.get(row["kind"], "message-circle"),
        "kind_name": label(ContactMedium.Kind, row["kind"]),
        "is_number": row["kind"] in {"mobile", "phone", "fax"},
    }  # fmt: skip


def _document(row: Row) -> Row:
    return {
        **row, "kind_name": label(Identification.Kind, row["kind"]), "masked": f"•••• {row['number_tail']}",
        "expires_date": day_of(row["expires_date"]),
    }  # fmt: skip


def _invoice(row: Row) -> Row:
    return {
        **row, "amount": money(str(row["amount"]), row["currency"]), "due_date": day_of(row["due_date"]),
        "signed_date": day_of(row["signed_date"]),
    }  # fmt: skip


def _payment_promise(row: Row) -> Row:
    amount = money(str(row["amount"]))
    return {
        **row, "amount": amount, "due_date": day_of(row["due_date"]),
        "result_name": label(PaymentPromise.Result, row["result"]),
        "label": _("Promised to pay %(sum)s") % {"sum": amount},
    }  # fmt: skip


def _factor(row: Row) -> Row:
    return {**row, "label": f"{row['factor']} ({row['weight']}/5)", "noted_date": day_of(row["noted_date"])}


READERS: dict[str, Callable[[Row], Any]] = {
    "products": _product,
    "accounts": _account,
    "payment_promises": _payment_promise,
    "supplier_invoices": _invoice,
    "competitor_offers": offer,
    "media": _medium,
    "addresses": _address,
    "relationships": _relationship,
    "preferences": _preference,
    "consents": _consent,
    "factors": _factor,
    "agreements": _agreement,
    "identifications": _document,
}
