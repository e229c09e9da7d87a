"""What stands in front at every contact: decisions in force, proposals, promises, debts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from svyaz.access.queries import Rights
from svyaz.decisions.models import Decision
from svyaz.decisions.permissions import DecisionPermission
from svyaz.desk.customers.values import Row, day_of, label, local_name, moment_of, outcome_name, short_name
from svyaz.desk.templatetags.desk import money


def front(data: Row, *, at: datetime, rights: Rights, zone: ZoneInfo) -> Row:
    """Return what must be seen first."""
    panels = data["panels"]
    names = {row["id"]: local_name(row, "offering_name") for row in panels.get("products", {}).get("items", [])}
    decisions = [decision(row, zone, names) for row in panels.get("decisions_in_force", {}).get("items", [])]
    proposals = [decision(row, zone, names) for row in panels.get("proposals", {}).get("items", [])]
    promises = [promise(row, at) for row in panels.get("promises", {}).get("items", [])]
    matters = [*_debts(data), *_blocks(panels), *_invoices(panels, at)]
    return {
        "decisions": decisions,
        "proposals": proposals,
        "promises": promises,
        "promise_count": panels.get("promises", {}).get("count", 0),
        "matters": matters,
        "may_decide": rights.may(DecisionPermission.MAKE),
        "may_approve": rights.may(DecisionPermission.APPROVE),
        "may_resolve": rights.may(DecisionPermission.RESOLVE_PROMISE),
        "is_empty": not (decisions or proposals or promises or matters),
    }


def decision(row: Row, zone: ZoneInfo | None = None, products: Mapping[int, str] | None = None) -> Row:
    """Return a decision as it shows wherever it stands; its term ends by the customer's clock."""
    until = moment_of(row["valid_until"])
    return {
        **row,
        "maker_short": short_name(row["maker_name"] or ""),
        "kind": local_name(row, "kind_name"),
        "department": local_name(row, "department_name"),
        "made_at": moment_of(row["made_at"]),
        "valid_until": until.astimezone(zone).date() if until else None,
        "review_on": day_of(row["review_on"]),
        "measure_words": _measure(row),
        "subject_words": _subject(row, products or {}),
        "promises": [{**one, "due_at": moment_of(one["due_at"])} for one in row["promises"] or ()],
        "seen": [
            {**one, "at": moment_of(one["at"]), "outcome_name": outcome_name(one["outcome"])}
            for one in row["seen"] or ()
        ],
    }


def _subject(row: Row, products: Mapping[int, str]) -> str:
    """Say what a decision binds where it is not the whole party: a service by its name."""
    if row["subject_type"] == Decision.Subject.PARTY:
        return ""
    name = products.get(row["subject_id"], "") if row["subject_type"] == Decision.Subject.PRODUCT else ""
    return name or label(Decision.Subject, row["subject_type"])


def _measure(row: Row) -> str:
    """Say the amount with its unit: 15 %, 300 ₽."""
    if row["amount"] is None:
        return ""
    unit = row["unit"]
    if unit in {"RUB", "₽", "руб", "rub"}:
        return money(str(row["amount"]))
    number = f"{float(row['amount']):g}".replace(".", ",")
    return f"{number}\u00a0{unit}".strip()


def promise(row: Row, at: datetime) -> Row:
    """Return an open promise with how urgent it is."""
    due_at = moment_of(row["due_at"])
    assert due_at is not None
    hours = (due_at - at).total_seconds() / 3600
    return {
        **row,
        "due_at": due_at,
        "owner_short": short_name(row["owner_name"] or ""),
        "is_late": hours < 0,
        "tone": "bad" if hours < 2 else "wait" if hours < 26 else "",
    }


def _debts(data: Row) -> list[Row]:
    solvency = data.get("solvency") or {}
    unpaid = solvency.get("unpaid", 0)
    if not unpaid:
        return []
    words = ngettext("%(count)s bill overdue", "%(count)s bills overdue", unpaid) % {"count": unpaid}
    amount = money(str(solvency["overdue_amount"]))
    return [
        {"icon": "bill", "tone": "bad", "text": words, "value": amount, "ref": "debt", "label": f"{words}: {amount}"}
    ]


def _blocks(panels: Row) -> list[Row]:
    return [
        {
            "icon": "lock",
            "tone": "bad",
            "text": _("Account %(number)s is blocked") % {"number": account["number"]},
            "value": money(str(account["balance"])) if account["balance"] is not None else "",
        }
        for account in panels.get("accounts", {}).get("items", [])
        if account["status"] == "blocked"
    ]


def _invoices(panels: Row, at: datetime) -> list[Row]:
    """Return what we have not signed of a supplier's invoices: he who signs sees the debts beside it."""
    items: list[Any] = [row for row in panels.get("supplier_invoices", {}).get("items", []) if not row["signed_date"]]
    return [
        {
            "icon": "signature",
            "tone": "wait",
            "text": _("Invoice %(number)s to sign: %(subject)s") % {"number": row["number"], "subject": row["subject"]},
            "value": money(str(row["amount"]), row["currency"]),
        }
        for row in items
    ]
