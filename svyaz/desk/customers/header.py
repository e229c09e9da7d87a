"""The head of the customer's page: who it is, how solvent, what a month, which consents."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from svyaz.desk.customers.values import Row, day_of, label, local_name, role_badge, title_of
from svyaz.desk.middleware import clock_of
from svyaz.parties.models import Consent, Party, PartyRole

# A role of several customers' worth is said in a colour only where it means something.
STATUS_TONES = {"suspended": "wait", "closed": "bad", "prospect": ""}


def header(data: Row, at: datetime) -> Row:
    """Return the head from the panels of the 360° view."""
    party = data["party"]
    roles: list[Row] = party["roles"]
    current = [role for role in roles if role["valid_to"] is None]
    customer = next((role for role in [*current, *roles] if role["kind"] == PartyRole.Kind.CUSTOMER), None)
    return {
        "id": party["id"],
        "title": title_of(party["name"], [role["number"] for role in roles], party["id"], _form(party)),
        "is_named": bool(party["name"]),
        "is_company": party["kind"] == Party.Kind.ORGANIZATION,
        "roles": [role_badge(kind) for kind in dict.fromkeys(role["kind"] for role in current)],
        "tier": label(PartyRole.Tier, customer["tier"]) if customer and customer["tier"] else "",
        "status": _status(customer),
        "number": ", ".join(_numbers(roles, customer)),
        "since": day_of(customer["valid_from"]) if customer else None,
        "until": day_of(customer["valid_to"]) if customer else None,
        "end_reason": customer["end_reason"] if customer else "",
        "area": _area(party.get("area"), at),
        "hours": _hours(data["panels"]),
        "inn": party["inn"],
        "kpp": party["kpp"],
        "ogrn": party["ogrn"],
        "language": str(dict(settings.LANGUAGES).get(party["language"], party["language"])),
        "birthday": day_of(party.get("birthday")),
        "shows_birth": "birthday" in party,
        "manager": party.get("manager"),
        "monthly": party.get("monthly"),
        "solvency": solvency_words(data.get("solvency")),
        "churn": _churn(data["panels"]),
        "consents": _consents(data["panels"]),
        "is_customer": customer is not None,
    }


def _numbers(roles: list[Row], customer: Row | None) -> list[str]:
    """Return the customer's number, and after it those of the cards that were merged into this one."""
    if customer is None:
        return []
    others = [role["number"] for role in roles if role["kind"] == PartyRole.Kind.CUSTOMER]
    return list(dict.fromkeys([customer["number"], *others]))


def _status(customer: Row | None) -> Row | None:
    if customer is None or customer["status"] == PartyRole.Status.ACTIVE:
        return None
    return {"name": label(PartyRole.Status, customer["status"]), "tone": STATUS_TONES.get(customer["status"], "")}


def _area(area: Row | None, at: datetime) -> Row | None:
    """Return the area with its local time, which matters where it is not the reader's own."""
    if area is None:
        return None
    there = at.astimezone(clock_of(area["time_zone"]))
    here = timezone.localtime(at)
    return {
        "name": local_name(area, "name"),
        "time": there,
        "clock": there.strftime("%H:%M"),
        "is_other_clock": there.utcoffset() != here.utcoffset(),
        "time_zone": area["time_zone"],
    }


def _hours(panels: Row) -> str:
    rows = panels.get("preferences", {}).get("items", [])
    return next((str(row["value"]) for row in rows if row["kind"] == "hours"), "")


def solvency_words(found: Row | None) -> Row | None:
    """Return solvency with the few words that stand beside its dots."""
    if not found or not found.get("dots"):
        return None
    words = []
    if found["unpaid"]:
        words.append(ngettext("%(count)s unpaid", "%(count)s unpaid", found["unpaid"]) % {"count": found["unpaid"]})
    if found["late"]:
        words.append(ngettext("%(count)s late", "%(count)s late", found["late"]) % {"count": found["late"]})
    tone = {5: "good", 4: "good", 3: "wait"}.get(found["dots"], "bad")
    return {**found, "words": ", ".join(words) or _("on time"), "tone": tone}


def _churn(panels: Row) -> Row | None:
    """Return the churn score, only where one was computed."""
    score = next((row for row in panels.get("scores", {}).get("items", []) if row["kind"] == "churn"), None)
    if score is None:
        return None
    value = float(score["value"])
    return {**score, "value": value, "tone": "bad" if value >= 0.6 else "wait" if value >= 0.35 else "good"}


def _consents(panels: Row) -> list[Row]:
    """Return each purpose once; the newest word on it counts, and a withdrawal is said."""
    seen: dict[str, Row] = {}
    for row in panels.get("consents", {}).get("items", []):
        seen.setdefault(row["purpose"], row)
    return [
        {"name": label(Consent.Purpose, purpose), "is_given": row["withdrawn_at"] is None}
        for purpose, row in seen.items()
    ]


def _form(party: Row) -> str:
    """Return the legal form of a company; a sole trader is called by his name."""
    return str(party["legal_form"]) if party["kind"] == Party.Kind.ORGANIZATION else ""
